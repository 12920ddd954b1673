"""Loading a withdrawal under its lock."""

from __future__ import annotations

from pifa.finance.withdrawals.models import Withdrawal
from pifa.kernel.errors import NotFound


def lock_withdrawal(number: str, company_id: int | None = None) -> Withdrawal:
    """A withdrawal (of a company), locked; `NotFound` where there is none."""
    rows = Withdrawal.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("account").filter(number=number)
    row = (rows if company_id is None else rows.filter(company=company_id)).first()
    if row is None:
        raise NotFound
    return row
