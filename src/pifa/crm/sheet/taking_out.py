"""The files of a seller as the sheet that can be brought in again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from pifa.crm.models import AgreedPrice, CustomerFile, FileFigures, FileNote, FileTag
from pifa.crm.policies import may_keep
from pifa.crm.queries.files import line_text
from pifa.crm.rules import cells
from pifa.crm.sheet.columns import COLUMNS, sheet_columns
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.sheets import write_csv, write_xlsx
from pifa.kernel.sheets.answers import WrittenKind
from pifa.parties.text import clean_line
from pifa.trade.models import Order, OrderLine

SHOWN_ORDERS = 3
"""Orders of the market that stand among the purchases, the latest."""

SHOWN_LINES = 12
LONGEST_ORDER = 300
LONGEST_NOTES = 30_000
"""Letters of the notes of one file; older ones stay in the market only."""


def export(actor: Actor, target: IO[bytes], kind: WrittenKind) -> int:
    """Write every file of the actor's company; how many. Clerks; the audit log says so."""
    seller_id = may_keep(actor)
    audit.record(actor, "crm.export", f"company:{seller_id}", kind=kind)
    return written(seller_id, target, kind)


def written(seller_id: int, target: IO[bytes], kind: WrittenKind) -> int:
    """Write a seller's files; nine statements however many there are."""
    files = list(
        CustomerFile.objects.filter(seller=seller_id, merged_into=None)
        .select_related("keeper")
        .order_by("pk")
    )
    held = Held(seller_id)
    many = max((len(held.purchases(file)) for file in files), default=0)
    write = write_csv if kind == "csv" else write_xlsx
    rows: Iterator[Sequence[object]] = (held.row(file, many) for file in files)
    return write(target, sheet_columns(max(many, SHOWN_ORDERS)), _padded(rows, many))


def _padded(rows: Iterator[Sequence[object]], many: int) -> Iterator[Sequence[object]]:
    for row in rows:
        yield [*row, *[""] * (SHOWN_ORDERS - many)]


