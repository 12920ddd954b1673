"""What this floor announces, and what it does on others' events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.kernel.events import Event, consumer
from pifa.parties.events import PenaltyGiven, VerificationReviewed


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """A company wrote to another. `is_seller_reply`: a seller answering what the buyer wrote
    last, one of the market's signals of a living shop."""

    name = "message.sent"
    thread: int
    message: int
    subject: str
    from_company: int
    to_company: int
    is_seller_reply: bool


@consumer("messages.standing", VerificationReviewed.name, PenaltyGiven.name)
def _tell_the_company(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.messages import commands  # it announces the event above

    kind, link = (
        ("verification_reviewed", "/buyer/company/verification/")
        if name == VerificationReviewed.name
        else ("penalty_given", "/seller/company/")
    )
    company_id = payload["company_id"]
    commands.notify(company_id, kind, f"company:{company_id}", payload, link)


@consumer("messages.threads", MessageSent.name)
def _tell_the_other_company(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.messages import commands

    commands.notify_of_message(payload["message"])
