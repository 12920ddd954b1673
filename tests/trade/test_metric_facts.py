"""What an order's life, driven by the commands, makes of the figures of its two companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pifa.kernel import clock, events
from pifa.metrics import commands as facts
from pifa.metrics import queries
from pifa.rulebook.rules import Figure, Ratio
from pifa.trade import commands
from pifa.trade import queries as reading
from pifa.trade.queries import reports
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade import market
from tests.trade.market import Trading, yuan


def figures(company_id: int) -> dict[str, Figure]:
    """As they stand now, today included."""
    events.deliver()
    return queries.figures([company_id], clock.today() + timedelta(days=1))[company_id]


def test_paid_refunded_and_completed_are_counted(trading: Trading) -> None:
    order = trading.received(100)
    trading.paid(200)
    commands.write_review(trading.buying, order.number, 5, "好")
    refunded = trading.paid(100)
    refund = commands.ask_refund(trading.buying, refunded.number, "money", yuan("5.00"), "少了")
    commands.answer_refund(trading.selling, refund, accept=True)
    sold = figures(trading.seller.pk)
    paid = sum(trading.order(row.number).paid_fen for row in (order, refunded)) + 2 * order.paid_fen
    assert sold["sales_30d"] == paid - 500
    assert (sold["buyers_30d"], sold["repeat_rate"]) == (1, Ratio(1, 1))
    assert sold["refund_rate"] == Ratio(500, paid)
    bought = figures(trading.buyer.pk)
    assert (bought["orders_30d"], bought["spend_30d"]) == (3, paid - 500)
    assert (bought["completed_90d"], bought["refunds_90d"]) == (1, 1)


def test_the_private_channel_counts_in_the_shops_totals_like_any_other(trading: Trading) -> None:
    """CHANNEL: orders and amounts accumulate in the public shop, medals included."""
    second = goods.company()
    buyers = (trading.buyer, second)
    hidden = goods.offer(trading.seller, stock=(1_000,), visibility="private")
    for buyer in buyers:
        goods.relate(trading.seller, buyer)
    in_channel = replace(trading, offer=hidden, skus=goods.sku_ids(hidden))
    others = replace(
        in_channel, buyer=second, buying=goods.actor(second), address=market.address(second)
    )
    orders = [trading.received(100), in_channel.received(200), others.paid(300)]
    assert [order.channel for order in orders] == ["public", "private", "private"]
    paid = [order.paid_fen for order in orders]

    sold = figures(trading.seller.pk)
    assert (sold["sales_30d"], sold["buyers_30d"]) == (sum(paid), 2)
    assert sold["repeat_rate"] == Ratio(1, 2)
    bought = figures(trading.buyer.pk)
    assert (bought["orders_30d"], bought["spend_30d"]) == (2, paid[0] + paid[1])
    today = clock.today()
    report = reports.sales(trading.seller.pk, today, today, include_declared=False)
    assert (report.sales.fen, report.orders, report.buyers) == (sum(paid), 3, 2)
    assert reading.tab_counts(trading.selling, "seller")["all"] == 3
    hidden.refresh_from_db()
    assert hidden.sold_quantity == 500


@pytest.mark.parametrize(
    ("end", "standing", "lost"),
    [("buyer", 1, 0), ("partly", 1, 0), ("seller", 0, 1), ("withdrawn", 0, 0), ("", 1, 0)],
)
def test_a_dispute_counts_as_it_ended(trading: Trading, end: str, standing: int, lost: int) -> None:
    order = trading.paid(100)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("35.00"), "不想要了")
    commands.answer_refund(trading.selling, refund, accept=False, answer="不退")
    commands.open_dispute(trading.buying, refund, "货不对板")
    if end == "withdrawn":
        commands.withdraw_refund(trading.buying, refund)
    elif end:
        amount = yuan("5.00") if end == "partly" else None
        commands.rule_dispute(trading.operator, refund, end, "按照片看", amount)
    assert figures(trading.seller.pk)["dispute_rate_90d"] == Ratio(standing, 1)
    assert figures(trading.buyer.pk)["disputes_lost_90d"] == lost


def test_a_refund_that_was_never_disputed_is_no_dispute(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.paid(100)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("35.00"), "不想要了")
    commands.withdraw_refund(trading.buying, refund)
    assert figures(trading.seller.pk)["disputes_90d"] == 0
    market_clock.forward(days=1)
    events.deliver()
    assert [row.rows for row in facts.heal()] == [2]
