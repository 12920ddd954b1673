"""Lists and pages of quotes cost the same for one and for many; a decision costs little."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.kernel.money import UnitPrice
from pifa.trade import queries as trade
from pifa.trade.queries.papers import papers_waiting
from pifa.trade.quotes import queries
from pifa.trade.quotes.rules import GoodsWanted
from tests.trade.market import Trading
from tests.trade.quotes.market import BOLTS, accept, another_seller, answer, ask, quote_of


def cost(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([row for row in captured.captured_queries if "SAVEPOINT" not in row["sql"]])


def test_lists_are_one_statement_for_one_and_for_many(trading: Trading) -> None:
    for size in (1, 6):
        for _ in range(size):
            answer(trading.selling, ask(trading))
        for tab in queries.REQUEST_TABS:
            assert cost(partial(queries.requests, trading.buying, tab, size=100)) == 1
        for tab in queries.INBOX_TABS:
            assert cost(partial(queries.inbox, trading.selling, tab, size=100)) == 1
        assert cost(lambda: papers_waiting(trading.selling)) == 1
    assert len(queries.requests(trading.buying).items) == 7


def test_lists_are_walked_by_their_cursors(trading: Trading) -> None:
    numbers = [ask(trading) for _ in range(5)]
    found: list[str] = []
    cursor = None
    while True:
        page = queries.requests(trading.buying, cursor=cursor, size=2)
        found += [row.number for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == numbers[::-1]
    first = queries.inbox(trading.selling, size=2)
    second = queries.inbox(trading.selling, cursor=first.next_cursor, size=9)
    assert len({row.number for row in [*first.items, *second.items]}) == 5


@pytest.mark.parametrize(("lines", "sellers", "revisions"), [(1, 0, 1), (40, 5, 3)])
def test_the_comparison_costs_five_statements(
    trading: Trading, lines: int, sellers: int, revisions: int
) -> None:
    others = [another_seller(trading) for _ in range(sellers)]
    wanted = [GoodsWanted(10, trading.skus[0]), *([BOLTS] * (lines - 1))]
    number = ask(trading, wanted, seller_ids=[other.company_id for other in others])
    prices = {position: UnitPrice(1000) for position in range(1, lines + 1)}
    for actor in (trading.selling, *others):
        for _ in range(revisions):
            answer(actor, number, prices=prices)
    assert cost(lambda: queries.quote_request(trading.buying, number)) == 5
    mine = quote_of(number, trading.selling).number
    assert cost(lambda: queries.asked_quote(trading.selling, mine)) == 5


@pytest.mark.parametrize("lines", [1, 40])
def test_taking_an_answer_costs_the_same_for_any_number_of_lines(
    trading: Trading, lines: int
) -> None:
    wanted = [GoodsWanted(10, trading.skus[0]), *([BOLTS] * (lines - 1))]
    prices = {position: UnitPrice(1000) for position in range(1, lines + 1)}
    quote = answer(trading.selling, ask(trading, wanted), prices=prices)
    assert cost(lambda: accept(trading, quote)) <= 30


def test_an_orders_page_costs_no_statement_more_for_its_quote(trading: Trading) -> None:
    plain = trading.place(1500).number
    quoted = accept(trading, answer(trading.selling, ask(trading)))
    assert cost(lambda: trade.order(trading.buying, plain)) == cost(
        lambda: trade.order(trading.buying, quoted)
    )
    detail = trade.order(trading.buying, quoted)
    assert detail.quote is not None
    assert detail.timeline[0].words.startswith(f"接受报价 {detail.quote.quote} 成交，应付 ¥443.75")
