"""Orders and ledger tell the same, and whoever makes them differ is caught."""

from __future__ import annotations

import pytest

from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.guard import BooksDoNotBalance
from pifa.ledger.queries import check
from pifa.trade import commands
from pifa.trade.models import Order
from tests.plugins.books import prove_the_books
from tests.trade.market import Trading, yuan


def test_every_state_of_an_order_agrees_with_the_ledger(trading: Trading) -> None:
    trading.place(10)
    trading.paid(20)
    trading.shipped(30)
    trading.received(40)
    refunded = trading.received(50)
    refund = commands.ask_refund(trading.buying, refunded.number, "money", yuan("3.00"), "破损")
    commands.answer_refund(trading.selling, refund, accept=True)
    assert check() == []
    assert Order.objects.count() == 5


@pytest.mark.cooked_books
@pytest.mark.parametrize(
    ("column", "fen"), [("paid_fen", 3499), ("released_fen", 0), ("refunded_fen", 1)]
)
def test_the_guard_fires_when_an_order_changes_its_money_without_postings(
    trading: Trading, column: str, fen: int
) -> None:
    order = trading.received(100)
    prove_the_books()
    Order.objects.filter(pk=order.pk).update(**{column: fen})
    (row,) = check()
    assert (row.subject, row.what, row.found) == (order.subject, f"order.{column}", Money(fen))
    with pytest.raises(BooksDoNotBalance, match=order.number):
        prove_the_books()


@pytest.mark.cooked_books
def test_a_declared_order_posts_nothing(trading: Trading) -> None:
    Order.objects.create(
        number="D1",
        external_no="1",
        seller=trading.seller,
        channel="declared",
        provenance="declared",
        status="completed",
        goods_fen=100,
        total_fen=100,
        paid_fen=100,
        placed_at=clock.now(),
    )
    assert check() == []
    legs = postings.settlement("order:D1", trading.seller.pk, yuan("1.00"))
    ledger.transfer("cooked", "payment", legs)
    found = [(row.subject, row.what) for row in check() if row.code == "order_money"]
    assert found == [("order:D1", "order.paid_fen")]


def test_the_guard_is_on_for_every_test(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.has_plugin("tests.plugins.books")
