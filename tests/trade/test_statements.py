"""How many SQL statements the hot and the listing ways cost, whatever their size."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.catalog.models import FreightTemplate, FreightZone, Sku
from pifa.trade import commands, queries
from pifa.trade.commands import ShipRequest
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.trade.market import Trading, pay
from tests.trade.staged_market import staged_trading

CHECKOUT_AT_MOST = 15


def many_lines(sellers: int, lines: int) -> list[tuple[int, int]]:
    """SKUs of many sellers, each with freight by weight, so that nothing is spared."""
    found: list[tuple[int, int]] = []
    for number in range(sellers):
        seller = goods.seller()
        template = FreightTemplate.objects.create(seller=seller, name="按重", basis="weight")
        FreightZone.objects.create(
            template=template, regions=[], first_units=1, first_fen=1, step_units=1, step_fen=1
        )
        share = lines // sellers + (number < lines % sellers)
        offer = goods.offer(seller, stock=[12] * share, freight_template=template, moq=5)
        found += [(sku_id, 10) for sku_id in goods.sku_ids(offer)]
    return found


@pytest.mark.parametrize(("sellers", "lines"), [(1, 1), (1, 200), (20, 20), (20, 200)])
def test_a_checkout_costs_at_most_fifteen_statements(
    trading: Trading, sellers: int, lines: int
) -> None:
    wanted = many_lines(sellers, lines)
    commands.put_on_list(trading.buying, wanted)
    request = trading.request(wanted, from_list=True, idempotency_key="k")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        numbers = commands.place_orders(trading.buying, request)
    statements = [row["sql"] for row in captured.captured_queries]
    # The one savepoint pair stands for BEGIN and COMMIT: a test runs in a transaction itself.
    own = [sql for sql in statements if "SAVEPOINT" not in sql]
    assert len(own) <= CHECKOUT_AT_MOST, "\n".join(sql[:120] for sql in own)
    assert len(statements) - len(own) <= 2
    assert len(numbers) == sellers
    assert Order.objects.filter(number__in=numbers).count() == sellers
    # Two pieces are left of each SKU, below the MOQ: the events for it are counted above too.
    assert set(Sku.objects.filter(pk__in=dict(wanted)).values_list("reserved", flat=True)) == {10}


def test_a_checkout_in_stages_costs_two_statements_more(db: None) -> None:
    trading = staged_trading()
    request = trading.request([(trading.skus[0], 10)], idempotency_key="k")
    with CaptureQueriesContext(connection) as captured:
        commands.place_orders(trading.buying, request)
    own = [row["sql"] for row in captured.captured_queries if "SAVEPOINT" not in row["sql"]]
    assert len(own) <= CHECKOUT_AT_MOST + 2, "\n".join(sql[:120] for sql in own)


def test_a_batch_ships_forty_orders_with_as_many_statements_as_one(trading: Trading) -> None:
    counts = []
    for size in (1, 40):
        numbers = [trading.paid(1).number for _ in range(size)]
        rows = [ShipRequest(number, "试验快递", f"T{number}") for number in numbers]
        with CaptureQueriesContext(connection) as captured:
            assert all(outcome.done for outcome in commands.ship_many(trading.selling, rows))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_desk_page_costs_the_same_for_one_order_and_for_many(trading: Trading) -> None:
    counts = []
    for size in (1, 25):
        for _ in range(size):
            trading.place(1)
        with CaptureQueriesContext(connection) as captured:
            page = queries.orders(trading.selling, "seller", size=100)
            queries.tab_counts(trading.selling, "seller")
        counts.append(len(captured))
        assert len(page.items) >= size
    assert counts == [5, 5]


def test_an_orders_page_is_bounded(trading: Trading) -> None:
    order = trading.place(1)
    pay(trading.buying, order.number)
    with CaptureQueriesContext(connection) as captured:
        queries.order(trading.buying, order.number)
    assert len(captured) <= 14
