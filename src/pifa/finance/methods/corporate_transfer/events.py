"""What is announced of transfers, and what happens by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.finance.methods.corporate_transfer import proof
from pifa.kernel import deadlines
from pifa.kernel.events import Event, consumer
from pifa.ledger.queries import register_subject_check
from pifa.messages import commands as messages

MATCH_DEADLINE = "transfer.match"
"""What was decided for a line is done now, or again where it was interrupted; the deadline's
subject is the line's."""

LINE_DEADLINE = "sandbox.line"
"""A line that the sandbox bank sends later; the deadline's subject is `sandbox-line:<id>`."""


@dataclass(frozen=True, kw_only=True)
class TransferReceived(Event):
    """A bank line was booked. `left_fen` of it waits in suspense, `why` is a code of
    `rules.Why`. Without an account of ours nobody is known."""

    name = "finance.transfer_received"
    number: str
    buyer_id: int | None
    seller_id: int | None
    amount_fen: int
    matched_fen: int
    left_fen: int
    why: str


@dataclass(frozen=True, kw_only=True)
class TransferAssigned(Event):
    """An operator said what money in suspense pays; `left_fen` still waits."""

    name = "finance.transfer_assigned"
    number: str
    buyer_id: int
    amount_fen: int
    left_fen: int


@dataclass(frozen=True, kw_only=True)
class TransferSentBack(Event):
    """Money in suspense went back to the account it came from."""

    name = "finance.transfer_sent_back"
    number: str
    buyer_id: int | None
    amount_fen: int
    reason: str


register_subject_check(proof.lines_agree)


@consumer(
    "finance.transfer_notices",
    TransferReceived.name,
    TransferAssigned.name,
    TransferSentBack.name,
)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    buyer_id = payload["buyer_id"]
    if buyer_id is None:
        return
    kinds = {
        TransferAssigned.name: "transfer_assigned",
        TransferSentBack.name: "transfer_sent_back",
    }
    waits = "transfer_waiting" if payload.get("left_fen") else "transfer_received"
    kind = kinds.get(name, waits)
    messages.notify(buyer_id, kind, f"bankline:{payload['number']}", payload, "/buyer/transfers/")


@deadlines.handles(MATCH_DEADLINE)
def _match(subject: str) -> None:
    from pifa.finance.methods.corporate_transfer import matching

    matching.carry_out(subject.removeprefix("bankline:"))


@deadlines.handles(LINE_DEADLINE)
def _send_line(subject: str) -> None:
    from pifa.finance.sandbox import transfers

    transfers.send(int(subject.removeprefix("sandbox-line:")))
