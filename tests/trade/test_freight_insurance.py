"""Return-freight insurance over the life of orders: written when paid, paid out on a return, given
back when nothing was shipped."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.insurance.freight.queries import policy_of
from pifa.finance.insurance.models import SandboxPolicy
from pifa.finance.models import FreightPolicy, FreightWish, Payable, Payment, PaymentRefund
from pifa.finance.sandbox import bank
from pifa.kernel import events
from pifa.kernel.errors import Forbidden, WrongState
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.trade import commands, queries
from pifa.trade.errors import PriceChanged
from pifa.trade.freight_insurance.history import history_of
from pifa.trade.freight_insurance.queries import freight_offers
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.finance.withdrawals.conftest import fund
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, pay, trade_of, yuan

INSURED, PREMIUM = Money(12_00), Money(45)


@pytest.fixture
def giving(trading: Trading) -> Trading:
    """A seller with ¥10.00 on its balance that insures all its orders."""
    fund(trading.seller, trading.buying, Money(10_00))
    finance.give_freight_insurance(trading.selling, True)
    hear()
    return trading


@pytest.fixture(autouse=True)
def _proved(db: None) -> object:
    """Whatever a test did, the books agree afterwards, with the bank's too."""
    yield
    assert ledger.check() == []


def hear() -> None:
    """The worker hears of what was done, and of what it did itself thereby."""
    while events.deliver():
        pass


def balance(company_id: int) -> Money:
    return ledger.balance(company_id, AccountKind.BALANCE)


def policy(order: Order) -> FreightPolicy:
    return FreightPolicy.objects.get(covers=order.subject)


def send_back(trading: Trading, order: Order, amount: str = "35.00") -> str:
    """Goods of an order go back and their money is paid."""
    refund = commands.ask_refund(trading.buying, order.number, "return", yuan(amount), "不合适")
    commands.answer_refund(trading.selling, refund, accept=True)
    commands.send_return(trading.buying, refund, "R1")
    commands.confirm_return(trading.selling, refund)
    hear()
    return refund


def came_back(payment: str) -> Money:
    """What of a payment went back by its own way."""
    rows = PaymentRefund.objects.filter(payment__number=payment, payment__method="gateway")
    return Money(sum(rows.values_list("amount_fen", flat=True)))


