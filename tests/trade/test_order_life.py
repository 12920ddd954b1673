"""One order from the checkout to its review, and the ways it ends before."""

from __future__ import annotations

import pytest

from pifa.finance import commands as finance
from pifa.finance.models import Payable
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import AuditEntry, Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.trade import commands
from pifa.trade.commands import ShipRequest
from pifa.trade.errors import AlreadyAnswered, InvalidStars, InvalidTotal
from pifa.trade.models import PriceAdjustment, Shipment
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, pay, trade_of, yuan


def events() -> list[str]:
    names = OutboxEvent.objects.order_by("id").values_list("name", flat=True)
    return [name for name in names if name.startswith(("order.", "refund.", "dispute."))]


def test_an_order_from_checkout_to_review(trading: Trading) -> None:
    order = trading.place(100)
    assert order.status == "awaiting_payment"
    assert (order.goods_fen, order.freight_fen, order.total_fen) == (3500, 0, 3500)
    assert trading.stock() == (10_000, 100)
    assert (order.consignee, order.mobile) == ("王小明", "13812345678")

    pay(trading.buying, order.number)
    order = trading.order(order.number)
    assert (order.status, order.paid_fen) == ("awaiting_shipment", 3500)
    assert ledger.held(order.subject) == yuan("35.00")
    trading.offer.refresh_from_db()
    assert trading.offer.sold_quantity == 100

    commands.ship(trading.selling, order.number, "试验快递", "SF1")
    assert trading.order(order.number).status == "awaiting_receipt"
    assert trading.stock() == (9_900, 0)

    commands.confirm_receipt(trading.buying, order.number)
    order = trading.order(order.number)
    assert (order.status, order.released_fen) == ("awaiting_review", 3500)
    assert ledger.held(order.subject) == Money(0)
    assert ledger.balance(trading.seller.pk, AccountKind.BALANCE) == yuan("35.00")

    commands.write_review(trading.buying, order.number, 5, "很好")
    order = trading.order(order.number)
    assert (order.status, order.review.stars) == ("completed", 5)
    assert order.ended_at == clock.now()
    commands.answer_review(trading.selling, order.number, "谢谢")
    order.review.refresh_from_db()
    assert order.review.answer == "谢谢"
    assert events() == [
        "order.placed",
        "order.paid",
        "order.shipped",
        "order.received",
        "order.reviewed",
        "order.completed",
    ]
    assert not Deadline.objects.filter(subject=order.subject, done_at=None).exists()
    actions = AuditEntry.objects.filter(subject=order.subject).values_list("action", flat=True)
    assert {"order.place", "order.pay", "order.ship", "order.confirm_receipt"} <= set(actions)


