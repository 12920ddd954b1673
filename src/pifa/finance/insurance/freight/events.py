"""What is announced of return-freight insurance, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.finance.events import TOGETHER_SUBJECT, MoneyArriving, StageSettled
from pifa.finance.insurance.freight import proof
from pifa.kernel.events import Event, consumer, subscribe
from pifa.kernel.money import Money
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
    """The balance of who was to pay the premium lacked it: there is no policy."""

    name = "finance.freight_not_insured"
    payer_id: int
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


@dataclass(frozen=True, kw_only=True)
class FreightMoneyLeft(Event):
    """What came for an order and its premium found the order paid, re-priced or over: it is on the
    payer's balance."""

    name = "finance.freight_money_left"
    subject: str
    payer_id: int
    amount_fen: int


@subscribe(MoneyArriving)
def _lock(event: MoneyArriving) -> None:
    from pifa.finance.insurance.freight import paying

    if event.subject.startswith(TOGETHER_SUBJECT):
        paying.lock_for(event.subject)


@subscribe(StageSettled)
def _lay_out(event: StageSettled) -> None:
    from pifa.finance.insurance.freight import paying

    if event.subject.startswith(TOGETHER_SUBJECT):
        paying.arrived(event.subject, Money(event.amount_fen))


register_subject_check(proof.freight_agrees)

_KINDS = {
    FreightInsured.name: ("freight_insured", "buyer_id"),
    FreightNotInsured.name: ("freight_not_insured", "payer_id"),
    FreightPaidOut.name: ("freight_paid_out", "buyer_id"),
    FreightGivenBack.name: ("freight_given_back", "payer_id"),
    FreightMoneyLeft.name: ("freight_money_left", "payer_id"),
}
"""Event → kind of notice, and whom it is for."""


@consumer("finance.freight_notices", *_KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    kind, whom = _KINDS[name]
    company_id = payload[whom]
    side = "seller" if company_id == payload.get("seller_id") else "buyer"
    if name == FreightNotInsured.name and side == "buyer":
        kind = "freight_not_bought"
    number = payload["subject"].partition(":")[2]
    params = payload | {"number": number}
    messages.notify(
        company_id, kind, payload["subject"], params, f"/{side}/orders/{number}/#freight"
    )
