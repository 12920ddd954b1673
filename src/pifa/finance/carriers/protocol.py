"""What a carrier does that collects at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel with what is to be collected for it; the number is ours."""

    number: str
    tracking_no: str
    shipper: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DoorReport:
    """What the carrier says of a door; with nothing collected the parcel was refused."""

    notice_id: str
    number: str
    collected: bool
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A line of a batch: our number, what was collected, the fee that the carrier kept of it."""

    number: str
    collected: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Batch:
    """What a carrier remitted: the bank's receipt and amount, for all that it collected until a
    market day (inclusive)."""

    batch_no: str
    bank_receipt: str
    amount: Money
    until: date
    lines: tuple[BatchLine, ...]


class Carrier(Protocol):
    """A carrier as the market sees it. Each verb may be repeated with the same effect; one that
    is reached over a network queues its calls (`kernel.deadlines`)."""

    @property
    def code(self) -> str:
        """The stable name in the addresses that its notices come to."""

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Tell what is to be collected for parcels that are handed over."""

    def change(self, number: str, amount: Money) -> None:
        """Collect another amount; none: collect nothing any more."""

    def verify_report(self, payload: Mapping[str, Any], signature: str) -> DoorReport:
        """Read a report; `BadSignature` or `MalformedNotice` if it is not to be believed."""

    def verify_batch(self, payload: Mapping[str, Any], signature: str) -> Batch:
        """Read a batch; `BadSignature` or `MalformedNotice` if it is not to be believed."""

    def send_back(self, amount: Money, key: str, reference: str) -> None:
        """Send money of a batch that belongs to nothing here back to the carrier, once for a key."""