def test_an_unpaid_order_closes_by_itself(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.place()
    market_clock.forward(hours=71)
    deadlines.run_due()
    assert trading.order(order.number).status == "awaiting_payment"
    market_clock.forward(hours=1)
    deadlines.run_due()
    order = trading.order(order.number)
    assert (order.status, order.close_reason) == ("closed", "逾期未付款")
    assert trading.stock() == (10_000, 0)
    assert Payable.objects.get(subject=order.subject).state == "closed"
    assert events() == ["order.placed", "order.payment_due", "order.closed"]


def test_money_for_a_closed_order_goes_back(trading: Trading) -> None:
    order = trading.place()
    payable = Payable.objects.get(subject=order.subject)
    start = finance.start_payment(trading.buying, payable.number, "gateway")
    trade_no = trade_of(start.payment_number)
    bank.act(trade_no, BankAction.DELAY)
    commands.cancel_order(trading.buying, order.number)
    deadlines.run_due(clock.now() + bank.DEFAULT_DELAY)
    order = trading.order(order.number)
    assert (order.status, order.paid_fen) == ("closed", 0)
    assert ledger.held(order.subject) == Money(0)
    assert ledger.balance(trading.buyer.pk, AccountKind.BALANCE) == Money(0)


def test_receipt_is_taken_as_confirmed_after_its_days(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.shipped()
    market_clock.forward(days=9)
    deadlines.run_due()
    assert trading.order(order.number).status == "awaiting_receipt"
    market_clock.forward(days=1)
    deadlines.run_due()
    order = trading.order(order.number)
    assert (order.status, order.released_fen) == ("awaiting_review", 3500)
    market_clock.forward(days=15)
    deadlines.run_due()
    assert trading.order(order.number).status == "completed"
    assert events()[-3:] == ["order.receipt_due", "order.received", "order.completed"]


def test_a_seller_is_reminded_to_ship(trading: Trading, market_clock: MarketClock) -> None:
    trading.paid()
    market_clock.forward(hours=36)
    deadlines.run_due()
    assert events()[-1] == "order.shipment_due"


def test_a_shipped_order_reminds_nobody_to_ship(
    trading: Trading, market_clock: MarketClock
) -> None:
    trading.shipped()
    market_clock.forward(hours=47)
    deadlines.run_due()
    assert "order.shipment_due" not in events()


def test_a_buyer_cancels_and_a_seller_closes_while_unpaid(trading: Trading) -> None:
    first, second = trading.place(10), trading.place(20)
    commands.cancel_order(trading.buying, first.number, "买错了")
    commands.close_order(trading.selling, second.number, "缺货")
    assert trading.order(first.number).close_reason == "买错了"
    assert trading.order(second.number).status == "closed"
    assert trading.stock() == (10_000, 0)
    paid = trading.paid(30)
    with pytest.raises(WrongState):
        commands.cancel_order(trading.buying, paid.number)
    with pytest.raises(WrongState):
        commands.close_order(trading.selling, paid.number)
    assert trading.stock() == (10_000, 30)


def test_a_price_is_adjusted_up_and_down_while_unpaid(trading: Trading) -> None:
    order = trading.place()
    commands.adjust_price(trading.selling, order.number, yuan("30.00"), "老客户")
    commands.adjust_price(trading.selling, order.number, yuan("36.80"))
    order = trading.order(order.number)
    assert (order.total_fen, order.adjustment_fen) == (3680, 180)
    totals = PriceAdjustment.objects.order_by("pk").values_list("old_total_fen", "new_total_fen")
    assert list(totals) == [(3500, 3000), (3000, 3680)]
    assert Payable.objects.get(subject=order.subject).amount_fen == 3680
    pay(trading.buying, order.number)
    assert trading.order(order.number).paid_fen == 3680
    with pytest.raises(WrongState):
        commands.adjust_price(trading.selling, order.number, yuan("1.00"))


@pytest.mark.parametrize("fen", [0, -1, 10**15 + 1])
def test_a_price_cannot_become_nothing_or_absurd(trading: Trading, fen: int) -> None:
    order = trading.place()
    with pytest.raises(InvalidTotal) as refused:
        commands.adjust_price(trading.selling, order.number, Money(fen))
    assert refused.value.figures["total"] == Money(fen)
    assert trading.order(order.number).total_fen == 3500


def test_two_tabs_paying_at_once_pay_once(trading: Trading) -> None:
    order = trading.place()
    answers = pay(trading.buying, order.number, BankAction.PAY_TWICE)
    assert answers == ["settled", "returned"]
    order = trading.order(order.number)
    assert (order.status, order.paid_fen) == ("awaiting_shipment", 3500)
    assert ledger.held(order.subject) == yuan("35.00")


def test_two_tabs_confirming_receipt_release_once(trading: Trading) -> None:
    order = trading.received()
    with pytest.raises(WrongState):
        commands.confirm_receipt(trading.buying, order.number)
    assert ledger.balance(trading.seller.pk, AccountKind.BALANCE) == yuan("35.00")


def test_a_batch_ships_what_it_can_and_says_why_not(trading: Trading) -> None:
    first, second, unpaid = trading.paid(10), trading.paid(20), trading.place(30)
    outcomes = commands.ship_many(
        trading.selling,
        [
            ShipRequest(first.number, "试验快递", "A1"),
            ShipRequest(unpaid.number, "试验快递", "A2"),
            ShipRequest("0", "试验快递", "A3"),
            ShipRequest(second.number, " ", "A4"),
            ShipRequest(first.number, "试验快递", "A5"),
        ],
    )
    codes = [outcome.error.code if outcome.error else "done" for outcome in outcomes]
    assert codes == ["done", "wrong_state", "not_found", "trade.missing_text", "wrong_state"]
    assert trading.order(first.number).status == "awaiting_receipt"
    assert trading.order(second.number).status == "awaiting_shipment"
    assert list(Shipment.objects.values_list("tracking_no", flat=True)) == ["A1"]
    assert trading.stock() == (9_990, 50)


def test_a_batch_closes_what_it_can(trading: Trading) -> None:
    unpaid, paid = trading.place(10), trading.paid(20)
    outcomes = commands.close_many(trading.selling, [unpaid.number, paid.number, "0"])
    assert [outcome.done for outcome in outcomes] == [True, False, False]
    assert trading.order(unpaid.number).status == "closed"
    assert trading.order(paid.number).status == "awaiting_shipment"


def test_another_companys_order_does_not_exist(trading: Trading) -> None:
    order = trading.place()
    stranger = goods.actor(goods.company())
    for verb in (
        lambda: commands.cancel_order(stranger, order.number),
        lambda: commands.close_order(stranger, order.number),
        lambda: commands.adjust_price(stranger, order.number, yuan("1.00")),
        lambda: commands.confirm_receipt(stranger, order.number),
        lambda: commands.note_seller(stranger, order.number, "看看"),
        lambda: commands.ask_refund(stranger, order.number, "money", yuan("1.00"), "看看"),
    ):
        with pytest.raises(NotFound):
            verb()


def test_each_side_has_its_own_verbs_and_roles(trading: Trading) -> None:
    order = trading.place()
    with pytest.raises(Forbidden):
        commands.cancel_order(trading.selling, order.number)
    with pytest.raises(Forbidden):
        commands.close_order(trading.buying, order.number)
    with pytest.raises(Forbidden):
        commands.cancel_order(goods.actor(trading.buyer, Role.FINANCE), order.number)
    with pytest.raises(Forbidden):
        commands.close_order(goods.actor(trading.seller, Role.PURCHASER), order.number)
    with pytest.raises(Forbidden):
        commands.confirm_receipt(trading.operator, order.number)
    commands.close_order(goods.actor(trading.seller, Role.CLERK), order.number)
    assert trading.order(order.number).status == "closed"


def test_a_seller_note_is_the_sellers_own(trading: Trading) -> None:
    order = trading.place()
    commands.note_seller(trading.selling, order.number, "加急")
    assert trading.order(order.number).seller_note == "加急"
    with pytest.raises(Forbidden):
        commands.note_seller(trading.buying, order.number, "不加急")


@pytest.mark.parametrize("stars", [0, 6, -1, True])
def test_a_review_has_one_to_five_stars(trading: Trading, stars: int) -> None:
    order = trading.received()
    with pytest.raises(InvalidStars):
        commands.write_review(trading.buying, order.number, stars)
    assert trading.order(order.number).status == "awaiting_review"


def test_a_review_is_answered_once(trading: Trading) -> None:
    order = trading.received()
    with pytest.raises(NotFound):
        commands.answer_review(trading.selling, order.number, "还没有评价")
    commands.write_review(trading.buying, order.number, 3)
    commands.answer_review(trading.selling, order.number, "下次更好")
    with pytest.raises(AlreadyAnswered):
        commands.answer_review(trading.selling, order.number, "改口")
