"""What a member can do next for its target: whom to remind, what is due, whom to call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Count, Manager, OuterRef, QuerySet, Subquery, Sum

from pifa.crm.queries.mornings import waiting
from pifa.finance.methods.trade_credit.queries.due_on import credit_due_on
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.parties import policies as parties
from pifa.trade.invitations.states import InvitationState
from pifa.trade.models import (
    InvitationLine,
    Order,
    OrderChannel,
    OrderInvitation,
    OrderLine,
)
from pifa.trade.states import OrderStatus

Row = TypeVar("Row", OrderInvitation, Order)
NAMED = 5
"""Unpaid invitations that are named: the largest."""


class Unpaid(StrEnum):
    """An invitation that nobody has confirmed, or the order that it became."""

    INVITATION = "invitation"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class UnpaidRow:
    """One that can be reminded; `goods` is the title of its first line, `until` is when it lapses,
    None where the order has no such hour."""

    what: Unpaid
    number: str
    buyer_name: str
    goods: str
    fen: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What can be done now. `unpaid` are the largest of `unpaid_count`."""

    unpaid: tuple[UnpaidRow, ...]
    unpaid_count: int
    unpaid_fen: int
    credit_due_fen: int
    customers_due: int


def next_steps(actor: Actor) -> NextSteps:
    """What the actor's company can do next. Seven statements at most, however much there is."""
    company_id = parties.require(actor)
    now, today = clock.now(), clock.today()
    invitations = OrderInvitation.objects.filter(
        seller=company_id, state=InvitationState.OPEN, valid_until__gt=now
    )
    orders = Order.objects.filter(
        seller=company_id, channel=OrderChannel.INVITATION, status=OrderStatus.AWAITING_PAYMENT
    )
    rows = [
        *(
            UnpaidRow(
                Unpaid.INVITATION,
                one.number,
                (one.customer.name if one.customer else "") or one.consignee,
                goods,
                one.total_fen,
                one.valid_until,
            )
            for one, goods in _largest(
                invitations.select_related("customer"), InvitationLine.objects, "invitation"
            )
        ),
        *(
            UnpaidRow(
                Unpaid.ORDER,
                one.number,
                one.buyer.name if one.buyer else "",
                goods,
                one.total_fen,
                None,
            )
            for one, goods in _largest(orders.select_related("buyer"), OrderLine.objects, "order")
        ),
    ]
    rows.sort(key=lambda row: (-row.fen, row.number))
    sums = [_sum(invitations), _sum(orders)]
    due = waiting(company_id, today)
    return NextSteps(
        unpaid=tuple(rows[:NAMED]),
        unpaid_count=sum(count for count, _fen in sums),
        unpaid_fen=sum(fen for _count, fen in sums),
        credit_due_fen=credit_due_on(company_id, today, today).received_fen,
        customers_due=sum(one.due for one in due.values()),
    )


def _largest(rows: QuerySet[Row], lines: Manager[Any], of: str) -> Iterator[tuple[Row, str]]:
    """The largest, each with the title of its first line."""
    first = lines.filter(**{of: OuterRef("pk")}).order_by("pk").values("title")[:1]
    for row in rows.annotate(first_title=Subquery(first)).order_by("-total_fen")[:NAMED]:
        yield row, getattr(row, "first_title", None) or ""


def _sum(rows: QuerySet[OrderInvitation] | QuerySet[Order]) -> tuple[int, int]:
    found = rows.aggregate(many=Count("pk"), fen=Sum("total_fen", default=0))
    return int(found["many"]), int(found["fen"])
