"""The purchase adviser (进货参谋): what a company buys again and again, at which prices, and what
it will run out of next.

*Usual goods* are SKUs that it bought on the market on two days at least within `LOOK_BACK_DAYS`;
orders that were closed (never paid, or wholly refunded) are none. Prices are those of the order
lines, without freight and without a change of an order's total. When more is needed
`trade.restocking` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet

from pifa.catalog import queries as catalog
from pifa.catalog.errors import QuantityProblem
from pifa.catalog.queries import CheckoutGoods, OfferCard, localized
from pifa.catalog.rules import price_offer
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import UnitPrice
from pifa.parties import policies as parties
from pifa.trade import restocking
from pifa.trade.models import OrderLine, OrderStatus, Provenance, PurchaseLine
from pifa.trade.queries.adviser_peers import LevelOf, Peers, peer_prices
from pifa.trade.restocking import Habit, Need, Purchase

LOOK_BACK_DAYS = 400
"""Days, today included, whose orders tell habits."""

MOST = 60
"""Usual goods that are shown: those bought most often."""


@dataclass(frozen=True, slots=True)
class PricePaid:
    """What was paid per unit in one order, and for how many."""

    day: date
    price: UnitPrice
    quantity: int


@dataclass(frozen=True, slots=True)
class UsualGoods:
    """A SKU that is bought again and again.

    `today` is what `habit.quantity` of it alone would cost per unit now (None: the reader may no
    longer know of it), `problem` why that could not be ordered so. `on_list` pieces of it are on
    the reader's purchase list.
    """

    sku_id: int
    offer_id: int
    title: str
    spec_text: str
    unit: str
    picture: str
    seller_id: int
    seller_name: str
    habit: Habit
    need: Need
    overdue: int
    paid: tuple[PricePaid, ...]
    today: UnitPrice | None
    problem: QuantityProblem | None
    on_list: int
    peers: Peers | None

    @property
    def last_paid(self) -> UnitPrice:
        """The price of the latest purchase."""
        return self.paid[-1].price


@dataclass(frozen=True, slots=True)
class Advice:
    """Usual goods, those needed first at the top; whether the company bought anything of late, and
    whether its level is known, so that peers can be told at all."""

    goods: tuple[UsualGoods, ...]
    any_orders: bool
    compares: bool

    @property
    def needed(self) -> tuple[UsualGoods, ...]:
        """What is due now or within a week."""
        return tuple(one for one in self.goods if one.need in (Need.DUE, Need.SOON))


def adviser(actor: Actor, level_of: LevelOf | None = None) -> Advice:
    """Advice for the actor's company; nine statements at most, and one call of `level_of`.

    Without `level_of` nothing is said of other buyers.
    """
    company_id = parties.require(actor)
    habits, lines = _habits(company_id)
    if not habits:
        return Advice((), _bought(company_id).exists(), compares=False)
    pairs = [(lines[sku_id][-1]["offer_id"], sku_id) for sku_id in habits]
    peers = peer_prices(company_id, pairs, level_of) if level_of else None
    known = _Known(
        goods=catalog.checkout_goods(list(habits), actor),
        cards=catalog.offer_cards({offer_id for offer_id, _sku_id in pairs}, actor),
        on_list=_on_list(actor, habits),
        peers=peers or {},
    )
    today = clock.today()
    goods = [_usual(lines[sku_id], habit, today, known) for sku_id, habit in habits.items()]
    return Advice(tuple(sorted(goods, key=_urgency)), True, compares=peers is not None)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known today of the goods."""

    goods: CheckoutGoods
    cards: Mapping[int, OfferCard]
    on_list: Mapping[int, int]
    peers: Mapping[int, Peers]


Line = Mapping[str, Any]


def _bought(company_id: int) -> QuerySet[OrderLine]:
    since = clock.start_of_day(clock.today() - timedelta(days=LOOK_BACK_DAYS - 1))
    return OrderLine.objects.filter(
        order__buyer=company_id,
        order__placed_at__gte=since,
        order__paid_at__isnull=False,
        order__provenance=Provenance.MARKET,
        sku__isnull=False,
    ).exclude(order__status=OrderStatus.CLOSED)


def _habits(company_id: int) -> tuple[dict[int, Habit], dict[int, list[Line]]]:
    """Habits and order lines, oldest first, by SKU; two statements."""
    often = (
        _bought(company_id)
        .values("sku_id")
        .annotate(orders=Count("order_id", distinct=True), last=Max("order__paid_at"))
        .filter(orders__gt=1)
        .order_by("-orders", "-last", "sku_id")
    )
    sku_ids = [row["sku_id"] for row in often[:MOST]]
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    if sku_ids:
        rows = _bought(company_id).filter(sku__in=sku_ids).order_by("order__paid_at", "pk")
        for row in rows.values(
            *("sku_id", "offer_id", "title", "title_en", "spec_text", "unit"),
            *("quantity", "price_e4", "order__paid_at", "order__seller_id", "order__seller__name"),
        ):
            lines[row["sku_id"]].append(row)
    habits = {sku_id: restocking.habit(_purchases(lines[sku_id])) for sku_id in sku_ids}
    return {sku_id: habit for sku_id, habit in habits.items() if habit is not None}, lines


def _purchases(lines: Iterable[Line]) -> list[Purchase]:
    return [Purchase(_day(line), line["quantity"]) for line in lines]


def _day(line: Line) -> date:
    return clock.market_day(line["order__paid_at"])


def _on_list(actor: Actor, sku_ids: Collection[int]) -> dict[int, int]:
    rows = PurchaseLine.objects.filter(member=actor.member_id, sku__in=list(sku_ids))
    return dict(rows.values_list("sku_id", "quantity"))


def _usual(
    lines: Sequence[Line],
    habit: Habit,
    today: date,
    known: _Known,
) -> UsualGoods:
    last = lines[-1]
    sku_id, offer_id = last["sku_id"], last["offer_id"]
    card = known.cards.get(offer_id)
    price, problem = _today(known.goods, sku_id, habit.quantity)
    return UsualGoods(
        sku_id=sku_id,
        offer_id=offer_id,
        title=card.shown_title if card else localized(last["title"], last["title_en"]),
        spec_text=last["spec_text"],
        unit=last["unit"],
        picture=card.picture if card else "",
        seller_id=last["order__seller_id"],
        seller_name=last["order__seller__name"],
        habit=habit,
        need=habit.need(today),
        overdue=habit.overdue(today),
        paid=tuple(
            PricePaid(_day(line), UnitPrice(line["price_e4"]), line["quantity"]) for line in lines
        ),
        today=price,
        problem=problem,
        on_list=known.on_list.get(sku_id, 0),
        peers=known.peers.get(sku_id),
    )


def _today(
    goods: CheckoutGoods, sku_id: int, quantity: int
) -> tuple[UnitPrice | None, QuantityProblem | None]:
    sku = goods.skus.get(sku_id)
    if sku is None:
        return None, None
    priced = price_offer(goods.offers[sku.offer_id].terms, {sku_id: quantity})
    price = priced.lines[0].price if priced.lines else None
    return price, next(iter(priced.problems), None)


_ORDER = (Need.DUE, Need.SOON, Need.LATER, Need.GIVEN_UP)


def _urgency(one: UsualGoods) -> tuple[int, date, int]:
    return _ORDER.index(one.need), one.habit.expected, one.sku_id
