"""What a gateway adapter does: open, verify, query, refund, close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from pifa.finance.methods.protocol import Progress, Words
from pifa.finance.rules import Verdict
from pifa.kernel.money import Money


class Channel(StrEnum):
    """How a payer comes to the provider: by scanning, on this computer, or on this phone."""

    QR = "qr"
    PAGE = "page"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class TradeRequest:
    """A trade to be opened for one of our payments, by a channel (the gateway's first if empty)."""

    payment_number: str
    amount: Money
    title: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified word of the gateway about one of our payments.

    `receipt_no` names the money: two notices of one receipt tell of one payment, two receipts
    are money that came twice. `undecided`: neither paid nor failed yet. `said` is what of it is
    kept, the whole payload if empty. `payer` is the account it came from, as far as it is told.
    """

    notice_id: str
    payment_number: str
    receipt_no: str
    paid: bool
    amount: Money
    reason: str
    undecided: bool = False
    said: Mapping[str, Any] = field(default_factory=dict)
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway is answered to a notice, in the form that it expects."""

    status: int
    content_type: str
    text: str


Signed = tuple[Mapping[str, Any], str]
"""A notice as it came, and its signature."""


class Gateway(Protocol):
    """A gateway as the market sees it. Each verb may be repeated with the same effect.

    All but `query` run inside the command's transaction: the adapter to a gateway on another
    machine queues the call and makes it after the commit (`queued`).
    """

    @property
    def code(self) -> str:
        """The stable name in the address its notices come to."""

    @property
    def enabled(self) -> bool:
        """Whether payments may be begun with it; notices of older ones are taken all the same."""

    @property
    def limit(self) -> Money:
        """The most that one trade may have."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that a payer may choose from; none if its page leaves no choice."""

    def open(self, request: TradeRequest) -> str:
        """Open a trade; returns the address of the page on which the payer goes on."""

    def unpack(self, body: bytes, headers: Mapping[str, str]) -> Signed:
        """A notice as the gateway sent it; `MalformedNotice` if it has not its form."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> Notice:
        """Read a notice; `BadSignature` or `MalformedNotice` if it is not to be believed."""

    def answer(self, verdict: Verdict) -> Answer:
        """What the gateway is answered; a refusal makes it send the notice again."""

    def query(self, payment_number: str) -> Progress:
        """How the trade of a payment stands; `GatewayUnavailable` if it cannot be asked now."""

    def refund(self, payment_number: str, amount: Money, key: str, reason: str) -> None:
        """Send money of a paid trade back to its payer, once for a key."""

    def close(self, payment_number: str) -> None:
        """Close an unpaid trade; a paid one stays as it is."""


@dataclass(frozen=True, slots=True)
class Order:
    """A trade as a provider is asked for it: our payment's number makes it one and the same.

    `caller` is where the payer calls from (an address of the network), for who asks for it.
    """

    number: str
    amount: Money
    title: str
    channel: Channel
    opened_at: datetime
    expires_at: datetime
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Backward:
    """A refund as a provider is asked for it; its own number makes it one and the same."""

    number: str
    payment_number: str
    amount: Money
    paid: Money
    reason: str


class Provider(Protocol):
    """A payment provider over the network; each verb may be repeated with the same effect.

    `GatewayUnavailable`: nobody knows what became of the call, repeat it. `GatewayRefuses`: it
    was understood and not done.
    """

    code: str
    label: Words
    app: Words
    """What the payer opens on its phone."""

    limit: Money
    channels: tuple[Channel, ...]

    def present(self, order: Order) -> str:
        """Open the trade; returns what the payer is shown: a text to scan, or an address."""

    def unpack(self, body: bytes, headers: Mapping[str, str]) -> Signed:
        """As of `Gateway`."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> Notice:
        """As of `Gateway`."""

    def answer(self, verdict: Verdict) -> Answer:
        """As of `Gateway`."""

    def query(self, payment_number: str) -> Progress:
        """As of `Gateway`; one that the provider never saw counts as closed."""

    def refund(self, back: Backward) -> bool:
        """Ask for the money to go back; False while the provider is still at it."""

    def close(self, payment_number: str) -> None:
        """As of `Gateway`."""
