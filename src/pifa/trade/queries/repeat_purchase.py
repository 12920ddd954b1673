"""Repeat purchase of a seller's buyers over a window of market days.

What an order is and by which day it counts stands in `reports`, so that *buyers* and *repeat
buyers* here are those of the sales report. Orders of nobody known are in no figure here.

| figure | definition |
| --- | --- |
| repeat buyers | buyers with two or more orders in the window |
| rate | repeat buyers ÷ buyers, exactly; none without buyers |
| new in a piece | buyers whose first order of all lies in the piece |
| returning in a piece | the other buyers of the piece: they had ordered before it began |
| usual interval | the median of days between the days a buyer ordered on, the latest six, within \
400 days before the window's end (`restocking.usual_interval`) |

Past trade counts throughout or not at all: without it, a buyer whose earlier orders are all
declared is new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db.models import Q

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.parties import queries as parties
from pifa.relationships import queries as relationships
from pifa.trade import restocking, spans
from pifa.trade.queries import reports
from pifa.trade.queries.reports import Moments
from pifa.trade.queries.series import Pieces, window_of
from pifa.trade.spans import Grain, Span

TOP = 30
"""Returning buyers that are named."""

LOOK_BACK = timedelta(days=400)
"""How far back orders tell a buyer's usual interval."""

BANDS: tuple[tuple[int, int | None], ...] = (
    (1, 1),
    (2, 2),
    (3, 3),
    (4, 4),
    (5, 9),
    (10, 19),
    (20, None),
)
"""How many orders, from and to, make a band of the distribution."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """How many bought, and how many of them at least twice."""

    buyers: int
    repeat_buyers: int

    @property
    def rate(self) -> Fraction | None:
        """Repeat buyers ÷ buyers; None without buyers."""
        return Fraction(self.repeat_buyers, self.buyers) if self.buyers else None


@dataclass(frozen=True, slots=True)
class RepeatPoint:
    """Who bought in one piece of the window; new and returning make up the buyers."""

    since: date
    until: date
    buyers: int
    new: int
    returning: int


@dataclass(frozen=True, slots=True)
class OrdersBand:
    """The buyers with `low` to `high` orders in the window (None: or more)."""

    low: int
    high: int | None
    buyers: int
    orders: int
    sales: Money


@dataclass(frozen=True, slots=True)
class ReturningBuyer:
    """A repeat buyer: its orders and money of the window, its last order there, and how many
    days usually lie between its orders (None while they cannot be told)."""

    name: str
    company_id: int | None
    customer_id: int | None
    orders: int
    sales: Money
    last: datetime
    interval: int | None


@dataclass(frozen=True, slots=True)
class RepeatReport:
    """Repeat purchase from `since` to `until`, both days included, and in the window before."""

    seller_id: int
    since: date
    until: date
    include_declared: bool
    grain: Grain
    whole: Repeat
    before: Repeat
    new: int
    returning: int
    orders: int
    unnamed_orders: int
    points: tuple[RepeatPoint, ...]
    bands: tuple[OrdersBand, ...]
    top: tuple[ReturningBuyer, ...]


def repeat_report(
    actor: Actor,
    since: date,
    until: date,
    include_declared: bool = False,
    grain: Grain | None = None,
    seller_id: int | None = None,
) -> RepeatReport:
    """The figures of the actor's own company; an operator names any seller."""
    seller = reports.seller_of(actor, seller_id)
    return repeat(seller, since, until, include_declared, grain)


def repeat(
    seller_id: int,
    since: date,
    until: date,
    include_declared: bool,
    grain: Grain | None = None,
) -> RepeatReport:
    """The figures of a seller; twelve statements at most, `InvalidInput` as `window_of` says."""
    window = window_of(since, until)
    grain = grain or spans.grain_for(window)
    cut = spans.pieces(window, grain)
    moments = reports.moments_of(since, until)
    known = _known_before(seller_id, moments[0], include_declared)
    bought = _read(seller_id, moments, cut, include_declared)
    before = spans.before(window)
    earlier = reports.sales(seller_id, before.first, before.last, include_declared)
    new = sum(1 for buyer in bought.orders if buyer not in known)
    return RepeatReport(
        seller_id=seller_id,
        since=since,
        until=until,
        include_declared=include_declared,
        grain=grain,
        whole=Repeat(len(bought.orders), sum(1 for n in bought.orders.values() if n > 1)),
        before=Repeat(earlier.buyers, earlier.repeat_buyers),
        new=new,
        returning=len(bought.orders) - new,
        orders=bought.orders.total(),
        unnamed_orders=bought.unnamed,
        points=tuple(_points(cut, bought.pieces, known)),
        bands=tuple(_bands(bought.orders, bought.fen)),
        top=tuple(_top(seller_id, bought, moments[1], include_declared)),
    )


