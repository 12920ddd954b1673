"""Asking for invoices, issuing and refunding, as the tests of invoices do it."""

from __future__ import annotations

from typing import Any

from pifa.kernel import clock
from pifa.kernel.events import deliver
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.parties.models import Company
from pifa.trade import commands
from pifa.trade.invoices.commands import (
    NewPaper,
    ask_invoice,
    record_invoice,
)
from pifa.trade.models import InvoiceRequest, Order
from tests.trade.invoice_files import pdf
from tests.trade.market import Trading, yuan
from tests.trade.test_invoice_rules import CODE

ORDINARY = {"title": "顺达建材行", "tax_no": CODE}


def paper(amount: str, serial: int = 1, **fields: Any) -> NewPaper:
    """An invoice of today."""
    given: dict[str, Any] = {"number": f"{serial:020d}", "day": clock.today(), "file": pdf()}
    return NewPaper(amount=yuan(amount), **given | fields)


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
