"""What a gateway adapter does: open, verify, query, refund, close, pay out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pifa.finance.methods.protocol import Progress
from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class TradeRequest:
    """A trade to be opened for one of our payments."""

    payment_number: str
    amount: Money
    title: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified word of the gateway about one of our payments.

    `receipt_no` names the money: two notices of one receipt tell of one payment, two receipts
    are money that came twice.
    """

    notice_id: str
    payment_number: str
    receipt_no: str
    paid: bool
    amount: Money
    reason: str


class Gateway(Protocol):
    """A gateway as the market sees it. Each verb may be repeated with the same effect."""

    @property
    def code(self) -> str:
        """The stable name in the address its notices come to."""

    @property
    def limit(self) -> Money:
        """The most that one trade may have."""

    def open(self, request: TradeRequest) -> str:
        """Open a trade; returns the address of the page on which the payer pays."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> Notice:
        """Read a notice; `BadSignature` or `MalformedNotice` if it is not to be believed."""

    def query(self, payment_number: str) -> Progress:
        """How the trade of a payment stands."""

    def refund(self, payment_number: str, amount: Money, key: str, reason: str) -> None:
        """Send money of a paid trade back to its payer, once for a key."""

    def close(self, payment_number: str) -> None:
        """Close an unpaid trade; a paid one stays as it is."""

    def pay_out(self, account: str, amount: Money, key: str) -> None:
        """Send a company's money to its bank account, once for a key."""
