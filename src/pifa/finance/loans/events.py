"""What loans announce. Days are ISO dates."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class LoanEvent(Event):
    """Something happened to a company's loan."""

    company_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class LoanDrawn(LoanEvent):
    """Its money is on the account; the first instalment is due on `day`."""

    name = "loan.drawn"
    amount_fen: int
    day: str
    due_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanDueSoon(LoanEvent):
    """An instalment is taken on a coming day."""

    name = "loan.due_soon"
    instalment: int
    day: str
    due_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanCollected(LoanEvent):
    """Money was taken for it; `owed_fen` of the principal is left."""

    name = "loan.collected"
    amount_fen: int
    owed_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanShort(LoanEvent):
    """The account had too little on the due day."""

    name = "loan.short"
    instalment: int
    day: str
    due_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanOverdue(LoanEvent):
    """It is overdue for so many days; told on the days of the rulebook."""

    name = "loan.overdue"
    days: int
    due_fen: int
    penalty_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanDefaulted(LoanEvent):
    """It was overdue for too long."""

    name = "loan.defaulted"
    days: int
    due_fen: int


@dataclass(frozen=True, kw_only=True)
class LoanRepaid(LoanEvent):
    """Nothing of it is owed any more."""

    name = "loan.repaid"


@dataclass(frozen=True, kw_only=True)
class CouponCredited(LoanEvent):
    """An interest coupon may be used from an instalment on, until before `day`."""

    name = "loan.coupon_credited"
    amount_fen: int
    instalment: int
    day: str
