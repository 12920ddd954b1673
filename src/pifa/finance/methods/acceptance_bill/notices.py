"""Whom acceptance bills are told of, by the worker, after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pifa.finance.methods.acceptance_bill import events, words
from pifa.kernel.events import consumer
from pifa.kernel.ids import number_of
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice

_SIDES = {
    events.BillOffered.name: ("bill_offered", ("seller",)),
    events.BillAccepted.name: ("bill_accepted", ("buyer",)),
    events.BillNotTaken.name: ("bill_not_taken", ("buyer",)),
    events.BillReturned.name: ("bill_returned", ("buyer", "seller")),
    events.BillHonoured.name: ("bill_honoured", ("buyer", "seller")),
    events.BillDishonoured.name: ("bill_dishonoured", ("buyer", "seller")),
    events.BillCleared.name: ("bill_cleared", ("buyer", "seller")),
}
"""Event → kind of the notice, and which sides get it."""


@consumer("finance.bill_notices", *_SIDES)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(notices_of(name, payload))


def notices_of(name: str, payload: dict[str, Any]) -> list[NewNotice]:
    """The notices of an event, one for each side that is told; of what is dishonoured each reads
    what it can do next."""
    kind, sides = _SIDES[name]
    order = number_of(payload["subject"])
    params = {
        **payload,
        "order": order,
        "reason": words.reason(payload.get("reason", "")),
        "matures_day": payload["matures_on"],
        "presents_day": payload["presents_on"],
    }
    return [
        NewNotice(
            company_id=payload[f"{side}_id"],
            kind=kind,
            subject=payload["subject"],
            params={**params, "side": side},
            link=f"/{side}/orders/{order}/",
        )
        for side in sides
    ]
