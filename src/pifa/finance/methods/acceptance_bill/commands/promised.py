"""What a bill stands for changes: some of it is refunded, or a dishonoured one is paid otherwise."""

from __future__ import annotations

from django.db.models import Sum

from pifa.finance.bills import registry as banks
from pifa.finance.methods.acceptance_bill import events
from pifa.finance.methods.acceptance_bill.commands.loading import facts_of, move
from pifa.finance.methods.acceptance_bill.models import Bill, BillPart
from pifa.finance.models import Payable, Payment
from pifa.kernel.events import emit

_STANDS = (Bill.State.ACCEPTED, Bill.State.PRESENTED, Bill.State.DISHONOURED)


def split(payment_number: str, rest_number: str) -> None:
    """A promised payment became two: the bill stands for both."""
    bill_id = BillPart.objects.values_list("bill", flat=True).get(payment__number=payment_number)
    BillPart.objects.create(bill_id=bill_id, payment=Payment.objects.get(number=rest_number))


def promise_ended(subject: str) -> None:
    """So much of what was promised by bills of a subject is waived, or paid another way.

    The caller holds the payable; what is promised still is what its payments say.
    """
    payable = Payable.objects.get(subject=subject)
    rows = Bill.objects.filter(payable=payable, state__in=_STANDS).order_by("pk")
    for bill in rows.select_for_update(no_key=True):
        owed = promised_by(bill)
        if owed != bill.owed_fen:
            _owe(payable, bill, owed)


def promised_by(bill: Bill) -> int:
    """What of a bill is promised still, by its payments, in fen."""
    rows = Payment.objects.filter(bill_part__bill=bill, state=Payment.State.PROMISED)
    return int(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def _owe(payable: Payable, bill: Bill, owed: int) -> None:
    if owed:
        # Paid in parts, a dishonoured bill is dishonoured until nothing is owed.
        move(bill, "waive_part", owed_fen=owed)
    elif bill.state == Bill.State.PRESENTED:
        # The bank has it in hand: its money will be the buyer's.
        move(bill, "waive", owed_fen=0)
    elif bill.state == Bill.State.DISHONOURED:
        move(bill, "clear", owed_fen=0)
        emit(events.BillCleared(**facts_of(bill, payable)))
    else:
        move(bill, "give_back", owed_fen=0)
        banks.get(bill.bank).give_back(bill.number)
        emit(events.BillReturned(**facts_of(bill, payable)))
