"""A seller with customers and what they bought, for the tests of customer files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count

from pifa.crm.commands import FileDraft, add_file
from pifa.crm.models import CustomerFile
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.trade.models import Order, OrderLine
from tests.parties.people import id_of

_numbers = count(1)


def file_of(seller: Actor, name: str, code: str = "", **values: object) -> CustomerFile:
    """A file of a new customer of the seller."""
    return add_file(seller, FileDraft(name=name, **values), code)  # type: ignore[arg-type]


def declared(file: CustomerFile, *sales: tuple[date, int, int]) -> list[Order]:
    """Past orders of a file's customer: day, fen, pieces of one kind of goods."""
    made = []
    for day, fen, pieces in sales:
        number = next(_numbers)
        at = clock.start_of_day(day)
        order = Order.objects.create(
            number=f"D-{number}",
            external_no=f"E-{number}",
            seller_id=file.seller_id,
            customer_id=file.relationship_id,
            channel="declared",
            provenance="declared",
            status="completed",
            goods_fen=fen,
            total_fen=fen,
            paid_fen=fen,
            placed_at=at,
            paid_at=at,
        )
        OrderLine.objects.create(
            order=order,
            position=1,
            title="垃圾袋",
            spec_text="32*45",
            unit="捆",
            quantity=pieces,
            price_e4=1,
            amount_fen=fen,
        )
        made.append(order)
    return made


def at(day: date, hour: int = 9) -> datetime:
    """A moment of a market day."""
    return (
        clock.start_of_day(day).replace(microsecond=0).astimezone(clock.zone()).replace(hour=hour)
    )


def names(rows: Iterable[object]) -> list[str]:
    """The names of rows of a list, in order."""
    return [row.file.name for row in rows]  # type: ignore[attr-defined]


__all__ = ["at", "declared", "file_of", "id_of", "names"]
