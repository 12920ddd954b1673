"""A book: the rules of one name from one day on, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pifa.rulebook.rules.grants import GrantRule
from pifa.rulebook.rules.ladders import Ladder
from pifa.rulebook.rules.scores import Scorecard


@dataclass(frozen=True, slots=True)
class Book:
    """One file, whole and checked.

    `tables` holds every table as it was written (money and rates as decimal strings); those of
    kind `scorecard` and `grants` are in `scorecards` and `grants` as well, read. `digest` is the
    SHA-256 of the file, `data` the file as plain data.
    """

    name: str
    effective: date
    title: str
    title_en: str
    source: str
    ladders: Mapping[str, Ladder]
    tables: Mapping[str, Any]
    scorecards: Mapping[str, Scorecard]
    grants: tuple[GrantRule, ...]
    digest: str
    text: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a rule said and says; None where one of the books says nothing.

    `path` names steps by code, bands and conditions by what they are of:
    `ladders.buyer_level.steps.LEVEL-2.conditions.spend_30d`.
    """

    path: str
    old: Any
    new: Any


def compare(old: Book, new: Book) -> tuple[Difference, ...]:
    """Every rule that differs, in the order of the older book, what is new last."""
    return tuple(_between("", old.data, new.data))


def _between(path: str, old: Any, new: Any) -> list[Difference]:
    before, after = _named(old), _named(new)
    if before is None or after is None:
        return [] if _same(old, new) else [Difference(path, old, new)]
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        deeper = f"{path}.{key}" if path else key
        found += _between(deeper, before.get(key), after.get(key))
    return found


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and bool(old == new)


def _named(value: Any) -> dict[str, Any] | None:
    """A table, or a list of tables as one by the names of its entries; None for plain values."""
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        return None
    named: dict[str, Any] = {}
    for item in value:
        name, place = _name(item), 1
        free = name
        while free in named:
            place += 1
            free = f"{name}#{place}"
        named[free] = item
    return named


def _name(item: Mapping[str, Any]) -> str:
    """What tells an entry of a list apart, so that one put in between is one difference."""
    if "code" in item:
        return f"{item['code']}@{item['from']}" if "from" in item else str(item["code"])
    return str(next((item[key] for key in ("metric", "rank") if key in item), "entry"))
