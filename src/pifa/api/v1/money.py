"""Payables and how they are paid; balances and statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Amount,
    Count,
    Day,
    Flag,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    Yuan,
    listed,
)
from pifa.api.routing import Topic
from pifa.finance import commands, queries
from pifa.finance.policies import handles_money
from pifa.kernel.errors import NotFound
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind

topic = Topic()


class StageOut(Out):
    """One amount of a payable's schedule; `position` is what a payment names as its `part`."""

    position: int
    purpose: str
    purpose_label: str
    amount: Yuan
    due_at: datetime | None
    settled_at: datetime | None
    promised_at: datetime | None
    payable_now: bool


class PayableOut(Out):
    """What one company owes another for a subject such as `order:260302…`. `blocked` says why
    nothing may be paid for the present."""

    number: str
    subject: str
    payer_id: int | None
    payee_id: int
    title: str
    amount: Yuan
    settled: Yuan
    refunded: Yuan
    released: Yuan
    waived: Yuan
    left: Yuan
    state: str
    state_label: str
    blocked: str
    created_at: datetime
    stages: list[StageOut]


class ChannelOut(Out):
    """A way to go to a gateway; `code` is what a payment names as its `channel`."""

    code: str
    label: str


class MethodOut(Out):
    """A way to pay; when it is not offered, `why_not` says why. The first of `channels` is taken
    unless a payment names one."""

    code: str
    label: str
    offered: bool
    why_not: str | None
    channels: list[ChannelOut]


class MethodPage(PageOut):
    items: list[MethodOut]


class PaymentIn(In):
    """By which method and channel, and which of the open parts (the first unless named).

    Quick payment needs the `authorisation` of the payment password.
    """

    method: Annotated[str, Field(max_length=60)]
    part: Count | None = None
    channel: Literal["", "qr", "page", "phone"] = ""
    authorisation: Line = ""


class PartsIn(In):
    """Into which amounts what comes next is divided; one makes it whole again."""

    amounts: list[Amount] = Field(min_length=1, max_length=20)


class MethodsQuery(Schema):
    """For which of the open parts; the first unless named."""

    part: Annotated[int, Field(ge=0, le=1000)] | None = None


class PaymentStartOut(Out):
    """An attempt to pay; the payer goes to `redirect_url` and pays there. Without an address it
    is done already (from the balance, on credit)."""

    payment_number: str
    redirect_url: str


class PresentationOut(Out):
    """What the payer is shown at once: `qr_text` to be drawn as a code and scanned, or `address`
    to be followed. Empty while the gateway has not answered (`problem` says why; ask again) and
    when nothing can be paid any more (`waits` is false)."""

    payment_number: str
    method: str
    channel: str
    title: str
    amount: Yuan
    state: str
    outcome: str
    waits: bool
    expires_at: datetime
    qr_text: str
    address: str
    problem: str


class PaymentOut(Out):
    """An attempt to pay and how it stands."""

    number: str
    payable_number: str
    method: str
    method_label: str
    amount: Yuan
    refunded: Yuan
    state: str
    state_label: str
    outcome: str
    started_at: datetime
    settled_at: datetime | None
    stage_position: int


class PaymentPage(PageOut):
    items: list[PaymentOut]


class BalancesOut(Out):
    """What is held for the company, what is its own, and its frozen deposit."""

    escrow: Yuan
    balance: Yuan
    deposit: Yuan


class InstantOut(Out):
    """Instant payout: whether it is granted and wanted, the fee as a share of an order, what the
    company has of trades that are not done, and what it owes."""

    granted: bool
    on: bool
    rate: str | None
    early: Yuan
    owed: Yuan


class InstantIn(In):
    """Whether orders that are paid from now on are paid out at once."""

    on: Flag


class StatementQuery(Schema):
    """Market days, both included."""

    since: Day | None = None
    until: Day | None = None


class StatementLineOut(Out):
    """A posting seen from the account: what came, what went, what was left."""

    posting_id: int
    at: datetime
    kind: str
    words: str
    subject: str
    incoming: Yuan
    outgoing: Yuan
    balance: Yuan


class StatementPage(PageOut):
    """A statement, newest first, with the balance before and after the period."""

    opening: Yuan
    closing: Yuan
    items: list[StatementLineOut]


@topic.reads("/payables/{number}", PayableOut, _("应付单"), _("付款方和收款方可见。"))
def payable(request: HttpRequest, number: Number) -> dict[str, object]:
    found = queries.payable_by_number(actor_of(request), number)
    own = {name: getattr(found, name) for name in PayableOut.model_fields if name != "stages"}
    stages = [
        replace(stage, payable_now=stage.payable_now and not found.blocked)
        for stage in queries.stages(found.subject)
    ]
    return own | {"stages": stages}


