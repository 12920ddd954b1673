"""What secured credit announces. Days are ISO dates."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SecuredServiceChanged(Event):
    """A seller joined the service (`what` is joined) or left it (left)."""

    name = "secured.service_changed"
    seller_id: int
    what: str
    until: str


@dataclass(frozen=True, kw_only=True)
class SecuredReceived(Event):
    """An order was received: its seller is paid on `due_on`, its buyer owes until then."""

    name = "secured.received"
    subject: str
    seller_id: int
    buyer_id: int
    claim_fen: int
    owed_fen: int
    due_on: str


@dataclass(frozen=True, kw_only=True)
class SecuredAsked(Event):
    """A seller asked for its money before the due day."""

    name = "secured.asked"
    subject: str
    seller_id: int
    payout: str
    amount_fen: int
    fee_fen: int


@dataclass(frozen=True, kw_only=True)
class SecuredPaid(Event):
    """The financier paid a seller, less the fees; `early`: before the due day."""

    name = "secured.paid"
    subject: str
    seller_id: int
    payout: str
    amount_fen: int
    fee_fen: int
    early: bool


@dataclass(frozen=True, kw_only=True)
class SecuredRefused(Event):
    """The financier does not pay early; the due day stands."""

    name = "secured.refused"
    subject: str
    seller_id: int
    payout: str
    amount_fen: int
    why: str
    due_on: str


@dataclass(frozen=True, kw_only=True)
class SecuredDueSoon(Event):
    """A buyer has to repay on a coming day."""

    name = "secured.due_soon"
    account_id: int
    buyer_id: int
    due_on: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class SecuredOverdueDay(Event):
    """A day on which a buyer was late; `remind`: it is told today. `seller_id` is the seller of the
    first order that was due."""

    name = "secured.overdue_day"
    account_id: int
    buyer_id: int
    seller_id: int
    due_on: str
    day: str
    days: int
    amount_fen: int
    remind: bool


@dataclass(frozen=True, kw_only=True)
class SecuredRepaidInTime(Event):
    """All that a buyer had to repay on a day was paid until it was over; `seller_id` as above."""

    name = "secured.repaid_in_time"
    account_id: int
    buyer_id: int
    seller_id: int
    due_on: str


@dataclass(frozen=True, kw_only=True)
class SecuredRepaid(Event):
    """A repayment came and went to the financier for `orders` orders.

    `left_fen` stayed on the buyer's balance; `owed_fen` is still owed in all.
    """

    name = "secured.repaid"
    buyer_id: int
    number: str
    amount_fen: int
    orders: int
    left_fen: int
    owed_fen: int
