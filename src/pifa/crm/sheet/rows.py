"""One row of the customers' sheet, read: cells to values, each refusal with its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from pifa.crm.rules import cells
from pifa.crm.sheet.columns import BY_KEY, IDENTITY, Places
from pifa.kernel import clock
from pifa.kernel.sheets import Cell, CellProblem, Row
from pifa.parties.text import clean_line, clean_text

MAX_AMOUNT = Decimal(10**13)
NOTE_LENGTH = 2000


class BadCell(Exception):
    """A cell that cannot be read: the header over it, what is wrong, what to do."""

    def __init__(self, header: str, reason: str, remedy: str) -> None:
        super().__init__(header, reason, remedy)
        self.header, self.reason, self.remedy = header, reason, remedy


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row says. `values` has only fields whose columns are there; without purchases'
    columns `purchases` is None."""

    number: int
    code: str
    identity: str
    values: dict[str, Any]
    purchases: tuple[str, ...] | None
    notes: tuple[cells.Note, ...]
    texts: tuple[str, ...]


def read_row(row: Row, places: Places, headers: Sequence[str]) -> ReadRow:
    """Read a row; raises `BadCell`."""
    texts = row.texts
    for at, cell in enumerate(row.cells):
        if isinstance(cell, CellProblem) and at in (*places.known.values(), *places.purchases):
            header = headers[at] if at < len(headers) else ""
            raise BadCell(header, str(cell.reason), str(cell.remedy))
    given = {key: texts[at].strip() if at < len(texts) else "" for key, at in places.known.items()}
    values = _plain_values(given)
    _read_tags(given, values)
    _read_figures(given, values, _cell(row, places, "next_day"))
    identity = next((key for key in IDENTITY if _shown(given, values, key)), "")
    if not identity:
        raise BadCell(
            BY_KEY["code"].header,
            _("没有写是哪位客户"),
            _("填客户编号、旺旺ID、电话或姓名中的一项"),
        )
    purchases = [clean_line(texts[at]) if at < len(texts) else "" for at in places.purchases]
    return ReadRow(
        number=row.number,
        code=clean_line(_shown(given, values, identity))[:120],
        identity=identity,
        values=values,
        purchases=tuple(text for text in purchases if text) if places.purchases else None,
        notes=_notes(given.get("notes", "")),
        texts=texts,
    )


def _plain_values(given: dict[str, str]) -> dict[str, Any]:
    lines = ("phone", "contact", "name", "keeper", "address", "next_action")
    texts = ("usual_specs", "other_contacts")
    values: dict[str, Any] = {key: clean_line(given[key]) for key in lines if key in given}
    return values | {key: clean_text(given[key]) for key in texts if key in given}


def _read_tags(given: dict[str, str], values: dict[str, Any]) -> None:
    words = cells.read_words(given.get("tags", ""))
    if "account" in given:
        account, more = cells.read_account(clean_line(given["account"]))
        values["account"] = account
        words += more
        if more or "tags" in given:
            values["tags"] = tuple(dict.fromkeys(words))
    elif "tags" in given:
        values["tags"] = tuple(words)


def _read_figures(given: dict[str, str], values: dict[str, Any], day: Cell) -> None:
    if "prices" in given:
        prices = cells.read_prices(given["prices"])
        if prices is None:
            raise _bad(
                "prices", _("看不懂价格"), _("每行写 规格=单价，如 28*42加厚=0.35，规格不重复")
            )
        values["prices"] = tuple(prices.items())
    if "usage" in given:
        usage = cells.read_usage(given["usage"]) if given["usage"] else (None, "")
        if usage is None:
            raise _bad("usage", _("不是每天的数量"), _("写成数字加单位，如 2000个"))
        values["daily_usage"], values["usage_unit"] = usage
    if given.get("amount"):
        values["amount_fen"] = _fen(given["amount"])
    if "next_day" in given:
        values["next_day"] = _day(day, given["next_day"])


def _fen(text: str) -> int:
    plain = re.sub(r"[,，\s¥￥元]", "", text)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    wrong = not re.fullmatch(r"\d{1,13}(\.\d{1,2})?", plain) or not 0 <= amount < MAX_AMOUNT
    if wrong:
        raise _bad("amount", _("不是金额"), _("写数字，最多两位小数，如 11355.00"))
    return int(amount * 100)


def _day(cell: Cell, text: str) -> date | None:
    if not text:
        return None
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        found = _typed_day(text)
    if not clock.FIRST_DAY <= found <= clock.LAST_DAY:
        raise _no_day()
    return found


def _typed_day(text: str) -> date:
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise _no_day()


def _no_day() -> BadCell:
    return _bad("next_day", _("不是日期"), _("写成 2026-03-28 这样"))


def _notes(text: str) -> tuple[cells.Note, ...]:
    notes = [
        cells.Note(clean_text(note.text), note.at, clean_line(note.by))
        for note in cells.read_notes("\n".join(text.splitlines()))
    ]
    for note in notes:
        if len(note.text) > NOTE_LENGTH:
            raise _bad("notes", _("一条备注太长"), _("每条最多 2000 字"))
        if note.at and not clock.FIRST_DAY <= note.at.date() <= clock.LAST_DAY:
            raise _bad("notes", _("备注的时间不对"), _("去掉行首的时间，或改成正确的"))
    return tuple(note for note in notes if note.text)


def _shown(given: dict[str, str], values: dict[str, Any], key: str) -> str:
    return str(values["account"]) if key == "account" and key in values else given.get(key, "")


def _cell(row: Row, places: Places, key: str) -> Cell:
    at = places.known.get(key)
    return "" if at is None else row.cell(at)


def _bad(key: str, reason: str, remedy: str) -> BadCell:
    return BadCell(BY_KEY[key].header, reason, remedy)
