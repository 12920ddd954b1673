"""What the programme announces, whom it tells, and what it does on others' events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pifa.integrity.events import OrderRuled, RulingTakenBack
from pifa.kernel.events import Event, consumer
from pifa.messages import commands as messages
from pifa.metrics.events import FactsRevised
from pifa.trade.events.facts import OrderClosed, OrderPaid, RefundPaid

AT_ONCE = 500
"""Verdicts that one event names."""


@dataclass(frozen=True, kw_only=True)
class SeasonPublished(Event):
    """Operators published a season."""

    name = "programme.season"
    season: str
    first_day: date


@dataclass(frozen=True, kw_only=True)
class RehearsalMoved(Event):
    """A rehearsal was approved, refused, passed, failed, or is open again after a ruling."""

    name = "programme.rehearsal"
    company_id: int
    season: str
    round: str
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class EnrolmentDecided(Event):
    """An enrolment was approved or refused."""

    name = "programme.enrolment"
    company_id: int
    season: str
    state: str
    month_fen: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class VerdictsGiven(Event):
    """Members got a verdict at a checkpoint, or another than before.

    Those of the checkpoint's run that lie between two ids, both in.
    """

    name = "programme.verdicts"
    season: str
    checkpoint: str
    first_id: int
    last_id: int


@dataclass(frozen=True, kw_only=True)
class CheckpointWaits(Event):
    """A checkpoint is due and waits: facts are incomplete, or an earlier one waits."""

    name = "programme.checkpoint_waits"
    season: str
    checkpoint: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Barred(Event):
    """A company lost the right to take part, for orders that are brushing, or has it back."""

    name = "programme.barred"
    company_id: int
    season: str
    barred: bool
    orders: int


@dataclass(frozen=True, kw_only=True)
class FreezeLifted(Event):
    """An operator lets a frozen company apply again before its time."""

    name = "programme.freeze_lifted"
    company_id: int
    season: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AppealDecided(Event):
    """An operator decided on an appeal."""

    name = "programme.appeal"
    company_id: int
    season: str
    checkpoint: str
    upheld: bool
    answer: str


@consumer("programme.grants", VerdictsGiven.name)
def _grant(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.programme import shelf
    from pifa.programme.commands import granting

    row = shelf.row_of(payload["season"])
    granting.follow(row, payload["checkpoint"], payload["first_id"], payload["last_id"])


@consumer(
    "programme.notices",
    RehearsalMoved.name,
    EnrolmentDecided.name,
    VerdictsGiven.name,
    Barred.name,
    FreezeLifted.name,
    AppealDecided.name,
)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.programme.notices import notices_of

    messages.notify_all(notices_of(name, payload))


# These hear an event after the metrics do, which stand on a floor below and were there first: what
# it says is in the facts by then, within one transaction.
@consumer(
    "programme.rehearsals",
    OrderPaid.name,
    RefundPaid.name,
    OrderClosed.name,
    OrderRuled.name,
    RulingTakenBack.name,
)
def _rehearse(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.programme.commands import rehearsing

    rehearsing.recount(payload["seller_id"])


@consumer("programme.brushing", OrderRuled.name, RulingTakenBack.name)
def _bar(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.programme.commands import brushing

    brushing.follow(payload["seller_id"])


@consumer("programme.revised", FactsRevised.name)
def _judge_anew(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    """Have the verdicts given again whose days hold facts that changed."""
    from pifa.programme.commands import checkpoints

    first_rating = date.fromisoformat(payload["first_day"])
    checkpoints.revise(first_rating, payload["company_ids"])
