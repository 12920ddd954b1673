"""Invoices from the checkout to the paper: who may, how much, what it must say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import AuditEntry
from pifa.trade import commands
from pifa.trade.errors import MissingText
from pifa.trade.invoices import profiles, queries
from pifa.trade.invoices.commands import (
    ask_invoice,
    record_invoice,
    refuse_request,
    withdraw_request,
)
from pifa.trade.invoices.errors import (
    FileRefused,
    InvalidDetails,
    InvoiceAmountOff,
    InvoiceDayOff,
    InvoiceNumberInvalid,
    InvoiceNumberUsed,
    NotInvoiceable,
    NotYetPaid,
    OrdersOfSeveralSellers,
    TooManyProfiles,
)
from pifa.trade.models import InvoicedOrder, InvoicePaper, InvoiceRequest, Order
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.invoice_files import ofd, picture
from tests.trade.invoicing import ORDINARY, asked, paper, refund, request, told
from tests.trade.market import Trading, pay, yuan
from tests.trade.test_invoice_rules import SPECIAL


def test_details_at_the_checkout_ask_for_an_invoice_of_each_order(trading: Trading) -> None:
    other = goods.seller("恒达轴承厂")
    sku = goods.sku_ids(goods.offer(other))[0]
    lines = [(trading.skus[0], 10), (sku, 10)]
    numbers = commands.place_orders(trading.buying, trading.request(lines, invoice=SPECIAL))
    found = InvoiceRequest.objects.order_by("pk")
    assert [row.seller_id for row in found] == [trading.seller.pk, other.pk]
    assert {row.kind for row in found} == {"special"}
    assert [row.orders.get().order.number for row in found] == numbers
    assert found[0].account == SPECIAL["account"]
    assert len(told("invoice_asked")) == 2
    view = queries.order_invoice(trading.buying, numbers[0])
    assert view.row is not None
    assert (view.row.number, view.can_ask, view.row.is_ready) == (found[0].number, False, False)


def test_a_checkout_with_details_that_cannot_be_is_refused_whole(trading: Trading) -> None:
    for invoice in ({"title": "顺达"}, SPECIAL | {"tax_no": "1"}, SPECIAL | {"bank": ""}):
        with pytest.raises(InvalidDetails) as refused:
            trading.place(10, invoice=invoice)
        assert str(refused.value.field).startswith("invoice.")
    assert not Order.objects.exists()


def test_an_order_is_in_one_request_at_a_time(trading: Trading) -> None:
    order = trading.paid()
    first = asked(trading, order)
    with pytest.raises(NotInvoiceable, match=first):
        asked(trading, order)
    withdraw_request(trading.buying, first)
    second = asked(trading, order)
    refuse_request(trading.selling, second, "抬头不清楚")
    third = asked(trading, order)
    states = dict(InvoiceRequest.objects.values_list("number", "state"))
    assert states == {first: "withdrawn", second: "refused", third: "waiting"}
    assert "抬头不清楚" in told("invoice_refused")[0]
    assert len(told("invoice_withdrawn")) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoicedOrder.objects.create(request=request(first), order=order)


def test_several_orders_of_one_seller_in_one_request(trading: Trading) -> None:
    one, two = trading.paid(), trading.paid(200)
    stranger = goods.actor(goods.company())
    with pytest.raises(NotFound):
        ask_invoice(stranger, [one.number], ORDINARY)
    with pytest.raises(NotFound):
        ask_invoice(trading.selling, [one.number], ORDINARY)
    for numbers in ([], [str(n) for n in range(51)]):
        with pytest.raises(OrdersOfSeveralSellers):
            ask_invoice(trading.buying, numbers, ORDINARY)
    sku = goods.sku_ids(goods.offer(goods.seller("恒达轴承厂")))[0]
    (elsewhere,) = commands.place_orders(trading.buying, trading.request([(sku, 1)]))
    with pytest.raises(OrdersOfSeveralSellers):
        ask_invoice(trading.buying, [one.number, elsewhere], ORDINARY)
    assert [o.number for o in queries.askable_orders(trading.buying)] == [two.number, one.number]
    number = asked(trading, one, two, title="顺达")
    assert queries.askable_orders(trading.buying) == []
    record_invoice(trading.selling, number, paper("105.00"))
    assert request(number).state == "issued"


def test_until_when_one_may_ask(trading: Trading, market_clock: MarketClock) -> None:
    unpaid, done = trading.place(), trading.received()
    commands.write_review(trading.buying, done.number, 5, "")
    days = settings.MARKET["invoice_request_days"]
    until = queries.order_invoice(trading.buying, done.number).ask_until
    assert until == trading.order(done.number).ended_at + timedelta(days=days)  # type: ignore[operator]
    market_clock.forward(days=days)
    assert queries.order_invoice(trading.buying, done.number).can_ask
    market_clock.forward(minutes=1)
    with pytest.raises(NotInvoiceable):
        asked(trading, done)
    deadlines.run_due()
    with pytest.raises(NotInvoiceable):
        asked(trading, unpaid)


def test_a_request_lapses_with_its_unpaid_order(trading: Trading) -> None:
    kept, gone = trading.place(), trading.place()
    alone, both = asked(trading, trading.place()), asked(trading, kept, gone)
    commands.cancel_order(trading.buying, gone.number)
    commands.close_order(
        trading.selling, InvoicedOrder.objects.get(request__number=alone).order.number
    )
    assert (request(alone).state, request(both).state) == ("lapsed", "waiting")
    pay(trading.buying, kept.number)
    record_invoice(trading.selling, both, paper("35.00"))
    assert request(both).state == "issued"


def test_the_amount_is_what_was_paid_to_the_fen(trading: Trading) -> None:
    order = trading.place()
    number = asked(trading, order)
    with pytest.raises(NotYetPaid):
        record_invoice(trading.selling, number, paper("35.00"))
    pay(trading.buying, order.number)
    refund(trading, order, "5.00")
    for amount in ("35.00", "29.99", "30.01", "0.00", "-30.00"):
        with pytest.raises(InvoiceAmountOff):
            record_invoice(trading.selling, number, paper(amount))
    case = commands.ask_refund(trading.buying, order.number, "money", yuan("1.00"), "少发")
    with pytest.raises(NotYetPaid):
        record_invoice(trading.selling, number, paper("30.00"))
    commands.withdraw_refund(trading.buying, case)
    record_invoice(trading.selling, number, paper("30.00"))
    assert (request(number).state, request(number).invoiced_fen) == ("issued", 3000)
    with pytest.raises(WrongState):
        record_invoice(trading.selling, number, paper("30.00", 2))
    with pytest.raises(WrongState):
        withdraw_request(trading.buying, number)
    with pytest.raises(WrongState):
        refuse_request(trading.selling, number, "不开")


def test_several_invoices_share_an_amount(trading: Trading) -> None:
    number = asked(trading, trading.paid())
    record_invoice(trading.selling, number, paper("20.00", 1, more_follow=True))
    assert request(number).state == "waiting"
    with pytest.raises(WrongState):
        refuse_request(trading.selling, number, "不开")
    with pytest.raises(InvoiceAmountOff):
        record_invoice(trading.selling, number, paper("15.00", 2, more_follow=True))
    with pytest.raises(InvoiceNumberUsed):
        record_invoice(trading.selling, number, paper("15.00", 1))
    record_invoice(trading.selling, number, paper("15.00", 2))
    assert request(number).state == "issued"
    files = {row.file.name for row in InvoicePaper.objects.all()}
    assert len(files) == InvoicePaper.objects.count() == 2


def test_what_an_invoice_must_say(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.paid()
    number = asked(trading, order)
    with pytest.raises(InvoiceNumberInvalid):
        record_invoice(trading.selling, number, paper("35.00", number="12345678"))
    with pytest.raises(FileRefused):
        record_invoice(trading.selling, number, paper("35.00", file=b"<html>"))
    for days in (-1, 1):
        day = clock.today() + timedelta(days=days)
        with pytest.raises(InvoiceDayOff):
            record_invoice(trading.selling, number, paper("35.00", day=day))
    with pytest.raises(MissingText):
        refuse_request(trading.selling, number, " ")
    record_invoice(trading.selling, number, paper("35.00", code="033002000111", number="12345678"))
    assert "12345678" in told("invoice_issued")[0]
    actions = AuditEntry.objects.filter(subject=order.subject).values_list("action", flat=True)
    assert {"invoice.ask", "invoice.issue"} <= set(actions)


def test_who_may_do_what(trading: Trading) -> None:
    order = trading.paid()
    clerk, purchaser = (
        goods.actor(trading.buyer, Role.CLERK),
        goods.actor(trading.seller, Role.PURCHASER),
    )
    with pytest.raises(Forbidden):
        ask_invoice(clerk, [order.number], ORDINARY)
    number = asked(trading, order)
    stranger = goods.actor(goods.company(is_seller=True))
    for actor, error in ((stranger, NotFound), (trading.buying, NotFound), (purchaser, Forbidden)):
        with pytest.raises(error):
            record_invoice(actor, number, paper("35.00"))
        with pytest.raises(error):
            refuse_request(actor, number, "不开")
    with pytest.raises(NotFound):
        withdraw_request(trading.selling, number)
    sent = ofd()
    paper_id = record_invoice(trading.selling, number, paper("35.00", file=sent))
    for actor in (trading.buying, trading.selling):
        view, content = queries.paper_file(actor, number, paper_id)
        assert (view.format, content) == ("ofd", sent)
    for actor, error in ((stranger, NotFound), (trading.operator, Forbidden), (clerk, NotFound)):
        with pytest.raises(error):
            queries.paper_file(actor, number, paper_id)
        with pytest.raises(error):
            queries.request(actor, number)
    with pytest.raises(NotFound):
        queries.paper_file(trading.buying, "V0", paper_id)


def test_pictures_are_kept_without_what_came_along(trading: Trading) -> None:
    number = asked(trading, trading.paid())
    dirty = picture("JPEG") + b"<script>"
    paper_id = record_invoice(trading.selling, number, paper("35.00", file=dirty))
    _view, content = queries.paper_file(trading.buying, number, paper_id)
    assert b"<script>" not in content
    assert "private" in InvoicePaper.objects.get().file.path


def test_profiles_of_a_company(trading: Trading) -> None:
    first = profiles.save_profile(trading.buying, ORDINARY)
    second = profiles.save_profile(trading.buying, SPECIAL)
    assert [row.pk for row in profiles.profiles(trading.buying)] == [first, second]
    profiles.save_profile(trading.buying, SPECIAL, profile_id=second, is_default=True)
    default = profiles.default_profile(trading.buying)
    assert default is not None
    assert profiles.details_in(default).given() == SPECIAL
    profiles.delete_profile(trading.buying, second)
    assert [(row.pk, row.is_default) for row in profiles.profiles(trading.buying)] == [
        (first, True)
    ]
    with pytest.raises(NotFound):
        profiles.delete_profile(trading.buying, second)
    with pytest.raises(NotFound):
        profiles.profile(trading.selling, first)
    with pytest.raises(InvalidDetails):
        profiles.save_profile(trading.buying, SPECIAL | {"bank": ""})
    clerk = goods.actor(trading.buyer, Role.CLERK)
    assert profiles.default_profile(clerk) is None
    with pytest.raises(Forbidden):
        profiles.save_profile(clerk, ORDINARY)
    for _ in range(profiles.MAX_PROFILES - 1):
        profiles.save_profile(trading.buying, ORDINARY)
    with pytest.raises(TooManyProfiles):
        profiles.save_profile(trading.buying, ORDINARY)
