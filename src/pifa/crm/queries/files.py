"""A seller's files: the list, one file with all that hangs on it, tags and keepers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from pifa.crm.models import AgreedPrice, CustomerFile, FileFigures, FileMerge, FileNote, FileTag
from pifa.crm.policies import may_read
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.parties.models import Member
from pifa.parties.rules import mask_phone
from pifa.trade.models import Order, OrderLine

Sort = Literal["amount", "last", "chance"]
SORTS: tuple[Sort, ...] = ("amount", "last", "chance")
ORDERS, LINES, NOTES = 20, 6, 100


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in a list. `figures` are kept as of their own day; `amount` counts orders only."""

    file: CustomerFile
    figures: FileFigures
    tags: tuple[str, ...]

    @property
    def amount(self) -> Money:
        """All it paid: its orders here, and what the seller's books had before."""
        return Money(self.figures.amount_fen + self.file.written_fen)


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order of a file's customer, with its first lines."""

    number: str
    day: date
    paid: Money
    declared: bool
    lines: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class NoteView:
    """An entry of the history."""

    id: int
    kind: str
    kind_label: str
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FileView:
    """A file with all that hangs on it and on those merged into it."""

    row: FileRow
    phone: str
    prices: tuple[tuple[str, UnitPrice], ...]
    notes: tuple[NoteView, ...]
    orders: tuple[PastOrder, ...]
    merges: tuple[FileMerge, ...]


