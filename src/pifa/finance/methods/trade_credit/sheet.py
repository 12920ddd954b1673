"""Lines in batch: a sheet with a row a buyer grants and changes them, and is written out again.

Each row is taken or says why not; the others go on. A preview does the same and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.finance import policies
from pifa.finance.methods.trade_credit.commands.lines import LineDraft, check, put_credit
from pifa.finance.methods.trade_credit.models import CreditLine, TermsOf
from pifa.finance.methods.trade_credit.queries.lines import CreditLineView, views
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.kernel.sheets import (
    CellProblem,
    Column,
    ColumnKind,
    Row,
    RowError,
    Sheet,
)

MAX_ROWS = 2_000

HEADERS: dict[str, tuple[str, ...]] = {
    "login": ("买家会员名", "会员名", "Buyer member", "Buyer login", "Login"),
    "limit": ("额度", "账期额度", "Limit"),
    "terms": ("结算方式", "Terms"),
    "number": ("结算日或天数", "结算日", "天数", "Settlement day or days", "Day or days"),
    "reason": ("冻结原因", "Why frozen"),
}
"""The headers each column is known by; the first is the one a template has."""

OPTIONAL = "reason"
"""Without this column a sheet leaves lines frozen or open as they are; with it, a line is frozen
where it says why, and open where it is empty."""

TERMS: dict[str, str] = {
    "按月结算": TermsOf.Kind.MONTHLY,
    "按月": TermsOf.Kind.MONTHLY,
    "月结": TermsOf.Kind.MONTHLY,
    "monthly": TermsOf.Kind.MONTHLY,
    "收货后按天数": TermsOf.Kind.DAYS,
    "按天": TermsOf.Kind.DAYS,
    "天数": TermsOf.Kind.DAYS,
    "days": TermsOf.Kind.DAYS,
    "days from receipt": TermsOf.Kind.DAYS,
}
"""How terms are written, in either language."""

COLUMNS: tuple[Column, ...] = (
    Column(_("买家会员名")),
    Column(_("额度"), ColumnKind.MONEY),
    Column(_("结算方式")),
    Column(_("结算日或天数"), ColumnKind.WHOLE),
    Column(_("买家名称")),
    Column(_("已用额度"), ColumnKind.MONEY),
    Column(_("可用额度"), ColumnKind.MONEY),
    Column(_("待付"), ColumnKind.MONEY),
    Column(_("逾期"), ColumnKind.MONEY),
    Column(_("冻结原因")),
)
"""What is written out: the columns that are read, then what there is to know. Their English is
among `HEADERS` (`tests/finance/credit/test_lines.py`)."""


class CreditColumnMissing(DomainError):
    """A sheet of lines without one of its columns; figures: header."""

    code = "credit.column_missing"
    status = 422
    message = _(
        "表格里没有“{header}”这一列。第一行需要有：买家会员名、额度、结算方式、结算日或天数。"
    )


class BuyerTwice(DomainError):
    """A sheet names a buyer that an earlier row has already; figures: login, row."""

    code = "credit.buyer_twice"
    status = 422
    message = _("“{login}”在第 {row} 行已经有了，一位买家只能写一行。")


class CreditSheetTooLong(DomainError):
    """More rows than one upload takes; figures: limit."""

    code = "credit.sheet_too_long"
    status = 422
    message = _("一次最多导入 {limit} 行，请分成几个文件上传。")


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What becomes of one row that is taken: created, changed or unchanged. `frozen` is why the
    line is frozen by it, empty if it is open, none if the sheet does not say."""

    row: int
    login: str
    limit: Money
    terms: str
    number: int
    kind: str
    frozen: str | None


@dataclass(frozen=True, slots=True)
class LinesReport:
    """What a sheet of lines does, row by row, and the rows that are refused."""

    outcomes: tuple[LineOutcome, ...]
    errors: tuple[RowError, ...]
    headers: tuple[str, ...]

    def count(self, kind: str) -> int:
        """How many rows are created, changed or unchanged."""
        return sum(outcome.kind == kind for outcome in self.outcomes)


def preview_lines(actor: Actor, sheet: Sheet) -> LinesReport:
    """What `bring_lines_in` would do; nothing is kept."""
    seller_id = policies.handles_money(actor)
    with transaction.atomic():
        # All locks are held until the end here: taken in one order, two previews never deadlock.
        rows = CreditLine.objects.filter(seller=seller_id).order_by("pk")
        list(rows.select_for_update(no_key=True))
        report = bring_lines_in(actor, sheet)
        transaction.set_rollback(True)
    return report


