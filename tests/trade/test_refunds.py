"""Refunds before and after shipment, in part and whole; disputes with a verdict."""

from __future__ import annotations

import pytest

from pifa.finance import commands as finance
from pifa.finance.errors import PayeeCannotRefund
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.kernel.paging import BadCursor, write_cursor
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.trade import commands, queries
from pifa.trade.errors import InvalidAmount, MissingText
from pifa.trade.models import Dispute, Order, RefundCase
from tests.catalog import market as goods
from tests.finance.conftest import open_payee
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan


def ask(trading: Trading, order: Order, amount: str = "35.00", kind: str = "money") -> str:
    return commands.ask_refund(trading.buying, order.number, kind, yuan(amount), "不想要了")


def state(refund: str) -> str:
    return RefundCase.objects.get(number=refund).state


def due(kind: str) -> object:
    return Deadline.objects.values_list("due_at", flat=True).get(kind=kind, done_at=None)


def test_a_whole_refund_before_shipment_closes_the_order_and_frees_its_stock(
    trading: Trading,
) -> None:
    order = trading.paid(100)
    refund = ask(trading, order)
    assert trading.order(order.number).status == "in_refund"
    with pytest.raises(WrongState):
        commands.ship(trading.selling, order.number, "试验快递", "T1")
    commands.answer_refund(trading.selling, refund, accept=True)
    order = trading.order(order.number)
    assert (order.status, order.refunded_fen, order.released_fen) == ("closed", 3500, 0)
    assert ledger.held(order.subject) == Money(0)
    assert trading.stock() == (10_000, 0)
    trading.offer.refresh_from_db()
    assert trading.offer.sold_quantity == 0
    assert state(refund) == "paid"
    assert not Deadline.objects.filter(done_at=None).exists()


def test_a_part_is_refunded_and_the_order_goes_on(trading: Trading) -> None:
    order = trading.paid(100)
    commands.answer_refund(trading.selling, ask(trading, order, "5.00"), accept=True)
    order = trading.order(order.number)
    assert (order.status, order.refunded_fen) == ("awaiting_shipment", 500)
    assert trading.stock() == (10_000, 100)
    commands.ship(trading.selling, order.number, "试验快递", "T1")
    commands.confirm_receipt(trading.buying, order.number)
    assert trading.order(order.number).released_fen == 3000
    assert ledger.balance(trading.seller.pk, AccountKind.BALANCE) == yuan("30.00")


def test_parts_add_up_to_the_whole_and_no_further(trading: Trading) -> None:
    order = trading.paid(100)
    commands.answer_refund(trading.selling, ask(trading, order, "5.00"), accept=True)
    with pytest.raises(InvalidAmount) as refused:
        ask(trading, order, "30.01")
    assert refused.value.figures["limit"] == yuan("30.00")
    commands.answer_refund(trading.selling, ask(trading, order, "30.00"), accept=True)
    assert trading.order(order.number).status == "closed"
    assert trading.stock() == (10_000, 0)


@pytest.mark.parametrize("fen", [0, -100, 3501, 10**14])
def test_an_amount_that_cannot_be_refunded_is_refused(trading: Trading, fen: int) -> None:
    order = trading.paid(100)
    with pytest.raises(InvalidAmount):
        commands.ask_refund(trading.buying, order.number, "money", Money(fen), "试试")
    assert trading.order(order.number).status == "awaiting_shipment"


def test_one_refund_is_open_at_a_time(trading: Trading) -> None:
    order = trading.paid(100)
    ask(trading, order, "1.00")
    with pytest.raises(WrongState):
        ask(trading, order, "1.00")
    assert RefundCase.objects.count() == 1


def test_nothing_is_returned_before_it_was_shipped(trading: Trading) -> None:
    order = trading.paid(100)
    with pytest.raises(InvalidInput):
        ask(trading, order, kind="return")
    with pytest.raises(WrongState):
        ask(trading, trading.place(10), "1.00")


def test_goods_come_back_and_then_the_money_goes_back(trading: Trading) -> None:
    order = trading.shipped(100)
    refund = ask(trading, order, kind="return")
    commands.answer_refund(trading.selling, refund, accept=True)
    assert state(refund) == "returning"
    with pytest.raises(WrongState):
        commands.confirm_return(trading.selling, refund)
    commands.send_return(trading.buying, refund, "RT1")
    assert trading.order(order.number).refunded_fen == 0
    commands.confirm_return(trading.selling, refund)
    order = trading.order(order.number)
    assert (order.status, order.refunded_fen) == ("closed", 3500)
    # Returned goods are the seller's to inspect: the stock stays as shipment left it.
    assert trading.stock() == (9_900, 0)


