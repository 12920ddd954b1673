"""The schema of a fact: what happened, to whom, when, how much. Pure; no tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FactKind(StrEnum):
    """What a fact says; beside each, what its amount and count mean."""

    PAID = "paid"
    """Money came for an order. `count` is 1 for the payment that makes it a purchase, 0 for a
    later stage, repayment or collection: each counts on its own day, the order once."""
    REFUNDED = "refunded"
    """Money of an order went back. `count` is 0 where no refund case asked for it: the order
    ended unpaid in part, unshipped, unmade or with a balance that lapsed."""
    COMPLETED = "completed"
    """An order ended well."""
    DISPUTE_OPENED = "dispute_opened"
    """A buyer brought a case (`ref`) before the market."""
    DISPUTE_ENDED = "dispute_ended"
    """The market ruled on the case: `count` is 1 for the buyer, wholly or in part, else 0."""
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    """The buyer took the case back: nobody's dispute any more. Of a case that never came before
    the market it says nothing."""
    LOGIN = "login"
    """Somebody signed in for the company (`seller_id`); once a day."""
    REPLY = "reply"
    """The company (`seller_id`) answered what a buyer wrote; once a day."""
    PENALTY = "penalty"
    """Penalty points (`count`) for the company (`seller_id`); taken back, they come as a second
    fact below zero with the same `ref`, and count in the year in which they were given."""
    REPAID = "repaid"
    """All that a buyer owed on a due day, a seller by trade credit or a financier, was paid in time."""
    OVERDUE = "overdue"
    """A market day on which something on a buyer's line with a seller, or owed to a financier, was
    overdue."""
    EXCLUDED = "excluded"
    """The order (`subject`) was ruled out: it leaves every metric with everything of its own."""
    INCLUDED = "included"
    """The ruling was taken back; the later of the two holds."""
    RECOUNTED = "recounted"
    """Whoever paid the order (`subject`) as a guest is known as a member: everything of the order,
    before and after, counts for `buyer_id`. The latest holds."""


TRADE = (FactKind.PAID, FactKind.REFUNDED, FactKind.COMPLETED)
"""Kinds that the projection of pairs sums up."""

DISPUTES = (FactKind.DISPUTE_OPENED, FactKind.DISPUTE_ENDED, FactKind.DISPUTE_WITHDRAWN)
CREDIT = (FactKind.REPAID, FactKind.OVERDUE)
"""Kinds about a buyer's line of credit with a seller; `subject` is the line."""

SIGNS = (FactKind.LOGIN, FactKind.REPLY, FactKind.PENALTY)
RULINGS = (FactKind.EXCLUDED, FactKind.INCLUDED)
MOVES = (FactKind.RECOUNTED,)
"""Kinds that say whose an order is; like rulings they count for nothing themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened. `key` is its own for ever: the same event makes the same fact.

    Its market day is the one `at` falls on, which is that of its event. `subject` names what it
    is about (`order:<number>`; a ruling leaves out every fact of a subject), `ref` what it begins
    or ends within that (a refund case, a penalty entry).
    """

    key: str
    kind: FactKind
    at: datetime
    seller_id: int | None = None
    buyer_id: int | None = None
    subject: str
    ref: str = ""
    amount_fen: int = 0
    count: int = 0
