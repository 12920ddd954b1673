"""The days to ship that were quoted hold: for the reminder, the desk of the day, the packing note."""

from __future__ import annotations

from datetime import timedelta

from pifa.kernel import clock, deadlines
from pifa.kernel.events import deliver
from pifa.kernel.models import Deadline
from pifa.messages.models import Notice
from pifa.trade import commands, queries
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, pay, yuan
from tests.trade.quotes.market import accept, answer, ask


def quoted(trading: Trading, days: int) -> str:
    """An order by quote that is paid; its number."""
    number = accept(trading, answer(trading.selling, ask(trading), lead_days=days))
    pay(trading.buying, number)
    return number


def due(subject: str, kind: str) -> timedelta:
    return Deadline.objects.get(subject=subject, kind=kind, done_at=None).due_at - clock.now()


def test_the_seller_is_reminded_before_the_agreed_day(trading: Trading) -> None:
    ordinary, later = trading.paid(1), trading.order(quoted(trading, 10))
    assert due(ordinary.subject, "order.shipment_due") == timedelta(hours=36)
    assert due(later.subject, "order.shipment_due") == timedelta(days=9, hours=12)
    assert later.ship_by == clock.now() + timedelta(days=10)
    assert ordinary.ship_by is None


def test_it_is_late_only_after_the_agreed_day(trading: Trading, market_clock: MarketClock) -> None:
    quoted(trading, 10)
    trading.paid(1)
    market_clock.forward(days=3)
    day = queries.seller_today(trading.selling)
    assert (day.late, day.due_today) == (1, 0)
    market_clock.forward(days=6, hours=20)
    day = queries.seller_today(trading.selling)
    assert (day.late, day.due_today) == (1, 1)
    assert day.ship_by == clock.now() + timedelta(hours=4)
    market_clock.forward(hours=5)
    assert queries.seller_today(trading.selling).late == 2


def test_the_packing_note_and_the_notice_name_the_agreed_day(
    trading: Trading, market_clock: MarketClock
) -> None:
    number = quoted(trading, 10)
    (note,) = queries.packing_notes(trading.selling)
    assert note.ship_by == clock.now() + timedelta(days=10)
    market_clock.forward(days=9.6)
    deadlines.run_due()
    deliver()
    told = Notice.objects.get(kind="ship_by", subject=f"order:{number}")
    order = trading.order(number)
    assert order.ship_by is not None
    assert told.params["due"] == order.ship_by.isoformat()


def test_custom_work_is_refunded_by_itself_long_after_it_was_due(trading: Trading) -> None:
    order = trading.order(quoted(trading, 60))
    assert order.scene == "custom"
    assert due(order.subject, "order.refund_unshipped") == timedelta(days=90)


def test_time_in_a_refund_case_does_not_count(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.order(quoted(trading, 10))
    case = commands.ask_refund(trading.buying, order.number, "money", yuan("1.00"), "少发")
    market_clock.forward(days=2)
    commands.withdraw_refund(trading.buying, case)
    assert due(order.subject, "order.shipment_due") == timedelta(days=9, hours=12)
