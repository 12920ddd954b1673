"""Orders on secured credit through every verb: chosen, shipped, received, paid by the financier,
refunded; and what both sides and the metrics hear of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance import commands as finance
from pifa.finance.models import Payable, SecuredAccount, SecuredReceivable
from pifa.finance.sandbox import bank, financing
from pifa.kernel import clock, deadlines, events
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.metrics.facts import FactKind
from pifa.metrics.models import Fact
from pifa.trade import commands, queries
from pifa.trade.errors import WayNotAgreed
from pifa.trade.models import Order
from tests.finance.conftest import grant
from tests.trade.market import Trading, trade_of

pytestmark = pytest.mark.django_db
NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)
DUE = NOON + timedelta(days=30)


def open_secured(trading: Trading, limit: str = "100000.00") -> None:
    finance.join_secured(trading.selling)
    grant(trading.buyer.pk, "secured_credit", limit=limit)


def chosen(trading: Trading, quantity: int = 100) -> Order:
    lines = [(trading.skus[0], quantity)]
    request = trading.request(lines, ways={trading.seller.pk: "secured"})
    (number,) = commands.place_orders(trading.buying, request)
    return trading.order(number)


def received(trading: Trading, order: Order) -> Order:
    commands.ship(trading.selling, order.number, "试验快递", f"T{order.pk}")
    commands.confirm_receipt(trading.buying, order.number)
    return trading.order(order.number)


def seller_has(trading: Trading) -> Money:
    return ledger.balance(trading.seller.pk, AccountKind.BALANCE)


def test_chosen_in_the_checkout_it_goes_its_way_to_the_seller(trading: Trading) -> None:
    with clock.frozen(NOON):
        open_secured(trading)
        order = chosen(trading)
        assert (order.status, order.promised_fen) == ("awaiting_shipment", order.total_fen)
        order = received(trading, order)
        assert (order.status, order.paid_fen) == ("awaiting_review", 0)
        shown = queries.order(trading.buying, order.number)
        assert shown.secured is not None
        assert shown.secured.due_on == DUE.date()
    deadlines.run_due(DUE)
    order = trading.order(order.number)
    fee = (order.total_fen * 12 + 5000) // 10000
    assert (order.paid_fen, order.promised_fen, order.released_fen) == (
        order.total_fen,
        0,
        order.total_fen - fee,
    )
    assert seller_has(trading) == Money(order.total_fen - fee)
    assert SecuredAccount.objects.get().used_fen == order.total_fen
    assert ledger.check() == []


def test_over_the_limit_the_whole_checkout_is_refused_with_the_figures(trading: Trading) -> None:
    open_secured(trading, "1.00")
    with pytest.raises(WayNotAgreed) as refused:
        chosen(trading)
    assert refused.value.figures["free"] == Money(1_00)
    assert not Order.objects.exists()
    assert not Payable.objects.exists()


def test_it_is_named_only_where_the_seller_has_joined(trading: Trading) -> None:
    lines = [(trading.skus[0], 100)]
    view = ways_named(trading, lines)
    assert "secured" not in view
    open_secured(trading)
    assert ways_named(trading, lines)["secured"]
    SecuredAccount.objects.create(buyer=trading.buyer)
    grant(trading.buyer.pk, "secured_credit", limit="0.01")
    assert not ways_named(trading, lines)["secured"]


def ways_named(trading: Trading, lines: list[tuple[int, int]]) -> dict[str, bool]:
    """Ways that the checkout names for the one seller, and whether they are offered."""
    view = previewed(trading, lines)
    found = queries.ways_to_agree(trading.buying, view)
    return {way.code: way.offered for ways in found.values() for way in ways}


def previewed(trading: Trading, lines: list[tuple[int, int]]) -> queries.CheckoutView:
    return commands.preview_checkout(trading.buying, lines=lines, region="33")


@pytest.mark.parametrize("when", ["before_shipment", "after_receipt", "collected_early"])
@pytest.mark.parametrize("whole", [True, False])
def test_refunds_on_the_way(trading: Trading, when: str, whole: bool) -> None:
    with clock.frozen(NOON):
        open_secured(trading)
        other = received(trading, chosen(trading, 500))
        order = chosen(trading)
        if when != "before_shipment":
            order = received(trading, order)
        if when == "collected_early":
            finance.collect_early(trading.selling, [order.subject, other.subject])
            deadlines.run_due(clock.now() + financing.ANSWER_AFTER)
    with clock.frozen(NOON):
        before = seller_has(trading)
        amount = Money(order.total_fen if whole else order.total_fen // 3)
        case = commands.ask_refund(trading.buying, order.number, "money", amount, "少发")
        commands.answer_refund(trading.selling, case, True)
        order = trading.order(order.number)
        row = SecuredReceivable.objects.get(payable__subject=order.subject)
        assert row.owed_fen == order.total_fen - amount.fen
        assert (order.status == "closed") == whole
        paid = when == "collected_early"
        assert (order.refunded_fen, order.waived_fen) == (
            (amount.fen, 0) if paid else (0, amount.fen)
        )
        assert before - seller_has(trading) == (amount if paid else Money(0))
        assert ledger.check() == []


def test_sales_count_when_the_financier_pays_and_lateness_is_the_buyers(trading: Trading) -> None:
    with clock.frozen(NOON):
        open_secured(trading)
        order = received(trading, chosen(trading))
    late = DUE + timedelta(days=2)
    deadlines.run_due(late)
    with clock.frozen(late):
        events.deliver()
        paid = Fact.objects.get(kind=FactKind.PAID)
        assert (paid.amount_fen, paid.count) == (order.total_fen, 1)
        assert clock.market_day(paid.at) == DUE.date()
        overdue = Fact.objects.filter(kind=FactKind.OVERDUE)
        assert {fact.buyer_id for fact in overdue} == {trading.buyer.pk}
        assert overdue.count() == 2
        told = set(Notice.objects.values_list("company", "kind"))
        assert (trading.seller.pk, "secured_paid") in told
        assert (trading.buyer.pk, "secured_overdue") in told
        assert (trading.seller.pk, "secured_overdue") not in told
        repayment = finance.repay_secured(trading.buying)
        start = finance.start_payment(trading.buying, repayment, "gateway")
        bank.act(trade_of(start.payment_number), "pay")
        events.deliver()
        assert Notice.objects.filter(company=trading.buyer, kind="secured_repaid").count() == 1
        assert not OutboxEvent.objects.filter(name="secured.repaid_in_time").exists()
        assert ledger.check() == []


def test_repaid_in_time_it_counts_for_the_buyer(trading: Trading) -> None:
    with clock.frozen(NOON):
        open_secured(trading)
        received(trading, chosen(trading))
        repayment = finance.repay_secured(trading.buying)
        start = finance.start_payment(trading.buying, repayment, "gateway")
        bank.act(trade_of(start.payment_number), "pay")
    deadlines.run_due(DUE + timedelta(days=1))
    with clock.frozen(DUE + timedelta(days=1)):
        events.deliver()
        (fact,) = Fact.objects.filter(kind=FactKind.REPAID)
        assert (fact.buyer_id, fact.count) == (trading.buyer.pk, 1)
