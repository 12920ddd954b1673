"""What both sides see of an order's stages and production, in plain words."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.catalog.queries import plan_of
from pifa.catalog.rules import StagedPlan
from pifa.finance import queries as finance
from pifa.finance.queries import PaymentView, StageView
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import ZERO, Money, total
from pifa.trade import policies
from pifa.trade.models import Order, ProductionNote, ProductionPicture, StagedOrder
from pifa.trade.staged import rules
from pifa.trade.staged.clock_of import days
from pifa.trade.staged.schedule import BALANCE
from pifa.trade.states import OrderStatus

Words = str | Promise
PAID, PROMISED, NOW, LATER, WAIVED = "paid", "promised", "now", "later", "waived"
"""How a stage stands."""


@dataclass(frozen=True, slots=True)
class StageTold:
    """One amount of an order's schedule: what for (with its place among the parts of a purpose
    that is paid in several), how it stands, in words. `position` names it to those who pay it."""

    position: int
    purpose: str
    label: str
    amount: Money
    state: str
    state_label: str
    method_label: str
    at: datetime | None
    due_at: datetime | None
    words: str

    @property
    def payable_now(self) -> bool:
        """Whether it may be paid now."""
        return self.state == NOW


@dataclass(frozen=True, slots=True)
class NoteView:
    """A word of the seller on production; pictures by id with their sizes."""

    at: datetime
    percent: int
    text: str
    pictures: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class ProductionView:
    """How far an order that is paid in stages is. `balance_at`: when all of the balance was paid
    or promised; `cancel_from`: when the buyer may leave it; `ended`: it closed unmade."""

    plan: StagedPlan
    percent: int
    deposit_at: datetime | None
    balance_at: datetime | None
    produce_by: datetime | None
    finished_at: datetime | None
    balance_by: datetime | None
    cancel_from: datetime | None
    may_cancel: bool
    ended: bool
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class PaymentStory:
    """An order's stages in their order, and its production if it is paid in stages."""

    stages: tuple[StageTold, ...]
    production: ProductionView | None

    @property
    def is_plain(self) -> bool:
        """Whether all is paid at once, so that there is nothing to tell."""
        return len(self.stages) <= 1 and self.production is None


def payment_story(actor: Actor, number: str) -> PaymentStory:
    """The stages and the production of an order; `NotFound` for a stranger's. Five statements."""
    order = _visible(actor, number)
    return PaymentStory(_stages(order), _production(order))


def stages_told(actor: Actor, number: str) -> tuple[StageTold, ...]:
    """The stages of an order alone; `NotFound` for a stranger's. Three statements."""
    return _stages(_visible(actor, number))


def production_picture(actor: Actor, number: str, picture_id: int) -> Path:
    """The file of a picture that the seller showed; `NotFound` for a stranger's order."""
    order = _visible(actor, number)
    found = ProductionPicture.objects.filter(note__order=order, pk=picture_id).first()
    if found is None:
        raise NotFound
    return Path(found.file.path)


def plan_words(plan: StagedPlan, deposit: Money, balance: Money) -> list[str]:
    """A plan in plain words, with the two amounts it comes to."""
    return [
        _("先付定金 {deposit}，卖家收到后开始生产，{days} 天内完成。").format(
            deposit=deposit, days=plan.production_days
        ),
        _("完成生产后 {days} 天内付尾款 {balance}，付清后发货；也可以提前付。").format(
            days=plan.balance_days, balance=balance
        ),
        lapse_words(plan),
        _("卖家逾期 {days} 天仍未完成生产，您可以取消订单，定金全额退回。").format(
            days=days("production_grace_days").days
        ),
    ]


def lapse_words(plan: StagedPlan) -> str:
    """What happens when the balance is not paid in time, in plain words."""
    keeper = _("卖家") if plan.keeper == "seller" else _("买家")
    return _("逾期未付尾款，订单关闭，定金归{keeper}。").format(keeper=keeper)


def plan_in_short(plan: StagedPlan) -> str:
    """A plan in one line, before there is a total."""
    share = plan.deposit_bp
    deposit = f"{share / 100:g}%" if share else str(plan.deposit)
    return _("定金 {deposit}，{days} 天内完成生产，之后 {balance_days} 天内付尾款再发货").format(
        deposit=deposit, days=plan.production_days, balance_days=plan.balance_days
    )


def _visible(actor: Actor, number: str) -> Order:
    rows = Order.objects.filter(policies.visible(actor), number=number)
    order = rows.select_related("staged").first()
    if order is None:
        raise NotFound
    return order


