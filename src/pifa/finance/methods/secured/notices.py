"""Whom secured credit tells of what, by the worker, after the commit: each side of its own money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from pifa.finance.methods.secured import events, words
from pifa.kernel.events import consumer
from pifa.kernel.ids import number_of
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice

SELLER: Mapping[str, str] = {
    events.SecuredServiceChanged.name: "secured_service",
    events.SecuredReceived.name: "secured_received",
    events.SecuredPaid.name: "secured_paid",
    events.SecuredRefused.name: "secured_refused",
}
BUYER: Mapping[str, str] = {
    events.SecuredReceived.name: "secured_owed",
    events.SecuredDueSoon.name: "secured_due_soon",
    events.SecuredOverdueDay.name: "secured_overdue",
    events.SecuredRepaid.name: "secured_repaid",
}
"""Event → kind of the notice; a default is never told to the seller."""


@consumer("finance.secured_notices", *{**SELLER, **BUYER})
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(notices_of(name, payload))


def notices_of(name: str, payload: Mapping[str, Any]) -> list[NewNotice]:
    """The notices of an event; none of an overdue day that is only counted."""
    if name == events.SecuredOverdueDay.name and not payload["remind"]:
        return []
    sides = ((SELLER, "seller_id", "/seller/secured/"), (BUYER, "buyer_id", "/buyer/secured/"))
    return [
        NewNotice(
            company_id=payload[side],
            kind=kinds[name],
            subject=payload.get("subject", f"company:{payload[side]}"),
            params=_params(name, payload),
            link=link,
        )
        for kinds, side, link in sides
        if name in kinds
    ]


def _params(name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    params = {**payload, "day": payload.get("due_on", "")}
    if "subject" in payload:
        params["number"] = number_of(payload["subject"])
    if name == events.SecuredRefused.name:
        for language, key in (("zh-hans", "why"), ("en", "why_en")):
            with translation.override(language):
                params[key] = words.why(payload["why"])
    if name == events.SecuredRepaid.name:
        params["surplus"] = payload["left_fen"] > 0
    return params
