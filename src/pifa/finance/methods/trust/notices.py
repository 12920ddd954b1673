"""Whom trust payment tells of what, by the worker, after the commit: the buyer of its mandate, its
debits and debts, the seller of its money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from pifa.finance.methods.trust import events, words
from pifa.kernel.events import consumer
from pifa.kernel.ids import number_of
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice

SELLER: Mapping[str, str] = {
    events.TrustDebited.name: "trust_paid",
    events.TrustCovered.name: "trust_paid",
}
BUYER: Mapping[str, str] = {
    events.TrustMandateChanged.name: "trust_mandate",
    events.TrustDebited.name: "trust_debited",
    events.TrustDebitFailed.name: "trust_debit_failed",
    events.TrustCovered.name: "trust_covered",
    events.TrustOwingDay.name: "trust_owing",
    events.TrustRepaid.name: "trust_repaid",
}
"""Event → kind of the notice; what a buyer owes is never told to the seller."""


@consumer("finance.trust_notices", *{**SELLER, **BUYER})
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(notices_of(name, payload))


def notices_of(name: str, payload: Mapping[str, Any]) -> list[NewNotice]:
    """The notices of an event; none of a day that is only counted."""
    if name == events.TrustOwingDay.name and not payload["remind"]:
        return []
    subject = payload.get("subject", f"company:{payload['buyer_id']}")
    params = _params(name, payload)
    told = []
    if name in BUYER:
        told.append((payload["buyer_id"], BUYER[name], "/buyer/trust/"))
    if name in SELLER:
        link = f"/seller/orders/{number_of(subject)}/"
        told.append((payload["seller_id"], SELLER[name], link))
    return [
        NewNotice(company_id=company_id, kind=kind, subject=subject, params=params, link=link)
        for company_id, kind, link in told
    ]


def _params(name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    params = dict(payload)
    if "subject" in payload:
        params["order"] = number_of(payload["subject"])
    if name == events.TrustDebitFailed.name:
        params["again"] = bool(payload["next_on"])
        for language, key in (("zh-hans", "why"), ("en", "why_en")):
            with translation.override(language):
                params[key] = words.why(payload["why"])
    if name == events.TrustRepaid.name:
        params["surplus"] = payload["left_fen"] > 0
    return params
