"""Freight by weight and by pieces, by region, over the goods that share a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.catalog.errors import NotDelivered
from pifa.catalog.rules import (
    FreightBasis,
    FreightTerms,
    FreightZoneTerms,
    Parcel,
    check_zones,
    freight,
    freight_of_parcels,
)
from pifa.kernel.money import ZERO, Money


def zone(
    *regions: str, first: int = 1000, charge: int = 800, step: int = 500, more: int = 250
) -> FreightZoneTerms:
    return FreightZoneTerms(frozenset(regions), first, Money(charge), step, Money(more))


def template(
    *zones: FreightZoneTerms, basis: FreightBasis = FreightBasis.WEIGHT, key: int = 1
) -> FreightTerms:
    return FreightTerms(key, "普通快递", basis, zones)


@pytest.mark.parametrize(
    ("weight", "charge"),
    [(1, 800), (1000, 800), (1001, 1050), (1500, 1050), (1501, 1300), (10_000, 5300)],
)
def test_the_first_weight_and_each_step_begun(weight: int, charge: int) -> None:
    terms = template(zone("33"))
    assert freight(terms, terms.zones, "33", weight, 3) == Money(charge)


def test_pieces_are_counted_where_the_template_says_so() -> None:
    terms = template(zone("33", first=10, step=5), basis=FreightBasis.PIECES)
    assert freight(terms, terms.zones, "33", 99_999, 11) == Money(1050)


def test_a_region_has_its_own_charge_and_the_rest_of_the_country_another() -> None:
    terms = template(zone("33", "31"), zone(charge=2000))
    assert freight(terms, terms.zones, "31", 10, 1) == Money(800)
    assert freight(terms, terms.zones, "65", 10, 1) == Money(2000)


def test_where_no_zone_reaches_it_is_not_delivered() -> None:
    terms = template(zone("33"))
    with pytest.raises(NotDelivered) as refused:
        freight(terms, terms.zones, "65", 10, 1)
    assert "新疆" in str(refused.value)
    assert "普通快递" in str(refused.value)


def test_free_freight_and_no_template_cost_nothing() -> None:
    free = template(basis=FreightBasis.FREE)
    assert freight(free, (), "65", 10, 1) == ZERO
    assert freight(None, (), "65", 10, 1) == ZERO


def test_goods_under_one_template_are_weighed_together() -> None:
    terms, other = template(zone()), template(zone(charge=300), key=2)
    together = freight_of_parcels([Parcel(terms, 600, 1), Parcel(terms, 400, 2)], "33")
    assert together == Money(800)
    apart = freight_of_parcels([Parcel(terms, 600, 1), Parcel(other, 400, 2)], "33")
    assert apart == Money(1100)
    assert freight_of_parcels([Parcel(None, 600, 1)], "33") == ZERO


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(1, 10**5))
def test_more_weight_never_costs_less_and_no_gram_is_sent_for_nothing(
    weight: int, first: int, step: int
) -> None:
    terms = template(zone(first=first, step=step))
    cost = freight(terms, terms.zones, "33", weight, 1)
    assert cost <= freight(terms, terms.zones, "33", weight + 1, 1)
    paid_for = first + step * ((cost.fen - 800) // 250)
    assert weight <= paid_for < max(weight, first) + step


@pytest.mark.parametrize(
    ("basis", "zones", "codes"),
    [
        ("weight", [], ["catalog.no_zones"]),
        ("free", [], []),
        ("distance", [], ["catalog.unknown_choice"]),
        ("weight", [zone("33"), zone("33")], ["catalog.region_twice"]),
        ("weight", [zone("99")], ["catalog.unknown_choice"]),
        ("weight", [zone(), zone()], ["catalog.elsewhere_twice"]),
        ("weight", [zone("33", step=0)], ["catalog.out_of_range"]),
        ("weight", [zone("33", charge=-1)], ["catalog.price_out_of_range"]),
    ],
)
def test_zones_that_cannot_be_charged_by_are_refused(
    basis: str, zones: list[FreightZoneTerms], codes: list[str]
) -> None:
    assert [problem.code for problem in check_zones(basis, zones)] == codes
