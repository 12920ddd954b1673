"""Stock: reserved at order, released on close, taken at shipment. Never oversold.

Each verb is ONE statement over all its SKUs, with its condition inside the UPDATE. Locks:
on PostgreSQL the SKUs are locked in the order of their ids before any is changed, so that
two orders over the same SKUs wait for each other and never deadlock; SQLite has one writer.
The plain twin of `reserve` is a loop of `select_for_update().order_by("id")`, a check and a
save; a test holds both to the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction

from pifa.catalog.errors import OutOfStock, Shortage, StockMismatch
from pifa.catalog.events import StockLow
from pifa.catalog.models import Sku
from pifa.kernel import bulk
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit

Quantities = Mapping[int, int]
"""SKU id → pieces, each above zero."""

_WANTED = {
    "sqlite": (
        "SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS quantity"
        " FROM json_each(%s)"
    ),
    # Arrays, for PostgreSQL takes them for few and comes by the index; of JSON it expects a
    # hundred rows and would read the table.
    "postgresql": "SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS w(id, quantity)",
}
_LOCKED = """,
locked AS MATERIALIZED (
    SELECT s.id FROM catalog_sku s JOIN wanted USING (id) ORDER BY s.id FOR NO KEY UPDATE OF s
)"""
_LOCKED_OFFERS = """,
locked AS MATERIALIZED (
    SELECT o.id FROM catalog_offer o JOIN sold ON sold.offer_id = o.id
    ORDER BY o.id FOR NO KEY UPDATE OF o
)"""
_STATEMENT = """
WITH wanted AS ({wanted}){locked}
UPDATE catalog_sku SET {change}
FROM wanted{and_locked}
WHERE catalog_sku.id = wanted.id{is_locked} AND {condition}
RETURNING {returning}
"""
_LEFT = "catalog_sku.stock - catalog_sku.reserved"
_MOQ = "(SELECT moq FROM catalog_offer WHERE catalog_offer.id = catalog_sku.offer_id)"


def reserve(quantities: Quantities) -> None:
    """Reserve pieces of SKUs for an order, all or nothing.

    Raises `OutOfStock` naming every SKU that is short (an inactive one has none), and
    `NotFound` for an unknown one; within `bulk.together` at its end. Announces `StockLow` for
    a SKU of which less than its offer's MOQ is left by this.
    """

    def told(rows: list[Sequence[Any]]) -> None:
        if len(rows) < len(quantities):
            raise OutOfStock(_shortages(quantities, {row[0] for row in rows}))
        emit(
            *(
                StockLow(sku_id=sku_id, offer_id=offer_id, left=left)
                for sku_id, offer_id, left, moq in sorted(map(tuple, rows))
                if left < moq <= left + quantities[sku_id]
            )
        )

    _check(quantities)
    if not quantities:
        return
    with transaction.atomic(savepoint=False):
        bulk.run(_reserving(connection.vendor), _parameters(quantities), 4, told)


@cache
def _reserving(vendor: str) -> str:
    return _statement(
        vendor,
        change="reserved = reserved + wanted.quantity",
        condition=f"catalog_sku.active AND {_LEFT} >= wanted.quantity",
        returning=f"catalog_sku.id, catalog_sku.offer_id, {_LEFT}, {_MOQ}",
    )


def release_stock(quantities: Quantities) -> None:
    """Give back pieces that an order had reserved. Raises `StockMismatch`."""
    _apply_to_reserved(quantities, "reserved = reserved - wanted.quantity")


def ship_stock(quantities: Quantities) -> None:
    """Take reserved pieces out of the warehouse. Raises `StockMismatch`."""
    _apply_to_reserved(
        quantities, "stock = stock - wanted.quantity, reserved = reserved - wanted.quantity"
    )


def add_sold(quantities: Quantities) -> None:
    """Count pieces (SKU id → pieces, negative to take back) as sold on the SKUs' offers."""
    if not quantities:
        return
    locks = connection.vendor == "postgresql"
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH wanted AS ({_WANTED[connection.vendor]}), sold AS (
                SELECT s.offer_id, sum(wanted.quantity) AS pieces
                FROM catalog_sku s JOIN wanted USING (id) GROUP BY s.offer_id
            ){_LOCKED_OFFERS if locks else ""}
            UPDATE catalog_offer SET sold_quantity = CASE
                WHEN sold_quantity + sold.pieces > 0 THEN sold_quantity + sold.pieces ELSE 0 END
            FROM sold{", locked" if locks else ""} WHERE catalog_offer.id = sold.offer_id
                {"AND locked.id = catalog_offer.id" if locks else ""}
            """,  # noqa: S608 - no value is pasted in
            _parameters(quantities),
        )


def _apply_to_reserved(quantities: Quantities, change: str) -> None:
    _check(quantities)
    with transaction.atomic(savepoint=False):
        rows = _apply(
            quantities,
            change=change,
            condition="catalog_sku.reserved >= wanted.quantity",
            returning="catalog_sku.id",
        )
        if len(rows) < len(quantities):
            missed = sorted(set(quantities) - {sku_id for (sku_id,) in rows})
            raise StockMismatch(sku_ids=missed)


def _apply(
    quantities: Quantities, *, change: str, condition: str, returning: str
) -> list[tuple[Any, ...]]:
    """Run the one statement; the rows that met the condition."""
    if not quantities:
        return []
    statement = _statement(
        connection.vendor, change=change, condition=condition, returning=returning
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, _parameters(quantities))
        return list(cursor.fetchall())


def _statement(vendor: str, *, change: str, condition: str, returning: str) -> str:
    locks = vendor == "postgresql"
    return _STATEMENT.format(
        wanted=_WANTED[vendor],
        locked=_LOCKED if locks else "",
        and_locked=", locked" if locks else "",
        is_locked=" AND locked.id = catalog_sku.id" if locks else "",
        change=change,
        condition=condition,
        returning=returning,
    )


def _check(quantities: Quantities) -> None:
    if any(quantity <= 0 for quantity in quantities.values()):
        raise ValueError(f"quantities must be above zero: {dict(quantities)}")


def _parameters(quantities: Quantities) -> list[str]:
    """The quantities as `_WANTED` takes them, by rising id."""
    rows = sorted(quantities.items())
    if connection.vendor == "sqlite":
        return [json.dumps(rows)]
    return ["{" + ",".join(map(str, column)) + "}" for column in zip(*rows, strict=True)]


def _shortages(quantities: Quantities, reserved: set[int]) -> list[Shortage]:
    """What is short of the SKUs that could not be reserved, read in the same transaction."""
    skus = Sku.objects.filter(pk__in=quantities.keys() - reserved).select_related("offer")
    found = [
        Shortage(
            sku.pk,
            f"{sku.offer.title} {sku.spec_text or sku.code}",
            quantities[sku.pk],
            max(sku.stock - sku.reserved, 0) if sku.active else 0,
        )
        for sku in skus.order_by("pk")
    ]
    if len(found) + len(reserved) < len(quantities):
        raise NotFound
    return found
