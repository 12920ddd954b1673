"""What others may read of rulings; each a bounded number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import TruncDate

from pifa.benefits.labels import MEMBER_TAG
from pifa.benefits.models import Grant
from pifa.integrity import policies
from pifa.integrity.models import Ruling, RulingAnswer, RulingInForce
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.trade import policies as trade
from pifa.trade.models import Order
from pifa.trade.states import SELLER

STATES = ("in_force", "answered", "taken_back", "all")
"""How the operators' list is narrowed: `answered` are those in force that the seller answered."""


@dataclass(frozen=True, slots=True)
class RulingView:
    """A ruling in force, as a side of the order reads it. `answer` is empty for the buyer."""

    reason: str
    at: datetime
    answer: str
    answered_at: datetime | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One row of an order's history of rulings."""

    verdict: str
    verdict_label: str
    reason: str
    given_by: str
    at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class RulingRow:
    """A ruling in the operators' list."""

    id: int
    order: str
    buyer_name: str
    seller_name: str
    paid: Money
    reason: str
    at: datetime
    in_force: bool
    answer: str


def ruling_of(actor: Actor, number: str) -> RulingView | None:
    """The ruling in force for an order, for both its companies and operators; else `NotFound`."""
    order = _visible(actor, number)
    held = (
        RulingInForce.objects.filter(order=order).select_related("ruling", "ruling__answer").first()
    )
    if held is None:
        return None
    answer = _answer(held.ruling)
    sees = policies.sees_answer(actor, order)
    return RulingView(
        reason=held.ruling.reason,
        at=held.ruling.at,
        answer=answer.words if answer and sees else "",
        answered_at=answer.at if answer and sees else None,
        may_answer=answer is None and _may_answer(actor, order),
    )


def history(actor: Actor, number: str) -> list[Said]:
    """All that was said of an order, oldest first. Operators only."""
    policies.may_rule(actor)
    rows = Ruling.objects.filter(order=_visible(actor, number)).select_related("given_by", "answer")
    return [_said(row) for row in rows.order_by("pk")]


def rulings(
    actor: Actor,
    state: str = "in_force",
    keyword: str = "",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[RulingRow]:
    """Rulings that orders are brushing, newest first, by state and by words of the order's number
    or a company's name. Operators only; one statement.

    Of those that sellers answered, members of the key-account programme come first (`FAIR-APPEAL`),
    also one that lost its tag since the ruling.
    """
    policies.may_rule(actor)
    if state not in STATES:
        raise InvalidInput(field="state", reason=state)
    rows = Ruling.objects.filter(_ASKED[state], verdict=Ruling.Verdict.BRUSHING)
    if keyword := keyword.strip():
        rows = rows.filter(
            Q(order__number__contains=keyword)
            | Q(order__seller__name__icontains=keyword)
            | Q(order__buyer__name__icontains=keyword)
        )
    limit = page_size(size)
    first = _OF_MEMBER if state == "answered" else Value(value=False)
    rows = rows.annotate(ruled_on=TruncDate("at")).annotate(of_member=first)
    if cursor:
        of_member, last_id = read_cursor(cursor, bool, int)
        after = Q(of_member=of_member, pk__lt=last_id)
        rows = rows.filter(after | Q(of_member=False) if of_member else after)
    found = rows.select_related("order__buyer", "order__seller", "in_force", "answer")
    listed = list(found.order_by("-of_member", "-pk")[: limit + 1])
    page = cut(listed, limit, lambda row: (bool(row.of_member), row.pk))
    return Page([_row(row) for row in page.items], page.next_cursor)


_ASKED = {
    "in_force": Q(in_force__isnull=False),
    "answered": Q(in_force__isnull=False, answer__isnull=False),
    "taken_back": Q(taken_back__isnull=False),
    "all": Q(),
}


_OF_MEMBER = Exists(
    Grant.objects.filter(company=OuterRef("order__seller"), benefit=MEMBER_TAG).filter(
        Q(until=None) | Q(until__gte=OuterRef("ruled_on"))
    )
)
"""Whether the seller held the member tag when its order was ruled, or holds it."""


def _visible(actor: Actor, number: str) -> Order:
    order = Order.objects.filter(trade.visible(actor), number=number).first()
    if order is None:
        raise NotFound()
    return order


def _answer(ruling: Ruling) -> RulingAnswer | None:
    return getattr(ruling, "answer", None)


def _may_answer(actor: Actor, order: Order) -> bool:
    is_seller = trade.sides(actor, order.buyer_id, order.seller_id) == SELLER
    return is_seller and actor.has_role(*trade.SELLING)


def _said(row: Ruling) -> Said:
    answer = _answer(row)
    return Said(
        verdict=row.verdict,
        verdict_label=row.get_verdict_display(),
        reason=row.reason,
        given_by=row.given_by.username,
        at=row.at,
        answer=answer.words if answer else "",
        answered_at=answer.at if answer else None,
    )


def _row(row: Ruling) -> RulingRow:
    answer = _answer(row)
    return RulingRow(
        id=row.pk,
        order=row.order.number,
        buyer_name=row.order.buyer.name if row.order.buyer else "",
        seller_name=row.order.seller.name,
        paid=Money(row.order.paid_fen),
        reason=row.reason,
        at=row.at,
        in_force=getattr(row, "in_force", None) is not None,
        answer=answer.words if answer else "",
    )
