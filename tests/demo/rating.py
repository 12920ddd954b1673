"""Medals, tiers and levels of a market's companies, read straight from its tables.

Written from the market's rating rules alone and by nothing of the demo's own plan: the rating of
a day counts the whole market days before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pifa.catalog.models import Offer, Shop
from pifa.finance.models import PaymentRefund
from pifa.kernel import clock
from pifa.messages.models import Message
from pifa.parties.models import Company, Member
from pifa.trade.models import Dispute, Order

YUAN = 100
MEDALS: dict[str, list[tuple[int, int, bool, bool]]] = {
    "consumer_1": [
        (10_000, 0, False, False),
        (100_000, 20, True, True),
        (300_000, 30, True, True),
        (1_000_000, 40, True, True),
    ],
    "consumer_2": [
        (5_000, 0, False, False),
        (20_000, 20, True, True),
        (100_000, 30, True, True),
        (500_000, 40, True, True),
    ],
    "non_consumer": [
        (10_000, 2, False, False),
        (50_000, 3, False, True),
        (200_000, 4, False, True),
        (500_000, 5, False, True),
    ],
}
"""2A … 5A: sales in yuan, buyers, member, few disputes."""

LEVELS = [(2, 0), (5, 1_000), (10, 5_000), (15, 10_000), (30, 10_000), (100, 100_000)]
"""L1 … L6: orders and yuan."""


@dataclass(frozen=True)
class Shown:
    """What a shop brought in the window, and what it has thereby."""

    system: str
    sales_fen: int
    buyers: int
    member: bool
    disputes: int
    dispute_rate: float
    medal: int
    tier: str


@dataclass(frozen=True)
class Bought:
    """What a buyer paid for in the window, and its level."""

    orders: int
    spent_fen: int
    level: int


def shops(day: date) -> dict[int, Shown]:
    """Every shop by its company, as of a day."""
    since, until = clock.start_of_day(day - timedelta(days=30)), clock.start_of_day(day)
    sales: Counter[int] = Counter()
    buyers: dict[int, set[int]] = defaultdict(set)
    for order in _paid(since, until):
        sales[order.seller_id] += order.paid_fen
        assert order.buyer_id is not None
        buyers[order.seller_id].add(order.buyer_id)
    refunds = PaymentRefund.objects.filter(at__gte=since, at__lt=until, payment__state="succeeded")
    for seller_id, fen in refunds.values_list("payment__payable__payee", "amount_fen"):
        sales[seller_id] -= fen
    quarter = clock.start_of_day(day - timedelta(days=90))
    orders = Counter(order.seller_id for order in _paid(quarter, until))
    disputes = Counter(
        Dispute.objects.filter(
            opened_at__gte=quarter, opened_at__lt=until, verdict__in=["", "buyer", "partly"]
        ).values_list("case__order__seller", flat=True)
    )
    alive = _alive(day)
    found = {}
    for shop in Shop.objects.select_related("main_category", "company"):
        seller = shop.company_id
        system = shop.main_category.medal_system
        count, rate = disputes[seller], disputes[seller] / max(orders[seller], 1)
        member = shop.company.member_until is not None and shop.company.member_until >= day
        calm = count <= 1 or rate <= (0.0008 if system == "non_consumer" else 0.0006)
        medal = _medal(system, sales[seller], len(buyers[seller]), member, calm)
        found[seller] = Shown(
            system, sales[seller], len(buyers[seller]), member, count, rate, medal,
            _tier(shop, medal, *alive[seller]),
        )  # fmt: skip
    return found


def buyers(day: date) -> dict[int, Bought]:
    """Every company as a buyer, as of a day; the credit band is taken as reached."""
    since, until = clock.start_of_day(day - timedelta(days=30)), clock.start_of_day(day)
    orders: Counter[int] = Counter()
    spent: Counter[int] = Counter()
    for order in _paid(since, until):
        assert order.buyer_id is not None
        orders[order.buyer_id] += 1
        spent[order.buyer_id] += order.paid_fen
    found = {}
    for company_id in Company.objects.filter(is_seller=False).values_list("pk", flat=True):
        count, fen = orders[company_id], spent[company_id]
        level = sum(count >= few and fen >= yuan * YUAN for few, yuan in LEVELS)
        found[company_id] = Bought(count, fen, level)
    return found


def _paid(since: datetime, until: datetime) -> list[Order]:
    return list(Order.objects.filter(paid_at__gte=since, paid_at__lt=until, provenance="market"))


def _medal(system: str, sales_fen: int, buyers: int, member: bool, calm: bool) -> int:
    medal = 1 if sales_fen > 0 else 0
    for place, (sales, needed, wants_member, wants_calm) in enumerate(MEDALS[system], start=2):
        enough = sales_fen >= sales * YUAN and buyers >= needed
        if enough and (member or not wants_member) and (calm or not wants_calm):
            medal = place
    return medal


def _alive(day: date) -> dict[int, tuple[bool, bool, bool]]:
    """Company → tradable offers, a log-in and a chat reply within seven days."""
    since = clock.start_of_day(day - timedelta(days=7))
    tradable = set(
        Offer.objects.filter(state="online", skus__active=True).values_list("seller", flat=True)
    )
    seen = set(Member.objects.filter(last_seen_at__gte=since).values_list("company", flat=True))
    replied: set[int] = set()
    last_by: dict[int, int] = {}
    for message in Message.objects.select_related("thread").order_by("id"):
        seller = message.thread.seller_id
        answers = message.company_id == seller and last_by.get(message.thread_id) != seller
        if answers and message.thread_id in last_by and message.at >= since:
            replied.add(seller)
        last_by[message.thread_id] = message.company_id
    return defaultdict(
        lambda: (False, False, False),
        {pk: (pk in tradable, pk in seen, pk in replied) for pk in tradable | seen | replied},
    )


def _tier(shop: Shop, medal: int, tradable: bool, seen: bool, replied: bool) -> str:
    """Without what corporate transfer adds: a 5A shop is taken to have opened it (KA)."""
    if medal == 5:
        return "ka"
    if medal == 1:
        return "prospect"
    if medal >= 2 and tradable and shop.mobile_open and seen:
        return "core" if medal >= 3 and replied else "active"
    return "none"
