"""Parts of the standing page: the benefits a company holds and could hold, its credit score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from pifa.benefits import queries as benefits
from pifa.benefits.labels import BOOSTING, SEARCH_BOOST, label_of, terms_of
from pifa.benefits.queries import GrantView
from pifa.rulebook.rules import GrantRule, Ladder, Step, Weight, view
from pifa.standing import wording
from pifa.standing.labels import english
from pifa.standing.queries import Outlook, StoryToday, line_of


@dataclass(frozen=True, slots=True)
class HeldBenefit:
    """A benefit that the company holds: what, why, by which rule, since when."""

    label: str
    terms: str
    why: str
    rule: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class MoreBenefit:
    """A benefit that it could hold: at which step, and what is asked besides."""

    label: str
    terms: str
    step: str
    lacks: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Benefits:
    """`missed`: the held step would bring them; `more`: the next one will."""

    held: tuple[HeldBenefit, ...]
    missed: tuple[MoreBenefit, ...]
    more: tuple[MoreBenefit, ...]


def benefits_of(company_id: int, stories: Sequence[StoryToday], told: Outlook) -> Benefits:
    """The benefits of these ladders. One statement."""
    book = told.now.book
    ladders = {story.now.ladder.code for story in stories}
    of_side = {rule.code for rule in book.grants if ladders & set(rule.ladders)}
    # What the programme adds to the same boost, and why.
    beside = BOOSTING if SEARCH_BOOST in of_side else ()
    held = [
        grant
        for grant in benefits.held(company_id)
        if grant.benefit in of_side or (grant.benefit in beside and grant.value.get("boost"))
    ]
    missed: list[MoreBenefit] = []
    more: list[MoreBenefit] = []
    for story in stories:
        now = story.now
        here = list(_of_step(told, now.ladder, now.held))
        missed += [one for one in here if one.lacks and (one.label, one.terms) not in _names(held)]
        brought = {(one.label, one.terms) for one in here}
        more += [
            one
            for one in _of_step(told, now.ladder, now.next)
            if (one.label, one.terms) not in brought
        ]
    return Benefits(tuple(_held(grant) for grant in held), tuple(missed), tuple(more))


def _names(held: Sequence[GrantView]) -> set[tuple[str, str]]:
    return {(grant.label, terms_of(grant.benefit, grant.value)) for grant in held}


def _of_step(told: Outlook, ladder: Ladder, step: Step | None) -> Iterator[MoreBenefit]:
    """What a step brings to those who meet what is asked besides."""
    for rule in told.now.book.grants:
        if step and ladder.code in rule.ladders and rule.low <= step.rank <= rule.high:
            yield MoreBenefit(
                label_of(rule.code),
                terms_of(rule.code, rule.value),
                wording.step_words(step),
                tuple(_lacks(rule, told)),
                rule.rule_id,
            )


def _lacks(rule: GrantRule, told: Outlook) -> Iterator[str]:
    for condition in rule.conditions:
        line = line_of(view(condition, told.so_far.figures))
        if not line.view.holds:
            yield wording.condition_words(line)


def _held(grant: GrantView) -> HeldBenefit:
    return HeldBenefit(
        grant.label,
        terms_of(grant.benefit, grant.value),
        str(grant.reason.get("en" if english() else "zh", "")),
        grant.rule_id,
        grant.since,
        grant.until,
    )


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit score by last night's rating; `parts` are (metric, figure, points, rule)."""

    title: str
    points: int
    by_now: int
    band: str
    next: str
    missing: int
    base: int
    parts: tuple[tuple[str, str, int, str], ...]
    bands: tuple[tuple[str, str, bool], ...]
    rule: str
    source: str


def credit_of(told: Outlook) -> Credit:
    """What brought points and what cost some, with the bands."""
    card = told.now.book.scorecards["credit"]
    score = told.now.credit
    parts: dict[str, tuple[str, int, list[str]]] = {}
    for part in score.parts:
        name = part.weight.metric
        value, points, rules = parts.get(name, ("", 0, []))
        value = wording.measure_words(name, part.value)
        parts[name] = (value, points + part.points, [*rules, _weight_words(part.weight)])
    in_english = english()
    return Credit(
        title=card.name_en if in_english else card.name,
        points=score.points,
        by_now=told.so_far.credit.points,
        band=score.band.name_en if in_english else score.band.name,
        next=(score.next.name_en if in_english else score.next.name) if score.next else "",
        missing=score.next.low - score.points if score.next else 0,
        base=card.base,
        parts=tuple(
            (wording.label_words(name), value, points, _("；").join(rules))
            for name, (value, points, rules) in parts.items()
        ),
        bands=tuple(
            (
                band.name_en if in_english else band.name,
                f"{band.low}–{band.high}",
                band == score.band,
            )
            for band in reversed(card.bands)
        ),
        rule=card.rule_id,
        source=card.source,
    )


def _weight_words(weight: Weight) -> str:
    words = (
        _("每 %(per)s 加 %(points)d 分，最多 %(most)d 分")
        if weight.points > 0
        else _("每 %(per)s 扣 %(points)d 分，最多 %(most)d 分")
    )
    return words % {
        "per": wording.measure_words(weight.metric, weight.per),
        "points": abs(weight.points),
        "most": weight.up_to,
    }
