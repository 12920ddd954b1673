"""A bill's day has come: it is presented, and honoured or not. The caller holds what it locks."""

from __future__ import annotations

from django.db import transaction

from pifa.finance.bills import registry as banks
from pifa.finance.commands.arriving import keep_promise
from pifa.finance.commands.debts import pay_debt
from pifa.finance.commands.promises import lapse
from pifa.finance.methods.acceptance_bill import events, rules
from pifa.finance.methods.acceptance_bill.commands.loading import facts_of, lock_bill, move
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.finance.methods.acceptance_bill.states import BILL
from pifa.finance.models import Payable, Payment
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind


def present(subject: str) -> None:
    """The bank is to present a bill; nothing for one that was returned meanwhile."""
    with transaction.atomic():
        payable, bill = lock_bill(subject.removeprefix("bill:"))
        if not BILL.allows(bill.state, "present"):
            return
        move(bill, "present")
        audit.record(SYSTEM, "bill.present", payable.subject, number=bill.number)
        banks.get(bill.bank).present(bill.number)


def honour(payable: Payable, bill: Bill, receipt_no: str) -> None:
    """The acceptor paid the whole bill: what is owed of it is the seller's, the rest the buyer's."""
    money = rules.proceeds(Money(bill.face_fen), Money(bill.owed_fen))
    parts = Payment.objects.filter(bill_part__bill=bill, state=Payment.State.PROMISED)
    # Before anything of either is moved, as a refund does.
    ledger.lock_company(bill.seller_id, bill.buyer_id)
    move(
        bill,
        "honour",
        owed_fen=0,
        kept_fen=money.kept.fen,
        rest_fen=money.rest.fen,
        receipt_no=receipt_no,
    )
    for payment in parts.order_by("pk"):
        # A receipt of money is of one payment; the bank knows the bill's.
        keep_promise(payment.number, Money(payment.amount_fen), f"{bill.number}/{payment.pk}")
    if money.rest:
        key = f"bill_rest:{bill.number}"
        legs = postings.bill_rest(bill.subject, bill.buyer_id, money.rest)
        ledger.transfer(key, TransferKind.BILL_REST, legs)
        pay_debt(bill.buyer_id, key)
    audit.record(
        SYSTEM, "bill.honour", payable.subject, number=bill.number, amount_fen=money.kept.fen
    )
    emit(
        events.BillHonoured(
            **facts_of(bill, payable), kept_fen=money.kept.fen, rest_fen=money.rest.fen
        )
    )


def dishonour(payable: Payable, bill: Bill, reason: str) -> None:
    """The acceptor did not pay: what is owed may be paid another way, and by no bill."""
    if not bill.owed_fen:
        move(bill, "dishonour_waived", reason=reason)
        audit.record(SYSTEM, "bill.dishonour", payable.subject, number=bill.number, amount_fen=0)
        emit(events.BillCleared(**facts_of(bill, payable)))
        return
    move(bill, "dishonour", reason=reason)
    promised = payable.payments.filter(bill_part__bill=bill, state=Payment.State.PROMISED)
    for payment in promised.select_related("stage"):
        lapse(payable, payment)
    audit.record(
        SYSTEM,
        "bill.dishonour",
        payable.subject,
        number=bill.number,
        amount_fen=bill.owed_fen,
        reason=reason,
    )
    emit(
        events.BillDishonoured(
            **facts_of(bill, payable),
            owed_fen=bill.owed_fen,
            reason=reason,
            day=clock.today().isoformat(),
        )
    )
