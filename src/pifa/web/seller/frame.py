"""The seller centre: its navigation with what waits, and how its pages are shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pifa.kernel.actors import Actor, Role
from pifa.messages import queries as messages
from pifa.trade import queries as trade
from pifa.trade.queries.papers import papers_waiting
from pifa.web.access import seller_page
from pifa.web.shared.centre import Centre, NavGroup, NavItem, actor_on

CLERK, FINANCE, OWNER = Role.CLERK, Role.FINANCE, Role.OWNER

Entry = tuple[NavItem, tuple[Role, ...]]

MENU: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            (NavItem(_("今日"), "home"), ()),
            (NavItem(_("等级与勋章"), "standing"), ()),
            (
                NavItem(
                    _("通天计划"),
                    "programme",
                    also=(
                        "programme_way",
                        "programme_enrol",
                        "enrolment",
                        "programme_rehearsal",
                        "programme_calendar",
                        "programme_benefits",
                    ),
                ),
                (),
            ),
        ),
    ),
    (
        _("交易"),
        (
            (NavItem(_("订单管理"), "orders", also=("order",)), ()),
            (
                NavItem(pgettext_lazy("page", "批量发货"), "ship", also=("shipment_sheet",)),
                (CLERK,),
            ),
            (
                NavItem(
                    _("订单邀请"),
                    "invitations",
                    also=("invitation", "invitation_new", "invitation_edit", "invitation_sheet"),
                ),
                (),
            ),
            (NavItem(_("收到的询价"), "quotes", also=("quote",)), ()),
            (NavItem(_("退款退货"), "refunds"), ()),
            (NavItem(_("发票"), "invoices", also=("invoice",)), (CLERK, FINANCE)),
            (
                NavItem(
                    pgettext_lazy("talk", "消息"), "messages", also=("message", "order_thread")
                ),
                (),
            ),
            (NavItem(_("通知"), "notices", also=("preferences",)), ()),
        ),
    ),
    (
        _("货品管理"),
        (
            (NavItem(_("我的货品"), "goods", also=("offer", "offer_new", "goods_grid")), (CLERK,)),
            (NavItem(_("批量上传"), "goods_bulk"), (CLERK,)),
            (NavItem(_("运费模板"), "freight", also=("freight_template", "freight_new")), (CLERK,)),
        ),
    ),
    (
        _("私域渠道"),
        (
            (NavItem(_("发动态"), "posts", also=("post", "post_new")), (CLERK,)),
            (NavItem(_("快速上架"), "quick", also=("audience",)), (CLERK,)),
            (
                NavItem(
                    _("客户分组与价格"),
                    "groups",
                    also=("group", "group_prices", "group_prices_import"),
                ),
                (CLERK,),
            ),
        ),
    ),
    (
        _("客户与报表"),
        (
            (NavItem(_("今日跟进"), "followups"), ()),
            (
                NavItem(
                    _("客户档案"),
                    "files",
                    also=("file", "file_new", "file_edit", "duplicates", "files_import"),
                ),
                (),
            ),
            (NavItem(_("客户"), "customers"), ()),
            (NavItem(_("导入历史订单"), "past", also=("past_columns", "past_result")), (CLERK,)),
            (NavItem(_("报表"), "report", also=("report_repeat",)), ()),
        ),
    ),
    (
        _("资金"),
        (
            (NavItem(_("账户"), "balance"), (FINANCE,)),
            (NavItem(_("提现"), "withdrawals", also=("payees", "payee_remove")), (FINANCE,)),
            (NavItem(_("资金明细"), "statement"), (FINANCE,)),
            (NavItem(_("履约保证金险"), "bond"), (FINANCE,)),
            (NavItem(_("运费险"), "freight_insurance"), (FINANCE,)),
            (NavItem(_("网商银行"), "bank", also=("bank_passwords", "bank_statement")), (FINANCE,)),
            (NavItem(_("贷款"), "loans", also=("loan",)), (FINANCE,)),
            (NavItem(_("对公转账收款"), "transfers"), (FINANCE,)),
            (
                NavItem(
                    _("账期"),
                    "credit",
                    also=("credit_line", "credit_ageing", "credit_import", "credit_statement"),
                ),
                (FINANCE,),
            ),
            (NavItem(_("货到付款"), "cash"), (FINANCE,)),
            (NavItem(_("承兑汇票"), "bills"), (FINANCE,)),
            (NavItem(_("诚e赊"), "secured"), (FINANCE,)),
            (NavItem(_("收钱码"), "collection", also=("collection_refund",)), (FINANCE,)),
        ),
    ),
    (
        _("设置"),
        (
            (NavItem(_("开店清单"), "checklist"), ()),
            (NavItem(_("店铺设置"), "shop"), (CLERK,)),
            (NavItem(_("企业资料"), "company", also=("verification",)), ()),
            (NavItem(_("成员与角色"), "members"), ()),
            (NavItem(_("接口令牌"), "tokens"), ()),
        ),
    ),
)
"""The links of the centre, with the roles that see each (none: everybody)."""


def navigation(actor: Actor) -> list[NavGroup]:
    """The links an actor sees, with what waits for it; three statements."""
    assert actor.company_id is not None
    waiting = trade.seller_waiting(actor)
    asked, invoices = papers_waiting(actor)
    badges = {
        "ship": waiting["awaiting_shipment"],
        "refunds": waiting["in_refund"],
        "quotes": asked,
        "messages": messages.unread_messages(actor.company_id, "seller"),
        "invoices": invoices,
    }
    groups = []
    for title, entries in MENU:
        items = [
            NavItem(item.label, item.name, badges.get(item.name) or None, item.also)
            for item, roles in entries
            if not roles or actor.has_role(*roles)
        ]
        if items:
            groups.append(NavGroup(title, items))
    return groups


CENTRE = Centre("seller", _("卖家中心"), navigation, seller_page())


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the seller centre."""
    return CENTRE.show(request, template, status=status, **context)


def company_id_of(actor: Actor) -> int:
    """The company a member acts for; the centre's guard has shown that there is one."""
    assert actor.company_id is not None
    return actor.company_id


def whole_number(text: str | None, default: int = 1, limit: int = 10**6) -> int:
    """A number of an address (`?page=2`); anything else is the default."""
    if text and text.isascii() and text.isdecimal() and len(text) < 10:
        return min(int(text), limit)
    return default


__all__ = [
    "CENTRE",
    "CLERK",
    "FINANCE",
    "OWNER",
    "actor_on",
    "company_id_of",
    "show",
    "whole_number",
]
