"""How a company stands now: as last night rated it, and how today counts so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.metrics import queries as metrics
from pifa.metrics.definitions import METRICS
from pifa.parties import policies
from pifa.parties.models import Company
from pifa.rulebook.rules import Book, Condition, Figure, Ladder
from pifa.standing.books import book_on
from pifa.standing.models import Kind
from pifa.standing.profiles import ProfileRow, present
from pifa.standing.queries.explaining import (
    Explained,
    FiguresOn,
    LadderStory,
    profile_on,
    tell,
    told,
)
from pifa.standing.rules import full_figures, medal_ladder
from pifa.standing.rules.forecast import HORIZON
from pifa.standing.rules.rating import CREDIT, LEVELS

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoryToday:
    """A ladder as the rating of today has it, and as today counts so far.

    `now.change` knows what happened today: it says what comes if nothing more happens.
    """

    now: LadderStory
    so_far: LadderStory


@dataclass(frozen=True, slots=True)
class Outlook:
    """A company's standing by the rating of today, and as that of tomorrow would have it by now."""

    now: Explained
    so_far: Explained

    def story(self, kind: str) -> StoryToday | None:
        """The story of a kind; None where the company is not on that ladder."""
        so_far = self.so_far.story(kind)
        # One that opened its shop today is on its first rating's ladder already.
        now = self.now.story(kind) or so_far
        return StoryToday(now, so_far) if now and so_far else None


def outlook(actor: Actor, company_id: int) -> Outlook:
    """Both explanations of a company to its members or to operators. Eleven statements at most."""
    policies.require_reader(actor, company_id)
    today = clock.today()
    ahead = metrics.figures_ahead(company_id, today, HORIZON + 1, facts_until=today + ONE)
    rated = profile_on(company_id, today)
    present_one = present([company_id]).get(company_id, rated)
    profiles = {today: rated}

    def explained(day: date) -> Explained:
        book = book_on(day)
        system = profiles.get(day, present_one).medal_system
        figures_on = _figures_on(book, ahead, profiles, present_one, system)
        return told(company_id, day, book, system, figures_on)

    return Outlook(explained(today), explained(today + ONE))


def glance(actor: Actor, kind: Kind, company: Company, medal_system: str = "") -> StoryToday | None:
    """The medal of a seller or the level of a buyer, for a card: two statements.

    `company` as it was read already, with the medal system of its shop. None for a kind that the
    company is not rated for.
    """
    policies.require_reader(actor, company.pk)
    if kind not in (Kind.LEVEL, Kind.MEDAL):
        raise ValueError(f"{kind} takes more than a glance")
    if kind is Kind.MEDAL and not medal_system:
        return None
    today = clock.today()
    book = book_on(today)
    ladder = book.ladders[LEVELS if kind is Kind.LEVEL else medal_ladder(medal_system)]
    names = _metrics_of(book, ladder)
    profile = ProfileRow(
        medal_system=medal_system,
        member_since=company.member_since,
        member_until=company.member_until,
    )
    ahead = metrics.figures_ahead(
        company.pk, today, HORIZON + 1, facts_until=today + ONE, names=names
    )
    figures_on = _figures_on(book, ahead, {}, profile, medal_system)
    return StoryToday(
        tell(kind.value, ladder, figures_on, today),
        tell(kind.value, ladder, figures_on, today + ONE),
    )


def _figures_on(
    book: Book,
    ahead: Mapping[date, dict[str, Figure]],
    profiles: Mapping[date, ProfileRow],
    otherwise: ProfileRow,
    medal_system: str,
) -> FiguresOn:
    def figures_on(then: date) -> dict[str, Figure]:
        profile = profiles.get(then, otherwise)
        return full_figures(book, ahead[then] | profile.figures(then), medal_system)

    return figures_on


def _metrics_of(book: Book, ladder: Ladder) -> Sequence[str]:
    """The metrics that a ladder asks for, those behind the credit band included."""
    asked = {name for step in ladder.steps for name in _named_by(step.conditions)}
    if "credit_rank" in asked:
        asked |= {weight.metric for weight in book.scorecards[CREDIT].weights}
    return tuple(name for name in METRICS if name in asked)


def _named_by(conditions: Iterable[Condition]) -> Iterator[str]:
    for condition in conditions:
        yield condition.metric
        if condition.unless is not None:
            yield from _named_by([condition.unless])