def files(
    actor: Actor,
    *,
    words: str = "",
    tag: str = "",
    keeper_id: int | None = None,
    sort: Sort = "amount",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[FileRow]:
    """The files of the actor's company; three statements for a page.

    `words` are looked for in names, codes, accounts, contacts, phones and addresses.
    """
    rows = _filtered(may_read(actor), words, tag, keeper_id)
    rows = rows.annotate(place=_place(sort))
    if cursor:
        place, before = read_cursor(cursor, str if sort == "last" else int, int)
        rows = rows.filter(Q(place__lt=place) | Q(place=place, pk__gt=before))
    size = page_size(size)
    found = list(rows.order_by("-place", "pk")[: size + 1])
    page = cut(found, size, lambda row: (_plain(row.place), row.pk))
    by_id = rows_of(page.items)
    return Page([by_id[row.pk] for row in page.items], page.next_cursor)


def count(actor: Actor, words: str = "", tag: str = "", keeper_id: int | None = None) -> int:
    """How many files such a list has."""
    return _filtered(may_read(actor), words, tag, keeper_id).count()


def _filtered(
    seller_id: int, words: str, tag: str, keeper_id: int | None
) -> QuerySet[CustomerFile]:
    rows = CustomerFile.objects.filter(seller=seller_id, merged_into=None)
    if words:
        names = ("name", "code", "account", "contact", "phone", "address")
        wanted = Q()
        for name in names:
            wanted |= Q(**{f"{name}__icontains": words})
        rows = rows.filter(wanted)
    if tag:
        tagged = FileTag.objects.filter(word=tag, file__seller=seller_id)
        rows = rows.filter(
            Q(pk__in=tagged.values("file")) | Q(pk__in=tagged.values("file__merged_into"))
        )
    if keeper_id is not None:
        rows = rows.filter(keeper=keeper_id)
    return rows.select_related("keeper")


def _place(sort: Sort) -> Coalesce:
    if sort == "last":
        return Coalesce("figures__last_day", Value(date(1, 1, 1)))
    if sort == "chance":
        return Coalesce("figures__chance", Value(0))
    return Coalesce(F("figures__amount_fen") + F("written_fen"), Value(0))


def _plain(place: object) -> int | str:
    return place if isinstance(place, int) else str(place)


def rows_of(found: Sequence[CustomerFile]) -> dict[int, FileRow]:
    """Files as rows, by id; two statements."""
    ids = {row.pk for row in found}
    figures = {row.file_id: row for row in FileFigures.objects.filter(file__in=ids)}
    words: defaultdict[int, set[str]] = defaultdict(set)
    tags = FileTag.objects.filter(Q(file__in=ids) | Q(file__merged_into__in=ids))
    for file_id, kept_id, word in tags.values_list("file_id", "file__merged_into_id", "word"):
        words[kept_id or file_id].add(word)
    return {row.pk: FileRow(row, figures[row.pk], tuple(sorted(words[row.pk]))) for row in found}


def file(actor: Actor, file_id: int) -> FileView:
    """A file of the actor's company; a merged one leads to where it went. Nine statements."""
    seller_id = may_read(actor)
    rows = CustomerFile.objects.filter(seller=seller_id).select_related("keeper", "merged_into")
    row = rows.filter(pk=file_id).first()
    if row is not None and row.merged_into_id:
        row = rows.filter(pk=row.merged_into_id).first()
    if row is None:
        raise NotFound
    family = [row.pk, *row.merged.values_list("pk", flat=True)]
    plain = parties.may_see_contacts(actor, seller_id)
    merges = FileMerge.objects.filter(kept=row, undone_at=None).select_related("gone", "by")
    return FileView(
        row=rows_of([row])[row.pk],
        phone=row.phone if plain else mask_phone(row.phone),
        prices=_prices(family),
        notes=_notes(family),
        orders=_orders(row),
        merges=tuple(merges.order_by("-at", "-pk")),
    )


def agreed_prices(
    seller_id: int, relationship_ids: Iterable[int]
) -> dict[int, tuple[tuple[str, UnitPrice], ...]]:
    """What was agreed with customers, by relationship: for price lists to take over.

    Nothing here decides a price; `catalog.rules.prices.price_offer` does.
    """
    rows = AgreedPrice.objects.filter(
        file__seller=seller_id, file__relationship__in=set(relationship_ids)
    ).order_by("pk")
    found: defaultdict[int, list[tuple[str, UnitPrice]]] = defaultdict(list)
    for key, goods, price in rows.values_list("file__relationship_id", "goods", "price_e4"):
        assert key is not None  # it is among those asked for
        found[key].append((goods, UnitPrice(price)))
    return {key: tuple(prices) for key, prices in found.items()}


def tags(actor: Actor) -> list[str]:
    """Every tag of the company's files, in order."""
    rows = FileTag.objects.filter(file__seller=may_read(actor))
    return sorted(rows.values_list("word", flat=True).distinct())


def keepers(actor: Actor) -> list[tuple[int, str]]:
    """Who may keep files: the active members of the actor's company."""
    rows = Member.objects.filter(company=may_read(actor), active=True)
    return list(rows.order_by("pk").values_list("pk", "name"))


def _prices(family: list[int]) -> tuple[tuple[str, UnitPrice], ...]:
    rows = AgreedPrice.objects.filter(file__in=family).order_by("file", "pk")
    found: dict[str, UnitPrice] = {}
    for goods, price in rows.values_list("goods", "price_e4"):
        found.setdefault(goods, UnitPrice(price))
    return tuple(found.items())


def _notes(family: list[int]) -> tuple[NoteView, ...]:
    rows = FileNote.objects.filter(file__in=family).order_by("-at", "-pk")[:NOTES]
    return tuple(
        NoteView(row.pk, row.kind, str(row.get_kind_display()), row.text, row.at, row.by_name)
        for row in rows
    )


def orders_of(row: CustomerFile) -> QuerySet[Order]:
    """The sales to a file's customer, on the market and declared."""
    whose = Q(pk=None)
    if row.buyer_id:
        whose |= Q(buyer=row.buyer_id) | Q(customer__buyer=row.buyer_id)
    if row.relationship_id:
        whose |= Q(customer=row.relationship_id)
    return Order.objects.filter(
        whose, seller=row.seller_id, paid_at__isnull=False, is_cancellation=False
    )


def _orders(row: CustomerFile) -> tuple[PastOrder, ...]:
    found = list(orders_of(row).order_by("-placed_at", "-pk")[:ORDERS])
    lines: defaultdict[int, list[str]] = defaultdict(list)
    rows = OrderLine.objects.filter(order__in=[order.pk for order in found], kind="goods")
    for line in rows.order_by("order", "position"):
        lines[line.order_id].append(line_text(line.title, line.spec_text, line.quantity, line.unit))
    return tuple(
        PastOrder(
            number=order.number,
            day=clock.market_day(order.placed_at),
            paid=Money(order.paid_fen),
            declared=order.provenance == "declared",
            lines=tuple(lines[order.pk][:LINES]),
            more=max(len(lines[order.pk]) - LINES, 0),
        )
        for order in found
    )


def line_text(title: str, spec: str, quantity: int, unit: str) -> str:
    """A line as a keeper reads it: 垃圾袋 32*45 ×100捆."""
    return " ".join(part for part in (title, spec, f"×{quantity}{unit}") if part)
