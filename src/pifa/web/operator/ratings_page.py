"""How companies are rated: how many hold what, whether that is plausible, how the nights went."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.rulebook.rules import Ratio, Unit
from pifa.standing import books, commands, queries
from pifa.standing.errors import DayNotRated
from pifa.standing.labels import step_name
from pifa.standing.models import Kind
from pifa.standing.wording import figure_words
from pifa.web.operator.forms import RatingDayForm
from pifa.web.operator.queues import needs, operator_of, page

NIGHTS_SHOWN = 30
NONE = "none"
"""The place of those that hold nothing, in an address."""


@needs("standing.view_ratingrun")
def ratings(request: HttpRequest) -> HttpResponse:
    """Distributions, the check of the levels, the nights; on POST a day is rated now."""
    actor = operator_of(request)
    form = RatingDayForm(request.POST or None, initial={"day": clock.today()})
    if request.method == "POST":
        if not request.user.has_perm("standing.change_ratingrun"):
            raise PermissionDenied
        if form.is_valid() and _rate(request, actor, form.cleaned_data["day"]):
            return redirect("admin:ratings")
    latest = queries.latest_run()
    return page(
        request,
        "console/ratings.html",
        gettext_lazy("企业评定"),
        form=form,
        now=clock.now(),
        latest=latest,
        waiting=queries.waiting(actor),
        problems=books.problems(),
        charts=[_chart(actor, kind) for kind in _SHOWN] if latest else [],
        plausible=_plausible(actor),
        plausible_words=_(
            "每升一组，人均采购额应约为上一组的 10 倍，退款率和纠纷率应逐组下降。"
            "等级取自最近一次评定，采购额已减去退款。"
        ),
        nights=queries.runs(actor, NIGHTS_SHOWN),
    )


_SHOWN = (Kind.LEVEL, Kind.CREDIT, Kind.MEDAL, Kind.TIER)


def _rate(request: HttpRequest, actor: Actor, day: date) -> bool:
    """Rate a day now and tell what became of it."""
    try:
        result = commands.rate_by_hand(actor, day)
    except DomainError as error:
        messages.error(request, str(error))
        return False
    if result.changed:
        words = _("已评定 {day}：{companies} 家企业，{moved} 项变动。")
    else:
        words = _("{day} 的结果与已有的一致，没有变动。")
    messages.success(
        request,
        words.format(day=day.isoformat(), companies=f"{result.companies:,}", moved=result.moved),
    )
    return True


def _chart(actor: Actor, kind: Kind) -> dict[str, object]:
    """A distribution as the page draws it."""
    spread = queries.distribution(actor, kind)
    return {
        "kind": kind.value,
        "label": kind.label,
        "spread": spread,
        "most": max(spread.most, 1),
        "steps": [(step, step.code or NONE, _signed(step.change)) for step in spread.steps],
    }


def _signed(change: int | None) -> str:
    """`+3`, `−3`, `0`; a dash where there is nothing to compare with."""
    if change is None:
        return "—"
    return f"{change:+,}".replace("-", "−") if change else "0"


def _plausible(actor: Actor) -> list[dict[str, object]]:
    """The check of the levels, with what does not fall as the level rises."""
    try:
        _day, rows = queries.plausibility(actor)
    except DayNotRated:
        return []
    below = [None, *rows[:-1]]
    return [
        {
            "levels": row.levels,
            "buyers": row.buyers,
            "spend": Money(row.spend_fen),
            "times": "—" if row.times is None else f"{float(row.times):.1f}×",
            "orders": f"{float(row.orders):.1f}",
            "refunded": figure_words(row.refunded, Unit.RATIO),
            "refunded_more": before is not None and _more(row.refunded, before.refunded),
            "disputed": figure_words(row.disputed, Unit.RATIO),
            "disputed_more": before is not None and _more(row.disputed, before.disputed),
        }
        for row, before in zip(rows, below, strict=True)
    ]


def _more(share: Ratio, than: Ratio) -> bool:
    return share.num * than.den > than.num * share.den


@needs("standing.view_ratingrun")
def companies_at(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The companies that hold a step, in pages."""
    if kind not in Kind.values:
        raise Http404
    step = "" if code == NONE else code
    found = queries.companies_at(
        operator_of(request), kind, step, cursor=request.GET.get("cursor") or None, size=50
    )
    name = step_name(kind, step) if step else _("无")
    return page(
        request,
        "console/ratings_step.html",
        f"{Kind(kind).label} · {name}",
        rows=found.items,
        next_cursor=found.next_cursor,
    )
