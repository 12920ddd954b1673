"""Secured credit: a seller's membership and receivables, early collection; a buyer's limit, debts
and repayments."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from pifa.api.auth import actor_of
from pifa.api.fields import Number, Paging, listed
from pifa.api.routing import Topic
from pifa.api.v1.secured_shapes import (
    AskedPage,
    CollectIn,
    DebtsQuery,
    ReceivablesQuery,
    SecuredDuePage,
    SecuredLimitOut,
    SecuredPage,
    SecuredRepaymentIn,
    SecuredRepaymentOut,
    SecuredRepaymentPage,
    SecuredServiceOut,
)
from pifa.finance import commands, queries
from pifa.kernel.ids import number_of

topic = Topic()


@topic.reads("/secured/service", SecuredServiceOut, _("诚e赊服务"), _("卖家主账号和财务。"))
def secured_service(request: HttpRequest) -> object:
    return queries.secured_service(actor_of(request))


@topic.writes(
    "POST", "/secured/service", SecuredServiceOut, _("开通诚e赊"), _("快到期时可以续期。")
)
def join_secured(request: HttpRequest) -> object:
    commands.join_secured(actor_of(request))
    return secured_service(request)


@topic.writes(
    "DELETE", "/secured/service", None, _("退出诚e赊"), _("不再接受新订单；已有订单照常收款。")
)
def leave_secured(request: HttpRequest) -> None:
    commands.leave_secured(actor_of(request))


@topic.reads("/secured/receivables", SecuredPage, _("诚e赊应收账款"), _("卖家的，最近的在前。"))
def secured_receivables(
    request: HttpRequest, wanted: Query[ReceivablesQuery], page: Paging
) -> object:
    return queries.secured_receivables(
        actor_of(request), tab=wanted.tab, words_=wanted.words, cursor=page.cursor, size=page.size
    )


@topic.writes(
    "POST",
    "/secured/receivables/early",
    AskedPage,
    _("申请提前收款"),
    _("一笔或多笔；逐笔说明是否已申请，金融机构随后答复。"),
)
def collect_early(request: HttpRequest, wanted: CollectIn) -> object:
    subjects = [f"order:{number}" for number in wanted.orders]
    asked = commands.collect_early(actor_of(request), subjects)
    return listed(
        [
            {
                "number": number_of(one.subject),
                "payout": one.payout,
                "code": one.error.code if one.error else "",
                "message": str(one.error) if one.error else "",
            }
            for one in asked
        ]
    )


@topic.reads("/secured/limit", SecuredLimitOut, _("诚e赊额度"), _("买家的；各等级的额度也在内。"))
def secured_limit(request: HttpRequest) -> object:
    return queries.secured_limit(actor_of(request))


@topic.reads("/secured/due", SecuredDuePage, _("诚e赊待还款"), _("买家的；最早到期的在前。"))
def secured_due(request: HttpRequest) -> object:
    return listed(queries.secured_due(actor_of(request)))


@topic.reads("/secured/debts", SecuredPage, _("诚e赊订单"), _("买家的，最近的在前。"))
def secured_debts(request: HttpRequest, wanted: Query[DebtsQuery], page: Paging) -> object:
    return queries.secured_debts(
        actor_of(request), which=wanted.which, cursor=page.cursor, size=page.size
    )


@topic.writes(
    "POST",
    "/secured/repayments",
    SecuredRepaymentOut,
    _("发起诚e赊还款"),
    _("得到一张应付单，按它付款；到账后先还最早到期的订单。"),
    status=201,
)
def repay_secured(request: HttpRequest, wanted: SecuredRepaymentIn) -> object:
    actor = actor_of(request)
    subjects = [f"order:{number}" for number in wanted.orders]
    payable = commands.repay_secured(actor, wanted.amount, subjects=subjects)
    subject = queries.payable_by_number(actor, payable).subject
    return _repayment(queries.secured_repayment(actor, number_of(subject)))


@topic.reads(
    "/secured/repayments", SecuredRepaymentPage, _("诚e赊还款记录"), _("有到账的，最近 50 笔。")
)
def secured_repayments(request: HttpRequest) -> object:
    return listed([_repayment(row) for row in queries.secured_repayments(actor_of(request))])


@topic.reads("/secured/repayments/{number}", SecuredRepaymentOut, _("一笔诚e赊还款"))
def secured_repayment(request: HttpRequest, number: Number) -> object:
    return _repayment(queries.secured_repayment(actor_of(request), number))


def _repayment(found: queries.SecuredRepaymentView) -> dict[str, Any]:
    names = [name for name in SecuredRepaymentOut.model_fields if name != "laid_out"]
    laid = [{"number": number, "amount": amount} for number, amount in found.laid_out]
    return {name: getattr(found, name) for name in names} | {"laid_out": laid}
