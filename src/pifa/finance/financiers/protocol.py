"""What a financier does: pay claims on their day or early, take repayments, give money back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.functional import Promise

from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Claim:
    """What a financier is asked to pay; `number` is ours and once for a request.

    `early`: before `due_on`, for `fee`, which it may refuse. `overdue_days` is how long the buyer
    has been late with anything.
    """

    number: str
    seller: str
    buyer: str
    amount: Money
    fee: Money
    due_on: date
    early: bool
    overdue_days: int


@dataclass(frozen=True, slots=True)
class Word:
    """What a financier tells of a claim: paid with its receipt, or refused with a reason."""

    notice_id: str
    number: str
    paid: bool
    amount: Money
    receipt_no: str
    reason: str


class Speaker(Protocol):
    """Whoever tells of requests by signed notices."""

    @property
    def code(self) -> str:
        """The stable name in the address its notices come to."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> Word:
        """Read a notice; `BadSignature` or `MalformedNotice` if it is not to be believed."""


class Taker(Protocol):
    """Whoever is repaid."""

    def take(self, amount: Money, key: str, reference: str) -> None:
        """Send it money: a repayment, its fee, what a refund takes back. Once for a key."""


class Financier(Speaker, Taker, Protocol):
    """A financier as the market sees it. Each verb may be repeated with the same effect."""

    @property
    def name(self) -> str | Promise:
        """The financier's name."""

    def ask(self, claim: Claim) -> None:
        """Ask it to pay a claim; it answers by a notice. Once for the claim's number."""

    def give_back(self, amount: Money, key: str, reference: str) -> None:
        """It sends money back that a buyer had repaid. Once for a key."""
