"""Kinds of goods: what one kind's offers are made of, read from `data/*.toml`.

A *word* is a replaceable part of a title (material, size, use …) that may carry a price factor, a
weight factor and colours for the picture. Words are written in the files as lists whose members
are told apart by their type: first text = Chinese, second text = English, first number = price
factor, second number = weight factor, text beginning with `#` = colours, blank-separated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


class VocabularyError(ValueError):
    """A kind in a data file cannot be read; the message names file, kind and field."""


@dataclass(frozen=True, slots=True)
class Word:
    """A replaceable word of a kind. Factors multiply the kind's base price and weight."""

    text: str
    text_en: str
    price: float = 1.0
    weight: float = 1.0
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A SKU dimension such as 规格 or 颜色; an offer takes pick[0] … pick[1] of its values."""

    name: str
    values: tuple[Word, ...]
    pick: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods.

    `price` is the range in yuan of the first break before factors; `weight` grams a piece;
    `breaks` (min_qty, percent of the first price), falling; `scales` the factors an offer may
    multiply all quantities by; `orders` the range of a usual order in pieces; `stock` per SKU.
    """

    key: str
    name: str
    name_en: str
    category: str
    drawing: str
    unit: str
    price: tuple[float, float]
    weight: float
    multiple: int
    breaks: tuple[tuple[int, int], ...]
    scales: tuple[int, ...]
    stock: tuple[int, int]
    orders: tuple[int, int]
    titles: tuple[str, ...]
    title_en: str
    attributes: tuple[tuple[str, str], ...]
    description: tuple[str, ...]
    mark: str
    dims: tuple[Dimension, ...]
    words: Mapping[str, tuple[Word, ...]] = field(hash=False)


def _word(raw: Any) -> Word:
    if isinstance(raw, str):
        raw = [raw]
    texts = [part for part in raw if isinstance(part, str) and not part.startswith("#")]
    numbers = [float(part) for part in raw if isinstance(part, int | float)]
    colours = [part for part in raw if isinstance(part, str) and part.startswith("#")]
    return Word(
        text=texts[0],
        text_en=texts[1] if len(texts) > 1 else texts[0],
        price=numbers[0] if numbers else 1.0,
        weight=numbers[1] if len(numbers) > 1 else 1.0,
        colours=tuple(" ".join(colours).split()),
    )


def _pair(raw: Any) -> tuple[Any, Any]:
    first, second = raw
    return first, second


def _dimension(raw: Mapping[str, Any]) -> Dimension:
    low, high = _pair(raw["pick"])
    return Dimension(raw["name"], tuple(map(_word, raw["values"])), (int(low), int(high)))


def _kind(raw: Mapping[str, Any]) -> Kind:
    low, high = _pair(raw["price"])
    return Kind(
        key=raw["key"],
        name=raw["name"],
        name_en=raw["name_en"],
        category=raw["category"],
        drawing=raw["drawing"],
        unit=raw["unit"],
        price=(float(low), float(high)),
        weight=float(raw["weight"]),
        multiple=int(raw.get("multiple", 1)),
        breaks=tuple((int(quantity), int(percent)) for quantity, percent in raw["breaks"]),
        scales=tuple(raw.get("scales", (1,))),
        stock=_pair(raw["stock"]),
        orders=_pair(raw["orders"]),
        titles=tuple(raw["titles"]),
        title_en=raw["title_en"],
        attributes=tuple(_pair(pair) for pair in raw["attributes"]),
        description=tuple(raw["description"]),
        mark=raw.get("mark", ""),
        dims=tuple(map(_dimension, raw["dims"])),
        words={name: tuple(map(_word, words)) for name, words in raw.get("words", {}).items()},
    )


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds of goods, in the order of the files' names and of their place in the file.

    Raises VocabularyError when a data file is wrong.
    """
    folder = files(__package__).joinpath("data", "kinds")
    found: list[Kind] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for raw in tomllib.loads(file.read_text(encoding="utf-8"))["kind"]:
            try:
                found.append(_kind(raw))
            except (KeyError, TypeError, ValueError, IndexError) as error:
                raise VocabularyError(f"{file.name}: {raw.get('key', '?')}: {error!r}") from error
    return tuple(found)


@cache
def _by_key() -> dict[str, Kind]:
    return {kind.key: kind for kind in kinds()}


def kind(key: str) -> Kind:
    """The kind of goods of this key. Raises KeyError when there is none."""
    return _by_key()[key]
