"""Whom approvals are told: the buying company, who asked and who may decide alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.trade.approval.facts import ApprovalAsked, ApprovalDecided

KINDS: Mapping[str, str] = {
    ApprovalAsked.name: "approval_asked",
    ApprovalDecided.name: "approval_decided",
}
"""Event → kind of notice."""


@consumer("trade.approval_notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    number = payload["number"]
    notice = NewNotice(
        company_id=payload["buyer_id"],
        kind=KINDS[name],
        subject=f"order:{number}",
        params=payload,
        link=f"/buyer/orders/{number}/",
    )
    messages.notify_all([notice])
