"""What is announced about invoices. Amounts are fen."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InvoiceEvent(Event):
    """Something happened to a buyer's request for an invoice."""

    number: str
    buyer_id: int
    seller_id: int

    @property
    def subject(self) -> str:
        """The request's subject in the audit log and deadlines."""
        return f"invoice:{self.number}"


@dataclass(frozen=True, kw_only=True)
class InvoiceAsked(InvoiceEvent):
    """A buyer asks for an invoice over so many orders."""

    name = "invoice.asked"
    title: str
    orders: int


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(InvoiceEvent):
    """The seller recorded an invoice; `invoice_no` is its own number."""

    name = "invoice.issued"
    invoice_no: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class InvoiceRefused(InvoiceEvent):
    """The seller does not issue the invoice."""

    name = "invoice.refused"
    reason: str


@dataclass(frozen=True, kw_only=True)
class InvoiceWithdrawn(InvoiceEvent):
    """The buyer does not want the invoice any more."""

    name = "invoice.withdrawn"


@dataclass(frozen=True, kw_only=True)
class InvoiceDue(InvoiceEvent):
    """A request whose orders are paid has waited for days."""

    name = "invoice.due"
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class CreditNoteDue(InvoiceEvent):
    """Money of what was invoiced went back: a credit note is needed, by `due`."""

    name = "invoice.credit_due"
    amount_fen: int
    due: str
    overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class CreditNoteRecorded(InvoiceEvent):
    """The seller recorded a credit note."""

    name = "invoice.credited"
    invoice_no: str
    amount_fen: int
