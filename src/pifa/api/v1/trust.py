"""Trust payment: a buyer's mandate, its orders under it, what it owes the bank and repays."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from pifa.api.auth import actor_of
from pifa.api.fields import Number, Paging, listed
from pifa.api.routing import Topic
from pifa.api.v1.trust_shapes import (
    TrustLimitsOut,
    TrustPage,
    TrustQuery,
    TrustRepaymentIn,
    TrustRepaymentOut,
    TrustRepaymentPage,
    TrustSignIn,
)
from pifa.finance import commands, queries
from pifa.kernel.ids import number_of

topic = Topic()


@topic.reads("/trust/mandate", TrustLimitsOut, _("信任付签约与限额"), _("买家的。"))
def trust_mandate(request: HttpRequest) -> object:
    return queries.trust_limits(actor_of(request))


@topic.writes(
    "POST",
    "/trust/mandate",
    TrustLimitsOut,
    _("签约信任付"),
    _("主账号和财务；凭网商银行支付密码。限额不填为市场允许的最大值。"),
)
def sign_trust(request: HttpRequest, wanted: TrustSignIn) -> object:
    actor = actor_of(request)
    commands.sign_trust(actor, wanted.authorisation, wanted.per_order, wanted.in_all)
    return queries.trust_limits(actor)


@topic.writes(
    "DELETE", "/trust/mandate", None, _("解约信任付"), _("不再接受新订单；已下的订单照常扣款。")
)
def end_trust(request: HttpRequest) -> None:
    commands.end_trust(actor_of(request))


@topic.reads("/trust/orders", TrustPage, _("信任付订单"), _("买家的，最近的在前。"))
def trust_orders(request: HttpRequest, wanted: Query[TrustQuery], page: Paging) -> object:
    return queries.trust_items(
        actor_of(request), tab=wanted.tab, cursor=page.cursor, size=page.size
    )


@topic.writes(
    "POST",
    "/trust/repayments",
    TrustRepaymentOut,
    _("发起信任付还款"),
    _("还银行代付的一笔订单；得到一张应付单，按它付款。"),
    status=201,
)
def repay_trust(request: HttpRequest, wanted: TrustRepaymentIn) -> object:
    actor = actor_of(request)
    payable = commands.repay_trust(actor, f"order:{wanted.order}", wanted.amount)
    subject = queries.payable_by_number(actor, payable).subject
    return queries.trust_repayment(actor, number_of(subject))


@topic.reads(
    "/trust/repayments", TrustRepaymentPage, _("信任付还款记录"), _("有到账的，最近 50 笔。")
)
def trust_repayments(request: HttpRequest) -> object:
    return listed(queries.trust_repayments(actor_of(request)))


@topic.reads("/trust/repayments/{number}", TrustRepaymentOut, _("一笔信任付还款"))
def trust_repayment(request: HttpRequest, number: Number) -> object:
    return queries.trust_repayment(actor_of(request), number)
