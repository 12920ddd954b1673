"""What members hold: `BENEFIT-*` and `TRACK-*` of programme.md."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.programme.rules.asking import Answer, answers
from pifa.programme.rules.checkpoints import Tags
from pifa.programme.rules.season import BenefitRule, Season, Tag, Track, TrackBenefit, TrackStep
from pifa.rulebook.rules import Figures

MEMBER_TAG = "member_tag"
TRAFFIC_TAG = "traffic_tag"
"""The tags themselves are grants too: floors below ask for them in the register."""


def tags_held(tags: Tags) -> tuple[Tag, ...]:
    """The tags that are held; the traffic tag never without the member tag."""
    if not tags.member:
        return ()
    return (Tag.MEMBER, Tag.TRAFFIC) if tags.traffic else (Tag.MEMBER,)


def benefits_of(season: Season, department: str, tags: Tags) -> tuple[BenefitRule, ...]:
    """The benefits that a member of a department holds with its tags (`BENEFIT-1` …)."""
    held = tags_held(tags)
    return tuple(
        rule
        for rule in season.benefits
        if rule.tag in held and (not rule.departments or department in rule.departments)
    )


@dataclass(frozen=True, slots=True)
class TrackView:
    """A track as one member stands to it; `step` is the highest that holds, None without steps."""

    track: Track
    answers: tuple[Answer, ...]
    holds: bool
    step: TrackStep | None
    benefits: tuple[TrackBenefit, ...]


def view_track(track: Track, figures: Figures, department: str) -> TrackView:
    """Whether a member has reached a track's threshold, and how many of its benefits.

    Without steps all benefits come with the threshold; with steps those up to the highest that
    holds (each asks its own besides the track's). A threshold that asks nothing of a department
    is reached by nobody of it.
    """
    found = answers(track.conditions, figures, department)
    holds = bool(found) and all(answer.holds for answer in found)
    if not holds:
        return TrackView(track, found, False, None, ())
    if not track.steps:
        return TrackView(track, found, True, None, track.benefits)
    reached = None
    for step in track.steps:
        if all(answer.holds for answer in answers(step.conditions, figures, department)):
            reached = step
    given = track.benefits[: reached.first] if reached else ()
    return TrackView(track, found, reached is not None, reached, given)
