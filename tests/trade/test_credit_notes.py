"""A refund of what was invoiced, and every order of payments, refunds and papers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from pifa.finance import commands as finance
from pifa.finance.methods import registry
from pifa.finance.models import Payable, Payment
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.trade import commands
from pifa.trade.invoices import queries
from pifa.trade.invoices.commands import (
    record_credit_note,
    record_invoice,
)
from pifa.trade.invoices.errors import (
    CreditTooLarge,
    InvoiceAmountOff,
    NothingToCredit,
    NotYetPaid,
)
from pifa.trade.models import InvoicePaper, InvoiceRequest
from tests.finance.test_schedule import WordMethod, put_on_balance
from tests.plugins.clock import MarketClock
from tests.trade.invoicing import asked, issued, paper, refund, request, told
from tests.trade.market import Trading, yuan


@pytest.fixture
def word() -> Iterator[str]:
    """A method that takes the buyer's word and is paid later."""
    registry.register(WordMethod())
    yield "word"
    del registry.METHODS["word"]


def test_a_refund_of_an_invoiced_order_makes_a_credit_note_due(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.received()
    number = issued(trading, order)
    with pytest.raises(NothingToCredit):
        record_credit_note(trading.selling, number, paper("1.00", 2))
    refund(trading, order, "5.00")
    assert request(number).credit_due_fen == 500
    (words,) = told("credit_note_due")
    assert "¥5.00" in words
    (row,) = queries.requests(trading.selling, "seller", "credit").items
    assert row.due_at == clock.now() + timedelta(days=settings.MARKET["credit_note_days"])
    blue = InvoicePaper.objects.get().pk
    for amount in ("4.99", "5.01", "-5.00"):
        with pytest.raises(InvoiceAmountOff):
            record_credit_note(trading.selling, number, paper(amount, 2, corrects=blue))
    with pytest.raises(NotFound):
        record_credit_note(trading.selling, number, paper("5.00", 2))
    note = record_credit_note(trading.selling, number, paper("5.00", 2, corrects=blue))
    found = request(number)
    assert (found.credited_fen, found.credit_due_fen, found.state) == (500, 0, "issued")
    assert InvoicePaper.objects.get(pk=note).amount_fen == -500
    assert "¥5.00" in told("credit_note_recorded")[0]
    refund(trading, order, "30.00")
    assert request(number).credit_due_fen == 3000
    record_credit_note(trading.selling, number, paper("30.00", 3, corrects=blue))
    assert InvoicePaper.objects.get(pk=blue).credited_fen == 3500
    assert ledger.check() == []


def test_a_credit_note_is_never_more_than_its_invoice(trading: Trading) -> None:
    order = trading.paid()
    number = asked(trading, order)
    first = record_invoice(trading.selling, number, paper("20.00", 1, more_follow=True))
    second = record_invoice(trading.selling, number, paper("15.00", 2))
    refund(trading, order, "25.00")
    with pytest.raises(CreditTooLarge):
        record_credit_note(trading.selling, number, paper("25.00", 3, corrects=first))
    record_credit_note(trading.selling, number, paper("20.00", 3, corrects=first, more_follow=True))
    record_credit_note(trading.selling, number, paper("5.00", 4, corrects=second))
    detail = queries.request(trading.selling, number)
    assert [item.amount for item in detail.papers] == list(map(yuan, ("20", "15", "-20", "-5")))
    assert [item.id for item in detail.correctable] == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoicePaper.objects.filter(pk=first).update(credited_fen=2001)


def test_a_refund_between_two_invoices_ends_what_is_to_be_issued(trading: Trading) -> None:
    order = trading.paid()
    number = asked(trading, order)
    record_invoice(trading.selling, number, paper("20.00", 1, more_follow=True))
    refund(trading, order, "15.00")
    assert (request(number).state, request(number).credit_due_fen) == ("issued", 0)
    refund(trading, order, "20.00")
    assert trading.order(order.number).status == "closed"
    assert request(number).credit_due_fen == 2000


def test_a_refund_before_any_invoice_only_lowers_the_amount(trading: Trading) -> None:
    order = trading.paid()
    number = asked(trading, order)
    refund(trading, order, "5.00")
    assert request(number).credit_due_fen == 0
    assert queries.request(trading.selling, number).row.to_invoice == yuan("30.00")
    refund(trading, order, "30.00")
    assert request(number).state == "lapsed"


def test_sellers_are_recalled_until_it_is_done(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.received()
    number = asked(trading, order)
    market_clock.forward(days=7)
    deadlines.run_due()
    market_clock.forward(days=7)
    deadlines.run_due()
    assert len(told("invoice_due")) == 2
    record_invoice(trading.selling, number, paper("35.00"))
    refund(trading, order, "5.00")
    market_clock.forward(days=10)
    deadlines.run_due()
    first, second = told("credit_note_due")
    assert "逾期" not in first
    assert "逾期" in second
    blue = InvoicePaper.objects.get().pk
    record_credit_note(trading.selling, number, paper("5.00", 2, corrects=blue))
    market_clock.forward(days=60)
    deadlines.run_due()
    assert (len(told("invoice_due")), len(told("credit_note_due"))) == (2, 2)


@pytest.mark.cooked_books
def test_the_check_finds_invoices_of_more_than_was_paid(trading: Trading) -> None:
    number = issued(trading, trading.paid())
    assert ledger.check() == []
    InvoicePaper.objects.update(amount_fen=3600)
    found = {(row.code, row.what) for row in ledger.check()}
    assert found == {
        ("invoice", "invoiced_fen"),
        ("invoice", "standing at most paid"),
        ("invoice", "credit_due_fen"),
    }
    InvoicePaper.objects.update(amount_fen=3500, credited_fen=1)
    (row,) = ledger.check()
    assert (row.code, row.difference) == ("credit_note", Money(1))
    InvoicePaper.objects.update(credited_fen=0)
    InvoiceRequest.objects.filter(number=number).update(credit_due_fen=1)
    assert [row.what for row in ledger.check()] == ["credit_due_fen"]


def test_an_order_on_credit_is_invoiced_as_it_is_paid(trading: Trading, word: str) -> None:
    order = trading.place()
    number = asked(trading, order)
    payable = Payable.objects.get(subject=order.subject)
    begun = finance.start_payment(trading.buying, payable.number, word)
    commands.ship(trading.selling, order.number, "试验快递", "T1")
    with pytest.raises(NotYetPaid):
        record_invoice(trading.selling, number, paper("35.00"))
    put_on_balance(trading.buyer, yuan("100.00"))
    finance.keep_promise(begun.payment_number, yuan("20.00"), "k1")
    record_invoice(trading.selling, number, paper("20.00"))
    assert request(number).state == "issued"
    rest = Payment.objects.get(state="promised")
    finance.keep_promise(rest.number, yuan("15.00"), "k2")
    assert request(number).state == "waiting"
    record_invoice(trading.selling, number, paper("15.00", 2))
    assert request(number).state == "issued"


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_papers_and_refunds_leaves_the_books_right(
    trading: Trading, seed: int
) -> None:
    """Whatever is pressed in whatever order, the proof holds after each step."""
    chance = random.Random(seed)
    orders = [trading.received(100) for _ in range(3)]
    number = asked(trading, *orders)
    for serial in range(1, 15):
        found = queries.request(trading.selling, number)
        row = found.row
        step = chance.choice(("issue", "part", "refund", "credit", "credit part"))
        if step in ("issue", "part") and row.to_invoice.fen > 1:
            more = step == "part"
            fen = chance.randrange(1, row.to_invoice.fen) if more else row.to_invoice.fen
            amount = str(Money(fen).decimal)
            record_invoice(trading.selling, number, paper(amount, serial, more_follow=more))
        elif step == "refund":
            order = trading.order(chance.choice(orders).number)
            left = order.paid_fen - order.refunded_fen
            if left:
                refund(trading, order, str(Money(chance.randrange(1, left + 1)).decimal))
        elif step.startswith("credit") and row.credit_due and found.correctable:
            blue = chance.choice(found.correctable)
            most = min(blue.left.fen, row.credit_due.fen)
            fen = most if step == "credit" else chance.randrange(1, most + 1)
            fields = {"corrects": blue.id, "more_follow": fen < row.credit_due.fen}
            record_credit_note(
                trading.selling, number, paper(str(Money(fen).decimal), serial, **fields)
            )
        assert ledger.check() == []
        now = queries.request(trading.selling, number).row
        assert now.invoiced - now.credited + now.to_invoice - now.credit_due == now.amount
