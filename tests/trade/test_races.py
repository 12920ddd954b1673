"""Many at once, on connections of their own: nothing is oversold, paid twice or half-written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection

from pifa.catalog.errors import AboveStock, OutOfStock, SoldOut
from pifa.catalog.models import Sku
from pifa.finance import commands as finance
from pifa.finance.models import Payable
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import deadlines
from pifa.kernel.errors import WrongState
from pifa.kernel.models import Deadline
from pifa.ledger import queries as ledger
from pifa.trade import commands
from pifa.trade.commands import CheckoutRequest
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade import market
from tests.trade.market import yuan

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 64


def race(contestants: Sequence[Callable[[], object]]) -> list[object]:
    """Let all begin at the same moment; what each returned, or the error it ended with."""
    start = Barrier(len(contestants))
    results: list[object] = [None] * len(contestants)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at every one of them
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=item) for item in enumerate(contestants)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_sixty_four_buyers_race_for_the_last_pieces() -> None:
    # Every buyer wants three of one SKU and two of another, in either order; of the first there
    # are enough for ten, of the second for forty.
    trading = market.trading(stock=(30, 80))
    first, second = trading.skus
    view = commands.preview_checkout(trading.buying, lines=[(first, 3), (second, 2)], region="33")
    contestants: list[Callable[[], object]] = []
    for number in range(BUYERS):
        buyer = goods.company()
        actor, address = goods.actor(buyer), market.address(buyer)
        lines = [(first, 3), (second, 2)]
        request = CheckoutRequest(
            lines=lines if number % 2 else lines[::-1],
            address_id=address.pk,
            shown_total=view.total,
        )
        contestants.append(partial(commands.place_orders, actor, request))
    results = race(contestants)
    kinds = Counter(type(result) for result in results)
    refused = kinds[OutOfStock] + kinds[AboveStock] + kinds[SoldOut]
    assert (kinds[list], refused) == (10, BUYERS - 10), kinds
    stock = dict(Sku.objects.values_list("pk", "reserved"))
    assert stock == {first: 30, second: 20}
    assert Order.objects.count() == Payable.objects.count() == 10
    assert {order.lines.count() for order in Order.objects.all()} == {2}


def test_the_same_request_from_two_tabs_is_one_order() -> None:
    trading = market.trading()
    request = trading.request([(trading.skus[0], 10)], idempotency_key="tab")
    results = race([lambda: commands.place_orders(trading.buying, request)] * 4)
    assert all(result == results[0] for result in results), results
    assert Order.objects.count() == 1
    assert trading.stock() == (10_000, 10)


def test_two_tabs_paying_one_order_pay_once() -> None:
    trading = market.trading()
    order = trading.place(100)
    payable = Payable.objects.get(subject=order.subject)
    starts = [finance.start_payment(trading.buying, payable.number, "gateway") for _ in range(2)]
    trades = [market.trade_of(start.payment_number) for start in starts]
    results = race([partial(bank.act, no, BankAction.PAY) for no in trades])
    paid = [result for result in results if result == ["settled"]]
    # The other tab either found its trade closed by then, or its money went back at once.
    other = [result for result in results if result != ["settled"]]
    assert len(paid) == 1
    assert other == [["returned"]] or isinstance(other[0], WrongState), results
    assert trading.order(order.number).paid_fen == 3500
    assert ledger.held(order.subject) == yuan("35.00")


def test_a_payment_and_a_cancellation_at_once_leave_one_truth() -> None:
    trading = market.trading()
    orders = [trading.place(10) for _ in range(6)]
    contestants: list[Callable[[], object]] = []
    for order in orders:
        payable = Payable.objects.get(subject=order.subject)
        start = finance.start_payment(trading.buying, payable.number, "gateway")
        trade_no = market.trade_of(start.payment_number)
        contestants.append(partial(bank.act, trade_no, BankAction.PAY))
        contestants.append(partial(commands.cancel_order, trading.buying, order.number))
    results = race(contestants)
    errors = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, WrongState) for error in errors), errors
    for order in orders:
        now = trading.order(order.number)
        held = ledger.held(now.subject)
        if now.status == "closed":
            assert (now.paid_fen, held) == (0, yuan("0.00"))
        else:
            assert (now.status, held) == ("awaiting_shipment", yuan("3.50"))
    open_pieces = 10 * Order.objects.filter(status="awaiting_shipment").count()
    assert trading.stock() == (10_000, open_pieces)


def test_receipt_confirmed_from_many_tabs_pays_out_once() -> None:
    trading = market.trading()
    order = trading.shipped(100)
    results = race([lambda: commands.confirm_receipt(trading.buying, order.number)] * 8)
    assert Counter(type(result) for result in results) == {type(None): 1, WrongState: 7}
    assert trading.order(order.number).released_fen == 3500


def test_a_shipment_at_the_last_moment_and_the_refund_of_the_unshipped_leave_one_truth(
    market_clock: MarketClock,
) -> None:
    trading = market.trading()
    orders = [trading.paid(10) for _ in range(6)]
    market_clock.forward(days=30)
    contestants: list[Callable[[], object]] = [
        partial(commands.ship, trading.selling, order.number, "试验快递", f"T{order.pk}")
        for order in orders
    ]
    results = race([*contestants, deadlines.run_due, deadlines.run_due])
    errors = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, WrongState) for error in errors), errors
    for order in orders:
        now, held = trading.order(order.number), ledger.held(order.subject)
        if now.status == "closed":
            assert (now.refunded_fen, held, now.shipped_at) == (350, yuan("0.00"), None)
        else:
            assert (now.status, now.refunded_fen) == ("awaiting_receipt", 0)
            assert held == yuan("3.50")
    shipped = 10 * Order.objects.filter(status="awaiting_receipt").count()
    assert trading.stock() == (10_000 - shipped, 0)
    assert deadlines.stuck() == 0
    assert not Deadline.objects.filter(attempts__gt=0).exists()
