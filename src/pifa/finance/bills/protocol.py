"""What the bank does that draws acceptance bills and presents them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from django.utils.functional import Promise

from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class BillOrder:
    """A bill that a buyer asks for; `number` is ours, parties by their legal names."""

    number: str
    acceptor: str
    drawer: str
    payee: str
    amount: Money
    matures_on: date


class Told(StrEnum):
    """What the bank tells of a bill."""

    DRAWN = "drawn"
    DECLINED = "declined"
    HONOURED = "honoured"
    DISHONOURED = "dishonoured"


@dataclass(frozen=True, slots=True)
class BillWord:
    """What the bank says of a bill: `number` is ours, `bill_no` its own (none for one declined).

    `receipt_no` names the money of one that was honoured.
    """

    notice_id: str
    told: Told
    number: str
    bill_no: str
    acceptor: str
    drawer: str
    payee: str
    amount: Money
    issued_on: date
    matures_on: date
    receipt_no: str
    reason: str


class BillBank(Protocol):
    """A bank of bills as the market sees it. Each verb may be repeated with the same effect; it
    answers by notices. One that is reached over a network queues its calls (`kernel.deadlines`)."""

    @property
    def code(self) -> str:
        """The stable name in the address its notices come to."""

    @property
    def acceptors(self) -> Sequence[tuple[str, str | Promise]]:
        """The banks that accept bills through it: their codes and names."""

    def draw(self, order: BillOrder) -> None:
        """Ask for a bill: the bank tells that it is drawn, or declines. Once for our number."""

    def give_back(self, number: str) -> None:
        """A bill is not wanted any more: it goes back to its drawer, and is never presented."""

    def present(self, number: str) -> None:
        """Its day has come: present it to its acceptor, and tell what became of it."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> BillWord:
        """Read a notice; `BadSignature` or `MalformedNotice` if it is not to be believed."""
