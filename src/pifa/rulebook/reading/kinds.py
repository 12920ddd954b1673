"""The tables of a book: score cards and grants are read, the rest is kept as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from pifa.rulebook.reading.conditions import (
    WRONG_UNIT,
    as_written,
    parsed,
    read_conditions,
    read_metric,
)
from pifa.rulebook.reading.tables import Table
from pifa.rulebook.rules import Band, GrantRule, Ladder, Scorecard, Unit, Vocabulary, Weight
from pifa.rulebook.rules.figures import HIGHEST_SCORE, LOWEST_SCORE

SCORECARD: Final = "scorecard"
GRANTS: Final = "grants"
PLAIN: Final = "plain"

_MONEY_KEY: Final = re.compile(r"(?:.*_)?yuan")
_RATE_KEY: Final = re.compile(r"(?:.*_)?rate")


def read_scorecard(code: str, table: Table, words: Vocabulary) -> Scorecard:
    """A score card; whatever is wrong stands in the table's report."""
    table.take("kind")
    rule_id, name, name_en, source = (
        table.text(key) or "" for key in ("rule_id", "name", "name_en", "source")
    )
    base = table.whole("base")
    if base is not None and not LOWEST_SCORE <= base <= HIGHEST_SCORE:
        table.add("base", _("“{key}”应在 0 到 100 之间。"), key="base")
    weights = [_weight(entry, words) for entry in table.tables("weights")]
    entries = table.tables("bands")
    bands = [_band(entry) for entry in entries]
    if all(bands):
        _check_bands(entries, [band for band in bands if band])
    table.close()
    return Scorecard(
        code, rule_id, name, name_en, base or 0,
        tuple(weight for weight in weights if weight), tuple(band for band in bands if band),
        source,
    )  # fmt: skip


def _weight(table: Table, words: Vocabulary) -> Weight | None:
    word = read_metric(table, words)
    points, up_to, per = table.whole("points"), table.whole("up_to"), table.take("per", False)
    table.close()
    if word is None:
        return None
    if word.unit in (Unit.RATIO, Unit.FLAG):
        table.add("metric", _("“{metric}”不是可以计分的数量。"), metric=word.name)
        return None
    size = 1 if per is None else parsed(per, word.unit)
    if not size:
        table.add(
            "per" if per is not None else None,
            WRONG_UNIT[word.unit],
            metric=word.name,
            value=as_written(per),
        )
    if points == 0:
        table.add("points", _("“{key}”不能是 0。"), key="points")
    if up_to is not None and up_to <= 0:
        table.add("up_to", _("“{key}”应大于 0。"), key="up_to")
    if not size or not points or not up_to:
        return None
    return Weight(word.name, points, int(size), up_to)


def _band(table: Table) -> Band | None:
    rank, low, high = table.whole("rank"), table.whole("from"), table.whole("to")
    name, name_en = table.text("name"), table.text("name_en")
    table.close()
    if rank is None or low is None or high is None:
        return None
    return Band(rank, low, high, name or "", name_en or "")


def _check_bands(tables: list[Table], bands: list[Band]) -> None:
    expected = LOWEST_SCORE
    for rank, (table, band) in enumerate(zip(tables, bands, strict=True)):
        if band.rank != rank:
            table.add(
                "rank", _("档次不连续：应为 {expected}，这里是 {rank}。"), expected=rank, rank=band.rank
            )  # fmt: skip
        if band.low > expected:
            table.add(
                "from", _("评分 {low} 到 {high} 不属于任何一档。"), low=expected, high=band.low - 1
            )
        elif band.low < expected:
            table.add(
                "from",
                _("评分 {low} 属于两档：这一档应从 {expected} 开始。"),
                low=band.low,
                expected=expected,
            )
        if band.high < band.low:
            table.add("to", _("这一档的上限 {high} 低于下限 {low}。"), high=band.high, low=band.low)
        expected = max(expected, band.high + 1)
    if tables and expected != HIGHEST_SCORE + 1:
        tables[-1].add(
            "to",
            _("最高一档应到 {highest} 为止，这里是 {high}。"),
            highest=HIGHEST_SCORE,
            high=bands[-1].high,
        )


