"""What a warehouse needs to pack and send orders: lines, consignee, what the buyer said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from pifa.catalog.queries import localized
from pifa.finance import queries as finance
from pifa.finance.queries import CashItemView
from pifa.kernel.actors import Actor
from pifa.kernel.money import ZERO, Money
from pifa.trade import policies, rules
from pifa.trade.carriers.protocol import Place
from pifa.trade.carriers.registry import EXPRESS
from pifa.trade.carriers.rules import place_of
from pifa.trade.models import Order, OrderLine, OrderStatus, Provenance, Shipment
from pifa.trade.queries.desk import LineRow, buyer_name, line_row
from pifa.trade.queries.masking import DeliveryView, delivery_view

LOOKED_BACK, CARRIERS_SHOWN = 300, 12


@dataclass(frozen=True, slots=True)
class PackingNote:
    """An order as its seller packs it. `ship_by` is when the promised time to ship is over;
    `to_collect` the carrier collects at the door, by the number `collect_by`."""

    number: str
    status: str
    buyer_name: str
    buyer_login: str
    delivery: DeliveryView
    lines: tuple[LineRow, ...]
    total: Money
    message: str
    seller_note: str
    placed_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    express_no: str
    """The number same-city express would give it; empty where that does not go."""
    to_collect: Money
    collect_by: str

    @property
    def pieces(self) -> int:
        """Pieces of all lines."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Pick:
    """Pieces of one SKU to fetch, with the orders they are for (number, pieces)."""

    code: str
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    orders: tuple[tuple[str, int], ...]

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return localized(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class PickingList:
    """What to fetch for some orders, by storage code; goods without a code stand last."""

    orders: tuple[str, ...]
    picks: tuple[Pick, ...]

    @property
    def pieces(self) -> int:
        """Pieces of all picks."""
        return sum(pick.quantity for pick in self.picks)


def picking_list(actor: Actor, numbers: Sequence[str]) -> PickingList:
    """What to fetch for orders of the actor's company, each SKU once; two statements.

    The storage code is the SKU's own code, by which shelves are labelled; `A-2` stands before
    `A-10`. Orders that are closed have nothing to fetch.
    """
    notes = [note for note in packing_notes(actor, numbers) if note.status != OrderStatus.CLOSED]
    found: dict[tuple[object, ...], list[tuple[LineRow, str]]] = defaultdict(list)
    for note in notes:
        for line in note.lines:
            if line.kind == OrderLine.Kind.GOODS:
                key = (line.sku_id,) if line.sku_id else (line.code, line.title, line.spec_text)
                found[key].append((line, note.number))
    picks = [_pick(lines) for lines in found.values()]
    picks.sort(key=lambda pick: (not pick.code, rules.natural_order(pick.code), pick.title))
    return PickingList(tuple(note.number for note in notes), tuple(picks))


def _pick(lines: Sequence[tuple[LineRow, str]]) -> Pick:
    first = lines[0][0]
    wanted: Counter[str] = Counter()
    for line, number in lines:
        wanted[number] += line.quantity
    return Pick(
        code=first.code,
        title=first.title,
        title_en=first.title_en,
        spec_text=first.spec_text,
        unit=first.unit,
        quantity=sum(wanted.values()),
        orders=tuple(wanted.items()),
    )


def packing_notes(actor: Actor, numbers: Sequence[str] | None = None) -> list[PackingNote]:
    """Orders of the actor's company to be packed, the longest waiting first; two statements, one
    more where something was promised.

    Without numbers: those awaiting shipment. At most one batch (`rules.MAX_BATCH`). Strangers'
    numbers are left out. `Forbidden` for members who do not ship.
    """
    seller_id = policies.require_selling(actor)
    found = Order.objects.filter(seller=seller_id, provenance=Provenance.MARKET)
    if numbers is None:
        found = found.filter(status=OrderStatus.AWAITING_SHIPMENT)
    else:
        found = found.filter(number__in=numbers)
    orders = list(
        found.select_related("buyer", "customer", "seller").order_by("covered_at", "pk")[
            : rules.MAX_BATCH
        ]
    )
    lines: dict[int, list[LineRow]] = defaultdict(list)
    rows = OrderLine.objects.filter(order__in=[order.pk for order in orders])
    for line in rows.order_by("order_id", "position"):
        lines[line.order_id].append(line_row(line))
    promised = [order.subject for order in orders if order.promised_fen]
    cash = finance.cash_items_of(promised) if promised else {}
    return [_note(order, tuple(lines[order.pk]), cash.get(order.subject)) for order in orders]


def carriers_used(actor: Actor) -> list[str]:
    """The carriers of the company's recent shipments, the most used first; one statement."""
    seller_id = policies.require_selling(actor)
    recent = Shipment.objects.filter(order__seller=seller_id).order_by("-pk")
    names = recent.values_list("carrier", flat=True)[:LOOKED_BACK]
    return [name for name, _times in Counter(names).most_common(CARRIERS_SHOWN)]


def goes_by_express(order: Order) -> bool:
    """Whether same-city express goes from the order's seller to its consignee."""
    origin = Place(order.seller.region, order.seller.city)
    return EXPRESS.serves(origin, place_of(order.region, order.address))


def _note(order: Order, lines: tuple[LineRow, ...], cash: CashItemView | None) -> PackingNote:
    span = rules.ship_span(order.lead_days, timedelta(hours=settings.MARKET["ship_hours"]))
    return PackingNote(
        number=order.number,
        status=order.status,
        buyer_name=buyer_name(order),
        buyer_login=order.buyer.login if order.buyer else "",
        delivery=delivery_view(order, plain=True),
        lines=lines,
        total=Money(order.total_fen),
        message=order.message,
        seller_note=order.seller_note,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        ship_by=order.covered_at + span if order.covered_at else None,
        express_no=EXPRESS.issue(order.number) if goes_by_express(order) else "",
        to_collect=cash.to_collect if cash else ZERO,
        collect_by=cash.number if cash and cash.to_collect else "",
    )
