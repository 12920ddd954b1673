"""What a reader typed as quantities of SKUs: read leniently, never guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pifa.catalog.rules import MAX_QUANTITY
from pifa.kernel.errors import DomainError
from pifa.trade.errors import InvalidQuantity

LONGEST = 18
"""Digits beyond which nothing is meant as a quantity."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Quantities by id, as numbers where they are numbers; `texts` are kept for the page."""

    quantities: dict[int, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    errors: dict[int, DomainError] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[int, int]]:
        """Pairs of id and quantity, as commands take them."""
        return list(self.quantities.items())


def whole_number(text: str) -> int | None:
    """The number that is written, full-width digits and thousands commas too; else None."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    digits = plain.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
        return None
    return int(plain)


def read(data: Mapping[str, str], prefix: str, ids: Iterable[int]) -> Typed:
    """Read the fields `<prefix><id>`; empty and 0 mean none of it."""
    typed = Typed()
    for one in ids:
        text = str(data.get(f"{prefix}{one}", "")).strip()
        if not text:
            continue
        number = whole_number(text)
        if number == 0:
            continue
        typed.texts[one] = text[:30]
        if number is None:
            typed.errors[one] = InvalidQuantity(quantity=text[:30], limit=MAX_QUANTITY)
        else:
            typed.quantities[one] = number
    return typed
