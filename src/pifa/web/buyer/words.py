"""An order as its buyer reads it: which colour a state has, what comes next, what it comes to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pifa.finance.queries import TrustView
from pifa.kernel.money import Money
from pifa.trade.queries import OrderDetail
from pifa.trade.staged.queries import ProductionView
from pifa.trade.states import OrderStatus
from pifa.web.shared.bills import bill_words, by_bill

STATUS_KINDS: dict[str, str] = {
    OrderStatus.AWAITING_PAYMENT: "warn",
    OrderStatus.IN_PRODUCTION: "",
    OrderStatus.AWAITING_BALANCE: "warn",
    OrderStatus.AWAITING_SHIPMENT: "",
    OrderStatus.AWAITING_RECEIPT: "ok",
    OrderStatus.IN_REFUND: "bad",
    OrderStatus.AWAITING_REVIEW: "",
    OrderStatus.COMPLETED: "ok",
    OrderStatus.CLOSED: "line",
}
"""The kind of tag for each state; the word always stands in it."""

Step = tuple[str, Any, str]


def steps(detail: OrderDetail, production: ProductionView | None = None) -> list[Step]:
    """Placed → paid → shipped → received → done; a closed order stops where it stood.

    Paid in stages: deposit → production → balance instead of paid.
    """
    row = detail.order
    completed = row.status == OrderStatus.COMPLETED
    named: list[tuple[str, datetime | None]] = [
        (_("提交订单"), row.placed_at),
        *paid_steps(detail, production),
        (_("卖家发货"), row.shipped_at),
        (_("确认收货"), detail.received_at),
        (_("评价"), detail.ended_at if completed else None),
    ]
    closed = row.status == OrderStatus.CLOSED
    found: list[Step] = []
    for name, moment in named:
        if moment:
            found.append((name, moment, "done"))
        elif closed:
            found.append((_("交易关闭"), detail.ended_at, "stopped"))
            break
        else:
            waiting = all(state == "done" for _name, _moment, state in found)
            note = _("退款处理中") if waiting and row.status == OrderStatus.IN_REFUND else None
            found.append((name, note, "now" if waiting else "todo"))
    return found


def paid_steps(
    detail: OrderDetail, production: ProductionView | None
) -> list[tuple[str, datetime | None]]:
    """The steps of paying: one (money or a promise), or deposit, production, balance."""
    row = detail.order
    if production is None:
        if row.promised and row.paid_at is None:
            said = _("约定货到付款") if detail.cash else _("使用账期")
            said = _("使用诚e赊") if detail.secured else said
            said = _("卖家签收汇票") if by_bill(detail) else said
            return [(_("约定信任付") if detail.trust else said, detail.covered_at)]
        return [(_("付款"), row.paid_at)]
    # What is paid early stands after the production that it waits for.
    balance_at = production.balance_at if production.finished_at else None
    return [
        (_("付定金"), production.deposit_at),
        (_("完成生产"), production.finished_at),
        (_("付尾款"), balance_at),
    ]


def sums(detail: OrderDetail) -> list[tuple[str, Any]]:
    """What the order comes to; the last is the sum."""
    row = detail.order
    found: list[tuple[str, Any]] = [(_("货款"), row.goods), (_("运费"), row.freight)]
    if row.adjustment:
        found.append((_("卖家改价"), row.adjustment))
    found.append((_("应付"), row.total))
    return found


def money_now(detail: OrderDetail) -> list[tuple[str, Money]]:
    """Where the money of a paid order is now."""
    row = detail.order
    found = [
        (_("已付"), row.paid),
        (_("平台担保中"), detail.money.held),
        (_("已结算给卖家"), detail.released),
        (_("已退回给您"), row.refunded),
        (promised_words(detail), row.promised),
    ]
    return [(name, amount) for name, amount in found if amount]


def promised_words(detail: OrderDetail) -> str:
    """What is promised: at the door, by bill, or on credit with its due day once that is known."""
    if by_bill(detail):
        return bill_words(detail)
    others = (detail.credit, detail.secured, detail.trust)
    if detail.cash is not None and not any(others):
        return _("货到付款")
    if detail.secured is not None:
        due_on = detail.secured.due_on
        if due_on is None:
            return _("诚e赊待还（收货后计算到期日）")
        return _("诚e赊待还（%(day)s 前还清）") % {"day": due_on.isoformat()}
    if detail.trust is not None:
        return trust_words(detail.trust)
    due_on = detail.credit.due_on if detail.credit else None
    if due_on is None:
        return _("账期待付（收货后计算到期日）")
    return _("账期待付（%(day)s 前付清）") % {"day": due_on.isoformat()}


def trust_words(item: TrustView) -> str:
    """What is promised on a bank's word: debited after receipt, now, or on the day of a new try."""
    if item.received_at is None:
        return _("信任付（收货后扣款）")
    if item.try_on is not None:
        return _("信任付（%(day)s 再扣款）") % {"day": item.try_on.isoformat()}
    return _("信任付（扣款中）")
