"""Whom invoices are told: notices made by the worker from the outbox, after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.trade.invoices import facts
from pifa.trade.states import BUYER, SELLER

KINDS: Mapping[str, tuple[str, str]] = {
    facts.InvoiceAsked.name: ("invoice_asked", SELLER),
    facts.InvoiceIssued.name: ("invoice_issued", BUYER),
    facts.InvoiceRefused.name: ("invoice_refused", BUYER),
    facts.InvoiceWithdrawn.name: ("invoice_withdrawn", SELLER),
    facts.InvoiceDue.name: ("invoice_due", SELLER),
    facts.CreditNoteDue.name: ("credit_note_due", SELLER),
    facts.CreditNoteRecorded.name: ("credit_note_recorded", BUYER),
}
"""Event → kind of notice, and which side gets it."""


@consumer("trade.invoice_notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    kind, side = KINDS[name]
    number = payload["number"]
    notice = NewNotice(
        company_id=payload[f"{side}_id"],
        kind=kind,
        subject=f"invoice:{number}",
        params=payload,
        link=f"/{side}/invoices/{number}/",
    )
    messages.notify_all([notice])
