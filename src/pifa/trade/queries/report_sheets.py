"""Reports as sheets: the figures of the page, one row a line of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from pifa.kernel.sheets import Column, ColumnKind
from pifa.trade.queries.repeat_purchase import OrdersBand, RepeatReport
from pifa.trade.queries.reports import SalesReport
from pifa.trade.queries.series import SalesPoint, SalesSeries

Row = tuple[object, ...]

SALES_COLUMNS: tuple[Column, ...] = (
    Column(gettext_lazy("内容"), width=10),
    Column(gettext_lazy("从"), ColumnKind.DAY),
    Column(gettext_lazy("到"), ColumnKind.DAY),
    Column(gettext_lazy("销售额(元)"), ColumnKind.MONEY),
    Column(gettext_lazy("订单数"), ColumnKind.WHOLE),
    Column(gettext_lazy("每单平均(元)"), ColumnKind.MONEY),
    Column(gettext_lazy("买家数"), ColumnKind.WHOLE),
    Column(gettext_lazy("取消与退款单数"), ColumnKind.WHOLE, 14),
    Column(gettext_lazy("取消与退款金额(元)"), ColumnKind.MONEY, 18),
)

REPEAT_COLUMNS: tuple[Column, ...] = (
    Column(gettext_lazy("内容"), width=14),
    Column(pgettext_lazy("sheet", "名目"), width=28),
    Column(gettext_lazy("从"), ColumnKind.DAY),
    Column(gettext_lazy("到"), ColumnKind.DAY),
    Column(gettext_lazy("买家数"), ColumnKind.WHOLE),
    Column(gettext_lazy("复购买家数"), ColumnKind.WHOLE),
    Column(gettext_lazy("新买家"), ColumnKind.WHOLE),
    Column(gettext_lazy("老买家"), ColumnKind.WHOLE),
    Column(gettext_lazy("订单数"), ColumnKind.WHOLE),
    Column(gettext_lazy("销售额(元)"), ColumnKind.MONEY),
    Column(gettext_lazy("最近下单"), ColumnKind.MOMENT),
    Column(gettext_lazy("通常间隔(天)"), ColumnKind.WHOLE, 14),
)


def sales_rows(series: SalesSeries) -> Iterator[Row]:
    """A row for each piece of the window, the window as a whole, and the one before it."""
    for point in series.points:
        yield _sales_row(_("分段"), point)
    yield _sales_row(_("合计"), series.whole)
    yield _sales_row(_("上期"), series.before)


def repeat_rows(report: RepeatReport) -> Iterator[Row]:
    """The window, its pieces, how many orders buyers have, and the buyers who come again."""
    yield (
        _("合计"),
        "",
        report.since,
        report.until,
        report.whole.buyers,
        report.whole.repeat_buyers,
        report.new,
        report.returning,
        report.orders,
        None,
        None,
        None,
    )
    yield (
        _("上期"),
        *("", None, None, report.before.buyers, report.before.repeat_buyers),
        *(None,) * 6,
    )
    for point in report.points:
        yield (
            _("分段"),
            *("", point.since, point.until, point.buyers, None, point.new, point.returning),
            *(None,) * 4,
        )
    for band in report.bands:
        yield (
            _("单数分布"),
            *(band_words(band), None, None, band.buyers, None, None, None),
            *(band.orders, band.sales, None, None),
        )
    for buyer in report.top:
        yield (
            _("常客"),
            *(buyer.name, None, None, None, None, None, None),
            *(buyer.orders, buyer.sales, buyer.last, buyer.interval),
        )


def band_words(band: OrdersBand) -> str:
    """1 单, 5–9 单, 20 单以上."""
    if band.high is None:
        return _("{n} 单及以上").format(n=band.low)
    if band.low == band.high:
        return ngettext("{n} 单", "{n} 单", band.low).format(n=band.low)
    return _("{low}–{high} 单").format(low=band.low, high=band.high)


def _sales_row(name: str, of: SalesPoint | SalesReport) -> Row:
    return (
        name,
        of.since,
        of.until,
        of.sales,
        of.orders,
        of.average,
        of.buyers,
        of.cancellations,
        of.cancelled,
    )
