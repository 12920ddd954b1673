"""Orders on the bank's promise through every verb: chosen, shipped, received, debited, refunded; and
what both sides and the metrics hear of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.finance import commands as finance
from pifa.finance.errors import MethodNotOffered
from pifa.finance.models import Payable, SandboxMandate, TrustAccount, TrustItem
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
from tests.finance.trust.conftest import fund, on_account, open_bank, sign
from tests.trade.market import Trading

pytestmark = pytest.mark.django_db
WAY = "trust_payment"
NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)
COVERED = NOON + timedelta(days=3)


@pytest.fixture
def signed(trading: Trading) -> Trading:
    """The buyer has ¥10,000.00 at the partner bank and a mandate."""
    with clock.frozen(NOON):
        open_bank(trading.buyer)
        fund(trading.buyer, Money(10_000_00))
        sign(trading.buyer, trading.buying)
    return trading


def chosen(trading: Trading, quantity: int = 100) -> Order:
    lines = [(trading.skus[0], quantity)]
    request = trading.request(lines, ways={trading.seller.pk: WAY})
    (number,) = commands.place_orders(trading.buying, request)
    return trading.order(number)


def shipped(trading: Trading, order: Order) -> Order:
    commands.ship(trading.selling, order.number, "试验快递", f"T{order.pk}")
    return trading.order(order.number)


def received(trading: Trading, order: Order) -> Order:
    commands.confirm_receipt(trading.buying, shipped(trading, order).number)
    deadlines.run_due(clock.now())
    return trading.order(order.number)


def empty(trading: Trading) -> None:
    """Nothing can be debited from now on."""
    SandboxMandate.objects.update(play="refuse")


def seller_has(trading: Trading) -> Money:
    return ledger.balance(trading.seller.pk, AccountKind.BALANCE)


def test_chosen_in_the_checkout_it_ships_and_is_debited_after_receipt(signed: Trading) -> None:
    with clock.frozen(NOON):
        order = chosen(signed)
        assert (order.status, order.promised_fen) == ("awaiting_shipment", order.total_fen)
        shown = queries.order(signed.selling, order.number)
        assert shown.trust is not None
        assert shown.trust.state == "promised"
        order = received(signed, order)
        total = Money(order.total_fen)
        assert (order.status, order.paid_fen, order.promised_fen) == (
            "awaiting_review",
            order.total_fen,
            0,
        )
        assert seller_has(signed) == total
        assert on_account(signed.buyer) == Money(10_000_00) - total
        assert ledger.check() == []


def test_the_seller_is_paid_even_if_no_debit_goes_through(signed: Trading) -> None:
    with clock.frozen(NOON):
        empty(signed)
        order = received(signed, chosen(signed))
        assert (order.paid_fen, order.promised_fen) == (0, order.total_fen)
    deadlines.run_due(COVERED)
    order = signed.order(order.number)
    assert (order.paid_fen, order.promised_fen) == (order.total_fen, 0)
    assert seller_has(signed) == Money(order.total_fen)
    assert TrustAccount.objects.get().debt_fen == order.total_fen
    with clock.frozen(COVERED), pytest.raises(WayNotAgreed) as refused:
        chosen(signed)
    assert refused.value.figures["debt"] == Money(order.total_fen)
    assert ledger.check() == []


def test_over_a_limit_the_whole_checkout_is_refused_with_the_figures(trading: Trading) -> None:
    open_bank(trading.buyer)
    sign(trading.buyer, trading.buying, per_order=Money(1_00), in_all=Money(1_50))
    with pytest.raises(WayNotAgreed) as refused:
        chosen(trading)
    assert refused.value.figures["per_order"] == Money(1_00)
    assert not Order.objects.exists()
    assert not Payable.objects.exists()


def test_it_is_named_only_under_a_mandate(trading: Trading) -> None:
    assert WAY not in ways_named(trading)
    open_bank(trading.buyer)
    sign(trading.buyer, trading.buying)
    assert ways_named(trading)[WAY]
    finance.end_trust(trading.buying)
    assert WAY not in ways_named(trading)
    sign(trading.buyer, trading.buying, per_order=Money(1), in_all=Money(1))
    assert not ways_named(trading)[WAY]


def ways_named(trading: Trading) -> dict[str, bool]:
    """Ways that the checkout names for the one seller, and whether they are offered."""
    lines = [(trading.skus[0], 100)]
    view = queries.preview_checkout(trading.buying, lines=lines, region="33")
    found = queries.ways_to_agree(trading.buying, view)
    return {way.code: way.offered for ways in found.values() for way in ways}


def test_a_checkout_that_does_not_choose_it_asks_nothing_of_it(signed: Trading) -> None:
    request = signed.request([(signed.skus[0], 10)])
    with CaptureQueriesContext(connection) as captured:
        commands.place_orders(signed.buying, request)
    assert not [row for row in captured.captured_queries if "trust" in row["sql"]]


@pytest.mark.parametrize("when", ["before_shipment", "shipped", "debited", "covered"])
@pytest.mark.parametrize("whole", [True, False])
def test_refunds_on_the_way(signed: Trading, when: str, whole: bool) -> None:
    with clock.frozen(NOON):
        order = chosen(signed)
        if when == "covered":
            empty(signed)
        if when == "shipped":
            order = shipped(signed, order)
        elif when != "before_shipment":
            order = received(signed, order)
    deadlines.run_due(COVERED)
    with clock.frozen(COVERED):
        total = order.total_fen
        back = Money(total if whole else total // 3)
        case = commands.ask_refund(signed.buying, order.number, "money", back, "少发")
        commands.answer_refund(signed.selling, case, True)
        order = signed.order(order.number)
        row = TrustItem.objects.get()
        left = total - back.fen
        account = 10_000_00 - (total - back.fen if when == "debited" else 0)
        assert on_account(signed.buyer) == Money(account)
        assert row.debt_fen == (left if when == "covered" else 0)
        assert row.claim_fen == (left if when in ("before_shipment", "shipped") else 0)
        assert seller_has(signed) == Money(left if when in ("debited", "covered") else 0)
        assert TrustAccount.objects.get().used_fen == row.claim_fen + row.debt_fen
        assert ledger.check() == []
        if when in ("before_shipment", "shipped") and not whole:
            if when == "before_shipment":
                order = shipped(signed, order)
            commands.confirm_receipt(signed.buying, order.number)
            deadlines.run_due(clock.now())
            assert on_account(signed.buyer) == Money(10_000_00 - left)
            assert seller_has(signed) == Money(left)
            assert ledger.check() == []


def told(trading: Trading, company_id: int) -> list[str]:
    """What a company was told of trust payment, in order."""
    rows = Notice.objects.filter(company=company_id, kind__startswith="trust_").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_both_sides_are_told_and_the_metrics_count(signed: Trading) -> None:
    with clock.frozen(NOON):
        received(signed, chosen(signed, 10))
        empty(signed)
        order = received(signed, chosen(signed, 10))
    deadlines.run_due(COVERED + timedelta(days=2))
    with clock.frozen(COVERED + timedelta(days=2)):
        number = finance.repay_trust(signed.buying, order.subject)
        with pytest.raises(MethodNotOffered):
            finance.start_payment(signed.buying, number, WAY)
        events.deliver()
        buyer = told(signed, signed.buyer.pk)
        assert buyer[:2] == ["trust_mandate", "trust_debited"]
        assert buyer.count("trust_debit_failed") == 4
        assert buyer[-2:] == ["trust_covered", "trust_owing"]
        assert told(signed, signed.seller.pk) == ["trust_paid", "trust_paid"]
        counted = Fact.objects.filter(subject__startswith="trust:")
        assert counted.filter(kind=FactKind.REPAID).count() == 1
        # Four days on which a debit failed, and two on which the bank was owed.
        assert counted.filter(kind=FactKind.OVERDUE).count() == 4 + 2
        assert not OutboxEvent.objects.filter(delivered_at=None).exists()
