"""Whom order invitations tell of what, after the commit; words are in `messages.kinds`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.trade.invitations import facts

KINDS: Mapping[str, str] = {
    facts.InvitationOpened.name: "invitation_opened",
    facts.InvitationConfirmed.name: "invitation_confirmed",
    facts.InvitationCompleted.name: "invitation_completed",
    facts.InvitationReopened.name: "invitation_reopened",
    facts.InvitationDue.name: "invitation_due",
    facts.InvitationExpired.name: "invitation_expired",
}
"""Event → kind of notice, all to the seller: its customer may have no account."""


@consumer("trade.invitations.notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all([notice_of(name, payload)])


def notice_of(name: str, payload: Mapping[str, Any]) -> NewNotice:
    """The notice that an event becomes."""
    number = payload["invitation"]
    return NewNotice(
        company_id=payload["seller_id"],
        kind=KINDS[name],
        subject=f"invitation:{number}",
        params=payload,
        link=f"/seller/invitations/{number}/",
    )
