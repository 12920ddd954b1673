"""Unfold's settings: names, the brand's colour, the side navigation with its counts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def _may(permission: str) -> Any:
    def check(request: HttpRequest) -> bool:
        return bool(request.user.has_perm(permission))

    return check


def _item(
    title: str | Promise, icon: str, place: str, permission: str, badge: str | None = None
) -> dict[str, Any]:
    item = {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{place}"),
        "permission": _may(permission),
    }
    if badge:
        item["badge"] = f"pifa.web.operator.theme.{badge}"
    return item


def count_verifications(request: HttpRequest) -> str:
    """How many verifications wait."""
    from pifa.web.operator.queues import waiting_counts

    return waiting_counts(request)["verifications"]


def count_offers(request: HttpRequest) -> str:
    """How many offers wait for review."""
    from pifa.web.operator.queues import waiting_counts

    return waiting_counts(request)["offers"]


def count_disputes(request: HttpRequest) -> str:
    """How many disputes wait for a verdict."""
    from pifa.web.operator.queues import waiting_counts

    return waiting_counts(request)["disputes"]


def count_claims(request: HttpRequest) -> str:
    """How many claims on first-order protection wait."""
    from pifa.web.operator.queues import waiting_counts

    return waiting_counts(request)["claims"]


def count_transfers(request: HttpRequest) -> str:
    """How many bank lines wait in suspense."""
    from pifa.web.operator.queues import waiting_counts

    return waiting_counts(request)["transfers"]


def count_applications(request: HttpRequest) -> str:
    """How many rehearsals and enrolments of the programme wait."""
    from pifa.web.operator.queues import waiting_counts

    return waiting_counts(request)["applications"]


def count_appeals(request: HttpRequest) -> str:
    """How many appeals of members wait."""
    from pifa.web.operator.queues import waiting_counts

    return waiting_counts(request)["appeals"]


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Pifa 控制台"),
    "SITE_HEADER": _("Pifa 控制台"),
    "SITE_SYMBOL": "storefront",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("kit/icon.svg")}
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": True,
    "STYLES": [
        lambda request: static("console/console.css"),
        lambda request: static("console/programme.css"),
    ],
    "SCRIPTS": [lambda request: static("console/rows.js")],
    "COLORS": {
        "primary": {
            "50": "#fff4ed",
            "100": "#ffe6d5",
            "200": "#fecaaa",
            "300": "#fda574",
            "400": "#fb753c",
            "500": "#f04e16",
            "600": "#d4380d",
            "700": "#b12a0b",
            "800": "#8d2311",
            "900": "#721f11",
            "950": "#3e0d06",
        }
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("待处理"),
                "items": [
                    _item(_("今日"), "today", "index", "trade.view_order"),
                    _item(
                        _("认证审核"),
                        "verified_user",
                        "queue_verifications",
                        "parties.change_verification",
                        "count_verifications",
                    ),
                    _item(
                        _("货品审核"),
                        "inventory_2",
                        "queue_offers",
                        "catalog.change_offer",
                        "count_offers",
                    ),
                    _item(
                        _("纠纷裁决"),
                        "gavel",
                        "queue_disputes",
                        "trade.change_dispute",
                        "count_disputes",
                    ),
                    _item(
                        _("首单赔付"),
                        "shield",
                        "queue_claims",
                        "trade.change_firstorderclaim",
                        "count_claims",
                    ),
                    _item(
                        _("待认领款"),
                        "account_balance_wallet",
                        "queue_transfers",
                        "finance.change_bankline",
                        "count_transfers",
                    ),
                    _item(_("刷单裁定"), "policy", "rulings", "integrity.view_ruling"),
                ],
            },
            {
                "title": _("市场"),
                "separator": True,
                "items": [
                    _item(
                        _("企业"), "domain", "parties_company_changelist", "parties.view_company"
                    ),
                    _item(_("店铺"), "store", "catalog_shop_changelist", "catalog.view_shop"),
                    _item(_("货品"), "category", "catalog_offer_changelist", "catalog.view_offer"),
                    _item(_("订单"), "receipt_long", "trade_order_changelist", "trade.view_order"),
                    _item(
                        _("违禁词"),
                        "block",
                        "catalog_prohibitedword_changelist",
                        "catalog.view_prohibitedword",
                    ),
                ],
            },
            {
                "title": _("评定与规则"),
                "separator": True,
                "items": [
                    _item(_("企业评定"), "leaderboard", "ratings", "standing.view_ratingrun"),
                    _item(_("评定规则"), "rule", "rulebook", "standing.view_ratingrun"),
                ],
            },
            {
                "title": _("通天计划"),
                "separator": True,
                "items": [
                    _item(
                        _("作战室"), "monitoring", "war_room_newest", "programme.view_membership"
                    ),
                    _item(_("我的商家"), "groups", "programme_mine", "programme.view_membership"),
                    _item(
                        _("报名审核"),
                        "how_to_reg",
                        "programme_desk",
                        "programme.change_enrolment",
                        "count_applications",
                    ),
                    _item(
                        _("申诉处理"),
                        "balance",
                        "programme_appeals",
                        "programme.view_appeal",
                        "count_appeals",
                    ),
                    _item(_("冻结名单"), "ac_unit", "programme_freezes", "programme.view_freeze"),
                    _item(_("赛道标记"), "label", "programme_marks", "programme.view_mark"),
                    _item(_("全部活动季"), "calendar_month", "seasons", "programme.view_seasonrow"),
                ],
            },
            {
                "title": _("资金"),
                "separator": True,
                "items": [
                    _item(_("平台流水"), "account_balance", "market_ledger", "ledger.view_posting"),
                    _item(
                        _("支付"), "payments", "finance_payment_changelist", "finance.view_payment"
                    ),
                    _item(_("提现"), "payments", "withdrawals", "finance.view_withdrawal"),
                    _item(_("履约保证金险"), "shield", "bonds", "finance.view_bondpolicy"),
                    _item(
                        _("运费险"),
                        "package_2",
                        "freight_insurance",
                        "finance.view_freightpolicy",
                    ),
                    _item(_("账期额度"), "credit_score", "credit_lines", "finance.view_creditline"),
                    _item(_("货到付款"), "local_shipping", "cash", "finance.view_cashbatch"),
                    _item(_("承兑汇票"), "request_quote", "bills", "finance.view_bill"),
                    _item(_("诚e赊"), "handshake", "secured", "finance.view_securedreceivable"),
                    _item(_("信任付"), "verified", "trust", "finance.view_trustitem"),
                    _item(_("贷款"), "account_balance", "market_loans", "finance.view_loan"),
                    _item(_("银行对账"), "compare_arrows", "reconciliation", "ledger.view_posting"),
                    _item(
                        _("网关通知"),
                        "notifications",
                        "finance_gatewaynotice_changelist",
                        "finance.view_gatewaynotice",
                    ),
                ],
            },
            {
                "title": _("系统"),
                "separator": True,
                "items": [
                    _item(_("市场时钟"), "schedule", "market_clock", "kernel.change_marketclock"),
                    _item(
                        _("到期事项"),
                        "hourglass",
                        "kernel_deadline_changelist",
                        "kernel.view_deadline",
                    ),
                    _item(
                        _("审计日志"),
                        "history",
                        "kernel_auditentry_changelist",
                        "kernel.view_auditentry",
                    ),
                    _item(
                        _("通知投递"),
                        "mail",
                        "pifa_messages_delivery_changelist",
                        "pifa_messages.view_delivery",
                    ),
                    _item(
                        _("事件"),
                        "outbox",
                        "kernel_outboxevent_changelist",
                        "kernel.view_outboxevent",
                    ),
                ],
            },
        ],
    },
}
