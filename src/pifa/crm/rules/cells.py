"""What a cell of the customers' sheet means, and how it is written: each pair undoes the other.

Prices stand a line each as `28*42加厚=0.35`; daily usage as `2000个`; notes a stamped line each,
their further lines behind a bar; an account with tags as the deck writes it: `张三 (至尊VIP)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pifa.kernel.money import UnitPrice

_STAMP = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([^：\n]*)：(.*)$")
_USAGE = re.compile(r"^(\d{1,9})\s*([^\d\s.,，+\-][^\d\s]{0,9})?$")
_TAGS = re.compile(r"[(（]([^()（）]*)[)）]")
_PRICE = re.compile(r"^\d{1,8}(\.\d{1,4})?$")
MAX_USAGE = 999_999_999
BAR = "| "
MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as a sheet has it; `at` is None for one that was typed there and bears no stamp."""

    text: str
    at: datetime | None = None
    by: str = ""


def read_prices(text: str) -> dict[str, UnitPrice] | None:
    """Goods to prices; None where a line is no `goods=price` or names goods twice."""
    found: dict[str, UnitPrice] = {}
    for line in re.split(r"[\n;；]", text):
        if not line.strip():
            continue
        goods, equals, price = line.replace("＝", "=").rpartition("=")
        goods, price = goods.strip(), price.strip().removeprefix("¥").strip()
        if not (equals and goods) or goods in found or not _PRICE.fullmatch(price):
            return None
        if not Decimal(price):
            return None
        found[goods] = UnitPrice.yuan(price)
    return found


def write_prices(prices: Iterable[tuple[str, UnitPrice]]) -> str:
    """A line each, in the order given."""
    return "\n".join(f"{goods}={_short(price)}" for goods, price in prices)


def is_goods(text: str) -> bool:
    """Whether goods can be named so in a line of prices."""
    return bool(text) and text == text.strip() and not re.search(r"[\n;；=＝]", text)


def read_usage(text: str) -> tuple[int, str] | None:
    """Pieces a day and their unit; None for what is no number above zero with a unit."""
    match = _USAGE.fullmatch(text.replace(",", "").strip())
    if not match or not int(match[1]):
        return None
    return int(match[1]), match[2] or ""


def is_unit(text: str) -> bool:
    """Whether a unit can stand behind the number."""
    return read_usage(f"1{text}") == (1, text)


def write_usage(usage: int | None, unit: str) -> str:
    """`2000个`; nothing without usage."""
    return "" if usage is None else f"{usage}{unit}"


def read_account(text: str) -> tuple[str, list[str]]:
    """An account and the tags in brackets behind it."""
    words = [word.strip() for word in _TAGS.findall(text)]
    return _TAGS.sub(" ", text).strip(), [word for word in words if word]


def read_words(text: str) -> list[str]:
    """Tags by any comma, semicolon or line; each once, in order."""
    words = (word.strip() for word in re.split(r"[,，;；、\n]", text))
    return list(dict.fromkeys(word for word in words if word))


def is_tag(word: str) -> bool:
    """Whether a word can be a tag: no separators, no brackets."""
    return bool(word) and word == word.strip() and not re.search(r"[,，;；、\n()（）]", word)


def write_words(words: Iterable[str]) -> str:
    """Tags with a comma between."""
    return "，".join(words)


def read_notes(text: str) -> list[Note]:
    """The notes of a cell; what bears no stamp at its beginning is one note of now."""
    notes: list[list[str]] = []
    heads: list[tuple[datetime | None, str]] = []
    for line in text.split("\n"):
        match = _STAMP.fullmatch(line)
        at = _moment(match[1]) if match else None
        if match and at:
            heads.append((at, match[2]))
            notes.append([match[3]])
        elif notes:
            notes[-1].append(line.removeprefix(BAR))
        elif line.strip():
            heads.append((None, ""))
            notes.append([line])
    return [
        Note("\n".join(lines).strip(), at, by)
        for lines, (at, by) in zip(notes, heads, strict=True)
        if "\n".join(lines).strip()
    ]


def write_notes(notes: Iterable[Note]) -> str:
    """Notes with stamps, in the order given; `at` is a moment of the market's zone."""
    written = []
    for note in notes:
        assert note.at is not None
        first, *rest = note.text.split("\n")
        written.append(f"{note.at.strftime(MOMENT)} {note.by.replace('：', ':')}：{first}")
        written += [BAR + line for line in rest]
    return "\n".join(written)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, MOMENT)  # noqa: DTZ007 - the market's zone, as all sheets
    except ValueError:
        return None


def _short(price: UnitPrice) -> str:
    text = format(price.decimal, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
