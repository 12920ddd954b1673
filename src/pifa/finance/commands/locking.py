"""Loading a payable under its lock; the lock covers its stages and payments as well."""

from __future__ import annotations

from pifa.finance.events import MoneyArriving
from pifa.finance.methods.protocol import Attempt, Due
from pifa.finance.models import Payable, PayableStage, Payment
from pifa.kernel.errors import NotFound
from pifa.kernel.events import notify_subscribers
from pifa.kernel.money import Money


def lock_payable(subject: str) -> Payable:
    """The payable of a subject, locked. The caller holds the subject's own row already."""
    payable = Payable.objects.select_for_update(no_key=True).filter(subject=subject).first()
    if payable is None:
        raise NotFound
    return payable


def lock_payable_on_arrival(subject: str) -> Payable:
    """The payable, locked, after floors above have locked their row of the subject."""
    notify_subscribers(MoneyArriving(subject=subject))
    return lock_payable(subject)


def due(payable: Payable, stage: PayableStage, amount: Money | None = None) -> Due:
    """What a stage asks for, in the words of the payment methods."""
    return Due(
        payable_number=payable.number,
        subject=payable.subject,
        payer_id=payable.payer_id,
        payee_id=payable.payee_id,
        amount=amount or Money(stage.amount_fen),
        title=payable.title or payable.subject,
        purpose=stage.purpose,
        region=payable.region,
    )


def attempt(payable: Payable, payment: Payment) -> Attempt:
    """A payment in the words of the payment methods."""
    return Attempt(payment.number, due(payable, payment.stage, Money(payment.amount_fen)))
