"""Amounts and titles as providers write them. Pure functions."""

from __future__ import annotations

import re

from pifa.kernel.money import MAX_FEN, Money

_YUAN = re.compile(r"(0|[1-9][0-9]{0,12})\.[0-9]{2}")
_UNWELCOME = re.compile(r"[^\w\s.,，。、·：（）()+-]|_")
TITLE_LENGTH = 40
"""In characters: three bytes each still fit the shortest of the providers' fields."""


def yuan_text(amount: Money) -> str:
    """An amount in yuan with two decimals and nothing else: 1234.50."""
    return f"{amount.fen // 100}.{amount.fen % 100:02d}"


def read_yuan(text: object) -> Money:
    """The amount of such a text; `ValueError` for anything written another way."""
    if not isinstance(text, str) or not _YUAN.fullmatch(text):
        raise ValueError("not an amount in yuan with two decimals")
    return _checked(int(text.replace(".", "")))


def read_fen(value: object) -> Money:
    """The amount of a whole number of fen; `ValueError` for anything else, a bool too."""
    if type(value) is not int:
        raise ValueError("not a whole number of fen")
    return _checked(value)


def plain_title(title: str) -> str:
    """A title in letters, digits and simple marks, cut: providers refuse the rest."""
    plain = " ".join(_UNWELCOME.sub(" ", title).split())
    return plain[:TITLE_LENGTH].rstrip() or "Pifa"


def _checked(fen: int) -> Money:
    if not 0 <= fen <= MAX_FEN:
        raise ValueError("beyond what the market books")
    return Money(fen)
