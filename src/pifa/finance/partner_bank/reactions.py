"""What accounts and loans do at their deadlines, whom they tell, and their proof."""

from __future__ import annotations

from pifa.finance.loans import checking
from pifa.finance.loans import notices as loan_notices  # noqa: F401 - registers who is told
from pifa.finance.loans.commands import applying, collecting, coupons, planning
from pifa.finance.partner_bank import notices  # noqa: F401 - registers who is told
from pifa.finance.partner_bank.commands import passwords
from pifa.kernel import deadlines
from pifa.ledger.queries import register_subject_check

register_subject_check(checking.loans_agree)

deadlines.handles(passwords.UNLOCK_DEADLINE)(passwords.unlock)
deadlines.handles(planning.LAPSE_DEADLINE)(applying.lapse)
deadlines.handles(planning.REMIND_DEADLINE)(collecting.remind)
deadlines.handles(planning.DEBIT_DEADLINE)(collecting.debit)
deadlines.handles(planning.LATE_DEADLINE)(collecting.late)
deadlines.handles(planning.COUPON_DEADLINE)(coupons.credit)
deadlines.handles(planning.COUPON_END_DEADLINE)(coupons.expire)
