"""Scripts of the trade that is told: dated steps of people, in the indexes of the plan.

What happens by itself (an unpaid order closes, receipt is taken as confirmed) is not in them:
it follows from the market's terms.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pifa.trade.rules import PlannedOrder

SKUS_PER_OFFER = 100
"""The plan's key of a SKU is its offer's index times this, plus its position."""


class Verb(StrEnum):
    """What people do to an order after it was placed."""

    ADJUST = "adjust"
    BEGIN_PAYMENT = "begin_payment"
    BANK_PAYS = "bank_pays"
    BANK_FAILS = "bank_fails"
    CANCEL = "cancel"
    CLOSE = "close"
    SHIP = "ship"
    RECEIVE = "receive"
    REVIEW = "review"
    ANSWER_REVIEW = "answer_review"
    NOTE = "note"
    ASK_REFUND = "ask_refund"
    ACCEPT = "accept"
    REFUSE = "refuse"
    SEND_RETURN = "send_return"
    CONFIRM_RETURN = "confirm_return"
    WITHDRAW = "withdraw"
    OPEN_DISPUTE = "open_dispute"
    ANSWER_DISPUTE = "answer_dispute"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Step:
    """One step at its moment; `said` holds the words and figures that the verb takes."""

    at: datetime
    verb: Verb
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class OrderScript:
    """An order and what people do to it. `planned` speaks of SKUs and offers by plan keys.

    `buyer`, `seller` and `address` are indexes of the plan; `buying` and `selling` say which
    of the companies' people act.
    """

    index: int
    buyer: int
    seller: int
    address: int
    placed_at: datetime
    planned: PlannedOrder
    message: str = ""
    wants_invoice: bool = False
    steps: list[Step] = field(default_factory=list)
    buying: int = 0
    selling: int = 0

    @property
    def total_fen(self) -> int:
        """What it costs as placed."""
        return self.planned.total.fen


@dataclass(frozen=True, slots=True)
class Visit:
    """A person signs in for a company and reads what the market told it."""

    at: datetime
    is_seller: bool
    company: int
    person: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A seller sends most of its balance to its bank account."""

    at: datetime
    seller: int
    key: str


def withdrawn(balance_fen: int) -> int:
    """How much of a balance a seller takes: most of it, in whole hundreds of yuan, and at most
    what one person may send alone."""
    return min(balance_fen * 7 // 10 // 10_000 * 10_000, 20_000_00)


@dataclass(slots=True)
class Trade:
    """The trade that is told."""

    orders: list[OrderScript] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)

    def used(self) -> dict[tuple[int, int], int]:
        """Pieces that all orders together reserve, by (offer, position of the SKU)."""
        pieces: Counter[tuple[int, int]] = Counter()
        for script in self.orders:
            for line in script.planned.lines:
                pieces[divmod(line.of_sku, SKUS_PER_OFFER)] += line.quantity
        return dict(pieces)
