"""A seller takes a bill for its money, or does not; who says nothing has not taken it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.bills import registry as banks
from pifa.finance.commands.promises import promise, waive
from pifa.finance.commands.schedule import chosen_stage
from pifa.finance.events import PayableRefunded
from pifa.finance.methods.acceptance_bill import events, standing
from pifa.finance.methods.acceptance_bill.commands.loading import (
    ANSWER,
    PRESENT,
    facts_of,
    first_payment,
    lock_bill,
    move,
)
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.finance.methods.acceptance_bill.states import BILL
from pifa.finance.methods.acceptance_bill.words import NOT_TAKEN
from pifa.finance.models import Payable, Payment
from pifa.finance.states import payment_after
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.parties import policies as parties


def accept_bill(actor: Actor, number: str) -> None:
    """The seller takes a bill: its payment is promised, and the trade goes on.

    Owner or finance role. `NotFound` for anybody else's, `WrongState` unless it is offered and its
    payment open, `PaymentBlocked` while nobody may pay.
    """
    with transaction.atomic():
        payable, bill = _mine(actor, number)
        BILL.check(bill.state, "accept")
        payment = first_payment(bill)
        # Nobody may pay while the buyer's own finance has not agreed.
        chosen_stage(payable, payment.stage.position)
        promise(actor, payable, payment)
        move(bill, "accept", owed_fen=bill.face_fen, answered_at=clock.now())
        deadlines.clear(bill.subject, ANSWER)
        deadlines.set_deadline(PRESENT, bill.subject, clock.start_of_day(bill.presents_on))
        audit.record(actor, "bill.accept", payable.subject, number=number, amount_fen=bill.face_fen)
        emit(events.BillAccepted(**facts_of(bill, payable)))


def refuse_bill(actor: Actor, number: str, reason: str) -> None:
    """The seller does not take a bill: it goes back, and the order is to be paid as before.

    Owner or finance role; `InvalidInput` without a reason, which the buyer reads.
    """
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise InvalidInput(field="reason", reason=_("请写明拒收原因（200 字以内）。"))
    with transaction.atomic():
        payable, bill = _mine(actor, number)
        move(bill, "refuse", reason=reason, answered_at=clock.now())
        audit.record(actor, "bill.refuse", payable.subject, number=number, reason=reason)
        not_taken(payable, bill, "refused")
        banks.get(bill.bank).give_back(number)


def expire(subject: str) -> None:
    """The time to answer is over: what nobody took goes back."""
    with transaction.atomic():
        payable, bill = lock_bill(subject.removeprefix("bill:"))
        if not BILL.allows(bill.state, "expire"):
            return
        move(bill, "expire")
        audit.record(SYSTEM, "bill.expire", payable.subject, number=bill.number)
        not_taken(payable, bill, "expired")
        banks.get(bill.bank).give_back(bill.number)


def not_taken(payable: Payable, bill: Bill, how: str) -> None:
    """The payment of a bill came to nothing; the buyer is told. The bill says so already."""
    payment = first_payment(bill)
    Payment.objects.filter(pk=payment.pk).update(
        state=payment_after(payment.state, "fail"), outcome=NOT_TAKEN
    )
    facts = facts_of(bill, payable)
    emit(events.BillNotTaken(**facts, how=how, reason=bill.reason))


def forgive_bill(actor: Actor, number: str) -> Money:
    """A seller lets go what is owed of a dishonoured bill; returns how much.

    Owner or finance role. `NotFound` for anybody else's, `WrongState` if nothing is owed so.
    """
    with transaction.atomic():
        payable, bill = _mine(actor, number)
        if bill.state != Bill.State.DISHONOURED:
            raise WrongState(state=bill.get_state_display(), verb=_("减免"))
        rest = Money(bill.owed_fen)
        # The newest promise is waived first: of several bills of an order only this one's lapsed.
        lapsed = payable.payments.filter(
            bill_part__bill=bill, state=Payment.State.PROMISED
        ).values_list("pk", flat=True)
        waive(payable, rest, f"bill:{number}", method=standing.CODE, only=list(lapsed))
        audit.record(actor, "bill.forgive", payable.subject, number=number, amount_fen=rest.fen)
        emit(PayableRefunded(subject=payable.subject, amount_fen=0, waived_fen=rest.fen))
        return rest


def _mine(actor: Actor, number: str) -> tuple[Payable, Bill]:
    """A bill of the actor's company as seller, locked."""
    seller_id = Bill.objects.filter(number=number).values_list("seller", flat=True).first()
    if seller_id is None:
        raise NotFound
    parties.require_company(actor, seller_id)
    policies.handles_money(actor)
    return lock_bill(number)
