"""The order sheet: one row an order, in the columns that also bring past trade in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.sheets import Column, ColumnKind
from pifa.trade.models import Order
from pifa.trade.queries.desk import Filters, buyer_name, desk_orders

SHEET_COLUMNS: tuple[Column, ...] = (
    Column(_("订单编号"), width=22),
    Column(_("买家公司名"), width=28),
    Column(_("买家会员名"), width=16),
    Column(_("卖家公司名"), width=28),
    Column(_("卖家会员名"), width=16),
    Column(_("货品总价(元)"), ColumnKind.MONEY),
    Column(_("运费(元)"), ColumnKind.MONEY),
    Column(_("涨价或折扣(元)"), ColumnKind.MONEY),
    Column(_("实付款(元)"), ColumnKind.MONEY),
    Column(_("订单状态"), width=14),
    Column(_("订单创建时间"), ColumnKind.MOMENT),
    Column(_("订单付款时间"), ColumnKind.MOMENT),
    Column(_("发货方"), width=28),
    Column(_("收货人姓名"), width=12),
    Column(_("收货地址"), width=40),
    Column(_("邮编"), width=10),
    Column(_("联系电话"), width=16),
    Column(_("联系手机"), width=16),
)
"""The columns of the order sheet, in their order; `past/mappings/order-sheet.toml` reads them."""

READ_AT_ONCE = 500


def order_sheet(
    actor: Actor,
    side: str,
    tab: str = "all",
    filters: Filters | None = None,
    numbers: Sequence[str] | None = None,
) -> Iterator[tuple[object, ...]]:
    """Rows of the order sheet for what a desk shows, newest first, or for some of it by number.

    Read in pieces, so that a year of orders takes no more memory than a day. The two parties
    of an order see its consignee unmasked; operators have no sheet.
    """
    rows = desk_orders(actor, side, tab, filters or Filters())
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    found = rows.select_related("buyer", "seller", "customer").order_by("-placed_at", "-pk")
    return (_cells(order) for order in found.iterator(READ_AT_ONCE))


def _cells(order: Order) -> tuple[object, ...]:
    return (
        order.external_no or order.number,
        buyer_name(order),
        order.buyer.login if order.buyer else "",
        order.seller.name,
        order.seller.login,
        Money(order.goods_fen),
        Money(order.freight_fen),
        Money(order.adjustment_fen),
        Money(order.paid_fen),
        order.get_status_display(),
        order.placed_at,
        order.paid_at,
        order.seller.name,
        order.consignee,
        order.address,
        order.post_code,
        order.phone,
        order.mobile,
    )
