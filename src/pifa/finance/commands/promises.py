"""Promises: a method that lets a payer pay later covers a stage; it is kept, or waived.

The ledger shows a promise as what the payer owes (RECEIVABLE) and the payee's claim (PROMISED).
A promise that is kept, wholly or in part, is a payment like any other, from the payer's balance.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet, Sum

from pifa.finance.commands.locking import due
from pifa.finance.commands.payables import AMOUNT_CHANGED, PAID_OTHERWISE, WAIVED, give_up
from pifa.finance.commands.schedule import cut, save_sums, tell_if_covered
from pifa.finance.events import PromiseEnded, PromiseSplit, StagePromised
from pifa.finance.methods import registry as methods
from pifa.finance.models import Payable, PayableStage, Payment
from pifa.finance.rules import PaidPart, newest_first
from pifa.finance.states import payment_after
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import notify_subscribers
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import Leg, Legs, TransferKind


def promise(actor: Actor, payable: Payable, payment: Payment) -> None:
    """The payer's word covers the stage of a payment that was begun; others are given up."""
    assert payable.payer_id is not None
    moment = clock.now()
    stage = payment.stage
    stage.promised_at = moment
    stage.save(update_fields=["promised_at"])
    payment.state = payment_after(payment.state, "promise")
    payment.save(update_fields=["state"])
    amount = Money(payment.amount_fen)
    legs = postings.promised(payable.subject, payable.payer_id, payable.payee_id, amount)
    ledger.transfer(f"promise:{payment.number}", TransferKind.PROMISE, legs)
    others = payable.payments.filter(stage=stage).exclude(pk=payment.pk)
    give_up(payable, others.select_related("stage"), PAID_OTHERWISE)
    audit.record(
        actor,
        "payment.promise",
        payable.subject,
        payment=payment.number,
        method=payment.method,
        amount_fen=payment.amount_fen,
    )
    notify_subscribers(
        StagePromised(subject=payable.subject, purpose=stage.purpose, amount_fen=payment.amount_fen)
    )
    tell_if_covered(payable, stage, payment.method)


def promised(payable: Payable, purpose: str = "") -> Money:
    """What of a payable, or of one purpose, is promised and not paid; not what a carrier has."""
    return _sum(payable, Payment.State.PROMISED, purpose)


def with_carrier(payable: Payable, purpose: str = "") -> Money:
    """What of a payable, or of one purpose, a carrier has collected and not remitted."""
    return _sum(payable, Payment.State.COLLECTED, purpose)


