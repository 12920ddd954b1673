"""Where a company stands: a seller's medal and tier, a buyer's level and credit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.metrics import queries as metrics
from pifa.metrics.definitions import METRICS
from pifa.rulebook.rules import Condition, Figures, Ladder, Step, requirements, view
from pifa.standing import queries, wording
from pifa.standing.labels import english
from pifa.standing.models import Kind
from pifa.standing.queries import ConditionLine, Outlook, SpanView, StoryToday, line_of
from pifa.web.kit.formats import day_text
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.standing_parts import benefits_of, credit_of

DAYS_DRAWN = 90
KINDS: dict[str, tuple[str, ...]] = {
    "seller": (Kind.MEDAL.value, Kind.TIER.value),
    "buyer": (Kind.LEVEL.value,),
}
TRENDS = {"seller": "sales_30d", "buyer": "spend_30d"}


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition as the kit's `condition` takes it."""

    label: str
    asked: str
    value: str
    words: str
    met: bool
    share: int | None


@dataclass(frozen=True, slots=True)
class LadderCard:
    """One ladder: the step held, what the next asks by now, what keeps this one, what comes."""

    kind: str
    title: str
    rank: int
    held: str
    since: date | None
    next: str
    needs: tuple[ConditionRow, ...]
    keeps: tuple[ConditionRow, ...]
    change: str
    falls: bool
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class History:
    """What was held of a kind, for a step chart."""

    title: str
    days: Sequence[tuple[str, int]]
    levels: Sequence[str]


