"""Which orders an invoice can be asked for, and until when; read by commands and queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel import clock
from pifa.trade.models import InvoicedOrder, Order, Provenance
from pifa.trade.states import OrderStatus


def ask_until(order: Order) -> datetime | None:
    """The last moment to ask for a completed order; None while it is not completed."""
    if order.status != OrderStatus.COMPLETED or order.ended_at is None:
        return None
    return order.ended_at + timedelta(days=settings.MARKET["invoice_request_days"])


def why_not(order: Order, asked: dict[int, str]) -> str | Promise | None:
    """Why no invoice can be asked for an order; None if it can. `asked`: request by order id."""
    until = ask_until(order)
    if order.provenance != Provenance.MARKET:
        return _("导入的历史订单不能申请。")
    if order.pk in asked:
        return _("已经申请过，申请单号 {number}。").format(number=asked[order.pk])
    if order.status == OrderStatus.CLOSED:
        return _("交易已关闭，没有可开票的金额。")
    if until is not None and clock.now() > until:
        return _("已超过交易完成后的申请期限。")
    return None


def live_requests(orders: Sequence[Order]) -> dict[int, str]:
    """Order id → number of the request that is about it, in one statement."""
    rows = InvoicedOrder.objects.filter(order__in=[order.pk for order in orders], live=True)
    return dict(rows.values_list("order", "request__number"))
