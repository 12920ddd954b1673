"""Loading a bill under its locks, and telling what became of it."""

from __future__ import annotations

from typing import Any

from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.finance.methods.acceptance_bill.states import after
from pifa.finance.models import Payable, Payment
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import NotFound

ANSWER = "bill.answer"
"""Nobody has answered a bill in time; the deadline's subject is the bill's."""

PRESENT = "bill.present"
"""A bill's day has come; the deadline's subject is the bill's."""

OVER = ("honoured", "refused", "expired", "withdrawn", "returned", "failed", "cleared")


def lock_bill(number: str) -> tuple[Payable, Bill]:
    """A bill with its payable, locked, after floors above have locked the subject; `NotFound`."""
    subject = Bill.objects.filter(number=number).values_list("payable__subject", flat=True).first()
    if subject is None:
        raise NotFound
    payable = lock_payable_on_arrival(subject)
    bill = Bill.objects.select_for_update(no_key=True).get(number=number)
    return payable, bill


def first_payment(bill: Bill) -> Payment:
    """The payment that a bill was drawn for; the caller holds its payable."""
    rows = Payment.objects.filter(bill_part__bill=bill).select_related("stage")
    return rows.order_by("pk")[0]


def move(bill: Bill, verb: str, **changed: Any) -> None:
    """Take a locked bill on by a verb, with what changes beside its state."""
    bill.state = after(bill.state, verb)
    if bill.state in OVER:
        bill.ended_at = clock.now()
        deadlines.clear(bill.subject)
    for name, value in changed.items():
        setattr(bill, name, value)
    bill.save(update_fields=["state", "ended_at", *changed])


def facts_of(bill: Bill, payable: Payable) -> dict[str, Any]:
    """What every event of a bill tells."""
    return {
        "subject": payable.subject,
        "number": bill.number,
        "bill_no": bill.bill_no or "",
        "seller_id": bill.seller_id,
        "buyer_id": bill.buyer_id,
        "amount_fen": bill.face_fen,
        "matures_on": bill.matures_on.isoformat(),
        "presents_on": bill.presents_on.isoformat(),
    }
