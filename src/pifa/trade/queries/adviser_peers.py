"""What buyers of one's own level pay for the same goods, told so that nobody's price is revealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from statistics import median

from django.db.models import Sum

from pifa.kernel import clock
from pifa.kernel.money import E4_PER_FEN, UnitPrice
from pifa.trade.models import OrderLine, OrderStatus, Provenance

LevelOf = Callable[[Iterable[int]], Mapping[int, str]]
"""The buyer levels of companies by id; a company without one is not in it."""

FEWEST = 5
"""Other buyers without whom nothing is told."""

PEER_DAYS = 90
"""Days, today included, whose orders are compared."""


@dataclass(frozen=True, slots=True)
class Peers:
    """What other buyers of the reader's level paid per unit: lowest, median and highest of
    `buyers` averages, and the reader's own average. `of_offer`: over all SKUs of the offer."""

    buyers: int
    low: UnitPrice
    median: UnitPrice
    high: UnitPrice
    mine: UnitPrice | None
    of_offer: bool


def peers(prices: Sequence[Fraction], mine: Fraction | None, of_offer: bool) -> Peers | None:
    """The range and median of other buyers' averages (in e4); None for fewer than `FEWEST`."""
    if len(prices) < FEWEST:
        return None
    return Peers(
        buyers=len(prices),
        low=_price(min(prices)),
        median=_price(median(prices)),
        high=_price(max(prices)),
        mine=None if mine is None else _price(mine),
        of_offer=of_offer,
    )


def peer_prices(
    company_id: int, wanted: Collection[tuple[int, int]], level_of: LevelOf
) -> dict[int, Peers] | None:
    """What the others of the company's level paid for goods, (offer, SKU) pairs, by SKU; None
    where it has no level.

    A buyer's average is amounts ÷ pieces of its lines of the last `PEER_DAYS` days, without
    freight. It is told of the same SKU; where too few bought that, of the whole offer, whose
    SKUs may differ in price; where too few bought the offer, not at all. One statement and one
    call of `level_of`.
    """
    paid = _paid({offer_id for offer_id, _sku_id in wanted})
    buyers = {buyer for rows in paid.values() for buyer in rows}
    levels = level_of(buyers | {company_id})
    level = levels.get(company_id)
    if level is None:
        return None
    alike = {buyer for buyer in buyers - {company_id} if levels.get(buyer) == level}

    def told(key: _Key) -> Peers | None:
        rows = paid.get(key, {})
        others = [rows[buyer].average for buyer in rows.keys() & alike]
        mine = rows[company_id].average if company_id in rows else None
        return peers(others, mine, key[1] is None)

    found = {sku: told((offer, sku)) or told((offer, None)) for offer, sku in wanted}
    return {sku: theirs for sku, theirs in found.items() if theirs is not None}


_Key = tuple[int, int | None]
"""An offer and one of its SKUs, or all of them."""


@dataclass(slots=True)
class _Paid:
    fen: int = 0
    pieces: int = 0

    @property
    def average(self) -> Fraction:
        """In e4 per unit."""
        return Fraction(self.fen * E4_PER_FEN, self.pieces)


def _paid(offer_ids: Collection[int]) -> Mapping[_Key, Mapping[int, _Paid]]:
    """What each buyer paid, by SKU and by offer."""
    since = clock.start_of_day(clock.today() - timedelta(days=PEER_DAYS - 1))
    rows = (
        OrderLine.objects.filter(
            offer__in=offer_ids,
            sku__isnull=False,
            order__paid_at__gte=since,
            order__provenance=Provenance.MARKET,
        )
        .exclude(order__status=OrderStatus.CLOSED)
        .values_list("offer_id", "sku_id", "order__buyer_id")
        .annotate(fen=Sum("amount_fen"), pieces=Sum("quantity"))
        .order_by()
    )
    found: defaultdict[_Key, defaultdict[int, _Paid]] = defaultdict(lambda: defaultdict(_Paid))
    for offer_id, sku_id, buyer_id, fen, pieces in rows:
        for key in ((offer_id, sku_id), (offer_id, None)):
            paid = found[key][buyer_id]
            paid.fen += fen
            paid.pieces += pieces
    return found


def _price(e4: Fraction) -> UnitPrice:
    """Rounded half up to a whole e4."""
    return UnitPrice((2 * e4.numerator + e4.denominator) // (2 * e4.denominator))
