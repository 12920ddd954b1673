"""The schedule of a payable: what is asked for next, in how many parts, and who hears of it.

The caller holds the payable's lock, which covers its stages and payments.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.commands.locking import lock_payable
from pifa.finance.commands.payables import AMOUNT_CHANGED, WAIVED, give_up
from pifa.finance.errors import PaymentBlocked
from pifa.finance.events import StageCovered
from pifa.finance.models import LAPSED_STAGE, OPEN_STAGE, Payable, PayableStage, Payment
from pifa.finance.states import payable_after
from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.events import notify_subscribers
from pifa.kernel.money import ZERO, Money

MOST_PARTS = 5
"""Into how many parts a payer may divide what is asked for next."""


def open_stages(payable: Payable) -> list[PayableStage]:
    """What may be paid now: the open stages of the purpose that comes next, in their order."""
    rows = payable.stages.filter(OPEN_STAGE)
    stages = list(rows.order_by("position"))
    return [stage for stage in stages if stage.purpose == stages[0].purpose]


def chosen_stage(payable: Payable, part: int | None = None) -> PayableStage:
    """What is to be paid next: the first open part, or the one at a position of the schedule.
    With nothing open it is what was promised and not kept as agreed.

    `WrongState` when nothing is to be paid, `PaymentBlocked` while nobody may, `InvalidInput` when
    that part is not open.
    """
    stages = open_stages(payable) if payable.state == Payable.State.OPEN else []
    if not stages and payable.state == Payable.State.OPEN:
        stages = list(payable.stages.filter(LAPSED_STAGE).order_by("position"))
    if not stages:
        raise WrongState(state=payable.get_state_display(), verb=_("支付"))
    if payable.blocked:
        raise PaymentBlocked(why=_(payable.blocked))
    if part is None:
        return stages[0]
    for stage in stages:
        if stage.position == part:
            return stage
    raise InvalidInput(field="part", reason=_("这一笔现在不能支付，请刷新页面后再试。"))


def is_covered(stage: PayableStage) -> bool:
    """Whether a stage is paid, or promised with the promise not lapsed: money for it goes back."""
    return bool(stage.settled_at or (stage.promised_at and not stage.lapsed_at))


def split_payment(actor: Actor, payable_number: str, amounts: Sequence[Money]) -> None:
    """Pay what is asked for next in parts of these amounts, each by a method of its own.

    One amount makes it whole again. Parts that are paid stay; attempts at parts that change are
    given up, and money that arrives for them goes back. `InvalidInput` unless 1 to `MOST_PARTS`
    amounts above zero add up to what is open, `WrongState` when nothing is to be paid.
    """
    with transaction.atomic():
        rows = Payable.objects.select_for_update(no_key=True)
        payable = rows.filter(number=payable_number).first()
        if payable is None:
            raise NotFound
        policies.may_pay(actor, payable)
        stages = open_stages(payable) if payable.state == Payable.State.OPEN else []
        if not stages:
            raise WrongState(state=payable.get_state_display(), verb=_("分笔支付"))
        wanted = [amount.fen for amount in amounts]
        _check_parts(wanted, sum(stage.amount_fen for stage in stages))
        if wanted != [stage.amount_fen for stage in stages]:
            _recut(payable, stages, wanted)
            audit.record(actor, "payment.split", payable.subject, parts_fen=wanted)


def cut(payable: Payable, stage: PayableStage, amount: Money) -> PayableStage:
    """Leave a stage only so much; what is over becomes a stage right behind it, returned."""
    rest = stage.amount_fen - amount.fen
    for later in payable.stages.filter(position__gt=stage.position).order_by("-position"):
        PayableStage.objects.filter(pk=later.pk).update(position=F("position") + 1)
    stage.amount_fen = amount.fen
    stage.save(update_fields=["amount_fen"])
    return PayableStage.objects.create(
        payable=payable,
        position=stage.position + 1,
        purpose=stage.purpose,
        amount_fen=rest,
        due_at=stage.due_at,
        promised_at=stage.promised_at,
        lapsed_at=stage.lapsed_at,
    )


def waive_rest(subject: str) -> Money:
    """What is neither paid nor promised need not be paid any more; returns how much.

    Attempts are given up; money that arrives all the same goes back. Nothing without a payable
    that is open. A payable of which nothing was paid is closed (`close_payable`), not waived.
    """
    with transaction.atomic():
        payable = lock_payable(subject)
        rows = payable.stages.filter(OPEN_STAGE)
        stages = list(rows) if payable.state == Payable.State.OPEN else []
        if not stages:
            return ZERO
        fen = sum(stage.amount_fen for stage in stages)
        give_up(payable, payable.payments.filter(stage__in=stages), WAIVED)
        PayableStage.objects.filter(pk__in=[stage.pk for stage in stages]).update(amount_fen=0)
        payable.waived_fen += fen
        save_sums(payable)
        return Money(fen)


def save_sums(payable: Payable) -> None:
    """Write what was settled and waived, and the state that follows from it."""
    covered = payable.settled_fen + payable.waived_fen
    if covered == payable.amount_fen:
        payable.state = payable_after(payable.state, "settle" if payable.settled_fen else "waive")
    payable.save(update_fields=["settled_fen", "waived_fen", "state"])


def tell_if_covered(payable: Payable, stage: PayableStage, method: str) -> None:
    """An open stage was just paid or promised by a method: tell when all of its purpose is."""
    rows = payable.stages.filter(OPEN_STAGE)
    left = set(rows.values_list("purpose", flat=True))
    if stage.purpose not in left:
        covered = StageCovered(
            subject=payable.subject, purpose=stage.purpose, last=not left, method=method
        )
        notify_subscribers(covered)


def _check_parts(wanted: Sequence[int], open_fen: int) -> None:
    if not 1 <= len(wanted) <= MOST_PARTS or any(fen <= 0 for fen in wanted):
        reason = _("请分成 1 到 {most} 笔，每笔大于 0。").format(most=MOST_PARTS)
        raise InvalidInput(field="amounts", reason=reason)
    if sum(wanted) != open_fen:
        reason = _("各笔合计 {sum} 须等于待付的 {open}。")
        raise InvalidInput(
            field="amounts", reason=reason.format(sum=Money(sum(wanted)), open=Money(open_fen))
        )


def _recut(payable: Payable, stages: Sequence[PayableStage], wanted: Sequence[int]) -> None:
    give_up(payable, payable.payments.filter(stage__in=stages), AMOUNT_CHANGED)
    total = sum(wanted)
    first, *others = stages
    # What was tried for a part that is gone belongs to the first: late money is judged there.
    Payment.objects.filter(stage__in=others).update(stage=first)
    PayableStage.objects.filter(pk__in=[stage.pk for stage in others]).delete()
    first.amount_fen = total
    first.save(update_fields=["amount_fen"])
    stage = first
    for fen in wanted[:-1]:
        stage = cut(payable, stage, Money(fen))
