"""The rulebook's terms of a day, and which sellers give the insurance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pifa.finance.insurance.freight import rules
from pifa.finance.insurance.freight.models import FreightGift, FreightWish
from pifa.finance.insurance.freight.rules import History, Quote, Terms
from pifa.kernel import clock
from pifa.standing.books import library

BOOK = "freight"


def terms_on(day: date) -> Terms:
    """The rulebook's figures of a market day."""
    table: dict[str, Any] = library().on(BOOK, day).tables["terms"]
    return rules.read_terms(table)


def wish_of(subject: str) -> FreightWish | None:
    """What the buyer took with a subject, if it did."""
    return FreightWish.objects.filter(covers=subject).first()


def wished(wish: FreightWish) -> Quote:
    """The quote that a buyer agreed to, made again from what it was made of."""
    return rules.quote(
        terms_on(clock.market_day(wish.quoted_at)),
        wish.region,
        History(wish.buyer_orders, wish.buyer_returns),
        History(wish.seller_orders, wish.seller_returns),
    )


def giving(company_ids: Iterable[int]) -> set[int]:
    """Those among sellers that insure the return freight of their orders; one statement."""
    rows = FreightGift.objects.filter(company__in=list(company_ids), on=True)
    return set(rows.values_list("company", flat=True))


def gives(company_id: int) -> bool:
    """Whether a seller insures the return freight of its orders."""
    return FreightGift.objects.filter(company=company_id, on=True).exists()
