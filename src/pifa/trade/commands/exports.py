"""Sheets that leave the market: each is kept in the audit log, with who took it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.sheets.answers import WrittenKind
from pifa.trade import policies
from pifa.trade.queries.desk import Filters
from pifa.trade.queries.packing import (
    PackingNote,
    PickingList,
    packing_notes,
    picking_list,
)
from pifa.trade.queries.repeat_purchase import RepeatReport, repeat_report
from pifa.trade.queries.series import SalesSeries, sales_series
from pifa.trade.queries.sheet import order_sheet
from pifa.trade.spans import Grain
from pifa.trade.states import SELLER


def export_orders(
    actor: Actor,
    tab: str = "all",
    filters: Filters | None = None,
    numbers: Sequence[str] | None = None,
    *,
    kind: str = "xlsx",
) -> Iterator[tuple[object, ...]]:
    """The rows of a seller's order sheet, with names and addresses of its buyers.

    Only for those who work on orders or money; what was asked for is recorded before the
    first row is read.
    """
    company_id = policies.require_exporting(actor)
    rows = order_sheet(actor, SELLER, tab, filters, numbers)
    filters = filters or Filters()
    audit.record(
        actor,
        "order.export",
        f"company:{company_id}",
        kind=kind,
        tab=tab,
        keyword=filters.keyword,
        buyer=filters.other_login,
        since=filters.since.isoformat() if filters.since else None,
        until=filters.until.isoformat() if filters.until else None,
        picked=None if numbers is None else len(numbers),
    )
    return rows


def export_waiting(actor: Actor) -> list[PackingNote]:
    """The orders awaiting shipment with their consignees, to be filled in outside the market."""
    company_id = policies.require_selling(actor)
    notes = packing_notes(actor)
    audit.record(actor, "order.export_waiting", f"company:{company_id}", orders=len(notes))
    return notes


def print_notes(actor: Actor, numbers: Sequence[str]) -> list[PackingNote]:
    """Delivery notes of orders, to be printed: consignees leave the market on paper.

    Nothing is recorded where no number is the company's own.
    """
    company_id = policies.require_selling(actor)
    notes = packing_notes(actor, numbers)
    if notes:
        audit.record(
            actor,
            "order.print_notes",
            f"company:{company_id}",
            orders=len(notes),
            numbers=[note.number for note in notes],
        )
    return notes


def print_picking(actor: Actor, numbers: Sequence[str]) -> PickingList:
    """A picking list over orders, to be printed: what to fetch from the shelves, once for all."""
    company_id = policies.require_selling(actor)
    picking = picking_list(actor, numbers)
    if picking.orders:
        audit.record(
            actor,
            "order.print_picking",
            f"company:{company_id}",
            orders=len(picking.orders),
            numbers=list(picking.orders),
        )
    return picking


def export_sales(
    actor: Actor,
    since: date,
    until: date,
    include_declared: bool = False,
    grain: Grain | None = None,
    *,
    kind: WrittenKind = "xlsx",
) -> SalesSeries:
    """A seller's sales, to leave the market as a sheet (`queries.sales_rows`)."""
    policies.require_exporting(actor)
    series = sales_series(actor, since, until, include_declared, grain)
    _record_report(actor, "report.export_sales", since, until, include_declared, kind)
    return series


def export_repeat(
    actor: Actor,
    since: date,
    until: date,
    include_declared: bool = False,
    grain: Grain | None = None,
    *,
    kind: WrittenKind = "xlsx",
) -> RepeatReport:
    """A seller's repeat purchase with the names of its returning buyers, to leave the market as
    a sheet (`queries.repeat_rows`)."""
    policies.require_exporting(actor)
    report = repeat_report(actor, since, until, include_declared, grain)
    _record_report(actor, "report.export_repeat", since, until, include_declared, kind)
    return report


def _record_report(
    actor: Actor, action: str, since: date, until: date, include_declared: bool, kind: WrittenKind
) -> None:
    audit.record(
        actor,
        action,
        f"company:{actor.company_id}",
        kind=kind,
        since=since.isoformat(),
        until=until.isoformat(),
        include_declared=include_declared,
    )
