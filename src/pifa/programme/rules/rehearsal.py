"""What a rehearsal comes to: `REHEARSE-*` of programme.md. Orders are counted, not judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pifa.programme.rules.asking import Answer, answers
from pifa.programme.rules.season import Rehearsing


@dataclass(frozen=True, slots=True)
class OrderSum:
    """What an order of the season's channels brought within the days of a round.

    `by_bank`: some of its money came by one of the season's methods. Orders that are ruled as
    brushing are not given.
    """

    number: str
    buyer_id: int
    fen: int
    by_bank: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A rehearsal as it stands: its conditions with their figures."""

    answers: tuple[Answer, ...]

    @property
    def passed(self) -> bool:
        return all(answer.holds for answer in self.answers)


def progress(rehearsing: Rehearsing, orders: Iterable[OrderSum]) -> Progress:
    """The conditions over these orders. What went back whole counts nowhere; one order may meet
    several conditions at once."""
    counted = [order for order in orders if order.fen > 0]
    figures = {
        "buyers": len({order.buyer_id for order in counted}),
        "large_orders": sum(order.fen >= rehearsing.large_fen for order in counted),
        "bank_orders": sum(order.by_bank for order in counted),
    }
    return Progress(answers(rehearsing.conditions, figures))
