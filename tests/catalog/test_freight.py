"""Freight by weight and by pieces, by region, over the goods that share a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.catalog.errors import NotDelivered
from pifa.catalog.rules import (
    MAX_WEIGHT_MG,
    FreightBasis,
    FreightTerms,
    FreightZoneTerms,
    Parcel,
    check_zones,
    freight,
    freight_of_parcels,
    grams,
    grams_begun,
    grams_text,
    milligrams,
    read_grams,
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
    [
        (1, 800),
        (1_000_000, 800),
        (1_000_001, 1050),
        (1_500_000, 1050),
        (1_500_001, 1300),
        (10_000_000, 5300),
    ],
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
    goods = [Parcel(terms, 600_000, 1), Parcel(terms, 400_000, 2)]
    together = freight_of_parcels(goods, "33")
    assert together == Money(800)
    apart = freight_of_parcels([goods[0], Parcel(other, 400_000, 2)], "33")
    assert apart == Money(1100)
    assert freight_of_parcels([Parcel(None, 600_000, 1)], "33") == ZERO


def test_ten_thousand_washers_of_a_tenth_of_a_gram_pay_for_one_kilogram() -> None:
    terms = template(zone("33"))
    washers = Parcel(terms, 10_000 * read_grams("0.1"), 10_000)
    assert freight_of_parcels([washers], "33") == Money(800)
    screw = Parcel(terms, 1, 1)
    assert freight_of_parcels([washers, screw], "33") == Money(1050), "a gram begun is paid"
    halves = [Parcel(terms, read_grams("500.4"), 1), Parcel(terms, read_grams("499.6"), 1)]
    assert freight_of_parcels(halves, "33") == Money(800), "rounded once, not line by line"


@given(st.integers(0, MAX_WEIGHT_MG))
def test_grams_come_back_as_they_were_written(weight: int) -> None:
    assert read_grams(grams_text(weight)) == read_grams(str(grams(weight))) == weight
    assert milligrams(grams(weight)) == weight
    assert 0 <= grams_begun(weight) * 1000 - weight < 1000


@pytest.mark.parametrize(
    ("text", "weight"), [("12", 12_000), ("0.1", 100), (".125", 125), ("3.", 3000), ("0.1000", 100)]
)
def test_grams_are_read_as_people_write_them(text: str, weight: int) -> None:
    assert read_grams(text) == weight


@pytest.mark.parametrize("text", ["", ".", "-1", "+1", "1e3", "0.0001", "1.2.3", "十", "1" * 13])
def test_what_is_no_weight_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="not grams"):
        read_grams(text)


@given(st.integers(0, 10**10), st.integers(0, 10**6), st.integers(1, 10**5))
def test_more_weight_never_costs_less_and_no_gram_is_sent_for_nothing(
    weight: int, first: int, step: int
) -> None:
    terms = template(zone(first=first, step=step))
    cost = freight(terms, terms.zones, "33", weight, 1)
    assert cost <= freight(terms, terms.zones, "33", weight + 1, 1)
    paid_for = first + step * ((cost.fen - 800) // 250)
    assert weight <= paid_for * 1000
    assert paid_for < max(-(-weight // 1000), first) + step


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
