"""The purchase adviser: usual goods, prices paid and today's, needs, and nobody's price revealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from pifa.catalog.errors import OfferOffline
from pifa.catalog.models import Offer, PriceBreak
from pifa.kernel import clock
from pifa.kernel.errors import Forbidden
from pifa.kernel.money import UnitPrice
from pifa.trade import commands, queries
from pifa.trade.queries.adviser_peers import FEWEST, peers
from pifa.trade.restocking import Need
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade import market
from tests.trade.market import Trading, yuan


def same_level(ids: Iterable[int]) -> dict[int, str]:
    return dict.fromkeys(ids, "LEVEL-3")


def other_buyers(trading: Trading, count: int, quantity: int = 100) -> list[int]:
    """Buyers who each bought the first SKU once."""
    found = []
    for number in range(count):
        other = goods.company(f"别家{number}")
        mine = trading.buyer, trading.buying, trading.address
        trading.buyer, trading.buying = other, goods.actor(other)
        trading.address = market.address(other)
        trading.paid(quantity)
        trading.buyer, trading.buying, trading.address = mine
        found.append(other.pk)
    return found


def test_what_is_bought_again_is_told_with_its_prices_and_its_next_day(
    trading: Trading, market_clock: MarketClock
) -> None:
    begun = clock.today()
    trading.paid(100)
    market_clock.forward(days=10)
    trading.paid(1000)
    trading.place(1000)  # never paid: not bought
    market_clock.forward(days=95)
    advice = queries.adviser(trading.buying)
    (one,) = advice.goods
    assert (one.sku_id, one.offer_id) == (trading.skus[0], trading.offer.pk)
    assert [(paid.day, paid.quantity) for paid in one.paid] == [
        (begun, 100),
        (begun + timedelta(days=10), 1000),
    ]
    assert one.paid[0].price > one.last_paid == one.paid[1].price
    # 100 pieces lasted ten days, so 1,000 last a hundred.
    assert one.habit.expected == begun + timedelta(days=110)
    assert (one.need, one.overdue, advice.needed) == (Need.SOON, 0, (one,))
    market_clock.forward(days=8)
    (later,) = queries.adviser(trading.buying).goods
    assert (later.need, later.overdue) == (Need.DUE, 3)


def test_todays_price_is_for_the_usual_quantity(
    trading: Trading, market_clock: MarketClock
) -> None:
    for _ in range(2):
        trading.paid(100)
        market_clock.forward(days=5)
    PriceBreak.objects.filter(sku=trading.skus[0]).update(price_e4=9000)
    (one,) = queries.adviser(trading.buying).goods
    assert (one.today, one.problem) == (UnitPrice(9000), None)
    assert one.last_paid != one.today
    Offer.objects.filter(pk=trading.offer.pk).update(state=Offer.State.OFFLINE)
    (gone,) = queries.adviser(trading.buying).goods
    assert isinstance(gone.problem, OfferOffline)


def test_one_day_is_no_habit_and_a_refunded_order_no_purchase(
    trading: Trading, market_clock: MarketClock
) -> None:
    assert queries.adviser(trading.buying).any_orders is False
    trading.paid(100)
    trading.paid(100)
    advice = queries.adviser(trading.buying)
    assert (advice.goods, advice.any_orders) == ((), True)
    market_clock.forward(days=5)
    order = trading.paid(100)
    assert len(queries.adviser(trading.buying).goods) == 1
    case = commands.ask_refund(trading.buying, order.number, "money", yuan("35.00"), "全退")
    commands.answer_refund(trading.selling, case, accept=True)
    assert queries.adviser(trading.buying).goods == ()


def test_what_is_on_the_list_is_known(trading: Trading, market_clock: MarketClock) -> None:
    for _ in range(2):
        trading.paid(100)
        market_clock.forward(days=5)
    commands.put_on_list(trading.buying, [(trading.skus[0], 70)])
    (one,) = queries.adviser(trading.buying).goods
    assert one.on_list == 70


def test_peers_are_told_from_five_of_the_same_level_on(
    trading: Trading, market_clock: MarketClock
) -> None:
    for _ in range(2):
        trading.paid(1000)
        market_clock.forward(days=5)
    four = other_buyers(trading, 4)
    (one,) = queries.adviser(trading.buying, same_level).goods
    assert one.peers is None
    (fifth,) = other_buyers(trading, 1, quantity=1000)
    (one,) = queries.adviser(trading.buying, same_level).goods
    assert one.peers is not None
    assert (one.peers.buyers, one.peers.of_offer) == (5, False)
    assert one.peers.median == one.peers.high == UnitPrice.yuan("0.35")
    assert one.peers.low == one.peers.mine == UnitPrice.yuan("0.31")

    def others_level(ids: Iterable[int]) -> dict[int, str]:
        return same_level(ids) | {fifth: "LEVEL-1"}

    def without_mine(ids: Iterable[int]) -> dict[int, str]:
        return {key: "LEVEL-3" for key in ids if key in (*four, fifth)}

    for level_of, compares in ((others_level, True), (without_mine, False)):
        advice = queries.adviser(trading.buying, level_of)
        assert (advice.goods[0].peers, advice.compares) == (None, compares)
    assert queries.adviser(trading.buying).compares is False


def test_too_few_of_the_sku_are_compared_over_the_offer(
    trading: Trading, market_clock: MarketClock
) -> None:
    for _ in range(2):
        trading.paid(100)
        market_clock.forward(days=5)
    trading.skus.reverse()
    other_buyers(trading, 5)
    (one,) = queries.adviser(trading.buying, same_level).goods
    assert one.peers is not None
    assert (one.peers.of_offer, one.peers.buyers) == (True, 5)


@given(st.lists(st.fractions(1, 10**6), max_size=20))
def test_a_range_holds_its_median_and_needs_enough_buyers(prices: list[Fraction]) -> None:
    found = peers(prices, None, of_offer=False)
    assert (found is None) == (len(prices) < FEWEST)
    if found is not None:
        assert found.low <= found.median <= found.high
        assert found.buyers == len(prices)


def test_the_adviser_costs_the_same_for_one_kind_of_goods_and_for_many(
    trading: Trading, market_clock: MarketClock
) -> None:
    counts = []
    for size in (1, 12):
        offer = goods.offer(trading.seller, stock=[9000] * size)
        lines = [(sku_id, 100) for sku_id in goods.sku_ids(offer)]
        for _ in range(2):
            (number,) = commands.place_orders(trading.buying, trading.request(lines))
            market.pay(trading.buying, number)
            market_clock.forward(days=5)
        with CaptureQueriesContext(connection) as captured:
            advice = queries.adviser(trading.buying, same_level)
        counts.append(len(captured))
    assert len(advice.goods) == 13
    assert counts[0] == counts[1] <= 9


def test_advice_is_a_companys_own(trading: Trading, market_clock: MarketClock) -> None:
    for _ in range(2):
        trading.paid(100)
        market_clock.forward(days=5)
    assert queries.adviser(trading.selling).goods == ()
    with pytest.raises(Forbidden):
        queries.adviser(trading.operator)
