"""Which shops take part in the key-account programme, and how they stand in it on the opening day."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final

from pifa.demo.plan.standing import SellerTarget
from pifa.demo.vocabulary import MedalSystem

C1, C2, NON = MedalSystem.CONSUMER_1, MedalSystem.CONSUMER_2, MedalSystem.NON_CONSUMER


class Part(StrEnum):
    """What a shop is in the programme."""

    STEADY = "steady"
    """A member of the season before too, well on its way."""
    BEHIND = "behind"
    """A member a little behind its pace."""
    LOST = "lost"
    """A member that lost its traffic tag at the first checkpoint."""
    APPEALS = "appeals"
    """The same, and it says something against it."""
    FROZEN = "frozen"
    """Missed the season before by far."""
    REHEARSES = "rehearses"
    """In the middle of its rehearsal for the next season."""
    WAITS = "waits"
    """Signed up for a rehearsal that nobody has looked at."""
    EXCEPTION = "exception"
    """Rehearsed, and enrolled past a gate that is shut: one reviewer has said yes."""


MEMBERS: Final = (Part.STEADY, Part.BEHIND, Part.LOST, Part.APPEALS)
"""Those that are members of the season that runs."""

SHARE_OF_SALES: Final = {
    Part.STEADY: Fraction(9, 10),
    Part.BEHIND: Fraction(6, 5),
    Part.LOST: Fraction(4),
    Part.APPEALS: Fraction(4),
}
"""A member's target of the month as a share of what it sells in thirty days."""

_PARTS: Final = {
    (C1, 3): (Part.REHEARSES, Part.BEHIND),
    (C1, 4): (Part.STEADY, Part.STEADY),
    (C1, 5): (Part.WAITS,),
    (C2, 3): (Part.APPEALS, Part.LOST),
    (C2, 4): (Part.LOST, Part.STEADY, Part.BEHIND),
    (C2, 5): (Part.STEADY,),
    (NON, 3): (Part.FROZEN, Part.STEADY, Part.BEHIND),
    (NON, 4): (Part.STEADY, Part.STEADY),
    (NON, 5): (Part.EXCEPTION,),
}
"""By medal system and medal, in the order of the shops; who comes later stands outside."""


def parts(targets: Sequence[SellerTarget]) -> dict[int, Part]:
    """The parts of the shops that take part, by their places; the named seller is the first."""
    found = {0: Part.BEHIND}
    left = {key: list(some) for key, some in _PARTS.items()}
    for place, target in enumerate(targets):
        waiting = left.get((target.system, target.medal))
        if place and waiting and not target.exact:
            found[place] = waiting.pop(0)
    return found


def month_target(part: Part, sales: int) -> int:
    """A member's target in yuan, in whole ten thousands, for sales of thirty days in yuan."""
    return -int(-SHARE_OF_SALES[part] * sales // 10_000) * 10_000
