"""The tables that metrics are expressed on, made from facts by Ibis. Ages count back from the
day of the rating: 1 is the day before it.

    facts ──► pairs      a seller and a buyer: what they did within each window
          ├─► disputes   a case that came before the market, and how it stands
          ├─► credit     a day or a due day of a buyer's line of credit with a seller
          └─► signs      of a company's life: last sign-in, last reply, penalty points
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pifa.metrics.facts import CREDIT, SIGNS, TRADE, FactKind

if TYPE_CHECKING:
    import ibis.expr.types as ir

WINDOWS = (30, 90)
"""Days of trade that metrics look back on."""

TRADE_REACH = 90
"""Days after which trade and disputes are in no window any more."""

SIGNS_REACH = 400
"""Days after which a sign of life is forgotten; no less than a year, for the penalty points."""

MEASURES = ("orders", "paid_fen", "refunded_fen", "refunds", "completed")
"""What is summed up of a pair; the columns of a window are `<measure>_<window>`."""


class Grain(StrEnum):
    """A table that metrics are expressed on."""

    PAIRS = "pairs"
    DISPUTES = "disputes"
    CREDIT = "credit"
    SIGNS = "signs"


FACTS = {
    "kind": "string",
    "seller_id": "int64",
    "buyer_id": "int64",
    "ref": "string",
    "amount_fen": "int64",
    "count": "int64",
    "age": "int64",
    "this_year": "boolean",
}
"""Facts before the day of the rating, without those of orders ruled out. `this_year`: of the
calendar year of that day."""

SCHEMAS: dict[Grain, dict[str, str]] = {
    Grain.PAIRS: {
        "seller_id": "int64",
        "buyer_id": "int64",
        **{f"{measure}_{window}": "int64" for measure in MEASURES for window in WINDOWS},
    },
    Grain.DISPUTES: {
        "seller_id": "int64",
        "buyer_id": "int64",
        "age": "int64",
        "stands": "boolean",
        "lost": "boolean",
    },
    Grain.CREDIT: {
        "seller_id": "int64",
        "buyer_id": "int64",
        "repaid": "int64",
        "overdue": "int64",
    },
    Grain.SIGNS: {
        "seller_id": "int64",
        "last_login": "int64",
        "last_reply": "int64",
        "points": "int64",
    },
}
"""`stands`: open, or ruled for the buyer wholly or in part; `lost`: ruled for the seller."""


def pairs(facts: ir.Table) -> ir.Table:
    """Paid, refunded and completed of each seller and buyer, within each window."""
    of_trade = facts.filter(facts.kind.isin([*TRADE]), facts.age <= TRADE_REACH)
    sums: dict[str, Any] = {}
    for window in WINDOWS:
        within = of_trade.age <= window
        paid = within & (of_trade.kind == FactKind.PAID)
        back = within & (of_trade.kind == FactKind.REFUNDED)
        ended = within & (of_trade.kind == FactKind.COMPLETED)
        sums |= {
            f"orders_{window}": of_trade["count"].sum(where=paid),
            f"paid_fen_{window}": of_trade.amount_fen.sum(where=paid),
            f"refunded_fen_{window}": of_trade.amount_fen.sum(where=back),
            f"refunds_{window}": of_trade["count"].sum(where=back),
            f"completed_{window}": of_trade["count"].sum(where=ended),
        }
    whole = {name: value.fill_null(0).cast("int64") for name, value in sums.items()}
    return of_trade.group_by("seller_id", "buyer_id").aggregate(**whole)


def disputes(facts: ir.Table) -> ir.Table:
    """Each case of the longest window with what has become of it until now."""
    opened = facts.filter(facts.kind == FactKind.DISPUTE_OPENED, facts.age <= TRADE_REACH)
    ends = facts.filter(facts.kind.isin([FactKind.DISPUTE_ENDED, FactKind.DISPUTE_WITHDRAWN]))
    ended = ends.group_by("ref").aggregate(
        ruled=ends.count(where=ends.kind == FactKind.DISPUTE_ENDED),
        upheld=ends["count"].sum(where=ends.kind == FactKind.DISPUTE_ENDED),
    )
    case = opened.left_join(ended, "ref")
    upheld = case.upheld.fill_null(0) > 0
    return case.select(
        "seller_id",
        "buyer_id",
        "age",
        stands=case.ruled.isnull() | upheld,
        lost=(case.ruled.fill_null(0) > 0) & ~upheld,
    )


def credit(facts: ir.Table) -> ir.Table:
    """Due days that were paid in time and days that were late, of the longest window."""
    of_lines = facts.filter(facts.kind.isin([*CREDIT]), facts.age <= TRADE_REACH)
    repaid = of_lines.kind == FactKind.REPAID
    return of_lines.select(
        "seller_id",
        "buyer_id",
        repaid=repaid.ifelse(of_lines["count"], 0).cast("int64"),
        overdue=repaid.ifelse(0, of_lines["count"]).cast("int64"),
    )


def signs(facts: ir.Table) -> ir.Table:
    """Last sign-in and reply by company, and its penalty points by the year they were given."""
    signs = facts.filter(facts.kind.isin([*SIGNS]))
    given = (signs.kind == FactKind.PENALTY) & (signs["count"] > 0) & signs.this_year
    by_entry = signs.group_by("seller_id", "ref").aggregate(
        last_login=signs.age.min(where=signs.kind == FactKind.LOGIN),
        last_reply=signs.age.min(where=signs.kind == FactKind.REPLY),
        of_year=given.any(),
        points=signs["count"].sum(where=signs.kind == FactKind.PENALTY),
    )
    return by_entry.select(
        "seller_id",
        "last_login",
        "last_reply",
        # What was given in another year counts there, taken back or not.
        points=by_entry.of_year.ifelse(by_entry.points, 0).fill_null(0).cast("int64"),
    )


MAKERS = {
    Grain.PAIRS: pairs,
    Grain.DISPUTES: disputes,
    Grain.CREDIT: credit,
    Grain.SIGNS: signs,
}
