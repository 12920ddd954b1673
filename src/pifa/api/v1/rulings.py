"""Rulings that orders are brushing: for both sides of the order, and for operators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import actor_of, staff_of
from pifa.api.fields import In, Line, Number, Out, PageOut, Paging, Text, Yuan, listed
from pifa.api.routing import Topic
from pifa.integrity import commands, queries
from pifa.kernel.errors import NotFound

topic = Topic()


class RulingOut(Out):
    """The ruling in force; `answer` is the seller's, which the buyer is not shown."""

    reason: str
    at: datetime
    answer: str
    answered_at: datetime | None
    may_answer: bool


class RulingAnswerIn(In):
    """The seller's words, once."""

    words: Text


class BrushingIn(In):
    """Why; both companies will read it."""

    reason: Line


class RulingRowOut(Out):
    """A ruling in the operators' list."""

    order: str
    buyer_name: str
    seller_name: str
    paid: Yuan
    reason: str
    at: datetime
    in_force: bool
    answer: str


class RulingPage(PageOut):
    items: list[RulingRowOut]


class OrderRulingOut(Out):
    """One row of an order's history of rulings."""

    verdict: str
    verdict_label: str
    reason: str
    given_by: str
    at: datetime
    answer: str
    answered_at: datetime | None


class OrderRulingPage(PageOut):
    items: list[OrderRulingOut]


@topic.reads(
    "/orders/{number}/ruling",
    RulingOut,
    _("订单的虚假交易裁定"),
    _("买卖双方可见；没有生效的裁定时为 404。"),
)
def ruling(request: HttpRequest, number: Number) -> object:
    found = queries.ruling_of(actor_of(request), number)
    if found is None:
        raise NotFound
    return found


@topic.writes("POST", "/orders/{number}/ruling/answer", RulingOut, _("申诉裁定"), _("卖家，一次。"))
def answer_ruling(request: HttpRequest, number: Number, said: RulingAnswerIn) -> object:
    commands.answer_ruling(actor_of(request), number, said.words)
    return ruling(request, number)


@topic.reads("/operator/rulings", RulingPage, _("虚假交易裁定列表"), _("最近的在前。"))
def rulings(
    request: HttpRequest,
    page: Paging,
    state: Annotated[Literal["in_force", "answered", "taken_back", "all"], Query()] = "in_force",
    q: Annotated[str, Query(), Field(max_length=60)] = "",
) -> object:
    actor = staff_of(request, "integrity.view_ruling")
    return queries.rulings(actor, state, q, page.cursor, page.size)


@topic.reads(
    "/operator/orders/{number}/rulings", OrderRulingPage, _("订单的裁定记录"), _("最早的在前。")
)
def order_rulings(request: HttpRequest, number: Number) -> object:
    return listed(queries.history(staff_of(request, "integrity.view_ruling"), number))


@topic.writes(
    "POST", "/operator/orders/{number}/ruling", OrderRulingPage, _("裁定订单为虚假交易"), status=201
)
def rule_brushing(request: HttpRequest, number: Number, said: BrushingIn) -> object:
    actor = staff_of(request, "integrity.add_ruling")
    commands.rule_brushing(actor, number, said.reason)
    return listed(queries.history(actor, number))


@topic.writes(
    "POST", "/operator/orders/{number}/ruling/take-back", OrderRulingPage, _("撤销虚假交易裁定")
)
def take_back(request: HttpRequest, number: Number, said: BrushingIn) -> object:
    actor = staff_of(request, "integrity.add_ruling")
    commands.take_back(actor, number, said.reason)
    return listed(queries.history(actor, number))
