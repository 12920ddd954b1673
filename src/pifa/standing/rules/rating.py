"""One company's rating by a book of rules: `LEVEL-*`, `MEDAL-*`, `TIER-*` of standing.md.

The nightly run says the same for all companies at once (`engine`); a property test holds both
to the same result.
"""

from __future__ import annotations

from dataclasses import dataclass

from pifa.rulebook.rules import Book, Figure, Figures, Score, Step, held, score

CREDIT = "credit"
LEVELS = "buyer_level"
TIERS = "seller_tier"


@dataclass(frozen=True, slots=True)
class Rated:
    """What a company holds; medal and tier are None for who sells nothing or holds none."""

    level: Step | None
    credit: Score
    medal: Step | None
    tier: Step | None


def medal_ladder(medal_system: str) -> str:
    """The ladder of a medal system (`consumer_1`, `consumer_2`, `non_consumer`)."""
    return f"medal_{medal_system}"


def full_figures(book: Book, figures: Figures, medal_system: str) -> dict[str, Figure]:
    """The figures with what is found on the way: credit score and band, the medal's rank.

    An empty medal system is that of a company that does not sell: its medal is 0.
    """
    return _found(book, figures, medal_system)[0]


def rate(book: Book, figures: Figures, medal_system: str) -> Rated:
    """Rate a company; a shop below 1A has no medal and no tier (standing.md, decision)."""
    known, credit, medal = _found(book, figures, medal_system)
    return Rated(
        level=held(book.ladders[LEVELS], known),
        credit=credit,
        medal=medal,
        tier=held(book.ladders[TIERS], known) if medal_system else None,
    )


def _found(
    book: Book, figures: Figures, medal_system: str
) -> tuple[dict[str, Figure], Score, Step | None]:
    """The full figures with the score and the medal that are part of them."""
    credit = score(book.scorecards[CREDIT], figures)
    known: dict[str, Figure] = {
        **figures,
        "credit_score": credit.points,
        "credit_rank": credit.band.rank,
    }
    medal = held(book.ladders[medal_ladder(medal_system)], known) if medal_system else None
    known["medal"] = medal.rank if medal else 0
    return known, credit, medal
