"""What an offer must be before it is accepted."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pifa.catalog import problems
from pifa.catalog.problems import Problem
from pifa.catalog.rules.prices import MAX_PRICE, MAX_QUANTITY, Tier
from pifa.catalog.rules.staged import StagedPlan, check_plan
from pifa.catalog.rules.weight import MAX_WEIGHT_MG, grams_text
from pifa.catalog.rules.words import find_prohibited

MIN_TITLE, MAX_TITLE = 2, 120
MAX_TITLE_EN = 200
MAX_CODE = 60
MAX_UNIT = 10
MAX_DESCRIPTION = 20_000
MAX_SKUS = 500
MAX_TIERS = 10
MAX_PICTURES = 12
MAX_ATTRIBUTES = 60
MAX_DIMENSIONS = 3
MAX_PAIR_NAME, MAX_PAIR_VALUE = 40, 200
MAX_SPEC_TEXT = 120
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")

Pairs = tuple[tuple[str, str], ...]
OfferProblem = Problem


@dataclass(frozen=True, slots=True)
class SkuDraft:
    """A SKU as a seller wants it; its code is its identity within the offer.

    `stock` is what lies in the warehouse, pieces reserved by orders included.
    """

    code: str
    tiers: tuple[Tier, ...]
    spec: Pairs = ()
    stock: int = 0
    weight_mg: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """An offer as a seller wants it; its code (货号) is its identity within the shop.

    SKUs, pictures and attributes are in the order of show. `picture_ids` are the seller's
    stored pictures. `visibility` is public or private, `scene` stock, custom or pre_sale; `staged`
    is how its orders are paid in stages, if they are.
    """

    code: str
    title: str
    category_id: int
    skus: tuple[SkuDraft, ...]
    unit: str = "件"
    moq: int = 1
    multiple: int = 1
    title_en: str = ""
    description: str = ""
    attributes: Pairs = ()
    picture_ids: tuple[int, ...] = ()
    freight_template_id: int | None = None
    visibility: str = "public"
    scene: str = "stock"
    staged: StagedPlan | None = None


def spec_text(spec: Pairs) -> str:
    """A spec in one line, as order lines and lists show it: `M8×30 / 镀锌`."""
    return " / ".join(value for _, value in spec)


def check_offer(draft: OfferDraft) -> list[Problem]:
    """Everything that is wrong with a draft, in the order of its fields.

    Whether it may be shown (a picture, no prohibited word) is `check_showable`'s question.
    """
    return [
        *_check_texts(draft),
        *_check_counts(draft),
        *_check_sku_set(draft.skus),
        *(problem for sku in draft.skus for problem in _check_sku(sku, draft.moq)),
        *_check_tiers_agree(draft.skus),
    ]


def check_showable(draft: OfferDraft, prohibited: Mapping[str, str]) -> list[Problem]:
    """What keeps an otherwise correct draft from being submitted for review."""
    found: list[Problem] = []
    if draft.visibility == "public" and not draft.picture_ids:
        found.append(problems.NoPicture("pictures"))
    if not any(sku.active for sku in draft.skus):
        found.append(problems.NoSkus("skus"))
    fields: tuple[tuple[str, Iterable[str]], ...] = (
        ("title", (draft.title, draft.title_en)),
        ("description", (draft.description,)),
        ("attributes", (text for pair in draft.attributes for text in pair)),
        ("spec", (text for sku in draft.skus for pair in sku.spec for text in pair)),
    )
    for field, texts in fields:
        for word, about in find_prohibited(texts, prohibited):
            found.append(problems.Prohibited(field, word=word, about=about))
    return found


def _check_texts(draft: OfferDraft) -> Iterator[Problem]:
    yield from _text("code", draft.code, MAX_CODE, required=True)
    yield from _text("title", draft.title, MAX_TITLE, required=True)
    if 0 < len(draft.title.strip()) < MIN_TITLE:
        yield problems.TooShort("title", limit=MIN_TITLE)
    yield from _text("title_en", draft.title_en, MAX_TITLE_EN)
    yield from _text("unit", draft.unit, MAX_UNIT, required=True)
    yield from _text("description", draft.description, MAX_DESCRIPTION)
    yield from _pairs("attributes", draft.attributes, MAX_ATTRIBUTES)


def _check_counts(draft: OfferDraft) -> Iterator[Problem]:
    yield from _range("moq", draft.moq, 1, MAX_QUANTITY)
    yield from _range("multiple", draft.multiple, 1, MAX_QUANTITY)
    if len(draft.picture_ids) > MAX_PICTURES:
        yield problems.TooMany("pictures", count=len(draft.picture_ids), limit=MAX_PICTURES)
    if draft.visibility not in ("public", "private"):
        yield problems.UnknownChoice("visibility", value=draft.visibility)
    if draft.scene not in ("stock", "custom", "pre_sale"):
        yield problems.UnknownChoice("scene", value=draft.scene)
    yield from check_plan(draft.staged, draft.scene)


def _check_sku_set(skus: Sequence[SkuDraft]) -> Iterator[Problem]:
    if not skus:
        yield problems.NoSkus("skus")
        return
    if len(skus) > MAX_SKUS:
        yield problems.TooMany("skus", count=len(skus), limit=MAX_SKUS)
    for code, count in Counter(sku.code for sku in skus).items():
        if count > 1:
            yield problems.Twice("sku_code", sku=code, value=code)
    seen: set[Pairs] = set()
    for sku in skus:
        if len(skus) > 1 and sku.active and not sku.spec:
            yield problems.Missing("spec", sku=sku.code)
        elif sku.active and sku.spec and sku.spec in seen:
            yield problems.Twice("spec", sku=sku.code, value=spec_text(sku.spec))
        if sku.active:
            seen.add(sku.spec)
    yield from _check_dimensions([sku for sku in skus if sku.active and sku.spec])


def _check_dimensions(skus: Sequence[SkuDraft]) -> Iterator[Problem]:
    if not skus:
        return
    expected = [name for name, _ in skus[0].spec]
    for sku in skus[1:]:
        found = [name for name, _ in sku.spec]
        if found != expected:
            yield problems.SpecsDiffer(
                "spec", sku=sku.code, found="、".join(found), expected="、".join(expected)
            )


def _check_sku(sku: SkuDraft, moq: int) -> Iterator[Problem]:
    yield from _text("sku_code", sku.code, MAX_CODE, required=True, sku=sku.code)
    yield from _pairs("spec", sku.spec, MAX_DIMENSIONS, sku=sku.code)
    length = len(spec_text(sku.spec))
    if length > MAX_SPEC_TEXT:
        yield problems.TooLong("spec", sku=sku.code, length=length, limit=MAX_SPEC_TEXT)
    yield from _range("stock", sku.stock, 0, MAX_QUANTITY, sku=sku.code)
    if not 0 <= sku.weight_mg <= MAX_WEIGHT_MG:
        yield problems.WeightOutOfRange(
            "weight_g",
            sku=sku.code,
            value=grams_text(sku.weight_mg),
            limit=grams_text(MAX_WEIGHT_MG),
        )
    # What is not for sale may keep prices that a later MOQ no longer fits.
    yield from check_tiers(sku.tiers, moq if sku.active else MAX_QUANTITY, sku=sku.code)


def check_tiers(tiers: Sequence[Tier], moq: int, sku: str | None = None) -> Iterator[Problem]:
    """Price breaks rise strictly in quantity, never in price, and begin at or below the MOQ."""
    if not tiers:
        yield problems.NoTiers("tiers", sku=sku)
        return
    if len(tiers) > MAX_TIERS:
        yield problems.TooMany("tiers", sku=sku, count=len(tiers), limit=MAX_TIERS)
    for tier in tiers:
        yield from _range("tiers", tier.min_quantity, 1, MAX_QUANTITY, sku=sku)
        if not 0 < tier.price.e4 <= MAX_PRICE.e4:
            yield problems.PriceOutOfRange("tiers", sku=sku, price=tier.price, limit=MAX_PRICE)
    if tiers[0].min_quantity > moq:
        yield problems.FirstTierAboveMoq("tiers", sku=sku, quantity=tiers[0].min_quantity, moq=moq)
    for previous, tier in itertools.pairwise(tiers):
        if tier.min_quantity <= previous.min_quantity:
            yield problems.TiersNotRising(
                "tiers", sku=sku, quantity=tier.min_quantity, previous=previous.min_quantity
            )
        elif tier.price > previous.price:
            yield problems.PriceRises(
                "tiers",
                sku=sku,
                quantity=tier.min_quantity,
                price=tier.price,
                previous=previous.price,
            )


def _check_tiers_agree(skus: Sequence[SkuDraft]) -> Iterator[Problem]:
    """All SKUs break at the same quantities: they are counted together."""
    active = [sku for sku in skus if sku.active]
    if not active:
        return
    expected = [tier.min_quantity for tier in active[0].tiers]
    for sku in active[1:]:
        found = [tier.min_quantity for tier in sku.tiers]
        if found != expected:
            yield problems.TiersDiffer(
                "tiers",
                sku=sku.code,
                found="、".join(map(str, found)),
                expected="、".join(map(str, expected)),
            )


def _pairs(field: str, pairs: Pairs, limit: int, sku: str | None = None) -> Iterator[Problem]:
    if len(pairs) > limit:
        yield problems.TooMany(field, sku=sku, count=len(pairs), limit=limit)
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            yield problems.Twice(field, sku=sku, value=name)
    for name, value in pairs:
        yield from _text(field, name, MAX_PAIR_NAME, required=True, sku=sku)
        yield from _text(field, value, MAX_PAIR_VALUE, required=True, sku=sku)


def _text(
    field: str, text: str, limit: int, *, required: bool = False, sku: str | None = None
) -> Iterator[Problem]:
    if required and not text.strip():
        yield problems.Missing(field, sku=sku)
    if len(text) > limit:
        yield problems.TooLong(field, sku=sku, length=len(text), limit=limit)
    if _CONTROL.search(text):
        yield problems.ControlCharacters(field, sku=sku)


def _range(
    field: str, value: int, low: int, high: int, sku: str | None = None
) -> Iterator[Problem]:
    if not low <= value <= high:
        yield problems.OutOfRange(field, sku=sku, value=value, low=low, high=high)
