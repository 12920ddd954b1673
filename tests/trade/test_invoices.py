"""Invoices from the checkout to the credit note: who may, how much, whom it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.parties.models import Company
from pifa.trade import commands
from pifa.trade.errors import MissingText
from pifa.trade.invoices import profiles, queries
from pifa.trade.invoices.commands import (
    NewPaper,
    ask_invoice,
    record_credit_note,
    record_invoice,
    refuse_request,
    withdraw_request,
)
from pifa.trade.invoices.errors import (
    CreditTooLarge,
    FileRefused,
    InvalidDetails,
    InvoiceAmountOff,
    InvoiceDayOff,
    InvoiceNumberInvalid,
    InvoiceNumberUsed,
    NothingToCredit,
    NotInvoiceable,
    NotYetPaid,
    OrdersOfSeveralSellers,
    TooManyProfiles,
)
from pifa.trade.invoices.sheet import COLUMNS, export_invoices
from pifa.trade.models import InvoicedOrder, InvoicePaper, InvoiceRequest, Order
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.invoice_files import ofd, pdf, picture
from tests.trade.market import Trading, pay, yuan
from tests.trade.test_invoice_rules import CODE, SPECIAL

ORDINARY = {"title": "顺达建材行", "tax_no": CODE}


def paper(amount: str, serial: int = 1, **fields: Any) -> NewPaper:
    """An invoice of today."""
    given = {"number": f"{serial:020d}", "day": clock.today(), "file": pdf()} | fields
    return NewPaper(amount=yuan(amount), **given)


def asked(trading: Trading, *orders: Order, **given: str) -> str:
    return ask_invoice(trading.buying, [order.number for order in orders], ORDINARY | given)


def issued(trading: Trading, order: Order, amount: str = "35.00", serial: int = 1) -> str:
    number = asked(trading, order)
    record_invoice(trading.selling, number, paper(amount, serial))
    return number


def refund(trading: Trading, order: Order, amount: str) -> None:
    case = commands.ask_refund(trading.buying, order.number, "money", yuan(amount), "少发")
    commands.answer_refund(trading.selling, case, accept=True)


def request(number: str) -> InvoiceRequest:
    return InvoiceRequest.objects.get(number=number)


def told(kind: str) -> list[str]:
    deliver()
    rows = Notice.objects.filter(kind=kind).order_by("pk")
    return [wording(row.kind, row.params).body for row in rows]


def verified(company: Company, name: str, code: str) -> None:
    Company.objects.filter(pk=company.pk).update(verified_name=name, licence_no=code)


# ------------------------------------------------------------------------------- asking


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


# ------------------------------------------------------------------------------- issuing


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
    for end in (
        lambda: withdraw_request(trading.buying, number),
        lambda: refuse_request(trading.selling, number, "不开"),
    ):
        with pytest.raises(WrongState):
            end()


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


# ------------------------------------------------------------------------------- credit notes


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


# ------------------------------------------------------------------------------- parties


def test_a_mismatch_of_parties_is_told_before_payment(trading: Trading) -> None:
    order = trading.place(10, invoice=ORDINARY)

    def codes() -> list[str]:
        view = queries.order_invoice(trading.buying, order.number)
        assert all(item.words for item in view.mismatches)
        return [item.code for item in view.mismatches]

    assert codes() == ["buyer_unverified", "seller_unverified"]
    verified(trading.buyer, "杭州顺达建材有限公司", "91330782MA2EXAMPLA")
    assert codes() == ["title_differs", "tax_no_differs", "seller_unverified"]
    verified(trading.buyer, "顺达建材行", CODE)
    verified(trading.seller, "永固紧固件厂", "91330782MA2EXAMPLA")
    assert codes() == []
    number = queries.order_invoice(trading.buying, order.number).row
    assert number is not None
    pay(trading.buying, order.number)
    record_invoice(trading.selling, number.number, paper("3.50"))
    assert request(number.number).issuer_name == "永固紧固件厂"


def test_without_a_request_only_the_issuer_is_told(trading: Trading) -> None:
    order = trading.place(10)
    view = queries.order_invoice(trading.buying, order.number)
    assert [item.code for item in view.mismatches] == ["seller_unverified"]
    assert (view.row, view.can_ask) == (None, True)
    with pytest.raises(NotFound):
        queries.order_invoice(goods.actor(goods.company()), order.number)


# ------------------------------------------------------------------------------- profiles


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


# ------------------------------------------------------------------------------- desks


def test_the_desks_of_both_sides(trading: Trading) -> None:
    waiting = asked(trading, trading.paid(), title="乙公司")
    done = issued(trading, trading.paid())
    corrected = trading.paid()
    credit = issued(trading, corrected, serial=2)
    refund(trading, corrected, "1.00")
    ended = asked(trading, trading.paid())
    withdraw_request(trading.buying, ended)
    for actor, side in ((trading.buying, "buyer"), (trading.selling, "seller")):
        assert queries.tab_counts(actor, side) == {
            "waiting": 1, "credit": 1, "issued": 2, "ended": 1, "all": 4,
        }  # fmt: skip

        def numbers(tab: str = "all", **given: Any) -> list[str]:
            page = queries.requests(actor, side, tab, queries.Filters(**given))  # noqa: B023
            return [row.number for row in page.items]

        assert numbers() == [ended, credit, done, waiting]
        assert numbers("waiting") == numbers(keyword="乙公司") == [waiting]
        assert numbers("credit") == numbers(keyword=corrected.number) == [credit]
        assert numbers(keyword=f"{1:020d}") == [done]
        assert numbers(kind="special") == []
        assert numbers(since=clock.today() + timedelta(days=1)) == []
        assert numbers(until=clock.today()) == numbers(since=clock.today()) == numbers()
    assert queries.invoices_to_do(trading.selling) == 2
    for side, tab in (("seller", "none"), ("operator", "all")):
        with pytest.raises(InvalidInput):
            queries.requests(trading.selling, side, tab)


def test_a_desk_costs_the_same_for_one_request_and_for_many(trading: Trading) -> None:
    counts = []
    for size in (1, 12):
        for _ in range(size):
            asked(trading, trading.paid(1))
        with CaptureQueriesContext(connection) as captured:
            page = queries.requests(trading.selling, "seller", "all")
        counts.append(len(captured))
        assert len(page.items) >= size
    assert counts[0] == counts[1]


def test_the_sheet_for_the_bookkeeper(trading: Trading) -> None:
    order = trading.received()
    number = issued(trading, order)
    refund(trading, order, "5.00")
    blue = InvoicePaper.objects.get()
    record_credit_note(trading.selling, number, paper("5.00", 2, corrects=blue.pk))
    waiting = asked(trading, trading.paid())
    rows = list(export_invoices(trading.selling))
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert [(row[0], row[12], row[14], row[16]) for row in rows] == [
        (waiting, "", "", None),
        (number, "蓝字", f"{1:020d}", yuan("35.00")),
        (number, "红字", f"{2:020d}", yuan("-5.00")),
    ]
    assert AuditEntry.objects.filter(action="invoice.export").count() == 1
    with pytest.raises(Forbidden):
        export_invoices(goods.actor(trading.seller, Role.PURCHASER))
    assert list(export_invoices(trading.buying)) == []
