"""The premium of return freight: bounded, monotone, explained; what a return is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.insurance.freight.rules import (
    Bound,
    History,
    Quote,
    freight_from,
    own_rate,
    payout,
    quote,
)
from pifa.finance.insurance.freight.terms import terms_on
from pifa.kernel.money import Money
from pifa.kernel.regions import REGIONS
from pifa.ledger import rules as postings

TERMS = terms_on(date(2026, 3, 2))
UNKNOWN = History(0, 0)

regions = st.sampled_from([*REGIONS, "", "99"])
histories = st.integers(0, 5_000).flatmap(
    lambda orders: st.builds(History, st.just(orders), st.integers(0, orders))
)


def quoted(buyer: History = UNKNOWN, seller: History = UNKNOWN, region: str = "33") -> Quote:
    return quote(TERMS, region, buyer, seller)


def test_worked_by_hand() -> None:
    """Of 80 orders the buyer sent 7 back, the seller had 2 of 180: (7 + 0.6) / 100 = 7.6 % and
    (2 + 0.6) / 200 = 1.3 %; 0.6 × 7.6 % + 0.4 × 1.3 % = 5.08 %; ¥12.00 × 5.08 % × 1.25 = ¥0.762."""
    found = quoted(History(80, 7), History(180, 2))
    assert (found.buyer_rate, found.seller_rate) == (Decimal("0.076"), Decimal("0.013"))
    assert found.expected_rate == Decimal("0.0508")
    assert (found.insured, found.reckoned, found.premium) == (Money(12_00), Money(76), Money(76))
    assert found.bound is Bound.NONE


def test_nobody_known_is_usual() -> None:
    found = quoted()
    assert (found.buyer_rate, found.seller_rate) == (TERMS.usual_rate, TERMS.usual_rate)
    assert found.premium == Money(45)  # ¥12.00 × 3 % × 1.25


def test_the_least_and_the_most() -> None:
    good = quoted(History(5_000, 0), History(5_000, 0))
    assert (good.premium, good.bound) == (TERMS.least_premium, Bound.LEAST)
    bad = quoted(History(5_000, 5_000), History(5_000, 5_000))
    assert (bad.premium, bad.bound) == (Money(4_80), Bound.MOST)
    assert bad.reckoned > bad.premium


@given(histories, histories, regions)
def test_a_premium_is_within_its_bounds_and_below_what_is_insured(
    buyer: History, seller: History, region: str
) -> None:
    found = quoted(buyer, seller, region)
    assert TERMS.least_premium <= found.premium
    assert found.premium.fen <= found.insured.fen * TERMS.most_premium_share
    assert Money(0) < found.premium < found.insured
    assert found.insured == freight_from(TERMS, region)


@given(histories, histories, regions)
def test_one_return_more_is_never_cheaper_one_good_order_more_never_dearer(
    buyer: History, seller: History, region: str
) -> None:
    now = quoted(buyer, seller, region)
    good = replace(buyer, orders=buyer.orders + 1)
    assert quoted(good, seller, region).premium <= now.premium
    worse = History(buyer.orders + 1, buyer.returns + 1)
    assert quoted(worse, seller, region).premium >= now.premium
    assert quoted(buyer, replace(seller, orders=seller.orders + 1), region).premium <= now.premium
    seller_worse = History(seller.orders + 1, seller.returns + 1)
    assert quoted(buyer, seller_worse, region).premium >= now.premium


@given(histories, histories, regions)
def test_a_quote_says_all_it_was_made_of(buyer: History, seller: History, region: str) -> None:
    """Whoever reads it can reckon it again from its own parts."""
    found = quoted(buyer, seller, region)
    assert (found.buyer, found.seller) == (buyer, seller)
    low, high = sorted((found.buyer_rate, found.seller_rate))
    assert low - Decimal("0.000001") <= found.expected_rate <= high + Decimal("0.000001")
    exact = found.insured.fen * found.expected_rate * (1 + TERMS.loading)
    assert abs(found.reckoned.fen - exact) <= Decimal("0.5")
    held = {Bound.NONE: found.reckoned, Bound.LEAST: TERMS.least_premium}
    assert found.premium == held.get(found.bound, found.premium)
    assert (found.bound is Bound.LEAST) == (found.reckoned < found.premium)
    assert (found.bound is Bound.MOST) == (found.reckoned > found.premium)


@given(histories)
def test_a_rate_lies_between_the_usual_and_what_was(past: History) -> None:
    rate = own_rate(TERMS, past)
    seen = Decimal(past.returns) / past.orders if past.orders else TERMS.usual_rate
    low, high = sorted((seen, TERMS.usual_rate))
    assert low - Decimal("0.000001") <= rate <= high + Decimal("0.000001")


@given(regions, st.integers(1, 100_00))
def test_a_return_is_paid_its_freight_up_to_what_is_insured(region: str, fen: int) -> None:
    paid = payout(TERMS, region, Money(fen))
    assert paid == min(Money(fen), freight_from(TERMS, region))


@given(st.integers(1, 100_00))
def test_every_movement_is_with_the_bank_and_adds_up(fen: int) -> None:
    amount = Money(fen)
    came = postings.net(postings.freight_premium("f", 7, amount))
    back = postings.net(postings.freight_premium_returned("f", 7, amount))
    assert sum(came.values()) == sum(back.values()) == 0
    assert {purse: -gain for purse, gain in came.items()} == back
    assert postings.net(postings.freight_paid_out("f", 8, amount))[postings.GATEWAY] == -fen