def test_a_seller_who_does_not_answer_has_agreed(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.paid(100)
    refund = ask(trading, order)
    market_clock.forward(days=3)
    deadlines.run_due()
    assert (state(refund), trading.order(order.number).status) == ("paid", "closed")


def test_a_return_runs_through_its_deadlines(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.shipped(100)
    refund = ask(trading, order, "35.00", "return")
    market_clock.forward(days=3)
    deadlines.run_due()
    assert state(refund) == "returning"
    commands.send_return(trading.buying, refund, "RT1")
    market_clock.forward(days=7)
    deadlines.run_due()
    assert (state(refund), trading.order(order.number).status) == ("paid", "closed")


def test_a_return_never_sent_lapses(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.shipped(100)
    refund = ask(trading, order, "35.00", "return")
    commands.answer_refund(trading.selling, refund, accept=True)
    market_clock.forward(days=7)
    deadlines.run_due()
    assert (state(refund), trading.order(order.number).status) == ("withdrawn", "awaiting_receipt")


def test_the_time_in_a_refund_does_not_count_for_receipt(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.shipped(100)
    shipped_at = clock.now()
    market_clock.forward(days=4)
    refund = ask(trading, order, "5.00")
    market_clock.forward(days=2)
    deadlines.run_due()
    assert not Deadline.objects.filter(kind="order.receive", done_at=None).exists()
    commands.withdraw_refund(trading.buying, refund)
    assert trading.order(order.number).status == "awaiting_receipt"
    market_clock.set(shipped_at)
    market_clock.forward(days=11.9)
    deadlines.run_due()
    assert trading.order(order.number).status == "awaiting_receipt"
    market_clock.forward(days=0.2)
    deadlines.run_due()
    assert trading.order(order.number).status == "awaiting_review"


def test_a_refund_after_receipt_comes_from_the_sellers_balance(trading: Trading) -> None:
    order = trading.received(100)
    refund = ask(trading, order, "10.00")
    commands.answer_refund(trading.selling, refund, accept=True)
    order = trading.order(order.number)
    assert (order.status, order.refunded_fen, order.released_fen) == (
        "awaiting_review",
        1000,
        3500,
    )
    assert ledger.balance(trading.seller.pk, AccountKind.BALANCE) == yuan("25.00")
    assert due("order.complete")


def test_a_seller_who_has_spent_the_money_is_told_the_figures(trading: Trading) -> None:
    order = trading.received(100)
    open_payee(trading.seller.pk)
    finance.withdraw(trading.selling, yuan("30.00"))
    refund = ask(trading, order, "10.00")
    with pytest.raises(PayeeCannotRefund) as refused:
        commands.answer_refund(trading.selling, refund, accept=True)
    assert refused.value.figures["missing"] == yuan("5.00")
    assert (state(refund), trading.order(order.number).refunded_fen) == ("asked", 0)


def test_a_refund_nobody_can_cover_is_tried_again_every_day(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.received(100)
    open_payee(trading.seller.pk)
    finance.withdraw(trading.selling, yuan("30.00"))
    refund = ask(trading, order, "10.00")
    market_clock.forward(days=3)
    deadlines.run_due()
    assert state(refund) == "asked"
    assert queries.order(trading.buying, order.number).timeline[-1].action == "refund.postponed"
    other = trading.received(100)
    assert other.released_fen == 3500
    market_clock.forward(days=1)
    deadlines.run_due()
    assert (state(refund), trading.order(order.number).refunded_fen) == ("paid", 1000)


def test_a_refusal_needs_a_reason_and_lapses_if_the_buyer_does_nothing(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.shipped(100)
    refund = ask(trading, order, "5.00")
    with pytest.raises(MissingText):
        commands.answer_refund(trading.selling, refund, accept=False, answer=" ")
    commands.answer_refund(trading.selling, refund, accept=False, answer="货没有问题")
    assert trading.order(order.number).status == "in_refund"
    market_clock.forward(days=3)
    deadlines.run_due()
    assert (state(refund), trading.order(order.number).status) == ("withdrawn", "awaiting_receipt")


@pytest.mark.parametrize(
    ("verdict", "amount", "refunded", "status", "end"),
    [
        ("buyer", None, 3500, "closed", "paid"),
        ("partly", "12.34", 1234, "awaiting_receipt", "paid"),
        ("seller", None, 0, "awaiting_receipt", "dismissed"),
    ],
)
def test_an_operator_rules_a_dispute(
    trading: Trading, verdict: str, amount: str | None, refunded: int, status: str, end: str
) -> None:
    order = trading.shipped(100)
    refund = ask(trading, order)
    with pytest.raises(WrongState):
        commands.open_dispute(trading.buying, refund, "还没有被拒绝")
    commands.answer_refund(trading.selling, refund, accept=False, answer="不同意")
    commands.open_dispute(trading.buying, refund, "货不对板")
    commands.answer_dispute(trading.selling, refund, "货是对的")
    with pytest.raises(Forbidden):
        commands.rule_dispute(trading.buying, refund, verdict, "我说了算")
    commands.rule_dispute(
        trading.operator, refund, verdict, "按照片看", yuan(amount) if amount else None
    )
    order = trading.order(order.number)
    assert (order.refunded_fen, order.status, state(refund)) == (refunded, status, end)
    dispute = Dispute.objects.get()
    assert (dispute.verdict, dispute.seller_statement) == (verdict, "货是对的")
    assert dispute.decided_by_id == trading.operator.user_id


@pytest.mark.parametrize("amount", [None, "0.00", "35.00", "40.00"])
def test_a_part_is_less_than_what_was_asked(trading: Trading, amount: str | None) -> None:
    order = trading.shipped(100)
    refund = ask(trading, order)
    commands.answer_refund(trading.selling, refund, accept=False, answer="不同意")
    commands.open_dispute(trading.buying, refund, "货不对板")
    with pytest.raises(InvalidAmount):
        commands.rule_dispute(
            trading.operator, refund, "partly", "各让一步", yuan(amount) if amount else None
        )
    assert state(refund) == "disputed"


def test_the_queue_of_disputes_has_those_overdue_first_and_goes_on_by_cursor(
    trading: Trading, market_clock: MarketClock
) -> None:
    opened = []
    for _ in range(3):
        refund = ask(trading, trading.shipped(100))
        commands.answer_refund(trading.selling, refund, accept=False, answer="不同意")
        commands.open_dispute(trading.buying, refund, "货不对板")
        opened.append(refund)
        market_clock.forward(days=4)
    # The first was opened anew last of all, whatever its row's place in the table.
    Dispute.objects.filter(case__number=opened[0]).update(opened_at=clock.now())
    first = queries.disputes(trading.operator, size=2)
    rows = first.items + queries.disputes(trading.operator, cursor=first.next_cursor).items
    assert [row.refund for row in rows] == [*opened[1:], opened[0]]
    assert [(row.is_overdue, row.days_open) for row in rows] == [(True, 8), (False, 4), (False, 0)]
    with pytest.raises(BadCursor):
        queries.disputes(trading.operator, cursor=write_cursor("yesterday", 1))

    commands.rule_dispute(trading.operator, opened[1], "seller", "按照片看")
    market_clock.forward(days=30)
    (ruled,) = queries.disputes(trading.operator, waiting=False).items
    assert (ruled.is_overdue, ruled.days_open) == (False, 8)


def test_a_buyer_withdraws_even_a_dispute(trading: Trading) -> None:
    order = trading.shipped(100)
    refund = ask(trading, order)
    commands.answer_refund(trading.selling, refund, accept=False, answer="不同意")
    commands.open_dispute(trading.buying, refund, "货不对板")
    commands.withdraw_refund(trading.buying, refund)
    assert Dispute.objects.get().verdict == "withdrawn"
    assert trading.order(order.number).status == "awaiting_receipt"


def test_a_strangers_refund_case_does_not_exist(trading: Trading) -> None:
    refund = ask(trading, trading.paid(100))
    stranger = goods.actor(goods.company())
    with pytest.raises(NotFound):
        commands.answer_refund(stranger, refund, accept=True)
    with pytest.raises(NotFound):
        commands.withdraw_refund(stranger, refund)
    with pytest.raises(Forbidden):
        commands.answer_refund(trading.buying, refund, accept=True)
    with pytest.raises(NotFound):
        commands.withdraw_refund(trading.buying, "R0")
