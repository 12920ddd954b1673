"""What trust payment announces. Days are ISO dates."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TrustMandateChanged(Event):
    """A buyer signed a mandate (`what` is signed) or ended it (ended)."""

    name = "trust.mandate_changed"
    buyer_id: int
    what: str
    tail: str
    per_order_fen: int
    in_all_fen: int


@dataclass(frozen=True, kw_only=True)
class TrustReceived(Event):
    """An order was received: its buyer is debited now."""

    name = "trust.received"
    subject: str
    buyer_id: int
    seller_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class TrustDebited(Event):
    """The buyer's account paid the seller."""

    name = "trust.debited"
    account_id: int
    subject: str
    buyer_id: int
    seller_id: int
    amount_fen: int
    day: str


@dataclass(frozen=True, kw_only=True)
class TrustDebitFailed(Event):
    """A debit failed for the `failed`th time; it is tried again on `next_on`, or (empty) the bank
    pays now."""

    name = "trust.debit_failed"
    account_id: int
    subject: str
    buyer_id: int
    seller_id: int
    amount_fen: int
    failed: int
    why: str
    day: str
    next_on: str


@dataclass(frozen=True, kw_only=True)
class TrustCovered(Event):
    """The bank kept its promise: it paid the seller, and the buyer owes it `debt_fen` in all."""

    name = "trust.covered"
    subject: str
    buyer_id: int
    seller_id: int
    amount_fen: int
    debt_fen: int


@dataclass(frozen=True, kw_only=True)
class TrustOwingDay(Event):
    """A day on which a buyer owed the bank for an order; `remind`: it is told today."""

    name = "trust.owing_day"
    account_id: int
    subject: str
    buyer_id: int
    seller_id: int
    amount_fen: int
    day: str
    days: int
    remind: bool


@dataclass(frozen=True, kw_only=True)
class TrustRepaid(Event):
    """A repayment came and went to the bank; `left_fen` stayed on the buyer's balance, `debt_fen`
    is still owed in all."""

    name = "trust.repaid"
    subject: str
    buyer_id: int
    number: str
    amount_fen: int
    left_fen: int
    debt_fen: int
