"""Many at once, on connections of their own: a request becomes one order, whoever presses what."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from pifa.finance.models import Payable
from pifa.kernel import deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import WrongState
from pifa.kernel.models import Deadline
from pifa.trade.models import Order, Quote, QuoteRequest
from pifa.trade.quotes import commands
from pifa.trade.quotes.errors import QuoteChanged
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade import market
from tests.trade.quotes.market import another_seller, answer, ask
from tests.trade.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_members_who_take_one_answer_have_one_order() -> None:
    trading = market.trading()
    quote = answer(trading.selling, ask(trading))
    members = [trading.buying, goods.actor(trading.buyer, Role.PURCHASER)] * 3
    results = race([partial(commands.accept_quote, actor, quote.number, 1) for actor in members])
    assert len(set(map(str, results))) == 1, results
    order = Order.objects.get()
    assert results[0] == order.number
    assert Payable.objects.count() == 1
    assert trading.stock() == (10_000, 1500)


def test_of_two_answers_taken_at_once_one_becomes_the_order() -> None:
    trading = market.trading()
    other = another_seller(trading)
    request = ask(trading, seller_ids=[other.company_id])
    quotes = [answer(trading.selling, request), answer(other, request)]
    results = race(
        [partial(commands.accept_quote, trading.buying, quote.number, 1) for quote in quotes] * 2
    )
    made = Order.objects.get()
    assert set(map(type, results)) == {str, WrongState}
    assert {result for result in results if isinstance(result, str)} == {made.number}
    states = Quote.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == ["accepted", "closed"]


def test_a_change_and_an_acceptance_at_once_leave_one_truth() -> None:
    trading = market.trading()
    quotes = [answer(trading.selling, ask(trading)) for _ in range(4)]
    contestants: list[Callable[[], object]] = []
    for quote in quotes:
        contestants.append(partial(commands.accept_quote, trading.buying, quote.number, 1))
        contestants.append(partial(answer, trading.selling, quote.request.number, "0.31"))
    results = race(contestants)
    for place, quote in enumerate(quotes):
        taken, changed = results[2 * place : 2 * place + 2]
        quote.refresh_from_db()
        if quote.order is None:
            assert isinstance(taken, QuoteChanged), taken
            assert (quote.state, quote.revision) == ("quoted", 2)
        else:
            assert isinstance(changed, WrongState), changed
            assert quote.order.total_fen == 44375


def test_an_acceptance_at_the_end_of_validity_leaves_one_truth(market_clock: MarketClock) -> None:
    trading = market.trading()
    quotes = [answer(trading.selling, ask(trading)) for _ in range(4)]
    market_clock.forward(days=11)
    race(
        [
            *(partial(commands.accept_quote, trading.buying, quote.number, 1) for quote in quotes),
            deadlines.run_due,
            deadlines.run_due,
        ]
    )
    assert not Order.objects.exists()
    assert set(Quote.objects.values_list("state", flat=True)) == {"lapsed"}
    assert set(QuoteRequest.objects.values_list("state", flat=True)) == {"expired"}
    assert not Deadline.objects.filter(done_at=None).exists()


def test_closing_and_accepting_at_once_leave_one_truth() -> None:
    trading = market.trading()
    quotes = [answer(trading.selling, ask(trading)) for _ in range(4)]
    contestants: list[Callable[[], object]] = []
    for quote in quotes:
        contestants.append(partial(commands.accept_quote, trading.buying, quote.number, 1))
        contestants.append(partial(commands.close_request, trading.buying, quote.request.number))
    race(contestants)
    for quote in quotes:
        quote.refresh_from_db()
        assert (quote.state == "accepted") == (quote.order is not None)
        assert quote.state in ("accepted", "closed")
    assert trading.stock() == (10_000, 1500 * Order.objects.count())
