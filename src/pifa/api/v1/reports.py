"""Reports of sales and of repeat purchase, over the market's trade and declared past trade."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema

from pifa.api.auth import actor_of
from pifa.api.fields import Day, Out, PageOut, PathId, Yuan, listed
from pifa.api.files import SHEET_FILES
from pifa.api.routing import Topic
from pifa.kernel.errors import InvalidInput
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.queries import Repeat
from pifa.trade.spans import Grain

topic = Topic()
GrainWord = Literal["day", "week", "month"]


class ReportQuery(Schema):
    """Market days, both included. An operator names the seller."""

    since: Day
    until: Day
    include_declared: bool = False
    seller_id: PathId | None = None


class SalesOut(Out):
    """Sales of a seller over the days."""

    seller_id: int
    since: date
    until: date
    include_declared: bool
    sales: Yuan
    orders: int
    average: Yuan
    cancellations: int
    cancelled: Yuan
    buyers: int
    repeat_buyers: int


class DaySalesOut(Out):
    """Sales of one market day."""

    day: date
    sales: Yuan
    orders: int


class DaySalesPage(PageOut):
    items: list[DaySalesOut]


class PiecesQuery(ReportQuery):
    """The length of a piece; without it the window decides."""

    grain: GrainWord | None = None


class SheetQuery(Schema):
    """The own company's report as a sheet."""

    since: Day
    until: Day
    include_declared: bool = False
    grain: GrainWord | None = None
    kind: WrittenKind = "xlsx"


class SalesPointOut(Out):
    """Sales of one piece: a day, a week from Monday on, or a month, cut at the window's ends."""

    since: date
    until: date
    sales: Yuan
    orders: int
    average: Yuan
    buyers: int
    cancellations: int
    cancelled: Yuan


class SalesSeriesOut(Out):
    """A window, the window of as many days before it, and its pieces in order."""

    grain: GrainWord
    whole: SalesOut
    before: SalesOut
    points: list[SalesPointOut]


class RatioOut(Out):
    """An exact ratio: `num` of `den`; 0 of 0 where there was nothing to count."""

    num: int
    den: int


class RepeatOut(Out):
    """Buyers, those with two or more orders, and these as a ratio of those."""

    buyers: int
    repeat_buyers: int
    rate: RatioOut


class RepeatPointOut(Out):
    """Buyers of one piece: those whose first order of all lies in it, and the others."""

    since: date
    until: date
    buyers: int
    new: int
    returning: int


class OrdersBandOut(Out):
    """Buyers with `low` to `high` orders in the window; no `high`: or more."""

    low: int
    high: int | None
    buyers: int
    orders: int
    sales: Yuan


class ReturningBuyerOut(Out):
    """A buyer with two or more orders in the window; `interval` is in days."""

    name: str
    company_id: int | None
    customer_id: int | None
    orders: int
    sales: Yuan
    last: datetime
    interval: int | None


class RepeatReportOut(Out):
    """Repeat purchase in a window, and in the window of as many days before it."""

    seller_id: int
    since: date
    until: date
    include_declared: bool
    grain: GrainWord
    whole: RepeatOut
    before: RepeatOut
    new: int
    returning: int
    orders: int
    unnamed_orders: int
    points: list[RepeatPointOut]
    bands: list[OrdersBandOut]
    top: list[ReturningBuyerOut]


@topic.reads("/reports/sales", SalesOut, _("销售报表"))
def sales_report(request: HttpRequest, wanted: Query[ReportQuery]) -> object:
    return trade.sales_report(actor_of(request), **wanted.model_dump())


@topic.reads("/reports/sales/daily", DaySalesPage, _("每日销售"), _("最多三年。"))
def daily_sales(request: HttpRequest, wanted: Query[ReportQuery]) -> object:
    if (wanted.until - wanted.since).days > trade.LONGEST_DAYS:
        raise InvalidInput(
            "until", reason=_("一次最多查询 {days} 天。").format(days=trade.LONGEST_DAYS)
        )
    return listed(trade.daily_sales(actor_of(request), **wanted.model_dump()))


@topic.reads(
    "/reports/sales/series",
    SalesSeriesOut,
    _("分段销售"),
    _("按日、周或月，带紧接在前、天数相同的一段作比较。"),
)
def sales_series(request: HttpRequest, wanted: Query[PiecesQuery]) -> object:
    return trade.sales_series(actor_of(request), **_pieces(wanted))


@topic.reads(
    "/reports/sales/sheet",
    None,
    _("下载销售报表"),
    _("内容与分段销售相同；导出会记入审计日志。"),
    content=SHEET_FILES,
)
def sales_sheet(request: HttpRequest, wanted: Query[SheetQuery]) -> HttpResponseBase:
    series = commands.export_sales(actor_of(request), **_pieces(wanted))
    return sheet_answer("sales", wanted.kind, trade.SALES_COLUMNS, list(trade.sales_rows(series)))


@topic.reads(
    "/reports/repeat",
    RepeatReportOut,
    _("复购报表"),
    _("复购率、各段的新老买家、每个买家的单数、常客和他们通常隔多久下单。"),
)
def repeat_report(request: HttpRequest, wanted: Query[PiecesQuery]) -> dict[str, Any]:
    report = trade.repeat_report(actor_of(request), **_pieces(wanted))
    own = {name: getattr(report, name) for name in RepeatReportOut.model_fields}
    return own | {"whole": _repeat(report.whole), "before": _repeat(report.before)}


@topic.reads(
    "/reports/repeat/sheet",
    None,
    _("下载复购报表"),
    _("内容与复购报表相同；导出会记入审计日志。"),
    content=SHEET_FILES,
)
def repeat_sheet(request: HttpRequest, wanted: Query[SheetQuery]) -> HttpResponseBase:
    report = commands.export_repeat(actor_of(request), **_pieces(wanted))
    return sheet_answer(
        "repeat", wanted.kind, trade.REPEAT_COLUMNS, list(trade.repeat_rows(report))
    )


def _pieces(wanted: PiecesQuery | SheetQuery) -> dict[str, Any]:
    return wanted.model_dump() | {"grain": Grain(wanted.grain) if wanted.grain else None}


def _repeat(of: Repeat) -> dict[str, Any]:
    rate = {"num": of.repeat_buyers, "den": of.buyers}
    return {"buyers": of.buyers, "repeat_buyers": of.repeat_buyers, "rate": rate}
