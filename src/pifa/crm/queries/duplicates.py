"""Files of a seller that may be of one customer, with why."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.crm.models import CustomerFile
from pifa.crm.policies import may_read
from pifa.crm.queries.files import FileRow, rows_of
from pifa.crm.rules.duplicates import Known, Why, pairs
from pifa.kernel.actors import Actor

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """Two files that may be one: `gone` would be merged into `kept`."""

    kept: FileRow
    gone: FileRow
    why: tuple[Why, ...]


def duplicates(actor: Actor, shown: int = SHOWN) -> tuple[list[Alike], int]:
    """The first pairs of the actor's company, and how many there are; four statements.

    The one with a company behind it is kept, else the one that paid more.
    """
    rows = CustomerFile.objects.filter(seller=may_read(actor), merged_into=None)
    names = ("pk", "name", "phone", "address", "buyer_id")
    known = [
        Known(pk, name, phone, address, buyer_id is not None)
        for pk, name, phone, address, buyer_id in rows.order_by("pk").values_list(*names)
    ]
    found = pairs(known)
    wanted = {pk for pair in found[:shown] for pk in (pair.first, pair.second)}
    cards = rows_of(list(rows.filter(pk__in=wanted).select_related("keeper")))
    alike = []
    for pair in found[:shown]:
        both = sorted(
            (cards[pair.first], cards[pair.second]),
            key=lambda row: (row.file.buyer_id is None, -row.figures.amount_fen, row.file.pk),
        )
        alike.append(Alike(both[0], both[1], pair.why))
    return alike, len(found)
