"""The bank's statement as a sheet: looked through first, then brought in.

A row with the bank's line number is the line of that number, whatever told of it first. Rows
without one are known by all they say; of rows that say the same, the first is the first line
that says so, the second the second: equal transfers of a day all count, a sheet that is
brought in again counts nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.banks.protocol import LONGEST, LineNotice
from pifa.finance.methods.corporate_transfer import lines
from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.finance.rules import Verdict
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import MAX_FEN, Money
from pifa.kernel.sheets import Cell, CellProblem, Row, RowError, SheetLimits, cell_text, open_sheet

LIMITS = SheetLimits(file_bytes=16 * 1024 * 1024, rows=20_000, columns=60)

HEADERS: dict[str, tuple[str, ...]] = {
    "line_no": ("流水号", "交易流水号", "银行流水号", "Line number"),
    "account_no": ("收款账号", "入账账号", "本方账号", "Account"),
    "payer_name": ("付款户名", "对方户名", "付款人名称", "Payer"),
    "payer_account": ("付款账号", "对方账号", "付款人账号", "Payer account"),
    "payer_bank": ("付款行", "对方行名", "付款行名称", "Payer bank"),
    "amount": ("金额", "收入金额", "贷方金额", "Amount"),
    "value_day": ("入账日期", "交易日期", "Value date"),
    "remark": ("附言", "摘要", "用途", "Remark"),
}
"""The columns, each with the headers that banks give it; the first is ours."""

_NEEDED = ("account_no", "payer_name", "payer_account", "amount", "value_day")
_AMOUNT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?")


class _RefusedError(Exception):
    """A cell is not what its column holds: the field, why, and what to do."""

    def __init__(self, name: str, reason: str | Promise, remedy: str | Promise) -> None:
        super().__init__(name)
        self.name, self.reason, self.remedy = name, reason, remedy


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row that is a line; `verdict` is what is made of it (in a preview: would be).

    `settled` is a new line, `repeated` one that is booked already, `contradicts` has the number
    of a booked line that says something else.
    """

    row: int
    notice: LineNotice
    ordinal: int
    verdict: Verdict


@dataclass(slots=True)
class SheetReport:
    """What a statement sheet brings."""

    lines: list[SheetLine] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def new(self) -> list[SheetLine]:
        """Lines that are not booked yet."""
        return [line for line in self.lines if line.verdict is Verdict.SETTLED]

    @property
    def known(self) -> int:
        """How many rows tell of lines that are booked."""
        return sum(line.verdict is Verdict.REPEATED for line in self.lines)

    @property
    def new_total(self) -> Money:
        """What the new lines add up to."""
        return Money(sum(line.notice.amount.fen for line in self.new))


def preview(actor: Actor, file: IO[bytes], name: str | None = None) -> SheetReport:
    """What a sheet would bring; nothing is booked. Operators only."""
    policies.works_for_the_market(actor)
    return _read(file, name)


def bring_in(actor: Actor, file: IO[bytes], name: str | None = None) -> SheetReport:
    """Book every line of a sheet that is new, each for itself. Operators only.

    Rows that are refused are told and leave the others alone; the sheet may be brought in again.
    """
    policies.works_for_the_market(actor)
    found = _read(file, name)
    report = SheetReport(errors=found.errors)
    for line in found.lines:
        verdict = line.verdict
        if verdict is Verdict.SETTLED:
            verdict = lines.take(banks.DEFAULT, line.notice, BankLine.Source.SHEET, line.ordinal)
        report.lines.append(SheetLine(line.row, line.notice, line.ordinal, verdict))
    audit.record(
        actor, "transfer.sheet", "bank:statement", new=len(report.new), known=report.known,
        refused=len(report.errors),
    )  # fmt: skip
    return report


def _read(file: IO[bytes], name: str | None) -> SheetReport:
    report = SheetReport()
    with open_sheet(file, name=name, limits=LIMITS) as sheet:
        table = sheet.table()
        columns = _columns(table.headers)
        seen: Counter[str] = Counter()
        numbers: set[str] = set()
        for row in table.rows:
            try:
                notice = _notice(columns, row)
                _check_once(notice, numbers)
            except _RefusedError as refused:
                report.errors.append(_error(table.headers, columns, row, refused))
                continue
            report.lines.append(_judged(row.number, notice, seen))
    _tell_contradictions(report)
    return report


def _columns(headers: Sequence[str]) -> dict[str, int]:
    """Column → its place; `InvalidInput` names the headers that are missing."""
    found = {}
    for name, known in HEADERS.items():
        for header in known:
            if header in headers:
                found[name] = headers.index(header)
                break
    missing = [HEADERS[name][0] for name in _NEEDED if name not in found]
    if missing:
        reason = _("缺少列：{columns}。")
        raise InvalidInput(field="sheet", reason=str(reason).format(columns="、".join(missing)))
    return found