@topic.writes(
    "PUT",
    "/payables/{number}/parts",
    PayableOut,
    _("分笔付款"),
    _("付款方；把现在待付的分成几笔，合计须相等，每笔可用不同的方式付。"),
)
def split_payment(request: HttpRequest, number: Number, parts: PartsIn) -> dict[str, object]:
    commands.split_payment(actor_of(request), number, parts.amounts)
    return payable(request, number)


@topic.reads("/payables/{number}/methods", MethodPage, _("可用的付款方式"))
def payment_methods(request: HttpRequest, number: Number, wanted: Query[MethodsQuery]) -> object:
    found = queries.methods_for(actor_of(request), number, wanted.part)
    items = [
        {
            "code": row.code,
            "label": row.label,
            "offered": row.offered,
            "why_not": row.why_not,
            "channels": [{"code": code, "label": label} for code, label in row.channels],
        }
        for row in found
    ]
    return listed(items)


@topic.reads("/payables/{number}/payments", PaymentPage, _("付款记录"))
def payments(request: HttpRequest, number: Number) -> object:
    found = queries.payable_by_number(actor_of(request), number)
    return listed(queries.payments(found.subject))


@topic.writes(
    "POST",
    "/payables/{number}/payments",
    PaymentStartOut,
    _("开始付款"),
    _("每次调用是一次新的付款；先到账的一次结清，其余原路退回。"),
    status=201,
)
def start_payment(request: HttpRequest, number: Number, wanted: PaymentIn) -> object:
    return commands.start_insured(
        actor_of(request),
        number,
        wanted.method,
        wanted.part,
        wanted.channel,
        wanted.authorisation,
    )


@topic.reads("/payments/{number}", PaymentOut, _("付款状态"))
def payment(request: HttpRequest, number: Number) -> object:
    found = queries.payment(number)
    queries.payable_by_number(actor_of(request), found.payable_number)
    return found


@topic.reads(
    "/payments/{number}/presentation",
    PresentationOut,
    _("怎样付款"),
    _("付款方；支付宝、微信支付的付款：要扫的码或要打开的地址。没有时隔几秒再取。"),
)
def presentation(request: HttpRequest, number: Number) -> object:
    found = queries.payment(number)
    actor = actor_of(request)
    if queries.payable_by_number(actor, found.payable_number).payer_id != actor.company_id:
        raise NotFound
    return commands.present(number, request.META.get("REMOTE_ADDR", ""))


@topic.writes(
    "POST",
    "/payments/{number}/refresh",
    PaymentOut,
    _("向支付渠道查询付款"),
    _("通知没有到时用；已付的随即入账。渠道没有回答时是 503，可以再试。"),
    errors=(503,),
)
def refresh_payment(request: HttpRequest, number: Number) -> object:
    payment(request, number)
    commands.refresh_payment(number)
    return queries.payment(number)


@topic.reads("/balances", BalancesOut, _("资金余额"), _("主账号和财务。"))
def balances(request: HttpRequest) -> dict[str, object]:
    found = ledger.balances(handles_money(actor_of(request)))
    return {kind.value: amount for kind, amount in found.items()}


@topic.reads("/instant-payout", InstantOut, _("极速到账"), _("主账号和财务。"))
def instant_payout(request: HttpRequest) -> dict[str, object]:
    found = queries.instant_payout(handles_money(actor_of(request)))
    return {
        "granted": found.granted,
        "on": found.on,
        "rate": None if found.rate is None else str(found.rate),
        "early": found.early,
        "owed": found.owed,
    }


@topic.writes(
    "PUT",
    "/instant-payout",
    InstantOut,
    _("开通或关闭极速到账"),
    _("主账号和财务；从之后付款的订单起。"),
)
def switch_instant_payout(request: HttpRequest, wanted: InstantIn) -> dict[str, object]:
    commands.switch_instant_payout(actor_of(request), wanted.on)
    return instant_payout(request)


@topic.reads("/statements/purchases", StatementPage, _("采购付款明细"), _("主账号和财务。"))
def purchases_statement(
    request: HttpRequest, period: Query[StatementQuery], page: Paging
) -> object:
    return _statement(
        queries.purchases_statement(
            actor_of(request), period.since, period.until, page.cursor, page_size=page.size
        )
    )


@topic.reads("/statements/{account}", StatementPage, _("账户明细"), _("主账号和财务。"))
def statement(
    request: HttpRequest,
    account: Literal["balance", "escrow", "deposit", "clawback"],
    period: Query[StatementQuery],
    page: Paging,
) -> object:
    actor = actor_of(request)
    found = ledger.statement(
        actor,
        AccountKind(account),
        period.since,
        period.until,
        page.cursor,
        owner_id=handles_money(actor),
        page_size=page.size,
    )
    return _statement(found)


def _statement(page: ledger.StatementPage) -> dict[str, object]:
    return {
        "opening": page.opening,
        "closing": page.closing,
        "items": page.lines,
        "next_cursor": page.next_cursor,
    }
