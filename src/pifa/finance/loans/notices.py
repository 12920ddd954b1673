"""Whom loans tell: the company's people, by the worker, after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pifa.finance.loans import events
from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice

KINDS: Mapping[str, str] = {
    events.LoanDrawn.name: "loan_drawn",
    events.LoanDueSoon.name: "loan_due_soon",
    events.LoanCollected.name: "loan_collected",
    events.LoanShort.name: "loan_short",
    events.LoanOverdue.name: "loan_overdue",
    events.LoanDefaulted.name: "loan_defaulted",
    events.LoanRepaid.name: "loan_repaid",
    events.CouponCredited.name: "loan_coupon",
}


@consumer("finance.loan_notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(
        [
            NewNotice(
                company_id=payload["company_id"],
                kind=KINDS[name],
                subject=f"loan:{payload['number']}",
                params=payload,
                link=f"/buyer/loans/{payload['number']}/",
            )
        ]
    )
