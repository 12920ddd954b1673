"""What both sides read of invoices: parties that do not fit, desks, the sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.models import AuditEntry
from pifa.trade.invoices import queries
from pifa.trade.invoices.commands import (
    record_credit_note,
    record_invoice,
    withdraw_request,
)
from pifa.trade.invoices.sheet import COLUMNS, export_invoices
from pifa.trade.models import InvoicePaper
from pifa.trade.queries.papers import papers_waiting
from tests.catalog import market as goods
from tests.trade.invoicing import ORDINARY, asked, issued, paper, refund, request, verified
from tests.trade.market import Trading, pay, yuan
from tests.trade.test_invoice_rules import CODE


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
    assert papers_waiting(trading.selling) == (0, 2)
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
