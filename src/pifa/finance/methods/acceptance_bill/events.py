"""What is announced of acceptance bills."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class BillEvent(Event):
    """Something happened to a bill for a subject; `amount_fen` is what it is for."""

    subject: str
    number: str
    bill_no: str
    seller_id: int
    buyer_id: int
    amount_fen: int
    matures_on: str
    presents_on: str


@dataclass(frozen=True, kw_only=True)
class BillOffered(BillEvent):
    """The bank has drawn it: the seller accepts or refuses it until `answer_by`."""

    name = "bill.offered"
    answer_by: str


@dataclass(frozen=True, kw_only=True)
class BillAccepted(BillEvent):
    """The seller took it: what it is for is promised."""

    name = "bill.accepted"


@dataclass(frozen=True, kw_only=True)
class BillNotTaken(BillEvent):
    """It pays nothing: `how` is refused, expired or failed; `reason` the seller's or the bank's."""

    name = "bill.not_taken"
    how: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BillReturned(BillEvent):
    """All that was promised by it was refunded before its day: it went back to the buyer."""

    name = "bill.returned"


@dataclass(frozen=True, kw_only=True)
class BillHonoured(BillEvent):
    """The acceptor paid: `kept_fen` for the seller, `rest_fen` of it is the buyer's."""

    name = "bill.honoured"
    kept_fen: int
    rest_fen: int


@dataclass(frozen=True, kw_only=True)
class BillDishonoured(BillEvent):
    """The acceptor did not pay: the buyer owes `owed_fen` and pays it another way; `day` is when."""

    name = "bill.dishonoured"
    owed_fen: int
    reason: str
    day: str


@dataclass(frozen=True, kw_only=True)
class BillCleared(BillEvent):
    """Nothing is owed any more of a bill that was dishonoured."""

    name = "bill.cleared"
