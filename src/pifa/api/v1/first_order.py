"""First-order protection: the buyer claims once, an operator decides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from pifa.api.auth import actor_of, staff_of
from pifa.api.fields import Amount, Flag, In, Line, Number, Out, PageOut, Paging, Text, Yuan
from pifa.api.routing import Topic
from pifa.kernel.errors import NotFound
from pifa.trade.first_order import commands, queries

topic = Topic()


class FirstOrderClaimOut(Out):
    """A claim and what became of it."""

    number: str
    order: str
    buyer_name: str
    seller_name: str
    kind: str
    kind_label: str
    asked: Yuan
    limit: Yuan
    words: str
    state: str
    state_label: str
    paid: Yuan
    reason: str
    claimed_at: datetime
    decided_at: datetime | None


class FirstOrderLossOut(Out):
    """Something that can be claimed now."""

    kind: str
    kind_label: str
    most: Yuan
    claim_by: datetime


class FirstOrderCoverOut(Out):
    """How the first order is covered, what can be claimed, what was claimed."""

    limit: Yuan
    losses: list[FirstOrderLossOut]
    claim: FirstOrderClaimOut | None


class FirstOrderClaimIn(In):
    """What went wrong, how much of it, in words."""

    kind: Literal["refused", "dispute", "freight"]
    amount: Amount
    words: Text


class FirstOrderClaimPage(PageOut):
    items: list[FirstOrderClaimOut]


class FirstOrderDecisionIn(In):
    """Made good (all that was asked, or less), or refused with the reason that the buyer reads."""

    approve: Flag
    reason: Line = ""
    amount: Amount | None = None


@topic.reads(
    "/orders/{number}/first-order-protection",
    FirstOrderCoverOut,
    _("首单交易无忧"),
    _("买家；不是第一笔订单或没有这项权益时为 404。"),
)
def first_order_cover(request: HttpRequest, number: Number) -> object:
    found = queries.first_order_cover(actor_of(request), number)
    if found is None:
        raise NotFound
    return found


@topic.writes(
    "POST",
    "/orders/{number}/first-order-protection",
    FirstOrderCoverOut,
    _("申请首单赔付"),
    _("买家，只能申请一次。"),
    status=201,
)
def claim_first_order(request: HttpRequest, number: Number, asked: FirstOrderClaimIn) -> object:
    actor = actor_of(request)
    commands.claim_first_order(actor, number, asked.kind, asked.amount, asked.words)
    return first_order_cover(request, number)


@topic.reads(
    "/operator/first-order-claims",
    FirstOrderClaimPage,
    _("首单赔付申请"),
    _("待审核的，或已审核的。"),
)
def first_order_claims(
    request: HttpRequest, page: Paging, waiting: Annotated[bool, Query()] = True
) -> object:
    actor = staff_of(request, "trade.change_firstorderclaim")
    return queries.first_order_claims(actor, waiting, page.cursor, page.size)


@topic.writes(
    "POST",
    "/operator/first-order-claims/{claim}/decision",
    FirstOrderClaimOut,
    _("审核首单赔付申请"),
)
def decide_first_order_claim(
    request: HttpRequest, claim: Number, said: FirstOrderDecisionIn
) -> object:
    actor = staff_of(request, "trade.change_firstorderclaim")
    commands.decide_first_order(actor, claim, said.approve, said.reason, said.amount)
    return queries.first_order_claim(actor, claim)