def _sum(payable: Payable, state: str, purpose: str) -> Money:
    rows = payable.payments.filter(state=state)
    if purpose:
        rows = rows.filter(stage__purpose=purpose)
    return Money(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def collect(payable: Payable, payment: Payment) -> None:
    """A carrier has the money of a promised payment: the carrier owes it now, not the payer.

    The ledger's posting is the caller's: one for all that is collected with it.
    """
    payment.state = payment_after(payment.state, "collect")
    payment.save(update_fields=["state"])
    audit.record(
        SYSTEM,
        "payment.collect",
        payable.subject,
        payment=payment.number,
        amount_fen=payment.amount_fen,
    )


def lapse(payable: Payable, payment: Payment) -> None:
    """A promise was not kept as agreed: it is owed still, and may be paid by another method."""
    PayableStage.objects.filter(pk=payment.stage_id).update(lapsed_at=clock.now())
    audit.record(
        SYSTEM,
        "payment.lapse",
        payable.subject,
        payment=payment.number,
        amount_fen=payment.amount_fen,
    )


def replace(payable: Payable, stage: PayableStage) -> Legs:
    """A stage whose promise lapsed is paid by another method; the postings that end its promise."""
    assert payable.payer_id is not None
    payment = payable.payments.get(stage=stage, state=Payment.State.PROMISED)
    payment.state, payment.outcome = payment_after(payment.state, "replace"), PAID_OTHERWISE
    payment.save(update_fields=["state", "outcome"])
    amount = Money(payment.amount_fen)
    ended = PromiseEnded(
        subject=payable.subject,
        method=payment.method,
        amount_fen=amount.fen,
        kept=False,
        otherwise=True,
    )
    notify_subscribers(ended)
    return postings.promise_ended(payable.subject, payable.payer_id, payable.payee_id, amount)


def part_of(payable: Payable, payment: Payment, amount: Money) -> Payment:
    """The promised payment of so much: itself, or cut to it, with another for what is over."""
    if amount.fen >= payment.amount_fen:
        return payment
    rest = cut(payable, payment.stage, amount)
    other = Payment.objects.create(
        number=public_number("P"),
        payable=payable,
        stage=rest,
        method=payment.method,
        amount_fen=rest.amount_fen,
        state=payment.state,
        started_at=payment.started_at,
    )
    payment.amount_fen = amount.fen
    payment.save(update_fields=["amount_fen"])
    notify_subscribers(
        PromiseSplit(method=payment.method, payment=payment.number, rest=other.number)
    )
    return payment


def waive(
    payable: Payable,
    amount: Money,
    key: str,
    purpose: str = "",
    method: str = "",
    only: Collection[int] = (),
) -> None:
    """So much of what is promised (for a purpose, by a method, by `only` these payments) need not
    be paid: the newest promise first.

    `ValueError` if less is promised.
    """
    assert payable.payer_id is not None
    rows = payable.payments.all()
    if method:
        rows = rows.filter(method=method)
    if only:
        rows = rows.filter(pk__in=only)
    legs: list[Leg] = []
    for payment, part in newest_promises(rows, amount, purpose):
        # Before it is lowered: what is left of the word is the method's to know.
        legs += methods.WORDS[payment.method].waive(due(payable, payment.stage, part))
        _lower(payable, payment, part)
        ended = PromiseEnded(
            subject=payable.subject, method=payment.method, amount_fen=part.fen, kept=False
        )
        notify_subscribers(ended)
    # A refund of what was paid follows in the same transaction and moves accounts of both.
    ledger.lock_company(payable.payee_id, payable.payer_id)
    ledger.transfer(f"waiver:{key}", TransferKind.WAIVER, legs)
    payable.waived_fen += amount.fen
    save_sums(payable)


def newest_promises(
    payments: QuerySet[Payment], amount: Money, purpose: str = ""
) -> list[tuple[Payment, Money]]:
    """Which of these payments are promised (for a purpose) and make an amount, the newest first.

    `ValueError` if less is promised.
    """
    rows = payments.filter(state=Payment.State.PROMISED).select_related("stage")
    if purpose:
        rows = rows.filter(stage__purpose=purpose)
    newest = {payment.pk: payment for payment in rows.order_by("-pk")}
    parts = [PaidPart(payment.pk, Money(payment.amount_fen)) for payment in newest.values()]
    return [(newest[pk], part) for pk, part in newest_first(amount, parts)]


def _lower(payable: Payable, payment: Payment, part: Money) -> None:
    stage = payment.stage
    if stage.lapsed_at is not None:
        tried = stage.payments.filter(state=Payment.State.STARTED).select_related("stage")
        give_up(payable, tried, AMOUNT_CHANGED)
    whole = part.fen == payment.amount_fen
    PayableStage.objects.filter(pk=stage.pk).update(
        amount_fen=stage.amount_fen - part.fen,
        promised_at=None if whole else stage.promised_at,
    )
    # What is waived whole stays as it was tried; a part lowers what is still to be paid.
    changed = (
        {"state": payment_after(payment.state, "waive"), "outcome": WAIVED}
        if whole
        else {"amount_fen": payment.amount_fen - part.fen}
    )
    Payment.objects.filter(pk=payment.pk).update(**changed)
