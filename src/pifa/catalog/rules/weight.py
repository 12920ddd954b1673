"""What a piece weighs: whole milligrams inside, grams with up to three decimals for people.

A washer of 0.1 g is sold by the ten thousand; in whole grams it would pay tenfold freight.
"""

from __future__ import annotations

import re
from decimal import Decimal

MG_PER_G = 1000
MAX_WEIGHT_MG = 100_000_000 * MG_PER_G
_GRAMS = re.compile(r"(?=\.?[0-9])([0-9]{0,12})(?:\.([0-9]{0,3})0*)?")


def read_grams(text: str) -> int:
    """Milligrams of grams as written: 12, 0.1, 0.100.

    `ValueError` for a sign, for more than three decimals and for anything that is no number.
    """
    found = _GRAMS.fullmatch(text)
    if found is None:
        raise ValueError(f"not grams: {text!r}")
    whole, part = found.groups()
    return int(whole or "0") * MG_PER_G + int((part or "").ljust(3, "0"))


def milligrams(grams: Decimal) -> int:
    """Whole milligrams of grams; `ValueError` if there are more than three decimals."""
    return read_grams(f"{grams:f}")


def grams(weight_mg: int) -> Decimal:
    """Grams with exactly three decimals: 0.100, 12.000."""
    return Decimal(weight_mg).scaleb(-3)


def grams_text(weight_mg: int) -> str:
    """Grams as a person writes them, without idle zeros: 0.1, 12."""
    return f"{grams(weight_mg):f}".rstrip("0").rstrip(".")


def grams_begun(weight_mg: int) -> int:
    """Whole grams, each begun one counted: what freight by weight is charged for."""
    return -(-weight_mg // MG_PER_G)
