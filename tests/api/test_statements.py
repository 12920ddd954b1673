"""How many SQL statements the hot ways through the API cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.client import App
from tests.api.market import small_market
from tests.trade.test_statements import CHECKOUT_AT_MOST, many_lines

AROUND_A_CHECKOUT = 1
"""The token."""


@pytest.mark.parametrize(("sellers", "lines"), [(1, 1), (1, 200), (20, 20), (20, 200)])
def test_placing_orders_costs_a_checkout_and_the_token(db: None, sellers: int, lines: int) -> None:
    market = small_market()
    app = App(market.buyer_token)
    app.get("/me")  # the first use of a token in an hour is noted
    wanted = [
        {"sku_id": sku_id, "quantity": quantity} for sku_id, quantity in many_lines(sellers, lines)
    ]
    total = app.post("/checkout", {"lines": wanted, "region": "33"})["total"]
    app.post("/purchase-list", {"lines": wanted})
    request = {
        "lines": wanted,
        "address_id": market.trading.address.pk,
        "shown_total": total,
        "from_list": True,
    }
    with CaptureQueriesContext(connection) as captured:
        placed = app.post("/orders", request, key="k", expect=201)
    own = [row["sql"] for row in captured.captured_queries if "SAVEPOINT" not in row["sql"]]
    assert len(own) <= CHECKOUT_AT_MOST + AROUND_A_CHECKOUT, "\n".join(sql[:120] for sql in own)
    assert len(placed["numbers"]) == sellers


def test_lists_cost_the_same_for_one_and_for_many(db: None) -> None:
    market = small_market()
    app = App(market.token)
    counts = []
    for size in (1, 20):
        for _ in range(size):
            market.trading.place(1)
        app.get("/me")
        with CaptureQueriesContext(connection) as captured:
            orders = app.get("/orders", side="seller", size=100)
            app.get("/goods", size=100)
            app.get("/offers", size=100)
            app.get("/notices", size=100)
        counts.append(len(captured))
    assert len(orders["items"]) == 21
    assert counts[0] == counts[1]


def test_a_list_is_walked_by_its_cursors_without_gaps_or_repeats(db: None) -> None:
    market = small_market()
    app = App(market.token)
    numbers = [market.trading.place(1).number for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = app.get("/orders", side="seller", size=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["number"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(numbers)