@dataclass(slots=True)
class _Bought:
    """What was read of a window, by buyer and by piece."""

    orders: Counter[str]
    fen: Counter[str]
    last: dict[str, datetime]
    pieces: list[set[str]]
    unnamed: int = 0


def _read(seller_id: int, moments: Moments, cut: Sequence[Span], include_declared: bool) -> _Bought:
    pieces = Pieces(cut)
    bought = _Bought(Counter(), Counter(), {}, [set() for _piece in cut])
    for at, buyer, fen in reports.each_sale(seller_id, moments, include_declared):
        if not buyer:
            bought.unnamed += 1
            continue
        bought.orders[buyer] += 1
        bought.fen[buyer] += fen
        bought.last[buyer] = max(bought.last.get(buyer, at), at)
        bought.pieces[pieces.place(at)].add(buyer)
    return bought


def _known_before(seller_id: int, moment: datetime, include_declared: bool) -> set[str]:
    """Who had bought before a moment."""
    past = (clock.start_of_day(clock.FIRST_DAY), moment)
    market = reports.market_sales(seller_id, past).values_list("buyer_id").distinct()
    known = {reports.buyer_key(None, company_id) for (company_id,) in market}
    if include_declared:
        declared = reports.declared_sales(seller_id, past)
        ids = declared.values_list("customer_id", "customer__buyer_id").distinct()
        known |= {reports.buyer_key(*pair) for pair in ids}
    return known


def _points(
    cut: Sequence[Span], pieces: Sequence[Collection[str]], known: Collection[str]
) -> Iterable[RepeatPoint]:
    seen = set(known)
    for piece, buyers in zip(cut, pieces, strict=True):
        new = sum(1 for buyer in buyers if buyer not in seen)
        seen.update(buyers)
        yield RepeatPoint(piece.first, piece.last, len(buyers), new, len(buyers) - new)


def _bands(orders: Mapping[str, int], fen: Mapping[str, int]) -> Iterable[OrdersBand]:
    for low, high in BANDS:
        inside = [buyer for buyer, n in orders.items() if n >= low and (high is None or n <= high)]
        yield OrdersBand(
            low=low,
            high=high,
            buyers=len(inside),
            orders=sum(orders[buyer] for buyer in inside),
            sales=Money(sum(fen[buyer] for buyer in inside)),
        )


def _top(
    seller_id: int, bought: _Bought, end: datetime, include_declared: bool
) -> Iterable[ReturningBuyer]:
    """The repeat buyers with the most orders, of these with the most money."""
    twice = [buyer for buyer, n in bought.orders.items() if n > 1]
    twice.sort(key=lambda buyer: (-bought.orders[buyer], -bought.fen[buyer], buyer))
    picked = twice[:TOP]
    companies = {_id(buyer) for buyer in picked if buyer.startswith("company:")}
    customers = {_id(buyer) for buyer in picked if buyer.startswith("customer:")}
    cards = parties.cards(companies) if companies else {}
    names = relationships.customer_names(seller_id, customers) if customers else {}
    days = _days(seller_id, companies, customers, (end - LOOK_BACK, end), include_declared)
    for buyer in picked:
        key, is_company = _id(buyer), buyer.startswith("company:")
        yield ReturningBuyer(
            name=cards[key].name if is_company else names[key],
            company_id=key if is_company else None,
            customer_id=None if is_company else key,
            orders=bought.orders[buyer],
            sales=Money(bought.fen[buyer]),
            last=bought.last[buyer],
            interval=restocking.usual_interval(days[buyer]),
        )


def _days(
    seller_id: int,
    companies: Collection[int],
    customers: Collection[int],
    span: Moments,
    include_declared: bool,
) -> Mapping[str, set[date]]:
    """The days on which some buyers ordered; two statements."""
    days: defaultdict[str, set[date]] = defaultdict(set)
    if companies:
        market = reports.market_sales(seller_id, span).filter(buyer__in=companies)
        for company_id, at in market.values_list("buyer_id", "paid_at"):
            assert at is not None  # it lies in the span
            days[reports.buyer_key(None, company_id)].add(clock.market_day(at))
    if include_declared and (companies or customers):
        theirs = Q(customer__in=customers) | Q(customer__buyer__in=companies)
        declared = reports.declared_sales(seller_id, span).filter(theirs)
        for customer_id, company_id, at in declared.values_list(
            "customer_id", "customer__buyer_id", "placed_at"
        ):
            days[reports.buyer_key(customer_id, company_id)].add(clock.market_day(at))
    return days


def _id(buyer: str) -> int:
    return int(buyer.partition(":")[2])
