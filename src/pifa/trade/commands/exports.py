"""Sheets that leave the market: each is kept in the audit log, with who took it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.trade import policies
from pifa.trade.queries.desk import Filters
from pifa.trade.queries.packing import PackingNote, packing_notes
from pifa.trade.queries.sheet import order_sheet
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
