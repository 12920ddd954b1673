"""The buyer's centre: its navigation, and how its pages are shown."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Actor, Role
from pifa.messages import queries as messages
from pifa.relationships import queries as relationships
from pifa.trade import queries as trade
from pifa.trade.approval.queries import approvals_waiting
from pifa.web.access import buyer_page
from pifa.web.shared.centre import Centre, NavGroup, NavItem


def navigation(actor: Actor) -> Sequence[NavGroup]:
    """Where a buyer can go, with what waits there."""
    company_id = actor.company_id or 0
    # Only those who may read the company's money are shown the way to it.
    money = (
        (
            NavItem(_("资金明细"), "statement"),
            NavItem(_("账户余额"), "balance"),
            NavItem(_("提现"), "withdrawals", also=("payees", "payee_remove")),
            NavItem(_("网商银行"), "bank", also=("bank_passwords", "bank_statement")),
            NavItem(_("贷款"), "loans", also=("loan",)),
            NavItem(_("运费险"), "freight_insurance"),
            NavItem(_("承兑汇票"), "bills", also=("bill_draw",)),
            NavItem(_("对公转账"), "transfers", also=("transfer_to",)),
            NavItem(_("收钱码"), "collection", also=("collection_refund",)),
        )
        if actor.has_role(Role.FINANCE)
        else ()
    )
    papers = (
        (
            NavItem(
                _("采购审批"),
                "approvals",
                approvals_waiting(actor) or None,
                also=("approval_limits",),
            ),
            NavItem(
                _("发票"),
                "invoices",
                also=(
                    "invoice",
                    "invoice_ask",
                    "invoice_profiles",
                    "invoice_profile",
                    "invoice_profile_add",
                ),
            ),
        )
        if actor.has_role(Role.PURCHASER, Role.FINANCE)
        else ()
    )
    return (
        NavGroup(
            _("买货"),
            (
                NavItem(_("首页"), "home"),
                NavItem(_("会员中心"), "standing"),
                NavItem(_("我的订单"), "orders", also=("order", "ask_refund", "review")),
                NavItem(_("进货单"), "storefront:purchase_list", trade.list_count(actor) or None),
                NavItem(_("询价单"), "quote_requests", also=("quote_new", "quote_request")),
                *papers,
                NavItem(_("进货参谋"), "adviser"),
                NavItem(
                    _("账期"),
                    "credit",
                    also=("credit_line", "credit_statement", "credit_repayment"),
                ),
                NavItem(_("诚e赊"), "secured", also=("secured_repayment",)),
                NavItem(_("信任付"), "trust", also=("trust_repayment",)),
                NavItem(_("供应商"), "suppliers", relationships.waiting_for(company_id) or None),
            ),
        ),
        NavGroup(
            _("往来"),
            (
                NavItem(
                    _("往来消息"),
                    "messages",
                    messages.unread_messages(company_id, "buyer") or None,
                    also=("message", "order_thread"),
                ),
                NavItem(_("通知"), "notices", also=("preferences",)),
                *money,
            ),
        ),
        NavGroup(
            _("企业"),
            (
                NavItem(_("收货地址"), "addresses", also=("address_add", "address")),
                NavItem(_("企业资料"), "company", also=("verification",)),
                NavItem(_("成员与角色"), "members"),
                NavItem(_("接口令牌"), "tokens"),
            ),
        ),
    )


CENTRE = Centre(side="buyer", label=_("买家中心"), navigation=navigation, guard=buyer_page)
