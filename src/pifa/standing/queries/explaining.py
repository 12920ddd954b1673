"""Why a company stands where it stands: each condition with its figure, what is missing, and
on which day it changes by itself.

The single view: from the projections, by the same rules as the nightly run. For a day that was
rated the two agree (tests hold them to it); for a day to come it says how today would be rated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Max

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.metrics import queries as metrics
from pifa.metrics.definitions import METRICS, Leaves
from pifa.parties import policies
from pifa.rulebook.rules import (
    Book,
    ConditionView,
    Figure,
    Ladder,
    Score,
    Step,
    Unit,
    score,
)
from pifa.rulebook.rules import (
    explain as explain_ladder,
)
from pifa.standing.books import book_on
from pifa.standing.errors import DayNotRated
from pifa.standing.models import Kind, RatingRun
from pifa.standing.profiles import ProfileRow, present, profiles_on
from pifa.standing.rules import Change, forecast, full_figures, medal_ladder
from pifa.standing.rules.forecast import HORIZON
from pifa.standing.rules.rating import CREDIT, LEVELS, TIERS
from pifa.standing.vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition with the company's figure; `share` is how far it has come, 0 to 100."""

    view: ConditionView
    label: str
    label_en: str
    unit: Unit
    share: int

    @property
    def metric(self) -> str:
        return self.view.condition.metric


@dataclass(frozen=True, slots=True)
class LadderStory:
    """One ladder: where the company is, what the next step asks, what keeps it, what comes.

    `leaving` are the days whose happenings leave the window with the change and so bring it.
    """

    kind: str
    ladder: Ladder
    held: Step | None
    next: Step | None
    conditions: tuple[ConditionLine, ...]
    kept: tuple[ConditionLine, ...]
    change: Change | None
    leaving: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A company's standing on a day, explained. `rated`: the nightly run rated that day."""

    company_id: int
    day: date
    book: Book
    rated: bool
    figures: Mapping[str, Figure]
    medal_system: str
    credit: Score
    stories: tuple[LadderStory, ...]

    def story(self, kind: str) -> LadderStory | None:
        """The story of a kind; None where the company is not on that ladder."""
        return next((story for story in self.stories if story.kind == kind), None)


def explain(actor: Actor, company_id: int, day: date | None = None) -> Explained:
    """Explain a company's standing to its members or to operators; others do not find it.

    `day` is a day of rating: today (the usual), a past one, or tomorrow: how today counts so
    far. Raises `DayNotRated` for a day beyond tomorrow or before the rules begin.
    """
    policies.require_reader(actor, company_id)
    day = day or clock.today()
    if day > clock.today() + timedelta(days=1):
        last = RatingRun.objects.filter(state="rated").aggregate(day=Max("day"))["day"]
        raise DayNotRated(day=day.isoformat(), last=last.isoformat() if last else "—")
    book = book_on(day)
    profile = profile_on(company_id, day)
    ahead = metrics.figures_ahead(company_id, day, HORIZON)

    def figures_on(then: date) -> dict[str, Figure]:
        return full_figures(book, ahead[then] | profile.figures(then), profile.medal_system)

    return told(company_id, day, book, profile.medal_system, figures_on)


FiguresOn = Callable[[date], dict[str, Figure]]


def tell_ladder(
    company_id: int, kind: str, ladder: Ladder, day: date
) -> tuple[LadderStory, dict[str, Figure]]:
    """Where a company stands on a ladder of another book, told as its own ladders are; and the
    figures. For floors above, which ask their own policies first."""
    book, profile = book_on(day), profile_on(company_id, day)
    ahead = metrics.figures_ahead(company_id, day, HORIZON)

    def figures_on(then: date) -> dict[str, Figure]:
        return full_figures(book, ahead[then] | profile.figures(then), profile.medal_system)

    return tell(kind, ladder, figures_on, day), figures_on(day)


def told(
    company_id: int, day: date, book: Book, medal_system: str, figures_on: FiguresOn
) -> Explained:
    """The explanation of a day from its figures and those of the days after it."""
    figures = figures_on(day)
    return Explained(
        company_id=company_id,
        day=day,
        book=book,
        rated=RatingRun.objects.filter(day=day, state=RatingRun.State.RATED).exists(),
        figures=figures,
        medal_system=medal_system,
        credit=score(book.scorecards[CREDIT], figures),
        stories=tuple(
            tell(kind, book.ladders[code], figures_on, day) for kind, code in _ladders(medal_system)
        ),
    )


def profile_on(company_id: int, day: date) -> ProfileRow:
    """What a company was on a day: noted in its night, or as it is now; `NotFound`."""
    found = profiles_on(day, [company_id]).get(company_id)
    if found is None or day > clock.today():
        found = present([company_id]).get(company_id)
    if found is None:
        raise NotFound
    return found


def _ladders(medal_system: str) -> list[tuple[str, str]]:
    found = [(Kind.LEVEL.value, LEVELS)]
    if medal_system:
        found = [
            (Kind.MEDAL.value, medal_ladder(medal_system)),
            (Kind.TIER.value, TIERS),
            *found,
        ]
    return found


def tell(kind: str, ladder: Ladder, figures_on: FiguresOn, day: date) -> LadderStory:
    """One ladder's part of an explanation."""
    said = explain_ladder(ladder, figures_on(day))
    change = forecast(ladder, figures_on, day)
    return LadderStory(
        kind=kind,
        ladder=ladder,
        held=said.held,
        next=said.next,
        conditions=tuple(line_of(view) for view in said.conditions),
        kept=tuple(line_of(view) for view in said.kept),
        change=change,
        leaving=_leaving(change),
    )


def _leaving(change: Change | None) -> tuple[date, ...]:
    """The day that leaves each lacking condition's window on the day of the change."""
    if change is None or not change.falls:
        return ()
    days = set()
    for view in change.lacking:
        metric = METRICS.get(view.condition.metric)
        if metric is not None and metric.window and metric.leaves is not Leaves.NEVER:
            days.add(change.day - timedelta(days=metric.window + 1))
    return tuple(sorted(days))


def line_of(view: ConditionView) -> ConditionLine:
    """A condition with the words of its metric."""
    word = VOCABULARY[view.condition.metric]
    return ConditionLine(view, word.label, word.label_en, word.unit, _share(view))


def _share(view: ConditionView) -> int:
    """How far a figure has come towards a floor, in whole hundredths; a ceiling is met or not."""
    wanted = view.condition.value
    if view.holds:
        return 100
    if isinstance(wanted, bool) or not view.condition.op.is_floor or view.value is None:
        return 0
    reached = view.value if isinstance(view.value, int) else view.value.value
    if reached is None or wanted <= 0:
        return 0
    return max(0, min(99, int(Fraction(reached) * 100 / Fraction(wanted))))
