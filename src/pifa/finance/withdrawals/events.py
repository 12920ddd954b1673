"""What is announced of withdrawals, and what happens by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.finance.withdrawals import proof
from pifa.kernel import deadlines
from pifa.kernel.events import Event, consumer
from pifa.ledger.queries import register_subject_check
from pifa.messages import commands as messages
from pifa.parties import queries as parties

EXPIRY = "withdrawal.expire"
"""Nobody agreed in time; the deadline's subject is the withdrawal's."""

ASK_BANK = "withdrawal.ask_bank"
"""The bank has not told what became of the money: it is asked, each day again."""

PAYOUT_DEADLINE = "sandbox.payout"
"""The sandbox bank tells what became of a payout; the deadline's subject is `sandbox-payout:<id>`."""


@dataclass(frozen=True, kw_only=True)
class PayeeChanged(Event):
    """A company added (`added`) or removed an account that it may be paid out to."""

    name = "finance.payee_changed"
    company_id: int
    masked: str
    bank_name: str
    added: bool


@dataclass(frozen=True, kw_only=True)
class WithdrawalAsked(Event):
    """A withdrawal waits for a second person."""

    name = "finance.withdrawal_asked"
    company_id: int
    number: str
    amount_fen: int
    until_at: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalSent(Event):
    """A company's money left the market for its bank."""

    name = "finance.withdrawal_sent"
    company_id: int
    number: str
    amount_fen: int
    fee_fen: int


@dataclass(frozen=True, kw_only=True)
class WithdrawalEnded(Event):
    """A withdrawal came to its end; `outcome` is the state: arrived, returned, refused, expired."""

    name = "finance.withdrawal_ended"
    company_id: int
    number: str
    amount_fen: int
    outcome: str
    reason: str


register_subject_check(proof.withdrawals_agree)

_KINDS = {
    PayeeChanged.name: "payee_changed",
    WithdrawalAsked.name: "withdrawal_asked",
    WithdrawalEnded.name: "withdrawal_ended",
}


@consumer("finance.withdrawal_notices", *_KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    company_id = payload["company_id"]
    side = "seller" if parties.company(company_id).is_seller else "buyer"
    number = payload.get("number")
    subject = f"withdrawal:{number}" if number else f"company:{company_id}"
    link = f"/{side}/withdrawals/"
    messages.notify(company_id, _KINDS[name], subject, payload, link)


@deadlines.handles(EXPIRY)
def _expire(subject: str) -> None:
    from pifa.finance.withdrawals.commands import asking

    asking.expire(subject.removeprefix("withdrawal:"))


@deadlines.handles(ASK_BANK)
def _ask_bank(subject: str) -> None:
    from pifa.finance.withdrawals.commands import outcomes

    outcomes.ask_bank(subject.removeprefix("withdrawal:"))


@deadlines.handles(PAYOUT_DEADLINE)
def _tell_payout(subject: str) -> None:
    from pifa.finance.sandbox import payouts

    payouts.tell(int(subject.removeprefix("sandbox-payout:")))
