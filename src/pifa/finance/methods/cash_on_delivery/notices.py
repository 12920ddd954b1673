"""Whom cash on delivery tells of what, by the worker, after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pifa.finance.methods.cash_on_delivery import events
from pifa.finance.methods.cash_on_delivery.models import CashFinding
from pifa.kernel.events import consumer
from pifa.kernel.ids import number_of
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice

_SIDES = {
    events.CashReported.name: ("cash_collected", ("buyer", "seller")),
    events.CashRefused.name: ("cash_refused", ("buyer", "seller")),
    events.CashRemitted.name: ("cash_remitted", ("seller",)),
    events.CashFound.name: ("cash_found", ("seller",)),
}
"""Event → kind of the notice, and which sides get it."""


@consumer("finance.cash_notices", *_SIDES)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(notices_of(name, payload))


def notices_of(name: str, payload: dict[str, Any]) -> list[NewNotice]:
    """The notices of an event, one for each side that is told.

    What was not collected at the door is told with the report itself.
    """
    if payload.get("what") == CashFinding.Kind.LESS_AT_DOOR.value:
        return []
    kind, sides = _SIDES[name]
    order = number_of(payload["subject"])
    params = {
        **payload,
        "order": order,
        "less": bool(payload.get("rest_fen")),
        "remit_by_day": payload.get("remit_by", ""),
    }
    return [
        NewNotice(
            company_id=payload[f"{side}_id"],
            kind=kind,
            subject=payload["subject"],
            params=params,
            link=f"/{side}/orders/{order}/",
        )
        for side in sides
    ]
