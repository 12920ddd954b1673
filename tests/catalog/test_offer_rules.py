"""What an offer must be before it is accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pifa.catalog.rules import (
    MAX_PICTURES,
    MAX_SKUS,
    MAX_TITLE,
    OfferDraft,
    SkuDraft,
    Tier,
    check_offer,
    check_showable,
    find_prohibited,
)
from pifa.kernel.money import UnitPrice


def tiers(*pairs: tuple[int, str]) -> tuple[Tier, ...]:
    return tuple(Tier(quantity, UnitPrice.yuan(price)) for quantity, price in pairs)


def sku(code: str = "M8-30", size: str = "M8×30", **fields: object) -> SkuDraft:
    values: dict[str, object] = {
        "spec": (("尺寸", size),),
        "tiers": tiers((100, "0.35"), (1000, "0.31")),
        "stock": 10,
    }
    return SkuDraft(code=code, **values | fields)  # type: ignore[arg-type]


GOOD = OfferDraft(
    code="HH-1",
    title="304不锈钢外六角螺栓",
    category_id=1,
    skus=(sku(), sku("M8-40", "M8×40")),
    moq=100,
    picture_ids=(1,),
)


def codes(draft: OfferDraft) -> list[str]:
    return [problem.code.removeprefix("catalog.") for problem in check_offer(draft)]


def test_a_good_offer_has_no_problems() -> None:
    assert codes(GOOD) == []
    assert check_showable(GOOD, {"枪支": "危险品"}) == []


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"code": " "}, "missing", "code"),
        ({"title": ""}, "missing", "title"),
        ({"title": "螺"}, "too_short", "title"),
        ({"title": "螺" * (MAX_TITLE + 1)}, "too_long", "title"),
        ({"title": "螺栓\u202e"}, "control_characters", "title"),
        ({"unit": ""}, "missing", "unit"),
        ({"moq": 10**12}, "out_of_range", "moq"),
        ({"multiple": -3}, "out_of_range", "multiple"),
        ({"visibility": "secret"}, "unknown_choice", "visibility"),
        ({"scene": "dream"}, "unknown_choice", "scene"),
        ({"attributes": (("材质", "304"), ("材质", "316"))}, "twice", "attributes"),
        ({"attributes": (("材质", ""),)}, "missing", "attributes"),
        ({"picture_ids": tuple(range(MAX_PICTURES + 1))}, "too_many", "pictures"),
        ({"skus": ()}, "no_skus", "skus"),
        ({"moq": 50}, "first_tier_above_moq", "tiers"),
    ],
)
def test_what_is_wrong_is_named_by_field(fields: dict[str, object], code: str, field: str) -> None:
    found = check_offer(replace(GOOD, **fields))  # type: ignore[arg-type]
    assert {(problem.code, problem.field) for problem in found} == {(f"catalog.{code}", field)}
    assert all(problem.reason and problem.remedy for problem in found)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (sku("M8-30", "M8×40"), "twice"),
        (sku("M8-40", "M8×30"), "twice"),
        (sku("M8-40", spec=()), "missing"),
        (sku("M8-40", spec=(("颜色", "黑"),)), "specs_differ"),
        (sku("M8-40", "M8×40", stock=-1), "out_of_range"),
        (sku("M8-40", "M8×40", stock=10**12), "out_of_range"),
        (sku("M8-40", "M8×40", tiers=()), "tiers_differ"),
        (sku("M8-40", "M8×40", tiers=tiers((100, "0.5"), (500, "0.4"))), "tiers_differ"),
        (sku("M8-40", "M8×40", tiers=tiers((100, "0.5"), (100, "0.4"))), "tiers_not_rising"),
        (sku("M8-40", "M8×40", tiers=tiers((100, "0.3"), (1000, "0.4"))), "price_rises"),
        (sku("M8-40", "M8×40", tiers=tiers((100, "0"), (1000, "0"))), "price_out_of_range"),
        (sku("M8-40", "M8×40", weight_mg=10**11 + 1), "weight_out_of_range"),
    ],
)
def test_skus_must_go_together(other: SkuDraft, code: str) -> None:
    assert code in codes(replace(GOOD, skus=(sku(), other)))


def test_skus_may_have_prices_of_their_own_at_the_same_quantities() -> None:
    other = sku("M8-40", "M8×40", tiers=tiers((100, "0.5"), (1000, "0.5")))
    assert codes(replace(GOOD, skus=(sku(), other))) == []


def test_more_skus_than_a_page_can_hold_are_refused() -> None:
    many = tuple(sku(f"S{number}", f"M8×{number}") for number in range(MAX_SKUS + 1))
    assert codes(replace(GOOD, skus=many)) == ["too_many"]
    assert codes(replace(GOOD, skus=many[1:])) == []


def test_an_inactive_sku_need_not_fit_the_others() -> None:
    retired = sku("OLD", "M8×30", active=False, tiers=tiers((500, "0.2")))
    assert codes(replace(GOOD, skus=(sku(), retired))) == []


def test_a_public_offer_needs_a_picture_and_a_private_one_does_not() -> None:
    bare = replace(GOOD, picture_ids=())
    assert [problem.code for problem in check_showable(bare, {})] == ["catalog.no_picture"]
    assert check_showable(replace(bare, visibility="private"), {}) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("仿真枪支模型", True),
        ("枪 支", True),
        ("枪-支", True),
        ("Toy GUN set", True),
        ("Ｇｕｎ", True),
        ("Gunther 牌扳手", False),
        ("支枪", False),
    ],
)
def test_prohibited_words_do_not_hide(text: str, found: bool) -> None:
    words = {"枪支": "危险品", "gun": "危险品"}
    assert bool(find_prohibited([text], words)) is found


def test_a_prohibited_word_is_found_wherever_it_stands() -> None:
    for fields in (
        {"description": "附送枪支"},
        {"attributes": (("用途", "枪支保养"),)},
        {"skus": (sku(spec=(("款式", "枪支款"),)),)},
        {"title_en": "枪支"},
    ):
        found = check_showable(replace(GOOD, **fields), {"枪支": "危险品"})
        assert [problem.figures["about"] for problem in found] == ["危险品"]
