"""The demo market's raw material: the same for a seed, believable, and safe to list."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from random import Random

import pytest

from pifa.demo.vocabulary import (
    TOP_CATEGORIES,
    Department,
    MedalSystem,
    OfferSpec,
    SubCategory,
    TopCategory,
    kinds,
    make_offers,
    sub_category,
    top_category,
)
from pifa.demo.vocabulary.chance import below, between, pick, shuffled, some, weighted
from pifa.demo.vocabulary.goods import Kind
from pifa.demo.vocabulary.offers import MAX_SKUS, TITLE_LENGTH

HASH_OF_SEED_7 = "75dfa8f93688fb8f"
"""Changes when the vocabulary is changed on purpose; then the demo market changes too."""


def market(seed: int, each: int = 10) -> list[OfferSpec]:
    rng, titles = Random(seed), set[str]()
    return [offer for kind in kinds() for offer in make_offers(rng, kind, each, titles)]


@pytest.fixture(scope="module")
def offers() -> list[OfferSpec]:
    return market(7)


def digest(offers: list[OfferSpec]) -> str:
    return hashlib.sha256(repr(offers).encode()).hexdigest()[:16]


def test_a_seed_gives_the_same_offers_in_another_process(offers: list[OfferSpec]) -> None:
    assert digest(offers) == digest(market(7)) != digest(market(8))
    assert digest(offers) == HASH_OF_SEED_7
    code = (
        "from random import Random; import hashlib;"
        "from pifa.demo.vocabulary import kinds, make_offers; rng, t = Random(7), set();"
        "o = [o for k in kinds() for o in make_offers(rng, k, 10, t)];"
        "print(hashlib.sha256(repr(o).encode()).hexdigest()[:16])"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert other.stdout.strip() == HASH_OF_SEED_7


def test_draws_use_nothing_but_random(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("choice", "choices", "sample", "shuffle", "randint", "randrange", "getrandbits"):
        monkeypatch.setattr(Random, name, None)
    rng = Random(3)
    assert 0 <= below(rng, 4) < 4
    assert between(rng, 2, 2) == 2
    assert pick(rng, "abc") in "abc"
    assert sorted(shuffled(rng, [3, 1, 2])) == [1, 2, 3]
    assert some(rng, [1, 2, 3], 9) == [1, 2, 3]
    assert weighted(rng, [("no", 0), ("yes", 5)]) == "yes"
    make_offers(rng, "hex-bolt", 1)


def test_at_least_thirty_kinds_cover_every_medal_system_and_department() -> None:
    tops = [top_category(kind.category) for kind in kinds()]
    assert len(kinds()) >= 30
    assert len({kind.key for kind in kinds()}) == len(kinds())
    assert {top.medal_system for top in tops} == set(MedalSystem)
    assert {top.department for top in tops} == set(Department)


def test_titles_are_short_whole_and_never_repeated(offers: list[OfferSpec]) -> None:
    titles = [offer.title for offer in offers]
    assert len(titles) >= 600
    assert len(set(titles)) == len(titles)
    for offer in offers:
        assert 10 <= len(offer.title) <= TITLE_LENGTH, offer.title
        assert not re.search(r"[{}]|\s{2}|^\s|\s$", offer.title), offer.title
        assert max(map(ord, offer.title_en)) < 256, offer.title_en


def test_titles_stay_distinct_when_every_pattern_is_used_up() -> None:
    titles: set[str] = set()
    made = make_offers(Random(1), "led-bulb", 900, titles)
    assert len({offer.title for offer in made}) == 900 == len(titles)
    assert all(len(offer.title) <= TITLE_LENGTH for offer in made)


def test_price_breaks_rise_in_quantity_and_fall_in_price(offers: list[OfferSpec]) -> None:
    for offer in offers:
        quantities = offer.break_quantities
        assert list(quantities) == sorted(set(quantities)), offer.title
        for sku in offer.skus:
            assert len(sku.prices_e4) == len(quantities)
            assert all(a > b > 0 for a, b in zip(sku.prices_e4, sku.prices_e4[1:], strict=False)), (
                offer.title,
                sku,
            )
        assert offer.price_breaks[0] == (offer.moq, min(s.prices_e4[0] for s in offer.skus))


def test_a_bolt_costs_parts_of_a_fen(offers: list[OfferSpec]) -> None:
    bolts = [offer for offer in offers if offer.kind == "flat-washer"]
    assert any(sku.prices_e4[0] % 100 for offer in bolts for sku in offer.skus)


def test_quantities_are_whole_multiples_and_in_reach(offers: list[OfferSpec]) -> None:
    for offer in offers:
        assert offer.moq == offer.break_quantities[0]
        counted = (*offer.break_quantities, *offer.usual_quantities)
        assert all(quantity % offer.multiple == 0 for quantity in counted), offer.title
        assert offer.usual_quantities[0] >= offer.moq
        assert list(offer.usual_quantities) == sorted(set(offer.usual_quantities))
        assert sum(sku.stock for sku in offer.skus) >= offer.moq, offer.title


def test_skus_are_distinct_and_weigh_something(offers: list[OfferSpec]) -> None:
    for offer in offers:
        assert 1 <= len(offer.skus) <= MAX_SKUS
        assert len({sku.code for sku in offer.skus}) == len(offer.skus)
        assert len({sku.values for sku in offer.skus}) == len(offer.skus)
        assert all(sku.weight_mg > 0 for sku in offer.skus)
        assert all("{" not in value for sku in offer.skus for _, value in sku.values)


def test_texts_are_filled_in(offers: list[OfferSpec]) -> None:
    for offer in offers:
        assert "{" not in offer.description
        assert len(offer.description) >= 30
        assert len(offer.attributes) >= 4
        assert all(name and value and "{" not in value for name, value in offer.attributes)
        assert sub_category(offer.category_slug).slug == offer.category_slug


def test_every_kind_has_its_own_drawing_name_and_one_or_two_dimensions() -> None:
    assert len({kind.drawing for kind in kinds()}) == len(kinds())
    for kind in kinds():
        assert isinstance(kind, Kind)
        assert 1 <= len(kind.dims) <= 2, kind.key


CONSUMER_MEDAL_BUT_NOT_DEPARTMENT = {"packaging"}
CONSUMER_DEPARTMENT_BUT_NOT_MEDAL = {"home-improvement", "textiles-leather"}


def test_medal_systems_and_departments_disagree_where_they_should_and_nowhere_else() -> None:
    by_medal = {t.slug for t in TOP_CATEGORIES if t.medal_system is not MedalSystem.NON_CONSUMER}
    by_department = {t.slug for t in TOP_CATEGORIES if t.department is Department.CONSUMER}
    assert by_medal - by_department == CONSUMER_MEDAL_BUT_NOT_DEPARTMENT
    assert by_department - by_medal == CONSUMER_DEPARTMENT_BUT_NOT_MEDAL


@pytest.mark.parametrize(
    ("slug", "system"),
    [
        ("childrens-wear", MedalSystem.CONSUMER_1),
        ("shoes", MedalSystem.CONSUMER_1),
        ("digital", MedalSystem.CONSUMER_1),
        ("packaging", MedalSystem.CONSUMER_2),
        ("food", MedalSystem.CONSUMER_2),
        ("pets-gardening", MedalSystem.CONSUMER_2),
        ("car-supplies", MedalSystem.CONSUMER_2),
        ("office-stationery", MedalSystem.CONSUMER_2),
        ("adult-health", MedalSystem.CONSUMER_2),
        ("home-improvement", MedalSystem.NON_CONSUMER),
        ("hardware-tools", MedalSystem.NON_CONSUMER),
        ("raw-materials", MedalSystem.NON_CONSUMER),
        ("business-services", MedalSystem.NON_CONSUMER),
    ],
)
def test_medal_system_of(slug: str, system: MedalSystem) -> None:
    assert top_category(slug).medal_system is system


def test_categories_have_unique_slugs_and_both_names() -> None:
    every: list[TopCategory | SubCategory] = [*TOP_CATEGORIES]
    every += [s for t in TOP_CATEGORIES for s in t.children]
    assert len({entry.slug for entry in every}) == len(every)
    assert len({entry.name for entry in every}) == len(every)
    for entry in every:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.slug)
        assert entry.name_en.isascii()
        assert re.search(r"[\u4e00-\u9fff]", entry.name)
    used = {kind.category for kind in kinds()}
    assert {s.slug for t in TOP_CATEGORIES for s in t.children} == used
