"""Offers made from kinds of goods: titles, attributes, SKUs, prices, pictures.

Prices are whole 1/10000 yuan (`*_e4`). The quantities of the price breaks belong to the offer and
are counted over all its SKUs together; each SKU has its own price at each of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from random import Random

from pifa.demo.pictures import VIEWS, PictureParams
from pifa.demo.vocabulary.chance import below, between, pick, some, uniform
from pifa.demo.vocabulary.goods import Kind, Word
from pifa.demo.vocabulary.goods import kind as kind_by_key

MAX_SKUS = 24
TITLE_LENGTH = 60
"""Longest title in characters."""

_PLAIN_TONE = ("#c9ced6",)
_SERIES = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class SkuSpec:
    """One SKU: its code, value per dimension name, price per break, stock, milligrams a piece.

    `prices_e4` runs parallel to `OfferSpec.break_quantities` and falls strictly. A washer weighs
    less than a gram and is sold by the hundred thousand, hence milligrams.
    """

    code: str
    values: tuple[tuple[str, str], ...]
    prices_e4: tuple[int, ...]
    stock: int
    weight_mg: int


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """A picture of an offer: `pictures.draw(drawing, params)` gives its SVG."""

    drawing: str
    params: PictureParams
    alt: str


@dataclass(frozen=True, slots=True)
class OfferSpec:
    """An offer ready to be listed.

    `moq` = first of `break_quantities`; it and every other break is a whole multiple of
    `multiple`. `usual_quantities` are believable totals of one order, smallest first, all of them
    ≥ moq and multiples. `description` has paragraphs separated by blank lines.
    """

    kind: str
    title: str
    title_en: str
    category_slug: str
    attributes: tuple[tuple[str, str], ...]
    unit: str
    moq: int
    multiple: int
    break_quantities: tuple[int, ...]
    skus: tuple[SkuSpec, ...]
    description: str
    pictures: tuple[PictureSpec, ...]
    usual_quantities: tuple[int, ...]

    @property
    def price_breaks(self) -> tuple[tuple[int, int], ...]:
        """(min_qty, lowest price_e4 among the SKUs) per break: the line a list shows."""
        return tuple(
            (quantity, min(sku.prices_e4[index] for sku in self.skus))
            for index, quantity in enumerate(self.break_quantities)
        )


def make_offers(
    rng: Random, kind: Kind | str, n: int, taken: set[str] | None = None
) -> list[OfferSpec]:
    """`n` offers of one kind.

    `taken` holds titles already used; new ones are added to it. Pass the same set for the whole
    market and no title appears twice. Raises KeyError for an unknown kind.
    """
    goods = kind_by_key(kind) if isinstance(kind, str) else kind
    titles = set() if taken is None else taken
    return [_offer(rng, goods, titles) for _ in range(n)]


def _offer(rng: Random, kind: Kind, taken: set[str]) -> OfferSpec:
    words = {name: pick(rng, choices) for name, choices in kind.words.items()}
    words["no"] = _series(rng)
    title = _title(rng, kind, words, taken)
    scale = pick(rng, kind.scales)
    quantities = tuple(quantity * scale for quantity, _ in kind.breaks)
    base = uniform(rng, *kind.price)
    for word in words.values():
        base *= word.price
    skus = _skus(rng, kind, words, base)
    texts = {name: word.text for name, word in words.items()}
    dims = {dim.name: "、".join(_values_of(skus, dim.name)) for dim in kind.dims}
    attributes = [(name, value.format(**texts)) for name, value in kind.attributes]
    attributes.append(("货号", texts["no"]))
    attributes += [(name, value) for name, value in dims.items() if len(value) <= 80]
    return OfferSpec(
        kind=kind.key,
        title=title,
        title_en=kind.title_en.format(**{name: word.text_en for name, word in words.items()}),
        category_slug=kind.category,
        attributes=tuple(attributes),
        unit=kind.unit,
        moq=quantities[0],
        multiple=kind.multiple,
        break_quantities=quantities,
        skus=skus,
        description="\n\n".join(part.format(**texts) for part in kind.description),
        pictures=_pictures(rng, kind, words, skus, title),
        usual_quantities=_usual(rng, kind, quantities[0]),
    )


def _series(rng: Random) -> Word:
    code = f"{pick(rng, _SERIES)}{pick(rng, _SERIES)}-{between(rng, 101, 9899)}"
    return Word(code, code)


def _title(rng: Random, kind: Kind, words: Mapping[str, Word], taken: set[str]) -> str:
    texts = {name: word.text for name, word in words.items()}
    patterns = some(rng, kind.titles, len(kind.titles))
    start = below(rng, len(patterns))
    for pattern in patterns[start:] + patterns[:start]:
        title = _tidy(pattern.format(**texts))
        if title not in taken and len(title) <= TITLE_LENGTH:
            taken.add(title)
            return title
    # Every pattern is used up for these words: the article number tells this one apart.
    title = _tidy(f"{patterns[start].format(**texts)[: TITLE_LENGTH - 9]} {texts['no']}")
    while title in taken:
        title = f"{title[: TITLE_LENGTH - 9].strip()} {_series(rng).text}"
    taken.add(title)
    return title


def _tidy(title: str) -> str:
    return re.sub(r"\s+", " ", title).strip()


def _skus(rng: Random, kind: Kind, words: Mapping[str, Word], base: float) -> tuple[SkuSpec, ...]:
    texts = {name: word.text for name, word in words.items()}
    weight = kind.weight
    for word in words.values():
        weight *= word.weight
    chosen = [some(rng, dim.values, between(rng, *dim.pick)) for dim in kind.dims]
    percents = [
        percent - (below(rng, 3) if place else 0) for place, (_, percent) in enumerate(kind.breaks)
    ]
    made = []
    for number, combination in enumerate(list(product(*chosen))[:MAX_SKUS], start=1):
        price, grams = base, weight
        for word in combination:
            price, grams = price * word.price, grams * word.weight
        made.append(
            SkuSpec(
                code=f"{texts['no']}-{number:02d}",
                values=tuple(
                    (dim.name, word.text.format(**texts))
                    for dim, word in zip(kind.dims, combination, strict=True)
                ),
                prices_e4=_falling(price, percents),
                stock=_stock(rng, kind),
                weight_mg=max(1, int(grams * 1000 + 0.5)),
            )
        )
    return tuple(made)


def _step(e4: int) -> int:
    """The step that prices of this size are quoted in: a bolt in 1/2000, a chair in half yuan."""
    for limit, step in ((1_000, 5), (10_000, 10), (100_000, 100), (1_000_000, 1_000)):
        if e4 < limit:
            return step
    return 5_000


def _falling(yuan: float, percents: list[int]) -> tuple[int, ...]:
    prices: list[int] = []
    for percent in percents:
        exact = yuan * percent * 100
        step = _step(int(exact))
        price = max(step, int(exact / step + 0.5) * step)
        if prices and price >= prices[-1]:
            price = prices[-1] - _step(prices[-1] - 1)
        prices.append(price)
    if prices[-1] < 1:
        raise ValueError(f"a price of {yuan} yuan is too low for {len(percents)} breaks")
    return tuple(prices)


def _stock(rng: Random, kind: Kind) -> int:
    low, high = kind.stock
    return between(rng, low // kind.multiple, high // kind.multiple) * kind.multiple


def _usual(rng: Random, kind: Kind, moq: int) -> tuple[int, ...]:
    low, high = kind.orders
    found = set()
    for share in (0.0, 0.05, 0.15, 0.35, 0.7):
        pieces = (low + (high - low) * share) * uniform(rng, 0.8, 1.2)
        found.add(max(moq, int(pieces / kind.multiple + 0.5) * kind.multiple))
    return tuple(sorted(found))


def _values_of(skus: tuple[SkuSpec, ...], dim: str) -> list[str]:
    return list(dict.fromkeys(value for sku in skus for name, value in sku.values if name == dim))


def _pictures(
    rng: Random, kind: Kind, words: Mapping[str, Word], skus: tuple[SkuSpec, ...], title: str
) -> tuple[PictureSpec, ...]:
    shown = {value for sku in skus for _, value in sku.values}
    colours = [
        word.colours
        for dim in kind.dims
        for word in dim.values
        if word.colours and word.text in shown
    ]
    colours = colours or [word.colours for word in words.values() if word.colours]
    tones = tuple(dict.fromkeys(colours)) or (_PLAIN_TONE,)
    first = below(rng, len(tones))
    tones = tones[first:] + tones[:first]
    mark = kind.mark.format(**{name: word.text_en for name, word in words.items()})
    seed, size = below(rng, 1_000_000), uniform(rng, 0.0, 1.0)
    return tuple(
        PictureSpec(kind.drawing, PictureParams(view, seed, tones, round(size, 2), mark), title)
        for view in VIEWS
    )
