"""What is announced of return-freight insurance, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.finance.insurance.freight import proof
from pifa.kernel.events import Event, consumer
from pifa.ledger.queries import register_subject_check
from pifa.messages import commands as messages


@dataclass(frozen=True, kw_only=True)
class FreightEvent(Event):
    """Something happened to the insured return freight of a subject (`order:<number>`)."""

    subject: str
    buyer_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class FreightInsured(FreightEvent):
    """A policy was written; its premium was paid by `payer_id`."""

    name = "finance.freight_insured"
    policy: str
    payer_id: int
    premium_fen: int
    insured_fen: int


@dataclass(frozen=True, kw_only=True)
class FreightNotInsured(FreightEvent):
    """The seller gives the insurance, and its balance lacked the premium: there is no policy."""

    name = "finance.freight_not_insured"
    premium_fen: int
    balance_fen: int


@dataclass(frozen=True, kw_only=True)
class FreightPaidOut(FreightEvent):
    """A return was paid its freight, into the buyer's balance."""

    name = "finance.freight_paid_out"
    policy: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class FreightGivenBack(FreightEvent):
    """Nothing was shipped: who paid the premium (`payer_id`) has it back."""

    name = "finance.freight_given_back"
    policy: str
    payer_id: int
    premium_fen: int


register_subject_check(proof.freight_agrees)

_KINDS = {
    FreightInsured.name: ("freight_insured", "buyer_id"),
    FreightNotInsured.name: ("freight_not_insured", "seller_id"),
    FreightPaidOut.name: ("freight_paid_out", "buyer_id"),
    FreightGivenBack.name: ("freight_given_back", "payer_id"),
}
"""Event → kind of notice, and whom it is for."""


@consumer("finance.freight_notices", *_KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    kind, whom = _KINDS[name]
    company_id = payload[whom]
    side = "buyer" if company_id == payload["buyer_id"] else "seller"
    number = payload["subject"].partition(":")[2]
    params = payload | {"number": number}
    messages.notify(
        company_id, kind, payload["subject"], params, f"/{side}/orders/{number}/#freight"
    )
