"""Sales of a seller: what counts, by which day, and whose."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.cli.report import group
from pifa.kernel import clock
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.relationships.models import Relationship
from pifa.trade import commands, queries
from pifa.trade.models import Order, OrderLine
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan

SHANGHAI = ZoneInfo("Asia/Shanghai")
JUNE = (date(2025, 6, 1), date(2025, 6, 30))


class Books:
    """A seller's old books, as the import leaves them: a sale has what it adds to sales in
    `paid_fen` and a moment of payment (`tests/trade/past` proves that it does)."""

    def __init__(self, trading: Trading) -> None:
        self.seller = trading.seller
        self._count = 0

    def customer(self, key: str) -> Relationship:
        return Relationship.objects.create(
            seller=self.seller,
            name=key,
            external_key=key,
            since=clock.now(),
            changed_at=clock.now(),
        )

    def order(
        self,
        amounts: list[int],
        *,
        customer: Relationship | None = None,
        at: datetime = datetime(2025, 6, 15, 12, tzinfo=SHANGHAI),
        **fields: object,
    ) -> Order:
        self._count += 1
        sold = sum(fen for fen in amounts if fen > 0)
        is_sale = bool(sold) and not fields.get("is_cancellation")
        values: dict[str, object] = {
            "goods_fen": sum(amounts),
            "total_fen": sum(amounts),
            "paid_fen": sold if is_sale else 0,
            "paid_at": at if is_sale else None,
            "status": "completed",
        }
        order = Order.objects.create(
            number=f"D{self._count}",
            external_no=str(self._count),
            seller=self.seller,
            customer=customer,
            channel="declared",
            provenance="declared",
            placed_at=at,
            **values | fields,
        )
        for position, fen in enumerate(amounts, start=1):
            OrderLine.objects.create(
                order=order,
                position=position,
                kind="goods" if fen > 0 else "correction",
                title="货",
                quantity=1 if fen > 0 else -1,
                price_e4=abs(fen) * 100,
                amount_fen=fen,
            )
        return order


@pytest.fixture
def books(trading: Trading) -> Books:
    return Books(trading)


def test_declared_trade_counts_as_the_definition_says(trading: Trading, books: Books) -> None:
    wang, li, zhao = (books.customer(name) for name in ("王", "李", "赵"))
    books.order([1000, 500, -200], customer=wang)  # a correction within a sale takes nothing off
    books.order([300], customer=wang)
    books.order([700], customer=li)
    books.order([50])  # without a customer: sales, not buyers
    books.order([-400], customer=zhao)  # only a correction: neither sale nor buyer
    books.order([0], customer=zhao)
    books.order([-900, -100], customer=li, is_cancellation=True)
    books.order([800], customer=zhao, status="closed", paid_at=None)
    report = queries.sales(trading.seller.pk, *JUNE, include_declared=True)
    assert report.sales == yuan("25.50")
    assert (report.orders, report.buyers, report.repeat_buyers) == (4, 2, 1)
    assert (report.cancellations, report.cancelled) == (1, yuan("-10.00"))
    assert report.average == yuan("6.37")
    without = queries.sales(trading.seller.pk, *JUNE, include_declared=False)
    assert (without.sales, without.orders, without.buyers) == (yuan("0.00"), 0, 0)


def test_both_ends_are_whole_market_days(trading: Trading, books: Books) -> None:
    for at in (
        datetime(2025, 5, 31, 23, 59, 59, tzinfo=SHANGHAI),
        datetime(2025, 6, 1, 0, 0, tzinfo=SHANGHAI),
        datetime(2025, 6, 30, 23, 59, 59, tzinfo=SHANGHAI),
        datetime(2025, 7, 1, 0, 0, tzinfo=SHANGHAI),
    ):
        books.order([100], at=at)
    assert queries.sales(trading.seller.pk, *JUNE, include_declared=True).orders == 2
    with pytest.raises(InvalidInput):
        queries.sales(trading.seller.pk, JUNE[1], JUNE[0], include_declared=True)


def test_market_trade_counts_on_the_day_it_was_paid(
    trading: Trading, market_clock: MarketClock
) -> None:
    today = clock.today()
    trading.place(10)  # never paid: no sale
    order = trading.paid(100)
    trading.paid(200)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("5.00"), "少货")
    commands.answer_refund(trading.selling, refund, accept=True)
    report = queries.sales_report(trading.selling, today, today)
    assert (report.sales, report.orders) == (yuan("105.00"), 2)
    assert (report.buyers, report.repeat_buyers) == (1, 1)
    assert (report.cancellations, report.cancelled) == (1, yuan("-5.00"))
    market_clock.forward(days=1)
    later = queries.sales_report(trading.selling, clock.today(), clock.today())
    assert (later.sales, later.orders) == (yuan("0.00"), 0)


def test_a_claimed_customer_and_its_company_are_one_buyer(trading: Trading, books: Books) -> None:
    wang = books.customer("王")
    today = clock.today()
    books.order([100], customer=wang, at=clock.now())
    trading.paid(10)
    apart = queries.sales(trading.seller.pk, today, today, include_declared=True)
    assert (apart.buyers, apart.repeat_buyers) == (2, 0)
    Relationship.objects.filter(pk=wang.pk).update(buyer=trading.buyer)
    together = queries.sales(trading.seller.pk, today, today, include_declared=True)
    assert (together.buyers, together.repeat_buyers) == (1, 1)


def test_days_add_up_to_the_whole(trading: Trading, books: Books) -> None:
    books.order([100, 50])
    books.order([300], at=datetime(2025, 6, 30, 23, 0, tzinfo=SHANGHAI))
    books.order([70])
    days = queries.daily_sales(trading.selling, *JUNE, include_declared=True)
    assert len(days) == 30
    assert {(day.day.day, day.sales.fen, day.orders) for day in days if day.orders} == {
        (15, 220, 2),
        (30, 300, 1),
    }
    whole = queries.sales(trading.seller.pk, *JUNE, include_declared=True)
    assert sum(day.sales.fen for day in days) == whole.sales.fen
    assert sum(day.orders for day in days) == whole.orders


def test_only_the_seller_and_operators_read_its_sales(trading: Trading) -> None:
    other = goods.seller()
    with pytest.raises(NotFound):
        queries.sales_report(trading.selling, *JUNE, seller_id=other.pk)
    assert queries.sales_report(trading.operator, *JUNE, seller_id=other.pk).orders == 0
    with pytest.raises((Forbidden, NotFound)):
        queries.sales_report(trading.operator, *JUNE)


def test_a_report_costs_the_same_however_much_there_is(trading: Trading, books: Books) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            books.order([100, 200, 300])
        with CaptureQueriesContext(connection) as captured:
            queries.sales(trading.seller.pk, *JUNE, include_declared=True)
        counts.append(len(captured))
    assert counts == [4, 4]


def test_the_shell_prints_the_same_figures(trading: Trading, books: Books) -> None:
    books.order([123_456], customer=books.customer("王"))
    span = ["--from", "2025-06-01", "--to", "2025-06-30", "--include-declared"]
    shown = CliRunner().invoke(group, ["sales", "--seller", trading.seller.login, *span])
    assert shown.exit_code == 0, shown.output
    assert "1,234.56" in shown.output
    args = ["sales", "--seller", str(trading.seller.pk), *span, "--json"]
    figures = json.loads(CliRunner().invoke(group, args).output)
    assert (figures["sales"], figures["cancelled"]) == ("1234.56", "0.00")
    assert (figures["orders"], figures["buyers"], figures["since"]) == (1, 1, "2025-06-01")
    nobody = CliRunner().invoke(group, ["sales", "--seller", "nobody", *span])
    assert nobody.exit_code == 1
    assert "nobody" in nobody.output
