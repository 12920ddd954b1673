"""Purchase approval: orders above a purchaser's limit, the company's decision, its limits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

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
    PathId,
    Yuan,
    listed,
)
from pifa.api.routing import Topic
from pifa.trade.approval import commands, queries

topic = Topic()


class PurchaseApprovalOut(Out):
    """An order above a limit, and what was decided by whom. `checkout` is what the orders of the
    same checkout came to together."""

    order_number: str
    seller_name: str
    title: str
    amount: Yuan
    checkout: Yuan
    limit: Yuan
    state: str
    state_label: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    due_at: datetime | None


class PurchaseApprovalPage(PageOut):
    items: list[PurchaseApprovalOut]


class PurchaseDecisionIn(In):
    """Approved or refused (then with the reason; the order closes). `shown_total` is what the
    order cost as it was shown."""

    approve: Flag
    shown_total: Amount
    reason: Line = ""


class PurchaseLimitOut(Out):
    """A purchaser with the limit that holds for it; without one it needs no approval."""

    member_id: int
    name: str
    own: bool
    limit: Yuan | None


class PurchaseLimitsOut(Out):
    """The limits of the company; without one company-wide only own ones hold."""

    company_wide: Yuan | None
    members: list[PurchaseLimitOut]


class PurchaseLimitIn(In):
    """Up to which amount one orders alone; null: no approval."""

    limit: Amount | None


@topic.reads(
    "/purchase-approvals",
    PurchaseApprovalPage,
    _("采购审批"),
    _("财务和主账号看到全部，采购只看到自己的。"),
)
def purchase_approvals(
    request: HttpRequest, page: Paging, waiting: Annotated[bool, Query()] = True
) -> object:
    return queries.approvals(actor_of(request), waiting, page.cursor, page.size)


@topic.reads(
    "/orders/{number}/approvals", PurchaseApprovalPage, _("订单的采购审批"), _("买家，最近的在前。")
)
def order_approvals(request: HttpRequest, number: Number) -> object:
    return listed(queries.approvals_of(actor_of(request), number))


@topic.writes(
    "POST",
    "/orders/{number}/approval",
    PurchaseApprovalOut,
    _("审批采购"),
    _("财务或主账号；不批准时订单关闭。"),
)
def decide_purchase(request: HttpRequest, number: Number, said: PurchaseDecisionIn) -> object:
    actor = actor_of(request)
    commands.decide_purchase(actor, number, said.approve, said.shown_total, said.reason)
    return queries.approvals_of(actor, number)[0]


@topic.reads("/purchase-limits", PurchaseLimitsOut, _("审批额度"), _("财务或主账号。"))
def purchase_limits(request: HttpRequest) -> object:
    return queries.limits(actor_of(request))


@topic.writes("PUT", "/purchase-limits", PurchaseLimitsOut, _("设置全企业的审批额度"))
def set_purchase_limit(request: HttpRequest, new: PurchaseLimitIn) -> object:
    commands.set_limit(actor_of(request), new.limit)
    return queries.limits(actor_of(request))


@topic.writes("PUT", "/purchase-limits/{member_id}", PurchaseLimitsOut, _("设置成员的审批额度"))
def set_member_limit(request: HttpRequest, member_id: PathId, new: PurchaseLimitIn) -> object:
    commands.set_limit(actor_of(request), new.limit, member_id)
    return queries.limits(actor_of(request))


@topic.writes("DELETE", "/purchase-limits/{member_id}", None, _("成员随企业的审批额度"))
def follow_company_limit(request: HttpRequest, member_id: PathId) -> None:
    commands.follow_company_limit(actor_of(request), member_id)