def _notice(columns: Mapping[str, int], row: Row) -> LineNotice:
    cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()}
    for name, cell in cells.items():
        if isinstance(cell, CellProblem):
            raise _RefusedError(name, cell.reason, cell.remedy)
    texts = {name: _text(name, cells.get(name, "")) for name in LONGEST}
    return LineNotice(
        line_no=texts["line_no"] or None,
        account_no=texts["account_no"],
        payer_name=texts["payer_name"],
        payer_account=texts["payer_account"],
        payer_bank=texts["payer_bank"],
        amount=_amount(cells["amount"]),
        value_day=_day(cells["value_day"]),
        remark=texts["remark"],
    )


def _text(name: str, cell: Cell) -> str:
    text = cell_text(cell).strip()
    if name in _NEEDED and not text:
        raise _RefusedError(name, _("没有填写"), _("补上后重新上传"))
    if len(text) > LONGEST[name] or "\x00" in text:
        raise _RefusedError(name, _("内容过长或含有无法保存的字符"), _("改正后重新上传"))
    return text


def _amount(cell: Cell) -> Money:
    text = cell_text(cell).strip().lstrip("¥￥+").replace(",", "").replace("，", "")
    remedy = _("填写元，最多两位小数")
    # A spreadsheet writes what it has rounded as 1.23E+05: that is no amount of anybody's.
    if not (isinstance(cell, Decimal) or _AMOUNT.fullmatch(text)):
        raise _RefusedError("amount", _("不是金额"), remedy)
    try:
        money = Money.yuan(cell if isinstance(cell, Decimal) else text)
    except ValueError as error:
        raise _RefusedError("amount", _("不是金额"), remedy) from error
    if money.fen <= 0:
        raise _RefusedError(
            "amount", _("金额必须大于 0：只导入收款"), _("删去付款和冲正的行，冲正请人工处理")
        )
    if money.fen > MAX_FEN:
        raise _RefusedError("amount", _("金额大得不可能"), remedy)
    return money


def _day(cell: Cell) -> date:
    day: date | None = None
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif found := _DAY.fullmatch(cell_text(cell).strip()):
        try:
            day = date(*(int(part) for part in found.groups()))
        except ValueError:
            day = None
    if day is None or not clock.FIRST_DAY <= day <= clock.LAST_DAY:
        raise _RefusedError("value_day", _("不是日期"), _("写成 2026-03-02 这样的日期"))
    return day


def _check_once(notice: LineNotice, numbers: set[str]) -> None:
    if notice.line_no is None:
        return
    if notice.line_no in numbers:
        raise _RefusedError("line_no", _("流水号在表里出现过"), _("删去重复的行"))
    numbers.add(notice.line_no)


def _judged(row: int, notice: LineNotice, seen: Counter[str]) -> SheetLine:
    ordinal = 1
    if notice.line_no is None:
        digest = lines.digest_of(notice)
        seen[digest] += 1
        ordinal = seen[digest]
    known = lines.find(banks.DEFAULT, notice, ordinal)
    if known.contradicts:
        verdict = Verdict.CONTRADICTS
    else:
        verdict = Verdict.SETTLED if known.line is None else Verdict.REPEATED
    return SheetLine(row, notice, ordinal, verdict)


def _tell_contradictions(report: SheetReport) -> None:
    for line in report.lines:
        if line.verdict is Verdict.CONTRADICTS:
            reason = _("这个流水号已经入账，而内容不同")
            remedy = _("与银行核对；账上的那一笔没有改动")
            name = HEADERS["line_no"][0]
            report.errors.append(RowError(line.row, name, reason, remedy))
    report.errors.sort(key=lambda error: error.row)


def _error(
    headers: Sequence[str], columns: Mapping[str, int], row: Row, refused: _RefusedError
) -> RowError:
    header = headers[columns[refused.name]] if refused.name in columns else ""
    cells = row.texts
    return RowError(row.number, header, refused.reason, refused.remedy, cells)


def sample_columns() -> list[str]:
    """Our own headers, in the order of a statement."""
    return [known[0] for known in HEADERS.values()]


def as_rows(statement: Iterable[Mapping[str, str]]) -> Iterator[list[str]]:
    """Lines as a bank writes them (`sandbox.transfers.statement`) as rows of the sheet."""
    for line in statement:
        yuan = str(Money(int(line["amount_fen"])).decimal)
        values = {**line, "amount": yuan}
        yield [values[name] for name in HEADERS]
