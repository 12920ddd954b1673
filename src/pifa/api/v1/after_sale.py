"""Refunds and disputes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Amount,
    Flag,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    Text,
    Yuan,
    says,
)
from pifa.api.routing import Topic
from pifa.api.v1.order_shapes import RefundOut
from pifa.trade import commands, queries

topic = Topic()


class RefundIn(In):
    """Money back, all or part; with `return` the goods go back first.

    Of an order that is paid in stages `purpose` may name the stage that is asked back.
    """

    kind: Literal["money", "return"]
    amount: Amount
    reason: Line
    purpose: Literal["", "deposit", "balance"] = ""


class RefundAnswerIn(In):
    """The seller agrees, or refuses with a reason."""

    accept: Flag
    answer: Line = ""


class ReturnIn(In):
    """The carrier's number of the returned goods."""

    tracking_no: Line


class StatementIn(In):
    """One side's words to the market."""

    statement: Text


class RefundCaseOut(RefundOut):
    """A refund case with its order's number."""

    order: Annotated[str, Field(description=says(_("订单号")))]


class RefundRowOut(Out):
    """A refund case in the seller's list; `verbs` are what the seller may do now."""

    number: str
    order_number: str
    buyer_name: str
    kind_label: str
    state: str
    state_label: str
    asked: Yuan
    granted: Yuan
    reason: str
    asked_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    verbs: list[str]


class RefundRowPage(PageOut):
    items: list[RefundRowOut]


@topic.writes(
    "POST",
    "/orders/{number}/refunds",
    RefundCaseOut,
    _("申请退款"),
    _("买家；可全部或部分，发货后可退货退款。"),
    status=201,
)
def ask_refund(request: HttpRequest, number: Number, asked: RefundIn) -> dict[str, Any]:
    case = commands.ask_refund(
        actor_of(request), number, asked.kind, asked.amount, asked.reason, asked.purpose
    )
    return refund(request, case)


@topic.reads(
    "/refunds", RefundRowPage, _("卖家的退款申请"), _("处理中的，或已结束的；最近的在前。")
)
def refund_cases(
    request: HttpRequest, page: Paging, tab: Annotated[Literal["open", "ended"], Query()] = "open"
) -> object:
    return queries.refund_cases(actor_of(request), tab, page.cursor, page.size)


@topic.reads("/refunds/{number}", RefundCaseOut, _("退款详情"))
def refund(request: HttpRequest, number: Number) -> dict[str, Any]:
    detail, case = queries.refund(actor_of(request), number)
    fields = {name: getattr(case, name) for name in RefundOut.model_fields}
    return fields | {"order": detail.order.number}


@topic.writes("POST", "/refunds/{number}/answer", RefundCaseOut, _("答复退款申请"), _("卖家。"))
def answer_refund(request: HttpRequest, number: Number, answer: RefundAnswerIn) -> dict[str, Any]:
    commands.answer_refund(actor_of(request), number, answer.accept, answer.answer)
    return refund(request, number)


@topic.writes("POST", "/refunds/{number}/return", RefundCaseOut, _("寄回货物"), _("买家。"))
def send_return(request: HttpRequest, number: Number, parcel: ReturnIn) -> dict[str, Any]:
    commands.send_return(actor_of(request), number, parcel.tracking_no)
    return refund(request, number)


@topic.writes(
    "POST",
    "/refunds/{number}/return-receipt",
    RefundCaseOut,
    _("确认收到退货"),
    _("卖家；随即退款。"),
)
def confirm_return(request: HttpRequest, number: Number) -> dict[str, Any]:
    commands.confirm_return(actor_of(request), number)
    return refund(request, number)


@topic.writes("POST", "/refunds/{number}/withdraw", RefundCaseOut, _("撤销退款申请"), _("买家。"))
def withdraw_refund(request: HttpRequest, number: Number) -> dict[str, Any]:
    commands.withdraw_refund(actor_of(request), number)
    return refund(request, number)


@topic.writes(
    "POST",
    "/refunds/{number}/dispute",
    RefundCaseOut,
    _("请平台介入退款"),
    _("卖家拒绝后，买家陈述理由。"),
)
def open_dispute(request: HttpRequest, number: Number, words: StatementIn) -> dict[str, Any]:
    commands.open_dispute(actor_of(request), number, words.statement)
    return refund(request, number)


@topic.writes(
    "PUT",
    "/refunds/{number}/dispute/answer",
    RefundCaseOut,
    _("提交卖家陈述"),
    _("裁决前可以修改。"),
)
def answer_dispute(request: HttpRequest, number: Number, words: StatementIn) -> dict[str, Any]:
    commands.answer_dispute(actor_of(request), number, words.statement)
    return refund(request, number)
