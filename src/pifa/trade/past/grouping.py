"""From the rows of one order to its draft: what all rows together say, and what contradicts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pifa.kernel.money import Money
from pifa.kernel.sheets import RowError
from pifa.trade.past import mapping as mappings
from pifa.trade.past.drafts import DeclaredOrderDraft, LineDraft
from pifa.trade.past.fields import LINE_FIELDS, MONEY_FIELDS, Field
from pifa.trade.past.rows import Problem, unpack
from pifa.trade.past.rules import UNPAID_STATUSES, OrderKind, line_kind, order_kind
from pifa.trade.past.values import moment_of

_DECIDING = (*MONEY_FIELDS, Field.STATUS)
"""What the rows of one order must agree on, beside the customer."""


class SpooledRow(NamedTuple):
    """A row as the spool keeps it; `faults` is JSON of (problems, notes), `cells` packed."""

    row: int
    order_no: str
    ordinal: int | None
    created_at: int | None
    customer: str
    code: str
    title: str
    unit: str
    quantity: int | None
    price_e4: int
    amount_fen: int
    head: str | None
    faults: str | None
    cells: str


class _Head:
    """What the rows of an order say of the order, the first to say it being believed."""

    def __init__(self) -> None:
        self.created_at: int | None = None
        self.customer = ""
        self.values: dict[str, int | str] = {}
        self._last: tuple[str | None, list[Problem]] = (None, [])

    def add(self, row: SpooledRow) -> list[Problem]:
        """Take in what a row says; what contradicts the rows above it is given back."""
        problems: list[Problem] = []
        if row.created_at is not None:
            earliest = self.created_at is None or row.created_at < self.created_at
            self.created_at = row.created_at if earliest else self.created_at
        if row.customer and self.customer and row.customer != self.customer:
            problems.append(self._contradiction(Field.CUSTOMER, self.customer))
        self.customer = self.customer or row.customer
        if row.head != self._last[0]:  # rows repeat what the row above them says
            self._last = (row.head, self._add_values(row.head))
        return problems + self._last[1]

    def _add_values(self, head: str | None) -> list[Problem]:
        problems: list[Problem] = []
        for key, value in json.loads(head or "{}").items():
            known = self.values.setdefault(key, value)
            if known != value and key in _DECIDING:
                shown = str(Money(int(known))) if key in MONEY_FIELDS else known
                problems.append(self._contradiction(Field(key), shown))
        return problems

    @staticmethod
    def _contradiction(field: Field, known: object) -> Problem:
        return Problem(
            field,
            format_lazy(_("与同一订单前面的行不一致（前面是“{known}”）"), known=known),
            _("让同一订单各行一致，或改用另一个订单号"),
        )


class OrderBuilder:
    """Makes drafts of grouped rows."""

    def __init__(
        self, mapping: mappings.Mapping, headers: Sequence[str], bound: Mapping[Field, int]
    ) -> None:
        self._mapping = mapping
        self._headers = headers
        self._bound = bound

    def rejection(
        self,
        row: int,
        problems: Sequence[Problem],
        cells: tuple[str, ...] = (),
        ordinal: int | None = None,
    ) -> RowError:
        """All that is wrong with one row, under the headers it stands under in the file."""
        return RowError(
            row,
            ", ".join(self._header(p.field) for p in problems),
            "; ".join(str(p.reason) for p in problems),
            "; ".join(dict.fromkeys(str(p.remedy) for p in problems)),
            cells,
            ordinal,
        )

    def build(self, rows: list[SpooledRow]) -> Iterator[DeclaredOrderDraft | RowError]:
        """The order that these rows make up, and those of them that were not taken."""
        head = _Head()
        good: list[tuple[int, SpooledRow]] = []
        warnings: list[RowError] = []
        unread: dict[Field, int] = {}
        taken: set[int] = {row.ordinal for row in rows if row.ordinal is not None}
        seen: set[int] = set()
        for position, row in enumerate(rows, 1):
            problems, notes = _faults(row)
            problems += head.add(row)
            ordinal = self._ordinal(row, position, taken, seen, problems)
            if notes:
                warnings.append(self.rejection(row.row, notes, (), ordinal))
            if not problems:
                good.append((ordinal, row))
                continue
            for problem in problems:
                if problem.field is not None and problem.field not in LINE_FIELDS:
                    unread.setdefault(problem.field, row.row)
            yield self.rejection(row.row, problems, unpack(row.cells), ordinal)
        if good:
            yield from self._assemble(head, good, warnings, unread)

    def _assemble(
        self,
        head: _Head,
        good: list[tuple[int, SpooledRow]],
        warnings: list[RowError],
        unread: dict[Field, int],
    ) -> Iterator[DeclaredOrderDraft | RowError]:
        draft = None
        problem = self._cannot(head, unread, good)
        if problem is None:
            draft = self._draft(head, good, warnings)
            if not draft.lines and draft.paid_fen is None and draft.goods_fen is None:
                problem = Problem(
                    Field.PAID, _("既没有金额也没有货品行"), _("填写实付款，或补上货品行")
                )
        if problem is None and draft is not None:
            yield draft
            return
        assert problem is not None
        for ordinal, row in good:
            yield self.rejection(row.row, [problem], unpack(row.cells), ordinal)

    def _cannot(
        self, head: _Head, unread: dict[Field, int], good: list[tuple[int, SpooledRow]]
    ) -> Problem | None:
        """Why an order cannot be made of rows that are good by themselves, if so."""
        for field, row in unread.items():
            known = head.customer if field is Field.CUSTOMER else head.values.get(field, "")
            if field is Field.CREATED_AT:
                known = "" if head.created_at is None else "known"
            if known == "" and field is not Field.ORDINAL:
                return Problem(
                    field,
                    format_lazy(_("同一订单第 {row} 行的这一格有误"), row=row),
                    _("改正那一行后，与本行一起重新上传"),
                )
        if head.created_at is None:
            return Problem(Field.CREATED_AT, _("没有下单时间"), _("补上下单时间"))
        return None

    def _draft(
        self, head: _Head, good: list[tuple[int, SpooledRow]], warnings: list[RowError]
    ) -> DeclaredOrderDraft:
        mapping, values = self._mapping, head.values
        first = good[0][1]
        status = str(values.get(Field.STATUS, ""))
        kind = order_kind(first.order_no, status, mapping.cancel_prefix, mapping.cancel_statuses)
        key, name = _customer(head)
        assert head.created_at is not None
        draft = DeclaredOrderDraft(
            external_no=first.order_no,
            kind=kind,
            placed_at=moment_of(head.created_at),
            customer_key=key,
            customer_name=name,
            status=status if status and status not in mapping.cancel_statuses else "completed",
            goods_fen=_number(values.get(Field.GOODS_TOTAL)),
            freight_fen=_number(values.get(Field.FREIGHT)),
            adjustment_fen=_number(values.get(Field.ADJUSTMENT)),
            paid_fen=_number(values.get(Field.PAID)),
            first_row=first.row,
            warnings=warnings,
            lines=self._lines(kind, good),
        )
        paid_at = _number(values.get(Field.PAID_AT))
        draft.paid_at = None if paid_at is None else moment_of(paid_at)
        for field in _PASSED_ON:
            setattr(draft, field, str(values.get(field, "")))
        warnings.extend(self._sums(draft))
        return draft

    def _lines(self, kind: OrderKind, good: list[tuple[int, SpooledRow]]) -> list[LineDraft]:
        flip = kind is OrderKind.CANCELLATION and self._mapping.cancel_quantities == "positive"
        sign = -1 if flip else 1
        return [
            LineDraft(
                ordinal,
                row.row,
                line_kind(kind, sign * row.quantity, row.price_e4),
                row.code,
                row.title,
                sign * row.quantity,
                row.unit,
                row.price_e4,
                sign * row.amount_fen,
            )
            for ordinal, row in good
            if row.quantity is not None
        ]

    def _sums(self, draft: DeclaredOrderDraft) -> Iterator[RowError]:
        """Warnings where amounts do not add up; *paid* is believed all the same."""
        if draft.goods_fen is None:
            return
        total = draft.goods_fen + (draft.freight_fen or 0) + (draft.adjustment_fen or 0)
        unpaid = draft.status in UNPAID_STATUSES and not draft.paid_fen
        if draft.paid_fen is not None and draft.paid_fen != total and not unpaid:
            reason = format_lazy(
                _("货款 + 运费 + 涨跌 = {total}，与实付 {paid} 不同"),
                total=Money(total),
                paid=Money(draft.paid_fen),
            )
            remedy = _("已按实付导入，请核对")
            yield self.rejection(draft.first_row, [Problem(Field.PAID, reason, remedy)])
        if draft.lines and draft.lines_fen != draft.goods_fen:
            reason = format_lazy(
                _("各行合计 {lines}，与货款 {goods} 不同"),
                lines=Money(draft.lines_fen),
                goods=Money(draft.goods_fen),
            )
            remedy = _("已按原样导入，请核对")
            yield self.rejection(draft.first_row, [Problem(Field.GOODS_TOTAL, reason, remedy)])

    def _ordinal(
        self,
        row: SpooledRow,
        position: int,
        taken: set[int],
        seen: set[int],
        problems: list[Problem],
    ) -> int:
        """The ordinal written in the row, else its place among the rows of its order."""
        ordinal = row.ordinal
        if ordinal is None:
            return position if position not in taken else _free(position, taken)
        if ordinal in seen:
            reason = format_lazy(_("单内序号 {ordinal} 在同一订单里出现了两次"), ordinal=ordinal)
            problems.append(Problem(Field.ORDINAL, reason, _("改正其中一个序号")))
        seen.add(ordinal)
        return ordinal

    def _header(self, field: Field | None) -> str:
        if field is None:
            return ""
        index = self._bound.get(field)
        return self._headers[index] if index is not None else str(field.label)


_PASSED_ON = (
    Field.SELLER_COMPANY,
    Field.SELLER_MEMBER,
    Field.SHIPPER,
    Field.CONSIGNEE,
    Field.COUNTRY,
    Field.ADDRESS,
    Field.POST_CODE,
    Field.PHONE,
    Field.MOBILE,
)


def _faults(row: SpooledRow) -> tuple[list[Problem], list[Problem]]:
    if row.faults is None:
        return [], []
    problems, notes = json.loads(row.faults)
    return [_problem(p) for p in problems], [_problem(p) for p in notes]


def _problem(plain: list[Any]) -> Problem:
    field, reason, remedy = plain
    return Problem(Field(field) if field else None, reason, remedy)


def _customer(head: _Head) -> tuple[str, str]:
    """Key and name: a number of the seller's own books, else the member, else the company."""
    member = str(head.values.get(Field.BUYER_MEMBER, ""))
    company = str(head.values.get(Field.BUYER_COMPANY, ""))
    key = head.customer or member or company
    return key, company or member or key


def _number(value: int | str | None) -> int | None:
    return None if value is None else int(value)


def _free(position: int, taken: set[int]) -> int:
    """The next ordinal that no row claims."""
    while position in taken:
        position += 1
    taken.add(position)
    return position