def read_grants(table: Table, words: Vocabulary, ladders: Mapping[str, Ladder]) -> list[GrantRule]:
    """The benefits of steps; whatever is wrong stands in the table's report."""
    table.take("kind")
    found: list[GrantRule] = []
    for entry in table.tables("grants"):
        rule = _grant(entry, words, ladders)
        if rule is not None:
            _check_once(entry, rule, found)
            found.append(rule)
    table.close()
    return found


def _check_once(table: Table, rule: GrantRule, earlier: list[GrantRule]) -> None:
    """A step brings a benefit once, so that there is one answer to what it is worth."""
    for other in earlier:
        shared = [ladder for ladder in rule.ladders if ladder in other.ladders]
        first, last = max(rule.low, other.low), min(rule.high, other.high)
        if rule.code == other.code and shared and first <= last:
            table.add(
                "from",
                _("{code} 在“{ladder}”的第 {first} 到 {last} 级给了两次。"),
                code=rule.code,
                ladder=shared[0],
                first=first,
                last=last,
            )


def _grant(table: Table, words: Vocabulary, ladders: Mapping[str, Ladder]) -> GrantRule | None:
    code, rule_id, name, name_en, source = (
        table.text(key) or "" for key in ("code", "rule_id", "name", "name_en", "source")
    )
    low, high = table.text("from"), table.text("to", needed=False)
    on = table.texts("ladders")
    conditions = read_conditions(table, words)
    value = table.table("value", needed=False)
    table.close()
    ranks: set[tuple[int, int]] = set()
    for ladder_code in on:
        ladder = ladders.get(ladder_code)
        if ladder is None:
            table.add("ladders", _("没有“{ladder}”这个阶梯。"), ladder=ladder_code)
        elif low is not None:
            ranks.add((_rank(table, "from", ladder, low), _rank(table, "to", ladder, high)))
    if not ranks or any(-1 in pair for pair in ranks):
        return None
    if len(ranks) > 1 or any(first > last for first, last in ranks):
        table.add("from", _("“from”与“to”在各阶梯上应是同一段级别，从低到高。"))
        return None
    first, last = ranks.pop()
    return GrantRule(
        code, rule_id, name, name_en, tuple(on), first, last, conditions,
        dict(value.data) if value else {}, source,
    )  # fmt: skip


def _rank(table: Table, key: str, ladder: Ladder, code: str | None) -> int:
    """The rank of a step, the highest where no code is given; -1 if there is none."""
    if code is None:
        return ladder.steps[-1].rank if ladder.steps else -1
    found = next((step.rank for step in ladder.steps if step.code == code), -1)
    if found < 0:
        table.add(key, _("“{ladder}”没有“{code}”这一级。"), ladder=ladder.code, code=code)
    return found


def check_plain(value: Any, table: Table, path: tuple[str | int, ...]) -> None:
    """Everywhere in the file: no floats; `…_yuan` is money, `…_rate` a share, both as text."""
    if isinstance(value, dict):
        for key, item in value.items():
            _check_named(key, item, table, (*path, key))
            check_plain(item, table, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            check_plain(item, table, (*path, place))
    elif isinstance(value, float):
        table.report.add(path, _('{value} 是浮点数。请写成文字，例如 "0.0012"。'), value=value)


def _check_named(key: str, item: Any, table: Table, path: tuple[str | int, ...]) -> None:
    if isinstance(item, float):
        return  # said once
    if _MONEY_KEY.fullmatch(key) and parsed(item, Unit.FEN) is None:
        table.report.add(path, WRONG_UNIT[Unit.FEN], metric=key, value=as_written(item))
    if _RATE_KEY.fullmatch(key):
        rate = parsed(item, Unit.RATIO)
        if rate is None or rate > 1:
            table.report.add(path, WRONG_UNIT[Unit.RATIO], metric=key, value=as_written(item))