def test_the_seller_gives_it_and_a_return_pays_out_by_itself(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    found = policy(order)
    assert (found.state, found.insured_fen, found.premium_fen) == ("active", 12_00, 45)
    assert (found.payer_id, found.region) == (giving.seller.pk, order.region)
    assert balance(giving.seller.pk) == Money(10_00) - PREMIUM
    before = balance(giving.buyer.pk)
    refund = send_back(giving, order)
    found.refresh_from_db()
    assert (found.state, found.paid_fen, found.refund) == ("claimed", 12_00, refund)
    assert balance(giving.buyer.pk) - before == INSURED
    assert Order.objects.get(pk=order.pk).status == "closed"
    assert books.reconciliation(giving.operator).agrees
    kinds = set(Notice.objects.filter(company=giving.buyer).values_list("kind", flat=True))
    assert {"freight_insured", "freight_paid_out"} <= kinds
    done = AuditEntry.objects.filter(subject=order.subject).values_list("action", flat=True)
    assert {"freight.insure", "freight.pay_out"} <= set(done)


def test_told_twice_it_is_done_once(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    send_back(giving, order)
    mine = balance(giving.seller.pk), balance(giving.buyer.pk)
    OutboxEvent.objects.filter(name__in=["order.paid", "refund.paid", "order.closed"]).update(
        delivered_at=None
    )
    hear()
    assert (balance(giving.seller.pk), balance(giving.buyer.pk)) == mine
    assert policy(order).state == "claimed"


def test_one_policy_is_paid_out_once_for_two_returns(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    send_back(giving, order, "5.00")
    after = balance(giving.buyer.pk)
    send_back(giving, order, "30.00")
    assert balance(giving.buyer.pk) == after
    assert policy(order).paid_fen == 12_00


def test_money_back_without_goods_pays_nothing_out(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    refund = commands.ask_refund(giving.buying, order.number, "money", yuan("35.00"), "少件")
    commands.answer_refund(giving.selling, refund, accept=True)
    hear()
    found = policy(order)
    assert (found.state, found.paid_fen) == ("expired", 0)
    assert balance(giving.buyer.pk) == Money(0)


def test_a_return_that_was_never_sent_pays_nothing_out(giving: Trading) -> None:
    """The market rules for the buyer before anything was sent: there was no return freight."""
    order = giving.shipped()
    hear()
    refund = commands.ask_refund(giving.buying, order.number, "return", yuan("35.00"), "坏了")
    commands.answer_refund(giving.selling, refund, accept=False, answer="不同意")
    commands.open_dispute(giving.buying, refund, "货是坏的")
    commands.rule_dispute(giving.operator, refund, "buyer", "属实")
    hear()
    assert policy(order).state == "expired"
    assert balance(giving.buyer.pk) == Money(0)


def test_an_order_that_is_not_shipped_gives_the_premium_back(giving: Trading) -> None:
    order = giving.paid()
    hear()
    assert balance(giving.seller.pk) == Money(10_00) - PREMIUM
    refund = commands.ask_refund(giving.buying, order.number, "money", yuan("35.00"), "不要了")
    commands.answer_refund(giving.selling, refund, accept=True)
    hear()
    assert policy(order).state == "returned"
    assert balance(giving.seller.pk) == Money(10_00)
    assert SandboxPolicy.objects.get(number=policy(order).number).returned_fen == PREMIUM.fen
    assert Notice.objects.filter(company=giving.seller, kind="freight_given_back").exists()
    assert books.reconciliation(giving.operator).agrees


def test_an_order_that_ends_well_keeps_the_premium(giving: Trading) -> None:
    order = giving.received()
    hear()
    commands.write_review(giving.buying, order.number, 5, "好")
    hear()
    assert Order.objects.get(pk=order.pk).status == "completed"
    assert policy(order).state == "expired"


def test_a_return_after_receipt_is_covered(giving: Trading) -> None:
    order = giving.received()
    hear()
    send_back(giving, order)
    assert policy(order).state == "claimed"


def test_without_balance_there_is_no_policy_and_the_seller_is_told(trading: Trading) -> None:
    finance.give_freight_insurance(trading.selling, True)
    order = trading.paid()
    hear()
    assert not FreightPolicy.objects.exists()
    notice = Notice.objects.get(kind="freight_not_insured")
    assert notice.company_id == trading.seller.pk
    assert notice.params["premium_fen"] == PREMIUM.fen
    assert policy_of(order.subject, "buyer") is None


def test_switched_off_nothing_is_insured_and_what_was_stays(giving: Trading) -> None:
    first = giving.paid()
    hear()
    finance.give_freight_insurance(giving.selling, False)
    second = giving.paid()
    hear()
    assert policy(first).state == "active"
    assert policy_of(second.subject, "seller") is None
    with pytest.raises(Forbidden):
        finance.give_freight_insurance(giving.operator, True)


def test_an_order_that_ended_before_the_worker_heard_of_it_is_not_insured(giving: Trading) -> None:
    order = giving.paid()
    refund = commands.ask_refund(giving.buying, order.number, "money", yuan("35.00"), "不要了")
    commands.answer_refund(giving.selling, refund, accept=True)
    hear()
    assert policy_of(order.subject, "seller") is None
    assert balance(giving.seller.pk) == Money(10_00)


def test_the_past_makes_the_premium(giving: Trading, market_clock: MarketClock) -> None:
    """A return of one order of three: the next order is dearer, and its policy keeps why."""
    for _time in range(2):
        giving.shipped()
    send_back(giving, giving.shipped())
    assert history_of(giving.buyer.pk, "buyer") == history_of(giving.seller.pk, "seller")
    past = history_of(giving.buyer.pk, "buyer")
    assert (past.orders, past.returns) == (3, 1)
    order = giving.paid()
    hear()
    found = policy(order)
    assert (found.buyer_orders, found.buyer_returns) == (past.orders, 1)
    assert found.premium_fen > PREMIUM.fen
    view = policy_of(order.subject, "seller")
    assert view is not None
    assert view.quote.premium.fen == found.premium_fen
    market_clock.forward(days=366)
    assert history_of(giving.buyer.pk, "buyer").orders == 0


def test_each_side_reads_the_entries_of_its_own_money(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    send_back(giving, order)
    told = {}
    for side in ("buyer", "seller", "operator"):
        view = policy_of(order.subject, side)
        assert view is not None
        told[side] = [entry.amount for entry in view.entries]
    assert told == {"buyer": [INSURED], "seller": [PREMIUM], "operator": [PREMIUM, INSURED]}


def test_the_database_holds_what_a_policy_is(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    stranger = goods.company("路人")
    row = FreightPolicy.objects.filter(pk=policy(order).pk)
    for wrong in (
        {"paid_fen": 1},
        {"state": "claimed"},
        {"state": "expired"},
        {"premium_fen": 12_00},
        {"premium_fen": 0},
        {"payer_id": stranger.pk},
        {"buyer_returns": 50},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**wrong)


def test_the_check_finds_a_policy_that_is_not_as_its_postings(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    row = FreightPolicy.objects.filter(pk=policy(order).pk)
    row.update(premium_fen=46)
    assert [found.what for found in ledger.check()] == ["freight.premium_fen"]
    row.update(premium_fen=45, payer=giving.buyer)
    assert [found.what for found in ledger.check()] == ["postings of others"]
    row.update(payer=giving.seller)


# ---------------------------------------------------------------------------- the buyer takes it


def take(trading: Trading, pieces: int = 100) -> Order:
    """Order with the insurance, for the total with its premium that the preview shows."""
    lines = [(trading.skus[0], pieces)]
    view = queries.preview_checkout(trading.buying, lines=lines, region=trading.address.region)
    offer = freight_offers(trading.buying, view)[trading.seller.pk]
    assert (offer.given, offer.quote.premium) == (False, PREMIUM)
    wanted = trading.request(
        lines,
        shown_total=view.total + offer.quote.premium,
        freight_insurance=[trading.seller.pk],
    )
    (number,) = commands.place_orders(trading.buying, wanted)
    return trading.order(number)


def begin(trading: Trading, order: Order, method: str = "gateway") -> str:
    """Begin to pay an order; the number of the payment."""
    payable = Payable.objects.get(subject=order.subject)
    return finance.start_insured(trading.buying, payable.number, method).payment_number


def test_the_buyer_pays_order_and_premium_at_once(trading: Trading) -> None:
    order = take(trading)
    assert order.total_fen == 35_00  # the premium is no part of the goods' price
    payment = begin(trading, order)
    assert Payment.objects.get(number=payment).amount_fen == 35_00 + PREMIUM.fen
    bank.act(trade_of(payment), "pay")
    order.refresh_from_db()
    assert (order.status, order.paid_fen) == ("awaiting_shipment", 35_00)
    assert balance(trading.buyer.pk) == PREMIUM
    hear()
    assert balance(trading.buyer.pk) == Money(0)
    found = policy(order)
    assert (found.payer_id, found.premium_fen, found.state) == (trading.buyer.pk, 45, "active")
    commands.ship(trading.selling, order.number, "试验快递", "T1")
    send_back(trading, order)
    # The goods' money goes back by the way it came; only the payout is on the balance.
    assert balance(trading.buyer.pk) == INSURED
    assert came_back(payment) == Money(35_00)
    assert books.reconciliation(trading.operator).agrees


def test_another_total_is_refused_with_both(trading: Trading) -> None:
    wanted = trading.request([(trading.skus[0], 100)], freight_insurance=[trading.seller.pk])
    with pytest.raises(PriceChanged) as refused:
        commands.place_orders(trading.buying, wanted)
    assert refused.value.figures["total"] == Money(35_00) + PREMIUM
    assert not FreightWish.objects.exists()


def test_paid_by_balance_the_premium_comes_from_it_too(trading: Trading) -> None:
    fund(trading.buyer, trading.selling, Money(50_00))
    order = take(trading)
    begin(trading, order, "balance")
    hear()
    assert policy(order).payer_id == trading.buyer.pk
    assert balance(trading.buyer.pk) == Money(50_00) - Money(35_00) - PREMIUM


def test_paid_without_the_premium_there_is_no_policy_and_the_buyer_is_told(
    trading: Trading,
) -> None:
    order = take(trading)
    pay(trading.buying, order.number)
    hear()
    assert policy_of(order.subject, "buyer") is None
    notice = Notice.objects.get(kind="freight_not_bought")
    assert notice.company_id == trading.buyer.pk


def test_begun_twice_it_is_the_same_payable_and_paid_once(trading: Trading) -> None:
    order = take(trading)
    first, second = begin(trading, order), begin(trading, order)
    assert Payable.objects.filter(subject__startswith="together:").count() == 1
    bank.act(trade_of(first), "pay")
    with pytest.raises(WrongState):
        bank.act(trade_of(second), "pay")
    hear()
    order.refresh_from_db()
    assert order.paid_fen == 35_00
    assert balance(trading.buyer.pk) == Money(0)
    assert books.reconciliation(trading.operator).agrees


def test_a_seller_may_re_price_before_it_is_paid(trading: Trading) -> None:
    order = take(trading)
    stale = begin(trading, order)
    commands.adjust_price(trading.selling, order.number, yuan("30.00"), "优惠")
    bank.act(trade_of(stale), "pay")
    hear()
    order.refresh_from_db()
    # What came is not what is asked for now: it is on the balance, and the buyer is told.
    assert (order.status, balance(trading.buyer.pk)) == ("awaiting_payment", Money(35_45))
    assert Notice.objects.filter(kind="freight_money_left", company=trading.buyer).exists()
    begin(trading, order, "balance")
    hear()
    assert policy(order).state == "active"
    assert balance(trading.buyer.pk) == Money(5_00)


def test_money_for_an_order_that_is_over_is_the_buyers(trading: Trading) -> None:
    order = take(trading)
    payment = begin(trading, order)
    commands.cancel_order(trading.buying, order.number, "不要了")
    bank.act(trade_of(payment), "pay")  # before the worker heard that the order is over
    assert balance(trading.buyer.pk) == Money(35_45)
    hear()
    assert Notice.objects.filter(kind="freight_money_left", company=trading.buyer).exists()
    assert policy_of(order.subject, "buyer") is None
    assert books.reconciliation(trading.operator).agrees


def test_paid_otherwise_meanwhile_the_payment_of_both_is_closed(trading: Trading) -> None:
    order = take(trading)
    payment = begin(trading, order)
    pay(trading.buying, order.number)
    hear()
    with pytest.raises(WrongState):
        bank.act(trade_of(payment), "pay")
    assert Payable.objects.get(subject__startswith="together:").state == "closed"
    assert books.reconciliation(trading.operator).agrees


@pytest.mark.parametrize("chosen", [False, True])
def test_what_a_checkout_costs(trading: Trading, chosen: bool) -> None:
    """Nothing where it is not chosen; two statements of the past where it is, and one to write it
    down (on PostgreSQL that one goes with the others)."""
    trading.place()
    wanted = {"shown_total": Money(35_00) + PREMIUM, "freight_insurance": [trading.seller.pk]}
    request = trading.request([(trading.skus[0], 100)], **(wanted if chosen else {}))
    plain = trading.request([(trading.skus[0], 100)])
    with CaptureQueriesContext(connection) as without:
        commands.place_orders(trading.buying, plain)
    with CaptureQueriesContext(connection) as found:
        commands.place_orders(trading.buying, request)
    more = 2 + (connection.vendor == "sqlite")
    assert len(found) - len(without) == (more if chosen else 0)
