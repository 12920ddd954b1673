"""Payables: opened by the checkout, re-priced and closed while nothing is paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance.commands.locking import attempt, lock_payable
from pifa.finance.methods import registry
from pifa.finance.models import Payable, PayableStage, Payment
from pifa.finance.states import payable_after, payment_after
from pifa.kernel import bulk, clock
from pifa.kernel.errors import InvalidInput, WrongState
from pifa.kernel.ids import public_number
from pifa.kernel.money import MAX_FEN, Money

AMOUNT_CHANGED = "amount_changed"
CLOSED = "closed"
PAID_OTHERWISE = "paid_otherwise"
WAIVED = "waived"
"""Why an attempt that was begun came to nothing (`words.outcome` tells them)."""


@dataclass(frozen=True, slots=True)
class NewStage:
    """One amount of a schedule; `purpose` is a `PayableStage.Purpose`."""

    purpose: str
    amount_fen: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewPayable:
    """What a payer will owe a payee for a subject; `title` is what the payer reads at the bank,
    `region` where its goods go, if there are goods.

    `stages` are paid one purpose after the other and add up to the amount; none: all at once.
    `ways` are the methods by which it may be paid; none: whatever is offered.
    """

    subject: str
    payer_id: int | None
    payee_id: int
    amount_fen: int
    title: str
    stages: tuple[NewStage, ...] = ()
    region: str = ""
    ways: tuple[str, ...] = ()

    @property
    def schedule(self) -> tuple[NewStage, ...]:
        """The stages; one for the whole if none were given."""
        return self.stages or (NewStage("full", self.amount_fen),)


def open_payables(payables: Sequence[NewPayable]) -> list[str]:
    """Open payables with their schedules, set-based for any number; returns their numbers.

    `InvalidInput` if an amount is not above zero or beyond what the market books, `ValueError`
    if stages do not add up.
    """
    if not payables:
        return []
    for payable in payables:
        for stage in payable.schedule:
            _check_amount(Money(stage.amount_fen))
        if sum(stage.amount_fen for stage in payable.schedule) != payable.amount_fen:
            raise ValueError(f"the stages of {payable.subject} do not add up")
    moment = clock.now()
    numbers = [public_number("B", moment) for _payable in payables]
    with transaction.atomic(savepoint=False):
        bulk.insert_with(
            Payable,
            [
                {
                    "number": number,
                    "subject": payable.subject,
                    "payer_id": payable.payer_id,
                    "payee_id": payable.payee_id,
                    "title": payable.title[:120],
                    "amount_fen": payable.amount_fen,
                    "region": payable.region,
                    "ways": list(payable.ways),
                    "created_at": moment,
                }
                for number, payable in zip(numbers, payables, strict=True)
            ],
            PayableStage,
            [
                {
                    "payable_id": number,
                    "position": position,
                    "purpose": stage.purpose,
                    "amount_fen": stage.amount_fen,
                    "due_at": stage.due_at,
                }
                for number, payable in zip(numbers, payables, strict=True)
                for position, stage in enumerate(payable.schedule)
            ],
            link="payable_id",
            by="number",
        )
    return numbers


def change_amount(subject: str, amount: Money) -> None:
    """Give an unpaid payable another amount; attempts at the old amount are closed.

    The last stage takes the difference: of a schedule whose deposit is paid only the balance
    changes, while it is open. Money that arrives for such an attempt all the same is sent back.
    `WrongState` once anything else is paid, `InvalidInput` if nothing would be left of the stage,
    `NotFound` for a subject without payable.
    """
    _check_amount(amount)
    with transaction.atomic():
        payable = lock_payable(subject)
        last = payable.stages.order_by("-position")[0]
        if not _is_open_balance(payable, last):
            _check_unpaid(payable, _("改价"))
        if payable.amount_fen == amount.fen:
            return
        stage_fen = last.amount_fen + amount.fen - payable.amount_fen
        _check_amount(Money(stage_fen))
        Payable.objects.filter(pk=payable.pk).update(amount_fen=amount.fen)
        PayableStage.objects.filter(pk=last.pk).update(amount_fen=stage_fen)
        give_up(payable, payable.payments.filter(stage=last), AMOUNT_CHANGED)


def change_schedule(subject: str, stages: Sequence[NewStage]) -> None:
    """Give an unpaid payable another schedule, and the amount it adds up to.

    Every attempt is closed; money that arrives for one all the same is sent back. `WrongState`
    once anything is paid, `NotFound` for a subject without payable.
    """
    for stage in stages:
        _check_amount(Money(stage.amount_fen))
    with transaction.atomic():
        payable = lock_payable(subject)
        _check_unpaid(payable, _("改价"))
        give_up(payable, payable.payments.all(), AMOUNT_CHANGED)
        first, *others = payable.stages.order_by("position")
        # What was tried belongs to the first from now on: late money is judged there.
        payable.payments.exclude(stage=first).update(stage=first)
        PayableStage.objects.filter(pk__in=[stage.pk for stage in others]).delete()
        PayableStage.objects.filter(pk=first.pk).update(
            purpose=stages[0].purpose, amount_fen=stages[0].amount_fen, due_at=stages[0].due_at
        )
        PayableStage.objects.bulk_create(
            PayableStage(
                payable=payable,
                position=first.position + place,
                purpose=stage.purpose,
                amount_fen=stage.amount_fen,
                due_at=stage.due_at,
            )
            for place, stage in enumerate(stages[1:], start=1)
        )
        total = sum(stage.amount_fen for stage in stages)
        Payable.objects.filter(pk=payable.pk).update(amount_fen=total)


def set_due(subject: str, purpose: str, due_at: datetime) -> None:
    """By when what is open of a purpose is to be paid; who asks for it acts when it is not."""
    with transaction.atomic():
        payable = lock_payable(subject)
        open_ = payable.stages.filter(purpose=purpose, settled_at=None, promised_at=None)
        open_.update(due_at=due_at)


def close_payable(subject: str) -> None:
    """Close an unpaid payable and every attempt at the gateway; closed already is fine.

    Money that arrives all the same is sent back. `WrongState` once anything is paid.
    """
    with transaction.atomic():
        payable = lock_payable(subject)
        if payable.state == Payable.State.CLOSED:
            return
        _check_unpaid(payable, _("关闭"))
        Payable.objects.filter(pk=payable.pk).update(state=payable_after(payable.state, "close"))
        give_up(payable, payable.payments.all(), CLOSED)


def give_up(payable: Payable, payments: Iterable[Payment], outcome: str) -> None:
    """Close attempts that were begun, at their provider and here."""
    for payment in payments:
        if payment.state == Payment.State.STARTED:
            registry.get(payment.method).close(attempt(payable, payment))
            Payment.objects.filter(pk=payment.pk).update(
                state=payment_after(payment.state, "give_up"), outcome=outcome
            )


def _check_amount(amount: Money) -> None:
    if not 0 < amount.fen <= MAX_FEN:
        reason = _("金额必须大于 0 且不超过 {limit}，现在是 {amount}。")
        raise InvalidInput(
            field="amount", reason=reason.format(limit=Money(MAX_FEN), amount=amount)
        )


def _is_open_balance(payable: Payable, stage: PayableStage) -> bool:
    return (
        payable.state == Payable.State.OPEN
        and stage.purpose == PayableStage.Purpose.BALANCE
        and stage.settled_at is None
        and stage.promised_at is None
    )


def _check_unpaid(payable: Payable, verb: str) -> None:
    if (
        payable.state != Payable.State.OPEN
        or payable.settled_fen
        or payable.stages.exclude(promised_at=None).exists()
    ):
        raise WrongState(state=payable.get_state_display(), verb=verb)
