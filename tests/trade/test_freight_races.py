"""Insured orders that everybody touches at once: one policy, one payout, nothing lost, no deadlock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import transaction

from pifa.finance import commands as finance
from pifa.finance.insurance.freight import commands as freight
from pifa.finance.models import FreightPolicy, Payable, PaymentRefund
from pifa.finance.sandbox import bank
from pifa.kernel import events
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.trade import commands, queries
from pifa.trade.freight_insurance import reactions
from pifa.trade.freight_insurance.queries import freight_offers
from pifa.trade.models import Order
from tests.finance.test_races import paid_at_the_bank, race, tell
from tests.finance.withdrawals.conftest import fund
from tests.trade import market
from tests.trade.market import Trading, trade_of, yuan

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # What a thread runs into is no refusal: the test must not pass over it.
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]

PREMIUM = Money(45)


@pytest.fixture
def giving() -> Trading:
    """A seller with ¥10.00 on its balance that insures all its orders."""
    trading = market.trading()
    fund(trading.seller, trading.buying, Money(10_00))
    finance.give_freight_insurance(trading.selling, True)
    hear()
    return trading


def hear() -> None:
    """The worker hears of all that was done."""
    while events.deliver():
        pass


def take(trading: Trading) -> Order:
    """Order with the insurance, for goods and premium together."""
    lines = [(trading.skus[0], 100)]
    view = queries.preview_checkout(trading.buying, lines=lines, region=trading.address.region)
    premium = freight_offers(trading.buying, view)[trading.seller.pk].quote.premium
    wanted = trading.request(
        lines, shown_total=view.total + premium, freight_insurance=[trading.seller.pk]
    )
    (number,) = commands.place_orders(trading.buying, wanted)
    return trading.order(number)


def begin(trading: Trading, order: Order) -> finance.PaymentStart:
    """Begin to pay an order with its premium."""
    payable = Payable.objects.get(subject=order.subject)
    return finance.start_insured(trading.buying, payable.number, "gateway")


def told(consumer: Callable[..., None], name: str, number: str) -> Callable[[], object]:
    """A worker that hears of the newest fact of an order, whoever else hears it too."""
    found = OutboxEvent.objects.filter(name=name, payload__number=number).latest("pk")

    def hears() -> None:
        with transaction.atomic():
            consumer(found.name, found.payload, found.happened_at)

    return hears


def test_one_order_is_insured_once_by_many_workers(giving: Trading) -> None:
    order = giving.paid()
    hearing = told(reactions._insure, "order.paid", order.number)
    assert [found for found in race(*[hearing] * 6) if found is not None] == []
    assert FreightPolicy.objects.filter(covers=order.subject).count() == 1
    assert ledger.balance(giving.seller.pk, AccountKind.BALANCE) == Money(10_00) - PREMIUM
    assert ledger.check() == []


def test_one_return_is_paid_once_by_many_workers(giving: Trading) -> None:
    order = giving.shipped()
    hear()
    refund = commands.ask_refund(giving.buying, order.number, "return", yuan("35.00"), "不合适")
    commands.answer_refund(giving.selling, refund, accept=True)
    commands.send_return(giving.buying, refund, "R1")
    commands.confirm_return(giving.selling, refund)
    paid = told(reactions._pay_out, "refund.paid", order.number)
    over = told(reactions._end, "order.closed", order.number)
    results = race(paid, paid, paid, paid)
    assert [found for found in results if found is not None] == []
    race(over, paid, over)
    policy = FreightPolicy.objects.get(covers=order.subject)
    assert (policy.state, policy.paid_fen) == ("claimed", 12_00)
    assert ledger.balance(giving.buyer.pk, AccountKind.BALANCE) == Money(12_00)
    assert ledger.check() == []


@pytest.mark.parametrize("second", ["pay_out", "give_back", "expire"])
@pytest.mark.parametrize("first", ["pay_out", "give_back", "expire"])
def test_a_policy_ends_in_one_way(giving: Trading, first: str, second: str) -> None:
    """Who comes while another ends it waits for that, and then has nothing to do."""
    order = giving.shipped()
    hear()
    ends: dict[str, Callable[[], object]] = {
        "pay_out": lambda: freight.pay_out(order.subject, "R1"),
        "give_back": lambda: freight.give_back(order.subject),
        "expire": lambda: freight.expire(order.subject),
    }
    state, to_seller, to_buyer = {
        "pay_out": ("claimed", 0, 12_00),
        "give_back": ("returned", PREMIUM.fen, 0),
        "expire": ("expired", 0, 0),
    }[first]
    begun = threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            ends[first]()
            begun.set()
            time.sleep(0.2)

    def then() -> None:
        begun.wait()
        ends[second]()

    race(slowly, then)
    policy = FreightPolicy.objects.get(covers=order.subject)
    assert policy.state == state
    left = Money(10_00 + to_seller) - PREMIUM
    assert ledger.balance(giving.seller.pk, AccountKind.BALANCE) == left
    assert ledger.balance(giving.buyer.pk, AccountKind.BALANCE) == Money(to_buyer)
    assert ledger.check() == []


def test_money_for_both_meets_a_buyer_who_leaves() -> None:
    """It settles the order, or finds it over and stays on the balance: never both, never neither."""
    trading = market.trading()

    def once() -> None:
        order = take(trading)
        notice = paid_at_the_bank(begin(trading, order))
        before = ledger.balance(trading.buyer.pk, AccountKind.BALANCE)
        race(
            *tell(notice, notice),
            lambda: commands.cancel_order(trading.buying, order.number, "不要了"),
            lambda: commands.adjust_price(trading.selling, order.number, yuan("35.00"), "同价"),
        )
        order.refresh_from_db()
        left = ledger.balance(trading.buyer.pk, AccountKind.BALANCE) - before
        assert (order.paid_fen, left) in ((35_00, PREMIUM), (0, Money(35_00) + PREMIUM))
        hear()

    for _round in range(3):
        once()
    assert ledger.check() == []


def test_a_refund_goes_on_to_the_bank_while_other_money_comes() -> None:
    """Money that passes through both companies' accounts meets payments, policies and receipts."""
    trading = market.trading()
    orders = [take(trading) for _number in range(4)]
    begun = [begin(trading, order) for order in orders]
    for payment in begun[:2]:
        bank.act(trade_of(payment.payment_number), "pay")
    hear()
    cases = [
        commands.ask_refund(trading.buying, order.number, "money", yuan("35.00"), "不要了")
        for order in orders[:2]
    ]
    notices = [paid_at_the_bank(payment) for payment in begun[2:]]
    results = race(
        *tell(*notices),
        lambda: commands.answer_refund(trading.selling, cases[0], True),
        lambda: commands.answer_refund(trading.selling, cases[1], True),
        lambda: freight.pay_out(orders[0].subject, cases[0]),
        lambda: freight.expire(orders[1].subject),
    )
    assert not [found for found in results if isinstance(found, Exception)]
    back = PaymentRefund.objects.filter(payment__method="gateway")
    assert sorted(back.values_list("amount_fen", flat=True)) == [35_00, 35_00]
    hear()
    assert ledger.check() == []