def bring_lines_in(actor: Actor, sheet: Sheet) -> LinesReport:
    """Grant and change lines as a sheet says; the same sheet again changes nothing.

    A buyer that is named twice is refused the second time. Raises `CreditColumnMissing`,
    `CreditSheetTooLong` (before anything is written) and what `open_sheet` raises.
    """
    policies.handles_money(actor)
    table = sheet.table(unique=False)
    places = _places(table.headers)
    outcomes: list[LineOutcome] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in _filled(table.rows, places):
        read = _read(row, places, table.headers)
        if isinstance(read, RowError):
            errors.append(read)
            continue
        login, draft, frozen = read
        try:
            check(draft)
            if earlier := seen.get(login.casefold()):
                raise BuyerTwice(field="login", login=login, row=earlier)
            kind = put_credit(actor, login, draft, frozen)
        except DomainError as error:
            field = error.field if error.field in places else "login"
            errors.append(_error(row, table.headers[places[field]], str(error)))
            continue
        seen[login.casefold()] = row.number
        outcomes.append(
            LineOutcome(row.number, login, draft.limit, draft.terms, draft.number, kind, frozen)
        )
    return LinesReport(tuple(outcomes), tuple(errors), tuple(table.headers))


def lines_written(actor: Actor) -> Iterator[Sequence[object]]:
    """The rows of `COLUMNS` for every line the actor's company granted; without any, a sample."""
    rows = CreditLine.objects.filter(seller=policies.handles_money(actor))
    lines = list(rows.select_related("seller", "buyer").order_by("buyer__login"))
    if not lines:
        yield (
            "shunda",
            Money(50_000_00),
            str(TermsOf.Kind.MONTHLY.label),
            28,
            None,
            None,
            None,
            None,
            None,
            None,
        )
    for start in range(0, len(lines), 500):
        for view in views(lines[start : start + 500]):
            yield _written(view)


def _written(view: CreditLineView) -> Sequence[object]:
    return (
        view.buyer_login,
        view.limit,
        str(TermsOf.Kind(view.terms).label),
        view.number,
        view.buyer_name,
        view.used,
        view.free,
        view.due,
        view.overdue,
        view.frozen_reason,
    )


def _places(headers: Sequence[str]) -> dict[str, int]:
    """Where each column is. `CreditColumnMissing` for one that has to be there."""
    found = {field: _place(headers, names) for field, names in HEADERS.items()}
    for field, place in found.items():
        if place is None and field != OPTIONAL:
            raise CreditColumnMissing(header=HEADERS[field][0])
    return {field: place for field, place in found.items() if place is not None}


def _place(headers: Sequence[str], names: Sequence[str]) -> int | None:
    for name in names:
        for position, header in enumerate(headers):
            if header.strip().casefold() == name.casefold():
                return position
    return None


def _filled(rows: Iterable[Row], places: dict[str, int]) -> list[Row]:
    found = [row for row in rows if any(row.text(place) for place in places.values())]
    if len(found) > MAX_ROWS:
        raise CreditSheetTooLong(limit=MAX_ROWS)
    return found


def _read(
    row: Row, places: dict[str, int], headers: Sequence[str]
) -> tuple[str, LineDraft, str | None] | RowError:
    for place in places.values():
        cell = row.cell(place)
        if isinstance(cell, CellProblem):
            return RowError(row.number, headers[place], cell.reason, cell.remedy, row.texts)
    values = {field: row.text(place) for field, place in places.items()}
    if not values["login"]:
        return _error(row, headers[places["login"]], str(_("没有买家会员名")))
    terms = TERMS.get(values["terms"].casefold())
    if terms is None:
        return _error(row, headers[places["terms"]], str(_("结算方式填“按月结算”或“收货后按天数”")))
    if not values["number"].isdecimal() or len(values["number"]) > 4:
        return _error(row, headers[places["number"]], str(_("结算日或天数须为整数")))
    try:
        limit = Money.yuan(values["limit"].replace(",", "").lstrip("¥￥"))
    except ValueError:
        return _error(row, headers[places["limit"]], str(_("额度须为金额，最多两位小数")))
    return values["login"], LineDraft(limit, terms, int(values["number"])), values.get(OPTIONAL)


def _error(row: Row, field: str, reason: str) -> RowError:
    return RowError(
        row.number, field, reason, _("改正后只上传这一行即可，其他行不受影响"), row.texts
    )