def standing(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Where the company stands, what is missing, what comes by itself, what it brings."""
    actor = actor_on(request)
    company_id = actor.company_id or 0
    told = queries.outlook(actor, company_id)
    kinds = [kind for kind in KINDS[centre.side] if told.story(kind)]
    stories = [story for kind in kinds if (story := told.story(kind))]
    drawn = [*kinds, *([Kind.CREDIT.value] if centre.side == "buyer" else [])]
    spans = {kind: queries.history(company_id, kind) for kind in drawn}
    trend = _trend(company_id, centre.side)
    return centre.show(
        request,
        "shared/standing.html",
        rated=told.now.rated,
        day=told.now.day,
        book=told.now.book,
        ladders=[_ladder(story, told, spans[story.now.kind]) for story in stories],
        credit=credit_of(told) if centre.side == "buyer" else None,
        today=_today(stories, told),
        trend=[amount for _day, amount in trend],
        trend_sum=sum(amount for _day, amount in trend),
        trend_title=_("近30天销售") if centre.side == "seller" else _("近30天采购"),
        leaving=[
            (day, amount, day + timedelta(days=METRICS[TRENDS[centre.side]].window or 0))
            for day, amount in reversed(trend)
            if amount
        ],
        benefits=benefits_of(company_id, stories, told),
        histories=[_history(kind, spans[kind], told) for kind in drawn if spans[kind]],
        rules=[_rules(story.now.ladder, told.now.figures) for story in stories],
    )


def card_of(story: StoryToday) -> LadderCard:
    """A ladder for a card on a front page: only what is still missing."""
    now, risen = story.now, story.so_far.held != story.now.held
    needs = () if risen else tuple(row_of(line) for line in story.so_far.conditions)
    return LadderCard(
        kind=now.kind,
        title=wording.ladder_name(now),
        rank=now.held.rank if now.held else 0,
        held=wording.step_words(now.held),
        since=None,
        next=wording.step_words(now.next) if now.next else "",
        needs=needs,
        keeps=(),
        change=wording.change_words(now),
        falls=bool(now.change and now.change.falls),
        rule="",
        source="",
    )


def _ladder(story: StoryToday, told: Outlook, spans: Sequence[SpanView]) -> LadderCard:
    now, by_now = story.now, told.so_far.figures
    spoken_of = now.next or now.held
    last = spans[-1] if spans else None
    return LadderCard(
        kind=now.kind,
        title=wording.ladder_name(now),
        rank=now.held.rank if now.held else 0,
        held=wording.step_words(now.held),
        since=last.since if last and now.held and last.code == now.held.code else None,
        next=wording.step_words(now.next) if now.next else "",
        needs=tuple(row_of(line) for line in lines(now.ladder, now.next, by_now)),
        keeps=tuple(row_of(line) for line in lines(now.ladder, now.held, by_now)),
        change=wording.change_words(now),
        falls=bool(now.change and now.change.falls),
        rule=spoken_of.rule_id if spoken_of else now.ladder.rule_id,
        source=spoken_of.source if spoken_of else now.ladder.source,
    )


def lines(ladder: Ladder, step: Step | None, figures: Figures) -> list[ConditionLine]:
    """What a step asks, held against figures."""
    asked = requirements(ladder, step) if step else ()
    return [line_of(view(condition, figures)) for condition in asked]


def row_of(line: ConditionLine) -> ConditionRow:
    """A condition as pages draw it."""
    condition = line.view.condition
    exempt = wording.exemption_words(line)
    if line.view.exempt:
        words = _("免考核：%(exemption)s") % {"exemption": exempt}
    elif line.view.holds:
        words = _("已达到")
    elif line.view.value is None:
        words = _("还没有记录")
    else:
        words = wording.missing_words(line) or _("未达到")
    if exempt and not line.view.exempt:
        words += _("（%(exemption)s 时免考核）") % {"exemption": exempt}
    return ConditionRow(
        label=wording.label_words(line.metric),
        asked=wording.asked_words(condition),
        value=wording.measure_words(line.metric, line.view.value),
        words=words,
        met=line.view.holds,
        share=line.share if condition.op.is_floor else None,
    )


def _today(stories: Sequence[StoryToday], told: Outlook) -> list[tuple[str, str, str, bool]]:
    """Each figure that counts: by last night's rating, by now, whether it moved."""
    asked = {condition.metric: None for story in stories for condition in _asked(story)}
    night, by_now = told.now.figures, told.so_far.figures
    return [
        (
            wording.label_words(name),
            wording.measure_words(name, night.get(name)),
            wording.measure_words(name, by_now.get(name)),
            night.get(name) != by_now.get(name),
        )
        for name in asked
    ]


def _asked(story: StoryToday) -> tuple[Condition, ...]:
    """What the held step and the next one ask."""
    now = story.now
    steps = [step for step in (now.next, now.held) if step]
    return tuple(condition for step in steps for condition in requirements(now.ladder, step))


def _trend(company_id: int, side: str) -> list[tuple[date, int]]:
    """Each of the last thirty days, today among them, with what it brought, in fen."""
    name = TRENDS[side]
    window = METRICS[name].window or 0
    today = clock.today()
    first = today - timedelta(days=window - 1)
    found = metrics.daily(company_id, side, name, first, today)
    days = [first + timedelta(days=place) for place in range(window)]
    return [(day, _fen(found.get(day, 0))) for day in days]


def _fen(figure: object) -> int:
    assert isinstance(figure, int)
    return figure


def _history(kind: str, spans: Sequence[SpanView], told: Outlook) -> History:
    today = clock.today()
    first = max(spans[0].since, today - timedelta(days=DAYS_DRAWN - 1))
    levels = _levels(kind, told)
    days: list[tuple[str, int]] = []
    for place in range((today - first).days + 1):
        day = first + timedelta(days=place)
        span = next(span for span in reversed(spans) if span.since <= day)
        days.append((day_text(day, today), min(span.rank, len(levels) - 1)))
    title = {
        Kind.MEDAL: _("勋章走势"),
        Kind.TIER: _("分层走势"),
        Kind.LEVEL: _("等级走势"),
        Kind.CREDIT: _("信用走势"),
    }[Kind(kind)]
    return History(title, days, levels)


def _levels(kind: str, told: Outlook) -> list[str]:
    """The names of the steps of a kind by rank, from the lowest: nothing where ranks begin at 1."""
    if kind == Kind.CREDIT:
        return [
            wording.measure_words("credit_rank", band.rank)
            for band in told.now.book.scorecards["credit"].bands
        ]
    story = told.story(kind)
    assert story is not None
    steps = story.now.ladder.steps
    short = kind == Kind.LEVEL
    names = [f"L{step.rank}" if short else wording.step_words(step) for step in steps]
    return names if steps[0].rank == 0 else [_("无"), *names]


def _rules(ladder: Ladder, figures: Figures) -> dict[str, Any]:
    """A ladder as its rulebook has it: (step, conditions, rule, source), highest first."""
    return {
        "title": ladder.name_en if english() else ladder.name,
        "code": ladder.code,
        "steps": [
            (
                wording.step_words(step),
                [wording.condition_words(line) for line in lines(ladder, step, figures)],
                step.rule_id,
                step.source,
            )
            for step in reversed(ladder.steps)
        ],
    }
