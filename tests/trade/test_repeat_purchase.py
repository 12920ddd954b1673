"""Repeat purchase and sales by period: equal to the sales report, new told from returning."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.cli.report import group
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.relationships.models import Relationship
from pifa.trade import commands, queries
from pifa.trade.spans import Grain
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan
from tests.trade.test_reports import JUNE, Books

SHANGHAI = ZoneInfo("Asia/Shanghai")


def noon(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 12, tzinfo=SHANGHAI)


@pytest.fixture
def books(trading: Trading) -> Books:
    return Books(trading)


def test_new_and_returning_are_told_apart_by_piece(trading: Trading, books: Books) -> None:
    wang, li, zhao = (books.customer(name) for name in ("王", "李", "赵"))
    books.order([100], customer=wang, at=noon(5, 20))
    books.order([100], customer=wang, at=noon(6, 3))
    books.order([200], customer=li, at=noon(6, 3))
    books.order([300], customer=li, at=noon(6, 10))
    books.order([300], customer=li, at=noon(6, 11))
    books.order([400], customer=zhao, at=noon(6, 30))
    books.order([500], at=noon(6, 30))
    report = queries.repeat(trading.seller.pk, *JUNE, include_declared=True, grain=Grain.WEEK)
    assert (report.whole.buyers, report.whole.repeat_buyers) == (3, 1)
    assert report.whole.rate == Fraction(1, 3)
    assert (report.before.buyers, report.before.repeat_buyers) == (1, 0)
    assert (report.new, report.returning) == (2, 1)
    assert (report.orders, report.unnamed_orders) == (5, 1)
    points = {(p.since.day, p.until.day): (p.buyers, p.new, p.returning) for p in report.points}
    assert points[(2, 8)] == (2, 1, 1)
    assert points[(9, 15)] == (1, 0, 1)
    assert points[(30, 30)] == (1, 1, 0)
    bands = {band.low: (band.buyers, band.orders, band.sales.fen) for band in report.bands}
    assert (bands[1], bands[2], bands[3]) == ((2, 2, 500), (0, 0, 0), (1, 3, 800))
    (best,) = report.top
    assert (best.name, best.orders, best.sales) == ("李", 3, Money(800))
    assert (best.company_id, clock.market_day(best.last), best.interval) == (
        None,
        date(2025, 6, 11),
        4,
    )


def test_without_buyers_there_is_no_rate(trading: Trading, books: Books) -> None:
    books.order([100])
    report = queries.repeat(trading.seller.pk, *JUNE, include_declared=True)
    assert (report.whole.rate, report.unnamed_orders, report.top) == (None, 1, ())


def test_past_trade_counts_throughout_or_not_at_all(
    trading: Trading, books: Books, market_clock: MarketClock
) -> None:
    wang = books.customer("王")
    Relationship.objects.filter(pk=wang.pk).update(buyer=trading.buyer)
    books.order([100], customer=wang, at=noon(6, 1))
    trading.paid(10)
    market_clock.forward(days=3)
    trading.paid(10)
    today = clock.today()
    span = (today - timedelta(days=5), today)
    with_it = queries.repeat(trading.seller.pk, *span, include_declared=True)
    assert (with_it.new, with_it.returning) == (0, 1)
    (best,) = with_it.top
    assert (best.name, best.company_id) == (trading.buyer.name, trading.buyer.pk)
    without = queries.repeat(trading.seller.pk, *span, include_declared=False)
    assert (without.new, without.returning, without.top[0].interval) == (1, 0, 3)


sale = st.tuples(st.integers(-40, 40), st.integers(0, 5), st.integers(1, 10_000), st.booleans())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.lists(sale, max_size=25), st.sampled_from(Grain))
def test_every_report_says_the_same(
    books: Books, sold: list[tuple[int, int, int, bool]], grain: Grain
) -> None:
    """Random books: pieces add up, and repeat purchase agrees with sales and a plain count."""
    books.seller = goods.seller()
    customers = {n: books.customer(f"{n}") for n in range(1, 6)}
    plain: Counter[int] = Counter()
    for days, who, fen, cancels in sold:
        at = datetime(2025, 6, 1, 23, 59, tzinfo=SHANGHAI) + timedelta(days=days)
        amounts = [-fen] if cancels else [fen]
        books.order(amounts, customer=customers.get(who), at=at, is_cancellation=cancels)
        if not cancels and who and 0 <= days <= 29:
            plain[who] += 1
    actor = goods.actor(books.seller)
    series = queries.sales_series(actor, *JUNE, True, grain)
    assert series.whole == queries.sales(books.seller.pk, *JUNE, include_declared=True)
    for name in ("sales", "cancelled"):
        assert sum(getattr(p, name).fen for p in series.points) == getattr(series.whole, name).fen
    for name in ("orders", "cancellations"):
        assert sum(getattr(p, name) for p in series.points) == getattr(series.whole, name)
    report = queries.repeat(books.seller.pk, *JUNE, include_declared=True, grain=grain)
    assert (report.whole.buyers, report.whole.repeat_buyers) == (
        series.whole.buyers,
        series.whole.repeat_buyers,
    )
    assert report.whole.buyers == len(plain) == report.new + report.returning
    assert sum(band.buyers for band in report.bands) == len(plain)
    assert [p.buyers for p in report.points] == [p.buyers for p in series.points]
    assert all(p.buyers == p.new + p.returning for p in report.points)
    assert sum(p.new for p in report.points) == report.new
    assert {buyer.name: buyer.orders for buyer in report.top} == {
        f"{who}": n for who, n in plain.items() if n > 1
    }


def test_a_series_has_market_refunds_in_their_piece(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.paid(100)
    market_clock.forward(days=1)
    case = commands.ask_refund(trading.buying, order.number, "money", yuan("5.00"), "少货")
    commands.answer_refund(trading.selling, case, accept=True)
    today = clock.today()
    series = queries.sales_series(trading.selling, today - timedelta(days=1), today)
    first, second = series.points
    assert (first.sales, first.orders, first.average) == (yuan("35.00"), 1, yuan("35.00"))
    assert (first.cancellations, second.cancellations) == (0, 1)
    assert (second.cancelled, second.sales) == (yuan("-5.00"), yuan("0.00"))
    assert series.before.orders == 0


def test_a_report_costs_the_same_however_much_there_is(trading: Trading, books: Books) -> None:
    counts: list[int] = []
    for _ in range(2):
        for n in range(8):
            customer = books.customer(f"{len(counts)}-{n}")
            for _ in range(3):
                books.order([100], customer=customer)
        for read in (queries.repeat_report, queries.sales_series):
            with CaptureQueriesContext(connection) as captured:
                read(trading.selling, *JUNE, True)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12


def test_only_the_seller_and_operators_read_it(trading: Trading) -> None:
    other = goods.seller()
    for read in (queries.repeat_report, queries.sales_series):
        with pytest.raises(NotFound):
            read(trading.selling, *JUNE, seller_id=other.pk)
        read(trading.operator, *JUNE, seller_id=other.pk)
        with pytest.raises(InvalidInput):
            read(trading.selling, JUNE[1], JUNE[0])
        with pytest.raises(InvalidInput, match="1100"):
            read(trading.selling, date(2020, 1, 1), date(2025, 1, 1))


def test_an_export_is_kept_and_is_for_those_who_may(trading: Trading) -> None:
    report = commands.export_repeat(trading.selling, *JUNE, kind="csv")
    assert report == queries.repeat_report(trading.selling, *JUNE)
    entry = AuditEntry.objects.get(action="report.export_repeat")
    assert entry.company_id == trading.seller.pk
    assert entry.detail == {
        "kind": "csv",
        "since": "2025-06-01",
        "until": "2025-06-30",
        "include_declared": False,
    }
    stranger = goods.actor(trading.seller, Role.PURCHASER)
    with pytest.raises(Forbidden):
        commands.export_sales(stranger, *JUNE)
    assert not AuditEntry.objects.filter(action="report.export_sales").exists()


def test_a_sheet_has_every_figure(trading: Trading, books: Books) -> None:
    wang = books.customer("王")
    for day in (3, 13):
        books.order([100], customer=wang, at=noon(6, day))
    report = queries.repeat_report(trading.selling, *JUNE, True, Grain.MONTH)
    rows = list(queries.repeat_rows(report))
    assert {len(row) for row in rows} == {len(queries.REPEAT_COLUMNS)}
    assert rows[0][4:9] == (1, 1, 1, 0, 2)
    assert ("王", 2, Money(200), 10) in [(row[1], row[8], row[9], row[11]) for row in rows]
    series = queries.sales_series(trading.selling, *JUNE, True, Grain.MONTH)
    month, whole, before = queries.sales_rows(series)
    assert month[1:] == whole[1:]
    assert whole[3:5] == (Money(200), 2)
    assert before[1:3] == (date(2025, 5, 2), date(2025, 5, 31))


def test_the_shell_prints_the_same_figures(trading: Trading, books: Books) -> None:
    wang = books.customer("王")
    for day in (3, 13):
        books.order([100], customer=wang, at=noon(6, day))
    args = ["repeat", "--seller", trading.seller.login, "--from", "2025-06-01", "--to"]
    args += ["2025-06-30", "--include-declared"]
    shown = CliRunner().invoke(group, [*args, "--by", "month"])
    assert shown.exit_code == 0, shown.output
    assert "1/1 (100.0%)" in shown.output
    assert "before —" in shown.output
    found = json.loads(CliRunner().invoke(group, [*args, "--json"]).output)
    assert found["whole"] == {"buyers": 1, "repeat_buyers": 1}
    assert (found["top"][0]["sales"], found["top"][0]["interval"]) == ("2.00", 10)
    assert (found["since"], found["grain"], len(found["points"])) == ("2025-06-01", "day", 30)
