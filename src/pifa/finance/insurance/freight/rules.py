"""What insuring an order's return freight costs, and why; what a return is paid (`FREIGHT-INS`).

Pure. The premium is what the insurer expects to pay (insured × expected rate of returns) and its
own cost on top, within the least and the most. The expected rate is the buyer's and the seller's
own, each drawn towards the usual one while few orders are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from pifa.kernel.money import Money

_RATE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Terms:
    """The rulebook's figures of a day."""

    history_days: int
    usual_rate: Decimal
    usual_orders: int
    buyer_share: Decimal
    loading: Decimal
    least_premium: Money
    most_premium_share: Decimal
    return_freight: Money
    return_freight_by_region: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class History:
    """A company's shipped orders of the past, and in how many of them goods were sent back."""

    orders: int
    returns: int


class Bound(StrEnum):
    """What held a premium, if the reckoning did not."""

    NONE = ""
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Quote:
    """A premium with everything it was made of; rates are shares of one."""

    region: str
    insured: Money
    buyer: History
    seller: History
    buyer_rate: Decimal
    seller_rate: Decimal
    expected_rate: Decimal
    reckoned: Money
    premium: Money
    bound: Bound


def read_terms(table: Mapping[str, Any]) -> Terms:
    """The table `terms` of the rulebook; `KeyError` or `ValueError` for one that cannot be read."""
    by_region = table["return_freight_from"]
    return Terms(
        history_days=int(table["history_days"]),
        usual_rate=Decimal(table["usual_rate"]),
        usual_orders=int(table["usual_orders"]),
        buyer_share=Decimal(table["buyer_share"]),
        loading=Decimal(table["loading"]),
        least_premium=Money.yuan(table["least_premium_yuan"]),
        most_premium_share=Decimal(table["most_premium_share"]),
        return_freight=Money.yuan(table["return_freight_yuan"]),
        return_freight_by_region={code: Money.yuan(fen) for code, fen in by_region.items()},
    )


def freight_from(terms: Terms, region: str) -> Money:
    """What sending goods back from a province costs; `region` is its code of GB/T 2260."""
    return terms.return_freight_by_region.get(region, terms.return_freight)


def own_rate(terms: Terms, past: History) -> Decimal:
    """A company's rate of returns, drawn towards the usual one while few orders are known."""
    returns = past.returns + terms.usual_rate * terms.usual_orders
    return (returns / (past.orders + terms.usual_orders)).quantize(_RATE, ROUND_HALF_UP)


def quote(terms: Terms, region: str, buyer: History, seller: History) -> Quote:
    """What insuring an order to a province costs, from both companies' past."""
    insured = freight_from(terms, region)
    buyers, sellers = own_rate(terms, buyer), own_rate(terms, seller)
    share = terms.buyer_share
    expected = (buyers * share + sellers * (1 - share)).quantize(_RATE, ROUND_HALF_UP)
    cost = insured.fen * expected * (1 + terms.loading)
    reckoned = Money(int(cost.quantize(Decimal(1), ROUND_HALF_UP)))
    most = Money(int((insured.fen * terms.most_premium_share).quantize(Decimal(1), ROUND_DOWN)))
    premium, bound = reckoned, Bound.NONE
    if reckoned < terms.least_premium:
        premium, bound = terms.least_premium, Bound.LEAST
    if premium > most:
        premium, bound = most, Bound.MOST
    return Quote(
        region, insured, buyer, seller, buyers, sellers, expected, reckoned, premium, bound
    )  # fmt: skip


def payout(terms: Terms, region: str, insured: Money) -> Money:
    """What a return is paid: the freight from the province on that day, up to what is insured."""
    return min(freight_from(terms, region), insured)
