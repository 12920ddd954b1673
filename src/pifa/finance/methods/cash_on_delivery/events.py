"""What cash on delivery announces."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CashEvent(Event):
    """Something happened to what is collected at the door for a subject."""

    subject: str
    number: str
    seller_id: int
    buyer_id: int
    carrier: str


@dataclass(frozen=True, kw_only=True)
class CashReported(CashEvent):
    """The carrier delivered and collected; `rest_fen` of what was asked it did not get."""

    name = "cash.reported"
    amount_fen: int
    rest_fen: int
    remit_by: str


@dataclass(frozen=True, kw_only=True)
class CashRefused(CashEvent):
    """The parcel was refused at the door: it goes back to its seller, `amount_fen` is not owed.

    Told in the same transaction too, so that the floor that knows the order ends it.
    """

    name = "cash.refused"
    amount_fen: int
    tracking_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CashRemitted(CashEvent):
    """So much of what was collected was remitted and is booked for the seller, less the fee;
    `left_fen` the carrier still has."""

    name = "cash.remitted"
    batch: str
    amount_fen: int
    fee_fen: int
    left_fen: int


@dataclass(frozen=True, kw_only=True)
class CashFound(CashEvent):
    """Something is wrong with a carrier's money of this item; `what` is a `CashFinding.Kind`."""

    name = "cash.found"
    what: str
    expected_fen: int
    found_fen: int
