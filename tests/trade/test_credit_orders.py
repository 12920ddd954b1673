"""Orders on trade credit through every verb of an order: promised, shipped, received, paid, undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance import commands as finance
from pifa.finance.commands import LineDraft
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods.trade_credit.errors import (
    CreditFrozen,
    CreditOverdue,
    CreditOverLimit,
)
from pifa.finance.models import CreditItem, CreditLine, Payable
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines, events
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.trade import commands
from pifa.trade.commands import ShipRequest
from pifa.trade.models import Order
from tests.finance.credit.conftest import relate
from tests.trade.market import Trading, trade_of

pytestmark = pytest.mark.django_db
MARCH_16 = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)


def grant(trading: Trading, limit: Money, terms: str = "monthly", number: int = 28) -> CreditLine:
    relate(trading.seller, trading.buyer)
    draft = LineDraft(limit, terms, number)
    return finance.grant_credit(trading.selling, trading.buyer.login, draft)


def on_credit(trading: Trading, quantity: int = 100) -> Order:
    order = trading.place(quantity)
    payable = Payable.objects.get(subject=order.subject)
    finance.start_payment(trading.buying, payable.number, "trade_credit")
    return trading.order(order.number)


def ship(trading: Trading, order: Order) -> Order:
    commands.ship(trading.selling, order.number, "试验快递", f"T{order.pk}")
    return trading.order(order.number)


def received(trading: Trading, order: Order) -> Order:
    ship(trading, order)
    commands.confirm_receipt(trading.buying, order.number)
    return trading.order(order.number)


def repay(trading: Trading, line: CreditLine, amount: Money | None = None) -> None:
    number = finance.repay(trading.buying, line.pk, amount)
    start = finance.start_payment(trading.buying, number, "gateway")
    bank.act(trade_of(start.payment_number), "pay")


def paid_events(order: Order) -> list[tuple[int, int, bool]]:
    rows = OutboxEvent.objects.filter(name="order.paid", payload__number=order.number)
    return [
        (row.payload["paid_fen"], row.payload["nth"], row.payload["kept"])
        for row in rows.order_by("pk")
    ]


def test_money_counts_on_the_day_it_is_paid(trading: Trading) -> None:
    with clock.frozen(MARCH_16):
        line = grant(trading, Money(10_000_00))
        order = on_credit(trading)
        assert (order.status, order.paid_fen, order.promised_fen, order.paid_at) == (
            "awaiting_shipment",
            0,
            order.total_fen,
            None,
        )
        order = received(trading, order)
        assert (order.status, order.released_fen) == ("awaiting_review", 0)
        assert paid_events(order) == []
    day = clock.start_of_day(date(2026, 3, 28))
    deadlines.run_due(day + timedelta(hours=1))
    with clock.frozen(day + timedelta(hours=2)):
        part = Money(order.total_fen // 3)
        repay(trading, line, part)
        order = trading.order(order.number)
        assert (order.paid_fen, order.released_fen, order.paid_at) == (part.fen, part.fen, None)
        repay(trading, line)
    order = trading.order(order.number)
    assert order.paid_at is not None
    assert clock.market_day(order.paid_at) == date(2026, 3, 28)
    assert (order.paid_fen, order.released_fen) == (order.total_fen, order.total_fen)
    assert ledger.balance(trading.seller.pk, AccountKind.BALANCE) == Money(order.total_fen)
    assert paid_events(order) == [
        (part.fen, 1, True),
        (order.total_fen - part.fen, 2, True),
    ]
    line.refresh_from_db()
    assert line.used_fen == 0


def test_over_the_limit_is_refused_with_the_figures(trading: Trading) -> None:
    order = trading.place(100)
    payable = Payable.objects.get(subject=order.subject)
    with pytest.raises(MethodNotOffered, match="还没有给贵企业授予账期额度"):
        finance.start_payment(trading.buying, payable.number, "trade_credit")
    line = grant(trading, Money(order.total_fen * 3 // 2))
    finance.start_payment(trading.buying, payable.number, "trade_credit")
    second = trading.place(100)
    payable = Payable.objects.get(subject=second.subject)
    with pytest.raises(MethodNotOffered) as refused:
        finance.start_payment(trading.buying, payable.number, "trade_credit")
    free = Money(line.limit_fen - order.total_fen)
    for figure in (Money(line.limit_fen), Money(order.total_fen), free):
        assert str(figure) in str(refused.value)
    assert trading.order(second.number).promised_fen == 0


class TestShipment:
    def test_of_a_batch_only_what_the_line_covers(self, trading: Trading) -> None:
        line = grant(trading, Money(10_000_00))
        promised, paid = on_credit(trading), trading.paid()
        finance.freeze_credit(trading.selling, line.pk, "对账中")
        outcomes = commands.ship_many(
            trading.selling,
            [ShipRequest(order.number, "试验快递", "T1") for order in (promised, paid)],
        )
        assert isinstance(outcomes[0].error, CreditFrozen)
        assert "对账中" in str(outcomes[0].error)
        assert outcomes[1].error is None
        finance.unfreeze_credit(trading.selling, line.pk)
        assert ship(trading, promised).status == "awaiting_receipt"

    def test_a_limit_that_was_lowered_holds_back(self, trading: Trading) -> None:
        line = grant(trading, Money(10_000_00))
        order = on_credit(trading)
        lower = LineDraft(Money(order.total_fen - 1), "monthly", 28)
        finance.change_credit(trading.selling, line.pk, lower)
        with pytest.raises(CreditOverLimit, match=r"超出 ¥0\.01.*才能发货"):
            ship(trading, order)

    def test_nothing_is_shipped_to_who_is_late(self, trading: Trading) -> None:
        with clock.frozen(MARCH_16):
            line = grant(trading, Money(10_000_00), "days", 30)
            received(trading, on_credit(trading))
        with clock.frozen(MARCH_16 + timedelta(days=30)):
            waiting = on_credit(trading)
        deadlines.run_due(MARCH_16 + timedelta(days=31))
        line.refresh_from_db()
        assert line.overdue_since == date(2026, 4, 15)
        with clock.frozen(MARCH_16 + timedelta(days=31)):
            with pytest.raises(CreditOverdue, match="已逾期 1 天"):
                ship(trading, waiting)
            with pytest.raises(MethodNotOffered, match="已逾期 1 天"):
                on_credit(trading)
            repay(trading, line)
            assert CreditLine.objects.get(pk=line.pk).overdue_since is None
            assert ship(trading, waiting).status == "awaiting_receipt"


class TestUndoing:
    def test_unshipped_is_waived_and_closed(self, trading: Trading) -> None:
        with clock.frozen(MARCH_16):
            line = grant(trading, Money(10_000_00))
            order = on_credit(trading)
        deadlines.run_due(MARCH_16 + timedelta(days=31))
        order = trading.order(order.number)
        assert (order.status, order.promised_fen, order.waived_fen) == (
            "closed",
            0,
            order.total_fen,
        )
        line.refresh_from_db()
        assert line.used_fen == 0
        assert trading.stock()[1] == 0

    def test_a_refund_before_it_is_paid_waives(self, trading: Trading) -> None:
        line = grant(trading, Money(10_000_00))
        order = received(trading, on_credit(trading))
        part = Money(order.total_fen // 4)
        case = commands.ask_refund(trading.buying, order.number, "money", part, "少发一箱")
        commands.answer_refund(trading.selling, case, True)
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen, order.waived_fen) == (
            "awaiting_review",
            0,
            part.fen,
        )
        item = CreditItem.objects.get()
        assert (item.open_fen, item.waived_fen) == (order.total_fen - part.fen, part.fen)
        repay(trading, line)
        order = trading.order(order.number)
        assert order.paid_fen == order.total_fen - part.fen
        assert order.paid_at is not None
        # What was paid goes back to where it came from: the buyer's balance.
        case = commands.ask_refund(
            trading.buying, order.number, "money", Money(order.paid_fen), "质量问题"
        )
        commands.answer_refund(trading.selling, case, True)
        assert trading.order(order.number).status == "closed"
        assert ledger.balance(trading.buyer.pk, AccountKind.BALANCE) == Money(order.paid_fen)

    def test_a_whole_refund_of_a_promise_closes(self, trading: Trading) -> None:
        line = grant(trading, Money(10_000_00))
        order = on_credit(trading)
        case = commands.ask_refund(
            trading.buying, order.number, "money", Money(order.total_fen), "不要了"
        )
        commands.answer_refund(trading.selling, case, True)
        assert trading.order(order.number).status == "closed"
        line.refresh_from_db()
        assert line.used_fen == 0

    def test_a_refund_while_money_is_on_its_way(self, trading: Trading) -> None:
        """Less is owed when the money comes: the rest stays on the buyer's balance."""
        line = grant(trading, Money(10_000_00))
        order = received(trading, on_credit(trading))
        number = finance.repay(trading.buying, line.pk)
        start = finance.start_payment(trading.buying, number, "gateway")
        part = Money(order.total_fen // 4)
        case = commands.ask_refund(trading.buying, order.number, "money", part, "少发一箱")
        commands.answer_refund(trading.selling, case, True)
        bank.act(trade_of(start.payment_number), "pay")
        assert ledger.balance(trading.buyer.pk, AccountKind.BALANCE) == part
        line.refresh_from_db()
        assert line.used_fen == 0


def test_each_side_is_told(trading: Trading) -> None:
    with clock.frozen(MARCH_16):
        line = grant(trading, Money(10_000_00))
        received(trading, on_credit(trading))
    deadlines.run_due(clock.start_of_day(date(2026, 3, 29)) + timedelta(hours=1))
    with clock.frozen(clock.start_of_day(date(2026, 3, 29)) + timedelta(hours=2)):
        repay(trading, line)
        events.deliver(1000)
    kinds = {
        kind: set(Notice.objects.filter(kind=kind).values_list("company", flat=True))
        for kind in ("order_promised", "received_on_credit", "credit_line", "credit_statement",
                     "credit_due_soon", "credit_overdue", "credit_repaid")
    }  # fmt: skip
    both = {trading.buyer.pk, trading.seller.pk}
    assert kinds == dict.fromkeys(kinds, both)
    assert not Notice.objects.filter(kind="paid").exists()
