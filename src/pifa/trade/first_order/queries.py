"""What buyers and operators read of first-order protection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.trade import policies
from pifa.trade.first_order import cover
from pifa.trade.first_order.cover import Claimable
from pifa.trade.models import FirstOrderClaim, LossKind, Order
from pifa.trade.states import BUYER


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as its buyer and operators read it."""

    number: str
    order: str
    buyer_name: str
    seller_name: str
    kind: str
    kind_label: str
    asked: Money
    limit: Money
    words: str
    state: str
    state_label: str
    paid: Money
    reason: str
    claimed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class LossView:
    """Something that can be claimed now, at most how much, and until when."""

    kind: str
    kind_label: str
    most: Money
    claim_by: datetime


@dataclass(frozen=True, slots=True)
class Cover:
    """How a buyer's first order is covered: the limit, what can be claimed, what was claimed."""

    limit: Money
    losses: tuple[LossView, ...]
    claim: ClaimView | None


def first_order_cover(actor: Actor, number: str) -> Cover | None:
    """How an order is covered, for its buyer; None if it is not the first, or nobody covers it.

    `NotFound` for a stranger's and for the seller's. At most nine statements.
    """
    order = Order.objects.filter(policies.visible(actor), number=number).first()
    if order is None or policies.sides(actor, order.buyer_id, order.seller_id) != BUYER:
        raise NotFound()
    claim = _claims().filter(order=order).first()
    if claim is not None:
        return Cover(Money(claim.limit_fen), (), _view(claim))
    limit = cover.limit_of(order) if cover.is_first(order) else None
    if limit is None or cover.objection_to(order):
        return None
    return Cover(limit, tuple(_loss(loss) for loss in cover.claimable(order, limit)), None)


def first_order_claims(
    actor: Actor, waiting: bool = True, cursor: str | None = None, size: int | None = None
) -> Page[ClaimView]:
    """Claims that wait, the oldest first, or those decided, the newest first. Operators only; one
    statement."""
    parties.require_operator(actor)
    state = FirstOrderClaim.State.WAITING
    rows = _claims().filter(state=state) if waiting else _claims().exclude(state=state)
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__gt=last_id) if waiting else rows.filter(pk__lt=last_id)
    limit = page_size(size)
    found = list(rows.order_by("pk" if waiting else "-pk")[: limit + 1])
    page = cut(found, limit, lambda row: (row.pk,))
    return Page([_view(row) for row in page.items], page.next_cursor)


def first_order_claim(actor: Actor, number: str) -> ClaimView:
    """One claim. Operators only."""
    parties.require_operator(actor)
    claim = _claims().filter(number=number).first()
    if claim is None:
        raise NotFound()
    return _view(claim)


def claims_waiting() -> int:
    """How many claims wait for an operator."""
    return FirstOrderClaim.objects.filter(state=FirstOrderClaim.State.WAITING).count()


def _claims() -> QuerySet[FirstOrderClaim]:
    return FirstOrderClaim.objects.select_related("order__seller", "buyer")


def _loss(loss: Claimable) -> LossView:
    return LossView(loss.kind, str(LossKind(loss.kind).label), loss.most, loss.claim_by)


def _view(row: FirstOrderClaim) -> ClaimView:
    return ClaimView(
        number=row.number,
        order=row.order.number,
        buyer_name=row.buyer.name,
        seller_name=row.order.seller.name,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        asked=Money(row.asked_fen),
        limit=Money(row.limit_fen),
        words=row.words,
        state=row.state,
        state_label=row.get_state_display(),
        paid=Money(row.paid_fen),
        reason=row.reason,
        claimed_at=row.claimed_at,
        decided_at=row.decided_at,
    )
