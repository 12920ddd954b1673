"""What is announced of performance bonds, and what happens by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.finance.insurance.bond import proof
from pifa.kernel import deadlines
from pifa.kernel.events import Event, consumer
from pifa.ledger.queries import register_subject_check
from pifa.messages import commands as messages

BOND_SUBJECT = "bond:"

BOND_REMINDER = "bond.remind"
BOND_END = "bond.end"
"""The last day is near, and over; the deadlines' subject is the bond's."""


@dataclass(frozen=True, kw_only=True)
class BondEndsSoon(Event):
    """A term of a bond is about to end; the premium of the next is `premium_fen`."""

    name = "finance.bond_ends_soon"
    company_id: int
    number: str
    until: str
    renews: bool
    premium_fen: int


@dataclass(frozen=True, kw_only=True)
class BondEnded(Event):
    """A term of a bond is over; `outcome` is its state (renewed, refrozen, lapsed), `amount_fen`
    the premium of the next term or the deposit that was frozen."""

    name = "finance.bond_ended"
    company_id: int
    number: str
    outcome: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class BondClaimed(Event):
    """The insurer paid what a seller lacked for a refund; the seller owes it, now `debt_fen`."""

    name = "finance.bond_claimed"
    company_id: int
    number: str
    amount_fen: int
    debt_fen: int


@dataclass(frozen=True, kw_only=True)
class RecoursePaid(Event):
    """A company's income paid what it owed the insurer; `left_fen` is still owed."""

    name = "finance.recourse_paid"
    company_id: int
    amount_fen: int
    left_fen: int


register_subject_check(proof.bonds_agree)

_KINDS = {
    BondEndsSoon.name: "bond_ends_soon",
    BondEnded.name: "bond_ended",
    BondClaimed.name: "bond_claimed",
    RecoursePaid.name: "recourse_paid",
}


@consumer("finance.bond_notices", *_KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    company_id = payload["company_id"]
    number = payload.get("number")
    subject = f"{BOND_SUBJECT}{number}" if number else f"company:{company_id}"
    messages.notify(company_id, _KINDS[name], subject, payload, "/seller/bond/")


@deadlines.handles(BOND_REMINDER)
def _remind(subject: str) -> None:
    from pifa.finance.insurance.bond import ending

    ending.remind(subject.removeprefix(BOND_SUBJECT))


@deadlines.handles(BOND_END)
def _end(subject: str) -> None:
    from pifa.finance.insurance.bond import ending

    ending.end_of_term(subject.removeprefix(BOND_SUBJECT))