def _stages(order: Order) -> tuple[StageTold, ...]:
    rows = finance.stages(order.subject)
    covering = {
        payment.stage_position: payment
        for payment in (finance.payments(order.subject) if len(rows) > 1 else ())
        if payment.state in ("succeeded", "promised", "collected")
    }
    found = Counter(row.purpose for row in rows)
    seen: Counter[str] = Counter()
    waived = [row for row in rows if not row.amount]
    # Of one that is waived is known what it was: what the others leave of the whole.
    was = Money(order.total_fen) - total(row.amount for row in rows) if len(waived) == 1 else ZERO
    told = []
    for row in rows:
        seen[row.purpose] += 1
        part = f" {seen[row.purpose]}/{of}" if (of := found[row.purpose]) > 1 else ""
        told.append(_told(row, part, covering.get(row.position), order, was))
    return tuple(told)


_STATES: dict[str, Words] = {
    PAID: gettext_lazy("已付"),
    PROMISED: gettext_lazy("约定付款"),
    NOW: gettext_lazy("现在可付"),
    LATER: gettext_lazy("以后付"),
    WAIVED: gettext_lazy("不用再付"),
}


def _told(
    row: StageView, part: str, payment: PaymentView | None, order: Order, was: Money
) -> StageTold:
    state = _state(row, order)
    return StageTold(
        position=row.position,
        purpose=row.purpose,
        label=row.purpose_label + part,
        amount=row.amount,
        state=state,
        state_label=str(_STATES[state]),
        method_label=payment.method_label if payment else "",
        at=row.settled_at or row.promised_at,
        due_at=row.due_at if state in (NOW, LATER) and not _waits_for_goods(row, order) else None,
        words=_words(row, state, payment, order, was),
    )


def _state(row: StageView, order: Order) -> str:
    if not row.amount:
        return WAIVED
    if row.settled_at:
        return PAID
    if row.lapsed:
        return NOW
    if row.promised_at:
        return PROMISED
    if order.status == OrderStatus.CLOSED:
        return WAIVED
    return NOW if row.payable_now else LATER


def _waits_for_goods(row: StageView, order: Order) -> bool:
    """Whether production is late: its balance has no day before the goods are made."""
    staged: StagedOrder | None = getattr(order, "staged", None)
    if staged is None or row.purpose != BALANCE or staged.finished_at or not staged.produce_by:
        return False
    return clock.now() >= staged.produce_by


def _words(
    row: StageView, state: str, payment: PaymentView | None, order: Order, was: Money
) -> str:
    method = payment.method_label if payment else ""
    if state == PAID and payment and payment.refunded:
        return _("{method}，已退 {refunded}").format(method=method, refunded=payment.refunded)
    if state == PAID:
        return method
    if state == PROMISED:
        return _("{method}，按约定的日期付").format(method=method)
    if state == WAIVED:
        return _("原定 {amount}，订单已结束").format(amount=was) if was else _("订单已结束")
    if state == LATER:
        return _("付清定金后付")
    if row.purpose == "balance" and order.status == OrderStatus.IN_PRODUCTION:
        return _("完成生产后付，也可以提前付")
    return ""


def _production(order: Order) -> ProductionView | None:
    staged: StagedOrder | None = getattr(order, "staged", None)
    plan = plan_of(staged)
    if staged is None or plan is None:
        return None
    notes = _notes(order)
    since = staged.produce_by and rules.late_from(staged.produce_by, days("production_grace_days"))
    in_production = order.status == OrderStatus.IN_PRODUCTION
    return ProductionView(
        plan=plan,
        percent=100 if staged.finished_at else max((note.percent for note in notes), default=0),
        deposit_at=staged.deposit_at,
        balance_at=staged.balance_at,
        produce_by=staged.produce_by,
        finished_at=staged.finished_at,
        balance_by=staged.balance_by,
        cancel_from=since if in_production else None,
        may_cancel=bool(in_production and since and clock.now() >= since),
        ended=order.status == OrderStatus.CLOSED and staged.finished_at is None,
        notes=notes,
    )


def _notes(order: Order) -> tuple[NoteView, ...]:
    pictures: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = ProductionPicture.objects.filter(note__order=order).order_by("note", "position")
    for note_id, pk, width, height in rows.values_list("note", "pk", "width", "height"):
        pictures[note_id].append((pk, width, height))
    notes = ProductionNote.objects.filter(order=order).order_by("-pk")
    return tuple(
        NoteView(note.at, note.percent, note.text, tuple(pictures[note.pk])) for note in notes
    )
