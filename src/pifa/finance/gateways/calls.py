"""What gateways are told after the commit, and trades that nobody paid in time.

The call over the network is made before the deadline's transaction begins (`prepare`), so that
nobody who writes waits for it; it may be repeated, since the gateway knows it by its number. One
that fails is put off and tried again; after the last time it waits for an operator, who finds it
among the deadlines with the gateway's words.
"""

from __future__ import annotations

from datetime import timedelta

from pifa.finance.commands.arriving import subject_of
from pifa.finance.commands.locking import attempt, lock_payable
from pifa.finance.commands.paying import refresh_payment
from pifa.finance.gateways import registry
from pifa.finance.gateways.models import GatewayCall, GatewayTrade
from pifa.finance.gateways.protocol import Backward
from pifa.finance.gateways.queued import (
    CALL_DEADLINE,
    CALL_SUBJECT,
    EXPIRE_DEADLINE,
    PAYMENT_SUBJECT,
)
from pifa.finance.methods import registry as methods
from pifa.finance.models import Payment
from pifa.finance.states import payment_after
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.money import Money

EXPIRED = "expired"
"""Why an attempt came to nothing (`words.outcome` tells it)."""

LOOK_AGAIN = timedelta(minutes=10)
"""How long a refund is left alone that the gateway is still at."""


def make(subject: str) -> None:
    """Make the call of a deadline, unless it is made."""
    call = _call(subject)
    if call.done_at is not None:
        return
    provider = registry.provider(call.gateway)
    done = True
    if call.kind == GatewayCall.Kind.CLOSE:
        provider.close(call.payment_number)
    else:
        paid = Payment.objects.values_list("amount_fen", flat=True)
        done = provider.refund(
            Backward(
                number=call.number,
                payment_number=call.payment_number,
                amount=Money(call.amount_fen),
                paid=Money(paid.get(number=call.payment_number)),
                reason=call.reason,
            )
        )
    if done:
        GatewayCall.objects.filter(pk=call.pk, done_at=None).update(done_at=clock.now())


@deadlines.handles(CALL_DEADLINE, prepare=make)
def _made(subject: str) -> None:
    """The call was made; a refund that the gateway is still at is looked at again."""
    call = _call(subject)
    if call.done_at is None:
        deadlines.set_deadline(CALL_DEADLINE, subject, clock.now() + LOOK_AGAIN)


def ask_and_close(subject: str) -> None:
    """Book what a trade has, whose notice did not come; let nobody pay it any more if nothing."""
    number = subject.removeprefix(PAYMENT_SUBJECT)
    payment = Payment.objects.filter(number=number, state=Payment.State.STARTED).first()
    trade = GatewayTrade.objects.filter(payment_number=number).first()
    if payment is None or trade is None or trade.asked_at is None:
        return
    # Closed before it is asked: what is paid in between is then told by the answer.
    registry.provider(trade.gateway).close(number)
    refresh_payment(number)


@deadlines.handles(EXPIRE_DEADLINE, prepare=ask_and_close)
def _expire(subject: str) -> None:
    number = subject.removeprefix(PAYMENT_SUBJECT)
    of = subject_of(number)
    if of is None:
        return
    payable = lock_payable(of)
    payment = Payment.objects.select_related("stage").get(number=number)
    if payment.state != Payment.State.STARTED:
        return
    methods.get(payment.method).close(attempt(payable, payment))
    Payment.objects.filter(pk=payment.pk).update(
        state=payment_after(payment.state, "give_up"), outcome=EXPIRED
    )
    audit.record(SYSTEM, "payment.expire", of, payment=number)


def _call(subject: str) -> GatewayCall:
    return GatewayCall.objects.get(pk=int(subject.removeprefix(CALL_SUBJECT)))
