"""What trade credit announces."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CreditEvent(Event):
    """Something happened on the line of a seller for a buyer. Days are ISO dates."""

    line_id: int
    seller_id: int
    buyer_id: int


@dataclass(frozen=True, kw_only=True)
class CreditLineChanged(CreditEvent):
    """A line was granted, changed, frozen or opened again; `what` is a `CreditChange.What`.

    `terms` and `number` say how it is settled.
    """

    name = "credit.line_changed"
    what: str
    limit_fen: int
    terms: str
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CreditStatementClosed(CreditEvent):
    """A period is over: what was received in it is to be paid until the end of `due_on`."""

    name = "credit.statement_closed"
    statement: str
    amount_fen: int
    due_on: str


@dataclass(frozen=True, kw_only=True)
class CreditDueSoon(CreditEvent):
    """Something is to be paid on a coming day."""

    name = "credit.due_soon"
    due_on: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class CreditOverdueDay(CreditEvent):
    """A day on which something was overdue; `remind`: both sides are told today."""

    name = "credit.overdue_day"
    due_on: str
    day: str
    days: int
    amount_fen: int
    remind: bool


@dataclass(frozen=True, kw_only=True)
class CreditRepaidInTime(CreditEvent):
    """All that was due on a day was paid until it was over."""

    name = "credit.repaid_in_time"
    due_on: str


@dataclass(frozen=True, kw_only=True)
class CreditRepaid(CreditEvent):
    """A buyer's repayment came and was laid out on `orders` orders.

    `left_fen` of it stayed on the buyer's balance: less was owed when it came. `owed_fen` is
    still used of the line.
    """

    name = "credit.repaid"
    number: str
    amount_fen: int
    orders: int
    left_fen: int
    owed_fen: int
