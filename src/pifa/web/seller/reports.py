"""The sales report: figures of a span of days, equal to `pifa report sales`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.trade import queries as trade
from pifa.trade.queries import DaySales, SalesReport
from pifa.web.access import seller_page
from pifa.web.seller.fields import DayField
from pifa.web.seller.frame import actor_on, show

LONGEST = 366 * 3
"""Days of one report; a bar stands for a day, a week or a month by how many there are."""


class ReportForm(forms.Form):
    """The span, and whether imported past trade counts."""

    since = DayField(label=gettext_lazy("从"))
    until = DayField(label=gettext_lazy("到"))
    declared = forms.BooleanField(label=gettext_lazy("含历史导入的订单"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        elif since and until and (until - since).days >= LONGEST:
            self.add_error("until", _("一次最多看三年。"))
        return data


@seller_page()
def sales(request: HttpRequest) -> HttpResponse:
    """Sales, orders, cancellations and buyers of a span, with a bar for each part of it."""
    today = clock.today()
    given = {name: request.GET.get(name) for name in ("since", "until")}
    form = ReportForm(
        {
            "since": given["since"] or (today - timedelta(days=29)).isoformat(),
            "until": given["until"] or today.isoformat(),
            "declared": "declared" in request.GET,
        }
    )
    context: dict[str, Any] = {"form": form, "presets": _presets(today)}
    if form.is_valid():
        actor, data = actor_on(request), form.cleaned_data
        span = (data["since"], data["until"], data["declared"])
        try:
            report = trade.sales_report(actor, *span)
            context |= {
                "report": report,
                "figures": _figures(report),
                "bars": _bars(trade.daily_sales(actor, *span)),
            }
        except DomainError as error:
            context["refusal"] = error
    return show(
        request, "seller/report.html", status=200 if "report" in context else 422, **context
    )


def _figures(report: SalesReport) -> list[tuple[str, Any]]:
    return [
        (_("销售额"), report.sales),
        (_("订单数"), report.orders),
        (_("每单平均"), report.average),
        (_("取消与退款单数"), report.cancellations),
        (_("取消与退款金额"), report.cancelled),
        (_("买家数"), report.buyers),
        (_("买过两单及以上的买家"), report.repeat_buyers),
    ]


def _bars(days: list[DaySales]) -> list[tuple[str, Money]]:
    """A bar a day up to two months, a week up to a year, a month beyond."""
    size, pattern = (
        (1, "%m-%d") if len(days) <= 62 else (7, "%m-%d") if len(days) <= 360 else (0, "%Y-%m")
    )
    bars: dict[str, int] = {}
    for place, point in enumerate(days):
        first = days[place - place % size].day if size else point.day
        label = first.strftime(pattern)
        bars[label] = bars.get(label, 0) + point.sales.fen
    return [(label, Money(fen)) for label, fen in bars.items()]


def _presets(today: date) -> list[tuple[str, str]]:
    """Spans people ask for: words and the address' query."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    spans = [
        (_("最近30天"), today - timedelta(days=29), today),
        (_("本月"), month, today),
        (_("上月"), before, month - timedelta(days=1)),
        (_("今年"), today.replace(month=1, day=1), today),
    ]
    return [(words, f"?since={since}&until={until}") for words, since, until in spans]