class Held:
    """What hangs on the files of a seller, read at once; what hangs on a merged one is its
    kept one's."""

    def __init__(self, seller_id: int) -> None:
        self._kept = dict(
            CustomerFile.objects.filter(seller=seller_id).values_list("pk", "merged_into")
        )
        mine: dict[str, Any] = {"file__seller": seller_id}
        self.tags = self._by_file(FileTag.objects.filter(**mine).values_list("file", "word"))
        self._prices = self._by_file(
            AgreedPrice.objects.filter(**mine)
            .order_by("file", "pk")
            .values_list("file", "goods", "price_e4")
        )
        self._notes = self._by_file(
            FileNote.objects.filter(**mine, kind=FileNote.Kind.NOTE)
            .order_by("-at", "-pk")
            .values_list("file", "at", "by_name", "text")
        )
        figures = FileFigures.objects.filter(seller=seller_id)
        self.fen = dict(figures.values_list("file", "amount_fen"))
        self._orders = _latest_orders(seller_id)

    def _by_file(self, rows: Any) -> defaultdict[int, list[Any]]:
        found: defaultdict[int, list[Any]] = defaultdict(list)
        for file_id, *rest in rows:
            found[self._kept.get(file_id) or file_id].append(rest[0] if len(rest) == 1 else rest)
        return found

    def words(self, file_id: int) -> list[str]:
        """The tags of a file."""
        return sorted(set(self.tags[file_id]))

    def prices(self, file_id: int) -> list[tuple[str, UnitPrice]]:
        """The agreed prices of a file."""
        found: dict[str, UnitPrice] = {}
        for goods, price in self._prices[file_id]:
            found.setdefault(goods, UnitPrice(price))
        return list(found.items())

    def notes(self, file_id: int) -> list[cells.Note]:
        """The notes of a file, the latest first, with moments of the market's zone."""
        zone = clock.zone()
        return [
            cells.Note(text, at.astimezone(zone).replace(tzinfo=None), by)
            for at, by, text in self._notes[file_id]
        ]

    def orders(self, file: CustomerFile) -> list[str]:
        """The latest orders of a file in words, the earliest first."""
        keys = (("buyer", file.buyer_id), ("customer", file.relationship_id))
        found = [order for key in keys for order in self._orders[key]]
        found.sort(key=lambda order: (order[0], order[1]))
        return [text for _at, _pk, text in found[-SHOWN_ORDERS:]]

    def purchases(self, file: CustomerFile) -> list[str]:
        """What stands in the purchases' columns."""
        return [*file.written_purchases, *self.orders(file)]

    def row(self, file: CustomerFile, many: int) -> list[object]:
        """A file as a row with so many purchases."""
        shown: dict[str, object] = {
            "account": file.account,
            "tags": cells.write_words(self.words(file.pk)),
            "phone": file.phone,
            "contact": file.contact,
            "name": file.name,
            "keeper": file.keeper.name if file.keeper else "",
            "address": file.address,
            "usual_specs": file.usual_specs,
            "prices": cells.write_prices(self.prices(file.pk)),
            "usage": cells.write_usage(file.daily_usage, file.usage_unit),
            "amount": Money(file.written_fen + self.fen.get(file.pk, 0)),
            "next_action": file.next_action,
            "next_day": file.next_day,
            "other_contacts": file.other_contacts,
            "notes": self._notes_text(file.pk),
            "code": file.code,
        }
        purchases = self.purchases(file)
        row = [shown[column.key] for column in COLUMNS]
        return row + purchases + [""] * (many - len(purchases))

    def _notes_text(self, file_id: int) -> str:
        kept: list[cells.Note] = []
        room = LONGEST_NOTES
        for note in self.notes(file_id):
            room -= len(cells.write_notes([note])) + 1
            if room < 0:
                break
            kept.append(note)
        return cells.write_notes(kept)


def _latest_orders(seller_id: int) -> defaultdict[tuple[str, int | None], list[Any]]:
    """The latest orders of each customer and each buyer, in words; three statements."""
    found: defaultdict[tuple[str, int | None], list[Any]] = defaultdict(list)
    sales = Order.objects.filter(
        seller=seller_id, paid_at__isnull=False, is_cancellation=False, paid_fen__gt=0
    )
    picked: list[Any] = []
    for by, name in (("customer", "customer_id"), ("buyer", "buyer_id")):
        ranked = sales.filter(**{f"{by}__isnull": False}).annotate(
            nth=Window(
                RowNumber(), partition_by=F(name), order_by=(F("placed_at").desc(), F("pk").desc())
            )
        )
        rows = ranked.filter(nth__lte=SHOWN_ORDERS).values_list(name, "pk", "placed_at")
        picked += [(by, *row) for row in rows]
    lines = _lines({pk for _by, _whose, pk, _at in picked})
    for by, whose, pk, at in picked:
        text = f"{clock.market_day(at).isoformat()} {'；'.join(lines[pk])}"
        found[by, whose].append(
            (at, pk, clean_line(text[: 2 * LONGEST_ORDER])[:LONGEST_ORDER].strip())
        )
    return found


def _lines(order_ids: set[int]) -> defaultdict[int, list[str]]:
    lines: defaultdict[int, list[str]] = defaultdict(list)
    ids = sorted(order_ids)
    for start in range(0, len(ids), 10_000):
        chunk = ids[start : start + 10_000]
        rows = OrderLine.objects.filter(order__in=chunk, kind="goods", position__lte=SHOWN_LINES)
        names = ("order", "title", "spec_text", "quantity", "unit")
        for order, title, spec, quantity, unit in rows.order_by("order", "position").values_list(
            *names
        ):
            lines[order].append(line_text(title, spec, quantity, unit))
    return lines
