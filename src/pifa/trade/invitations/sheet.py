"""A sheet of orders becomes invitations: a row a kind of goods, rows of one number one invitation.

Each invitation is made or says, row by row, why not; the others go on. A preview does the same and
keeps nothing. Brought in again, a sheet makes nothing twice: the seller's own number is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.sheets import (
    Column,
    ColumnKind,
    Row,
    RowError,
    Sheet,
    cell_text,
)
from pifa.relationships.models import Relationship
from pifa.trade.invitations import policies, queries
from pifa.trade.invitations.commands.making import invite
from pifa.trade.invitations.commands.writing import InvitationGiven
from pifa.trade.invitations.errors import SentBefore
from pifa.trade.invitations.queries import FoundSku
from pifa.trade.invitations.rules import Destination, GoodsGiven
from pifa.trade.invitations.sheet_reading import (
    OF_ORDER,
    WrongCell,
    days_of,
    first_of,
    freight_of,
    groups_of,
    line_of,
    places_of,
    region_of,
    text_of,
)
from pifa.trade.models import OrderInvitation

COLUMNS: tuple[Column, ...] = (
    Column(_("单号")),
    Column(_("客户")),
    Column(_("货号")),
    Column(_("货品名称")),
    Column(_("规格")),
    Column(_("单位")),
    Column(_("数量"), ColumnKind.WHOLE),
    Column(_("单价")),
    Column(_("运费"), ColumnKind.MONEY),
    Column(_("有效天数"), ColumnKind.WHOLE),
    Column(_("备注")),
    Column(_("收货人")),
    Column(_("手机")),
    Column(_("省份")),
    Column(_("城市、区县")),
    Column(_("详细地址")),
)
"""What the template has, in the order of `HEADERS`."""

_REMEDY = _("改正后重新上传整张表即可，已发出的不会重复。")


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """What becomes of a number: made (with the invitation's number), or there already."""

    row: int
    external_no: str
    invitation: str
    goods: str
    lines: int
    total: Money
    kind: str


@dataclass(frozen=True, slots=True)
class InvitationReport:
    """What a sheet makes, and the rows that are refused; a number with such a row is not made."""

    made: tuple[InvitedRow, ...]
    errors: tuple[RowError, ...]

    def count(self, kind: str) -> int:
        """How many are created, or unchanged."""
        return sum(row.kind == kind for row in self.made)


def preview_sheet(actor: Actor, sheet: Sheet) -> InvitationReport:
    """What `bring_in` would do; nothing is kept."""
    with transaction.atomic():
        report = bring_in(actor, sheet)
        transaction.set_rollback(True)
    return report


def bring_in(actor: Actor, sheet: Sheet) -> InvitationReport:
    """Make and send an invitation for every number of a sheet; what is there already stays.

    Raises `InvitationColumnMissing`, `InvitationSheetTooLong` (before anything is written) and what
    `open_sheet` raises. Clerks.
    """
    policies.selling(actor)
    table = sheet.table(unique=False)
    places = places_of(table.headers)
    groups = groups_of(table.rows, places)
    skus = _skus(actor, groups, places)
    made: list[InvitedRow] = []
    errors: list[RowError] = []
    for external_no, rows in groups.items():
        try:
            made.append(_one(actor, external_no, rows, places, skus))
        except WrongCell as wrong:
            header = table.headers[places.get(wrong.field, places["number"])]
            cells = tuple(cell_text(cell) for cell in wrong.row.cells)
            errors.append(RowError(wrong.row.number, header, wrong.reason, _REMEDY, cells))
    return InvitationReport(tuple(made), tuple(errors))


def template_rows() -> Iterator[Sequence[object]]:
    """A sample: one order of two kinds of goods, one from the catalogue and one in words."""
    yield (
        "A-1001",
        None,
        "M8-30",
        None,
        None,
        None,
        1000,
        "0.2755",
        Money(12_00),
        7,
        str(_("请在收货时点数")),
        None,
        None,
        None,
        None,
        None,
    )
    more = ("A-1001", None, None, str(_("定制挂钩")), str(_("黑色")), str(_("件")), 20, "12.50")
    yield (*more, *[None] * (len(COLUMNS) - len(more)))


def _one(
    actor: Actor,
    external_no: str,
    rows: Sequence[Row],
    places: Mapping[str, int],
    skus: Mapping[str, list[FoundSku]],
) -> InvitedRow:
    given = _given(actor, rows, places, skus)
    before = (
        OrderInvitation.objects.filter(policies.own(actor), external_no=external_no)
        .prefetch_related("lines")
        .first()
    )
    if before is not None:
        if not _says_the_same(before, given):
            raise WrongCell(rows[0], "number", str(SentBefore(number=before.number)))
        return _told(rows, external_no, before, "unchanged")
    try:
        with transaction.atomic():
            number = invite(actor, given, external_no=external_no)
    except DomainError as error:
        raise WrongCell(rows[0], error.field or "number", str(error)) from error
    row = OrderInvitation.objects.prefetch_related("lines").get(number=number)
    return _told(rows, external_no, row, "created")


def _told(rows: Sequence[Row], external_no: str, made: OrderInvitation, kind: str) -> InvitedRow:
    lines = sorted(made.lines.all(), key=lambda line: line.position)
    return InvitedRow(
        row=rows[0].number,
        external_no=external_no,
        invitation=made.number,
        goods=lines[0].title,
        lines=len(lines),
        total=Money(made.total_fen),
        kind=kind,
    )


def _says_the_same(before: OrderInvitation, given: InvitationGiven) -> bool:
    lines = sorted(before.lines.all(), key=lambda line: line.position)
    was = [
        (line.sku_id, "" if line.sku_id else line.title, line.quantity, line.price_e4)
        for line in lines
    ]
    now = [
        (line.sku_id, "" if line.sku_id else line.title, line.quantity, line.price.e4)
        for line in given.lines
    ]
    return was == now and before.freight_fen == given.freight.fen


def _given(
    actor: Actor,
    rows: Sequence[Row],
    places: Mapping[str, int],
    skus: Mapping[str, list[FoundSku]],
) -> InvitationGiven:
    of_order = {name: first_of(rows, places, name) for name in OF_ORDER}
    lines = [line_of(row, places, skus) for row in rows]
    customer_id = _customer(actor, *of_order["customer"])
    unpriced = {line.sku_id: line.quantity for line, priced in lines if line.sku_id and not priced}
    if unpriced:
        every = {line.sku_id: line.quantity for line, _priced in lines if line.sku_id}
        prices = {row.sku_id: row.price for row in queries.proposed(actor, every, customer_id)}
        lines = [
            (_priced_as(line, prices), True) if line.sku_id in unpriced else (line, priced)
            for line, priced in lines
        ]
    days = days_of(*of_order["days"])
    return InvitationGiven(
        lines=[line for line, _priced in lines],
        valid_until=clock.today() + timedelta(days=days),
        freight=freight_of(*of_order["freight"]),
        note=of_order["note"][1],
        customer_id=customer_id,
        to=Destination(
            of_order["consignee"][1],
            of_order["mobile"][1],
            region_of(*of_order["region"]),
            of_order["city"][1],
            of_order["detail"][1],
        ),
    )


def _priced_as(line: GoodsGiven, prices: Mapping[int, UnitPrice]) -> GoodsGiven:
    return GoodsGiven(line.quantity, prices.get(line.sku_id or 0, line.price), sku_id=line.sku_id)


def _customer(actor: Actor, row: Row, text: str) -> int | None:
    """A customer by its name, its number in the seller's books, or its company's login."""
    if not text:
        return None
    rows = Relationship.objects.filter(seller=actor.company_id)
    rows = rows.exclude(state=Relationship.State.MERGED).filter(
        Q(name=text) | Q(external_key=text) | Q(buyer__login=text) | Q(buyer__name=text)
    )
    found = list(rows.values_list("pk", flat=True)[:2])
    if len(found) != 1:
        reason = _("没有这个客户") if not found else _("有不止一个客户叫这个名字")
        raise WrongCell(row, "customer", str(reason))
    return found[0]


def _skus(
    actor: Actor, groups: Mapping[str, Sequence[Row]], places: Mapping[str, int]
) -> Mapping[str, list[FoundSku]]:
    """The seller's SKUs by the codes that the sheet names; three statements for all of them."""
    codes = {text_of(row, places, "code"): 1 for rows in groups.values() for row in rows}
    codes.pop("", None)
    return queries.skus_by_code(actor, codes) if codes else {}
