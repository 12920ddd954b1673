"""Trade credit chosen in the checkout itself: promised with the order, or refused with nothing written."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.finance import commands as finance
from pifa.finance.models import CreditLine, Payable
from pifa.finance.queries import AgreedChoice
from pifa.kernel.actors import Role
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.trade import commands, queries
from pifa.trade.approval import commands as approval
from pifa.trade.errors import WayNotAgreed
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.finance.credit.conftest import relate
from tests.finance.test_races import race
from tests.trade import market
from tests.trade.market import Trading
from tests.trade.test_credit_orders import grant

WAY = "trade_credit"


def choosing(trading: Trading, quantity: int = 100) -> commands.CheckoutRequest:
    """A checkout of the one seller's goods on credit."""
    lines = [(trading.skus[0], quantity)]
    return trading.request(lines, ways={trading.seller.pk: WAY})


@pytest.mark.django_db
class TestChosen:
    def test_is_promised_with_the_order_and_others_are_to_be_paid(self, trading: Trading) -> None:
        line = grant(trading, Money(10_000_00))
        other = goods.sku_ids(goods.offer(goods.seller("晨光五金"), stock=[100]))[0]
        lines = [(trading.skus[0], 100), (other, 10)]
        request = trading.request(lines, ways={trading.seller.pk: WAY}, idempotency_key="k")
        numbers = commands.place_orders(trading.buying, request)
        assert commands.place_orders(trading.buying, request) == numbers
        promised, later = sorted(
            (trading.order(number) for number in numbers), key=lambda order: -order.promised_fen
        )
        assert (promised.status, promised.promised_fen) == (
            "awaiting_shipment",
            promised.total_fen,
        )
        assert (later.status, later.promised_fen) == ("awaiting_payment", 0)
        line.refresh_from_db()
        assert line.used_fen == promised.total_fen

    def test_is_refused_with_the_figures_and_nothing_is_written(self, trading: Trading) -> None:
        grant(trading, Money(100_00))
        request = choosing(trading, 1000)
        with pytest.raises(WayNotAgreed) as refused:
            commands.place_orders(trading.buying, request)
        error = refused.value
        assert error.field == f"ways.{trading.seller.pk}"
        figures = error.as_data()
        assert (figures["limit"], figures["used"], figures["free"]) == ("100.00", "0.00", "100.00")
        assert figures["needed"] == str(request.shown_total.decimal)
        assert trading.seller.name in str(error)
        assert not Order.objects.exists()
        assert trading.stock()[1] == 0

    def test_only_ways_and_sellers_of_the_checkout(self, trading: Trading) -> None:
        grant(trading, Money(10_000_00))
        lines = [(trading.skus[0], 100)]
        for ways in ({trading.seller.pk: "gateway"}, {10**6: WAY}):
            with pytest.raises(InvalidInput):
                commands.place_orders(trading.buying, trading.request(lines, ways=ways))
        assert not Order.objects.exists()

    def test_above_the_purchasers_limit_it_waits_for_approval(self, trading: Trading) -> None:
        line = grant(trading, Money(10_000_00))
        approval.set_limit(trading.buying, Money(1_00))
        purchaser = goods.actor(trading.buyer, Role.PURCHASER)
        (number,) = commands.place_orders(purchaser, choosing(trading))
        order = trading.order(number)
        assert (order.status, order.promised_fen) == ("awaiting_payment", 0)
        approval.decide_purchase(trading.buying, number, True, Money(order.total_fen))
        payable = Payable.objects.get(subject=order.subject)
        finance.start_payment(purchaser, payable.number, WAY)
        line.refresh_from_db()
        assert line.used_fen == order.total_fen


@pytest.mark.django_db
class TestOffered:
    def test_each_seller_says_on_which_terms_or_why_not(self, trading: Trading) -> None:
        grant(trading, Money(50_00))
        stranger = goods.seller("晨光五金")
        other = goods.sku_ids(goods.offer(stranger, stock=[100]))[0]

        def ways(quantity: int) -> dict[int, list[AgreedChoice]]:
            lines = [(trading.skus[0], quantity), (other, 10)]
            view = queries.preview_checkout(trading.buying, lines=lines, region="33")
            with CaptureQueriesContext(connection) as captured:
                found = queries.ways_to_agree(trading.buying, view)
            # The lines, what is late on them, who lets pay at the door, and the mandate.
            assert len(captured) == 5
            return found

        (way,) = ways(1)[trading.seller.pk]
        assert way.offered
        assert "每月 28 日结算" in way.words
        assert way.figures["free"] == Money(50_00)
        (way,) = ways(1000)[trading.seller.pk]
        assert not way.offered
        assert "¥50.00" in way.words
        (way,) = ways(1)[stranger.pk]
        assert not way.offered
        assert "还没有给贵企业授予账期额度" in way.words


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_checkouts_for_the_last_of_a_limit(self) -> None:
        trading = market.trading()
        request = choosing(trading)
        line = grant(trading, Money(request.shown_total.fen * 3 // 2))
        results = race(*[partial(commands.place_orders, trading.buying, request)] * 6)
        won = [result for result in results if not isinstance(result, Exception)]
        lost = [result for result in results if isinstance(result, Exception)]
        assert len(won) == 1
        assert [type(error) for error in lost] == [WayNotAgreed] * 5
        line.refresh_from_db()
        assert line.used_fen == request.shown_total.fen
        assert Order.objects.count() == 1
        assert trading.stock()[1] == 100
        assert ledger.check() == []

    def test_a_checkout_meets_a_refund_of_the_same_goods_and_line(self) -> None:
        """The line before the stock, on both sides: nobody waits for somebody who waits."""
        trading = market.trading()
        line = grant(trading, Money(100_000_00))
        cases = []
        for _order in range(4):
            (number,) = commands.place_orders(trading.buying, choosing(trading, 10))
            total = Money(trading.order(number).total_fen)
            cases.append(commands.ask_refund(trading.buying, number, "money", total, "不要了"))
        request = choosing(trading, 10)
        results = race(
            *[partial(commands.place_orders, trading.buying, request)] * 4,
            *[partial(commands.answer_refund, trading.selling, case, True) for case in cases],
        )
        assert [type(result) for result in results[:4]] == [list] * 4
        assert not [result for result in results if isinstance(result, Exception)]
        line.refresh_from_db()
        assert line.used_fen == 4 * request.shown_total.fen
        assert trading.stock()[1] == 40
        assert ledger.check() == []

    def test_one_buyers_checkouts_cross_two_sellers(self) -> None:
        """Each of both sellers, in another order of lines: a thread that deadlocks returns nothing."""
        trading = market.trading()
        second = goods.seller("晨光五金")
        other = goods.sku_ids(goods.offer(second, stock=[1000]))[0]
        grant(trading, Money(100_000_00))
        relate(second, trading.buyer)
        finance.grant_credit(
            goods.actor(second),
            trading.buyer.login,
            finance.LineDraft(Money(100_000_00), "days", 30),
        )
        ways = {trading.seller.pk: WAY, second.pk: WAY}
        lines = [(trading.skus[0], 10), (other, 10)]
        requests = [trading.request(lines[::step], ways=ways) for step in (1, -1)]
        results = race(
            *[partial(commands.place_orders, trading.buying, one) for one in requests * 3]
        )
        assert [type(result) for result in results] == [list] * 6
        assert set(Order.objects.values_list("status", flat=True)) == {"awaiting_shipment"}
        assert CreditLine.objects.filter(used_fen__gt=0).count() == 2
        assert ledger.check() == []
