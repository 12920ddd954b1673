"""Where two may press at once: one request an order, one paper of an amount, one decision."""

from __future__ import annotations

from functools import partial

import pytest

from pifa.finance.errors import PaymentBlocked
from pifa.kernel.actors import Role
from pifa.kernel.errors import WrongState
from pifa.trade import commands
from pifa.trade.approval.commands import decide_purchase, set_limit
from pifa.trade.errors import PriceChanged
from pifa.trade.invoices.commands import (
    ask_invoice,
    record_credit_note,
    record_invoice,
    withdraw_request,
)
from pifa.trade.invoices.errors import NothingToCredit, NotInvoiceable, NotYetPaid
from pifa.trade.models import InvoicePaper, InvoiceRequest, PurchaseApproval
from tests.catalog import market as goods
from tests.trade import market
from tests.trade.invoicing import ORDINARY, paper, refund
from tests.trade.market import yuan
from tests.trade.test_approval import place, start
from tests.trade.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_tabs_ask_for_one_order() -> None:
    trading = market.trading()
    order = trading.paid()
    results = race([lambda: ask_invoice(trading.buying, [order.number], ORDINARY)] * 4)
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, NotInvoiceable) for result in results) == 3, results
    assert InvoiceRequest.objects.count() == 1


def test_two_clerks_record_and_the_buyer_withdraws() -> None:
    trading = market.trading()
    for serial in (1, 11, 21):
        number = ask_invoice(trading.buying, [trading.paid().number], ORDINARY)
        results = race(
            [
                partial(record_invoice, trading.selling, number, paper("35.00", serial)),
                partial(record_invoice, trading.selling, number, paper("35.00", serial + 1)),
                partial(withdraw_request, trading.buying, number),
            ]
        )
        assert sum(isinstance(result, WrongState) for result in results) == 2, results
        found = InvoiceRequest.objects.get(number=number)
        assert (found.state, found.invoiced_fen) in (("issued", 3500), ("withdrawn", 0))
        assert found.papers.count() == (found.state == "issued")


def test_an_invoice_meets_a_refund() -> None:
    trading = market.trading()
    for serial in range(1, 6):
        order = trading.received()
        number = ask_invoice(trading.buying, [order.number], ORDINARY)
        case = commands.ask_refund(trading.buying, order.number, "money", yuan("5.00"), "少发")
        results = race(
            [
                partial(commands.answer_refund, trading.selling, case, True),
                partial(record_invoice, trading.selling, number, paper("30.00", serial)),
            ]
        )
        assert results[0] is None
        # Before the refund it is not known how much is to be invoiced; after it is.
        assert isinstance(results[1], int | NotYetPaid), results
        assert InvoiceRequest.objects.get(number=number).credit_due_fen == 0


def test_a_credit_note_is_recorded_once() -> None:
    trading = market.trading()
    order = trading.received()
    number = ask_invoice(trading.buying, [order.number], ORDINARY)
    blue = record_invoice(trading.selling, number, paper("35.00"))
    refund(trading, order, "5.00")
    results = race(
        [
            partial(
                record_credit_note, trading.selling, number, paper("5.00", serial, corrects=blue)
            )
            for serial in (2, 3, 4)
        ]
    )
    assert sum(isinstance(result, NothingToCredit) for result in results) == 2, results
    assert InvoicePaper.objects.get(pk=blue).credited_fen == 500


def test_approve_refuse_and_another_price_at_once() -> None:
    trading = market.trading()
    set_limit(trading.buying, yuan("50.00"))
    purchaser = goods.actor(trading.buyer, Role.PURCHASER)
    for _ in range(4):
        (order,) = place(trading, purchaser, (trading.skus[0], 200))
        results = race(
            [
                partial(decide_purchase, trading.buying, order.number, True, yuan("70.00")),
                partial(
                    decide_purchase, trading.buying, order.number, False, yuan("70.00"), "不买"
                ),
                partial(commands.adjust_price, trading.selling, order.number, yuan("90.00")),
                partial(start, purchaser, order),
            ]
        )
        errors = [result for result in results if isinstance(result, Exception)]
        assert all(
            isinstance(error, WrongState | PriceChanged | PaymentBlocked) for error in errors
        ), errors
        now = trading.order(order.number)
        last = PurchaseApproval.objects.filter(order=order).latest("pk")
        if now.status == "closed":
            assert last.state in ("refused", "lapsed")
            continue
        # A price above what was approved waits again, whatever came first.
        payable = order.approvals.filter(state="approved", amount_fen__gte=now.total_fen).exists()
        assert (last.state == "waiting") is not payable
        if not payable:
            with pytest.raises(PaymentBlocked):
                start(purchaser, order)
