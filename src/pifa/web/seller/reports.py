"""The reports of sales and of repeat purchase: equal to `pifa report`, on paper and as sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, InvalidInput
from pifa.kernel.money import Money
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.queries import (
    OrdersBand,
    RepeatPoint,
    RepeatReport,
    SalesPoint,
    SalesReport,
    SalesSeries,
)
from pifa.trade.spans import Grain
from pifa.web.access import seller_page
from pifa.web.kit.formats import percent_text
from pifa.web.seller.frame import CLERK, FINANCE, actor_on, show
from pifa.web.shared.days import DayField

LONGEST = 366 * 3
"""Days of one report; a bar stands for a day, a week or a month by how many there are."""

GRAINS = (
    ("", gettext_lazy("自动")),
    (Grain.DAY.value, gettext_lazy("按日")),
    (Grain.WEEK.value, gettext_lazy("按周")),
    (Grain.MONTH.value, gettext_lazy("按月")),
)


class ReportForm(forms.Form):
    """The span, its pieces, and whether imported past trade counts."""

    since = DayField(label=gettext_lazy("从"))
    until = DayField(label=gettext_lazy("到"))
    grain = forms.ChoiceField(label=gettext_lazy("分段"), choices=GRAINS, required=False)
    declared = forms.BooleanField(label=gettext_lazy("含历史导入的订单"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期不能早于开始日期。"))
        elif since and until and (until - since).days >= LONGEST:
            self.add_error("until", _("一次最多看三年。"))
        return data

    def wanted(self) -> tuple[date, date, bool, Grain | None]:
        """What a valid form asks for, as the queries take it."""
        data = self.cleaned_data
        grain = Grain(data["grain"]) if data["grain"] else None
        return data["since"], data["until"], data["declared"], grain


@seller_page()
def sales(request: HttpRequest) -> HttpResponse:
    """Sales, orders, cancellations and buyers of a span beside the span before, piece by piece."""
    form = _form(request)
    context = _frame(request, form, "seller:report")
    if form.is_valid():
        try:
            series = trade.sales_series(actor_on(request), *form.wanted())
            context |= {
                "report": series.whole,
                "before": series.before,
                "figures": _sales_figures(series.whole, series.before),
                "grain": _grain_words(series.grain),
                "bars": [(_label(p, series.grain), p.sales) for p in series.points],
                "rows": [(_label(p, series.grain, whole=True), p) for p in series.points],
            }
        except DomainError as error:
            context["refusal"] = error
    return show(
        request, "seller/report.html", status=200 if "report" in context else 422, **context
    )


@seller_page()
def repeat(request: HttpRequest) -> HttpResponse:
    """Who buys again: the rate, new and returning buyers, orders a buyer, the best of them."""
    form = _form(request)
    context = _frame(request, form, "seller:report_repeat")
    if form.is_valid():
        try:
            report = trade.repeat_report(actor_on(request), *form.wanted())
            context |= {
                "report": report,
                "figures": _repeat_figures(report),
                "grain": _grain_words(report.grain),
                "bars": [(_label(p, report.grain), p.buyers) for p in report.points],
                "returning": [p.returning for p in report.points],
                "rows": [(_label(p, report.grain, whole=True), p) for p in report.points],
                "bands": [(_band(band), band.buyers) for band in report.bands],
                "band_rows": [(trade.band_words(band), band) for band in report.bands],
            }
        except DomainError as error:
            context["refusal"] = error
    return show(
        request, "seller/report_repeat.html", status=200 if "report" in context else 422, **context
    )


@seller_page(CLERK, FINANCE)
@require_POST
def sales_sheet(request: HttpRequest) -> HttpResponseBase:
    """The sales report as .xlsx or .csv."""
    kind = _kind(request)
    series: SalesSeries = commands.export_sales(actor_on(request), *_wanted(request), kind=kind)
    return sheet_answer(_("销售报表"), kind, trade.SALES_COLUMNS, list(trade.sales_rows(series)))


@seller_page(CLERK, FINANCE)
@require_POST
def repeat_sheet(request: HttpRequest) -> HttpResponseBase:
    """The report of repeat purchase as .xlsx or .csv."""
    kind = _kind(request)
    report = commands.export_repeat(actor_on(request), *_wanted(request), kind=kind)
    return sheet_answer(_("复购报表"), kind, trade.REPEAT_COLUMNS, list(trade.repeat_rows(report)))


def _form(request: HttpRequest) -> ReportForm:
    today = clock.today()
    given = {name: request.GET.get(name) for name in ("since", "until", "grain")}
    return ReportForm(
        {
            "since": given["since"] or (today - timedelta(days=29)).isoformat(),
            "until": given["until"] or today.isoformat(),
            "grain": given["grain"] or "",
            "declared": "declared" in request.GET,
        }
    )


def _wanted(request: HttpRequest) -> tuple[date, date, bool, Grain | None]:
    form = _form(request)
    if not form.is_valid():
        raise InvalidInput(reason=next(iter(form.errors.values()))[0])
    return form.wanted()


def _kind(request: HttpRequest) -> WrittenKind:
    return "csv" if request.POST.get("kind") == "csv" else "xlsx"


def _frame(request: HttpRequest, form: ReportForm, here: str) -> dict[str, Any]:
    """What both reports show around their figures; their tabs and sheets keep the span."""
    query = urlencode([pair for pair in request.GET.items() if pair[0] in form.fields])
    names = (("seller:report", _("销售")), ("seller:report_repeat", _("复购")))
    return {
        "form": form,
        "presets": _presets(clock.today()),
        "tabs": [(words, f"{reverse(name)}?{query}", None, name == here) for name, words in names],
        "sheet_url": f"{reverse(here + '_sheet')}?{query}" if _may_export(request) else "",
    }


def _may_export(request: HttpRequest) -> bool:
    actor: Actor = actor_on(request)
    return actor.has_role(CLERK, FINANCE)


def _sales_figures(now: SalesReport, before: SalesReport) -> list[tuple[str, Any, str]]:
    """(name, figure, what it was in the span before)."""
    named: list[tuple[str, str]] = [
        ("sales", _("销售额")),
        ("orders", _("订单数")),
        ("average", _("每单平均")),
        ("cancellations", _("取消与退款单数")),
        ("cancelled", _("取消与退款金额")),
        ("buyers", _("买家数")),
        ("repeat_buyers", _("买过两单及以上的买家")),
    ]
    return [
        (words, getattr(now, name), against(getattr(now, name), getattr(before, name)))
        for name, words in named
    ]


def _repeat_figures(report: RepeatReport) -> list[tuple[str, Any, str]]:
    now, before = report.whole, report.before
    rate = _percent(now.rate) if now.rate is not None else "—"
    was = _percent(before.rate) if before.rate is not None else "—"
    return [
        (_("买家数"), now.buyers, against(now.buyers, before.buyers)),
        (
            _("复购买家"),
            now.repeat_buyers,
            against(now.repeat_buyers, before.repeat_buyers),
        ),
        (_("复购率"), rate, f"{now.repeat_buyers:,} / {now.buyers:,} · {_was(was)}"),
        (_("新买家"), report.new, _("以前就买过的有 {n}").format(n=f"{report.returning:,}")),
    ]


def against(now: Money | int, before: Money | int) -> str:
    """What a figure was before, and by how much of that it changed.

    Money given back is below nothing: more of it is a rise, as of any other figure. From one side
    of nothing to the other no share tells the change.
    """
    shown = str(before) if isinstance(before, Money) else f"{before:,}"
    old = before.fen if isinstance(before, Money) else before
    new = now.fen if isinstance(now, Money) else now
    words = _was(shown)
    if not old or old * new < 0:
        return words
    change = Fraction(abs(new) - abs(old), abs(old))
    return f"{words} ({'+' if change > 0 else ''}{_percent(change)})"


def _was(figure: str) -> str:
    return _("上期 {figure}").format(figure=figure)


def _percent(share: Fraction) -> str:
    return percent_text(float(share))


def _grain_words(grain: Grain) -> str:
    return str(dict(GRAINS)[grain.value])


def _band(band: OrdersBand) -> str:
    """1, 5–9, 20+: below a bar there is room for no more."""
    if band.high is None:
        return f"{band.low}+"
    return f"{band.low}" if band.low == band.high else f"{band.low}–{band.high}"


def _label(piece: SalesPoint | RepeatPoint, grain: Grain, *, whole: bool = False) -> str:
    """03-28, 03-23 for a week, 26/03 (whole: 2026-03-28, 2026-03-23 – 03-29, 2026-03)."""
    if grain is Grain.MONTH:
        return f"{piece.since:%Y-%m}" if whole else f"{piece.since:%y/%m}"
    if not whole:
        return f"{piece.since:%m-%d}"
    if grain is Grain.DAY:
        return f"{piece.since:%Y-%m-%d}"
    return f"{piece.since:%Y-%m-%d} – {piece.until:%m-%d}"


def _presets(today: date) -> Sequence[tuple[str, str]]:
    """Spans people ask for: words and the address' query."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    spans = [
        (_("最近30天"), today - timedelta(days=29), today),
        (_("本月"), month, today),
        (_("上月"), before, month - timedelta(days=1)),
        (_("最近90天"), today - timedelta(days=89), today),
        (_("今年"), today.replace(month=1, day=1), today),
    ]
    return [(words, f"?since={since}&until={until}") for words, since, until in spans]
