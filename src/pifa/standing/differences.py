"""What changed between two books, in words: where it stands, what was asked, what is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from pifa.kernel.money import Money
from pifa.rulebook.rules import Book, Op, Unit, compare
from pifa.standing.labels import english, named
from pifa.standing.vocabulary import VOCABULARY
from pifa.standing.wording import SIGNS, figure_words, label_words, measure_words

OPS = {str(op): op for op in Op}


@dataclass(frozen=True, slots=True)
class ToldDifference:
    """A rule that differs. `where` leads to it from the outside in; a dash for what is not there."""

    path: str
    where: tuple[str, ...]
    old: str
    new: str


def told(old: Book, new: Book) -> list[ToldDifference]:
    """Every rule that differs between two books, as `rulebook.rules.compare` finds them."""
    return [
        ToldDifference(
            one.path,
            _where(one.path, new, old),
            _value(one.path, one.old),
            _value(one.path, one.new),
        )
        for one in compare(old, new)
    ]


def _where(path: str, *books: Book) -> tuple[str, ...]:
    parts = path.split(".")
    match parts:
        case ["ladders", ladder, *rest]:
            return _in_ladder(ladder, rest, *books)
        case ["tables", table, *rest]:
            return _in_table(table, rest, *books)
        case _:
            return tuple(key_words(part) for part in parts)


def _in_ladder(code: str, rest: list[str], *books: Book) -> tuple[str, ...]:
    ladder = next((book.ladders[code] for book in books if code in book.ladders), None)
    words = [_named(ladder) if ladder else code]
    if rest[:1] == ["steps"] and len(rest) > 1:
        words.append(_step(code, rest[1], *books))
        rest = rest[2:]
    return (*words, *(key_words(part) for part in rest if part != "conditions"))


def _step(ladder: str, code: str, *books: Book) -> str:
    for book in books:
        for step in book.ladders[ladder].steps if ladder in book.ladders else ():
            if step.code == code:
                return named(step)
    return code


def _in_table(code: str, rest: list[str], *books: Book) -> tuple[str, ...]:
    card = next((book.scorecards[code] for book in books if code in book.scorecards), None)
    words = [_named(card) if card else key_words(code)]
    if rest[:1] == ["grants"] and len(rest) > 1:
        benefit, _at, begin = rest[1].partition("@")
        found = [rule for book in books for rule in book.grants if rule.code == benefit]
        name = (found[0].name_en if english() else found[0].name) if found else benefit
        words.append(f"{name} {begin.partition('#')[0]}".strip())
        rest = rest[2:]
    return (*words, *(key_words(part) for part in rest))


def _named(thing: Any) -> str:
    return str(thing.name_en if english() else thing.name)


def key_words(part: str) -> str:
    """A key of a file as a reader of the console calls it; what has no name stays as it is."""
    metric, _sharp, place = part.partition("#")
    if metric in VOCABULARY:
        return f"{label_words(metric)} #{place}" if place else label_words(metric)
    if part in OPS:
        return SIGNS[OPS[part]]
    return {
        "effective": _("生效日"),
        "title": _("标题"),
        "source": _("出处"),
        "rule_id": _("规则编号"),
        "benefits": _("权益"),
        "weights": _("计分项"),
        "bands": _("档位"),
        "base": _("基础分"),
        "points": _("每次得分"),
        "per": _("每满"),
        "up_to": _("合计至多"),
        "boost": _("加权"),
        "fee_rate": _("费率"),
        "unless": _("免考核条件"),
        "value": _("权益内容"),
        "first_order_protection": _("首单交易无忧"),
        "limit": _("每单限额（元）"),
        "per_order_yuan": _("每单限额（元）"),
        "per_year_yuan": _("每年限额（元）"),
    }.get(part, part)


def _value(path: str, value: Any) -> str:
    """A value as it is read: money and shares in their unit, a condition in a few words."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Mapping):
        return _entry(value)
    if isinstance(value, date):
        return value.isoformat()
    parts = path.split(".")
    metric = parts[-2].partition("#")[0] if len(parts) > 1 else ""
    if metric in VOCABULARY and (parts[-1] in OPS or parts[-1] == "per"):
        return _threshold(metric, value)
    if parts[-1].endswith("_rate") and isinstance(value, str):
        return _share(value)
    if parts[-1] == "metric" and value in VOCABULARY:
        return label_words(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _share(value: str) -> str:
    return figure_words(Fraction(value), Unit.RATIO)


def _entry(value: Mapping[str, Any]) -> str:
    """A whole condition, step or weight that came or went."""
    metric = str(value.get("metric", ""))
    asked = [f"{SIGNS[OPS[key]]} {_threshold(metric, value[key])}" for key in OPS if key in value]
    if metric in VOCABULARY and asked:
        return f"{label_words(metric)} {asked[0]}"
    name = value.get("name_en" if english() else "name")
    return str(name) if name else json.dumps(value, ensure_ascii=False, default=str)


def _threshold(metric: str, value: Any) -> str:
    word = VOCABULARY.get(metric)
    if word is None or isinstance(value, bool):
        return _("是") if value is True else _("否") if value is False else str(value)
    if isinstance(value, str):
        try:
            amount = Decimal(value)
        except InvalidOperation:
            return value
        if word.unit is Unit.FEN:
            return str(Money.yuan(amount))
        return figure_words(Fraction(amount), word.unit)
    return measure_words(metric, value)
