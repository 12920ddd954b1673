"""What requests for quotes announce. Amounts are fen; days are market days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RequestEvent(Event):
    """Something happened to a buyer's request."""

    request: str
    buyer_id: int


@dataclass(frozen=True, kw_only=True)
class QuoteEvent(RequestEvent):
    """Something happened between the buyer and one seller that was asked."""

    quote: str
    seller_id: int


class QuoteKeys(TypedDict):
    """What every event of a quote says."""

    request: str
    buyer_id: int
    quote: str
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class AnswersEnded(RequestEvent):
    """The last day for answers is over; `answers` still hold."""

    name = "quote_request.answers_ended"
    answers: int


@dataclass(frozen=True, kw_only=True)
class RequestEnded(RequestEvent):
    """A request ended without an order: closed by its buyer or by itself (`by`)."""

    name = "quote_request.ended"
    by: str


@dataclass(frozen=True, kw_only=True)
class QuoteAsked(QuoteEvent):
    """A seller was asked for `lines` kinds of goods, to be answered by the end of `day`."""

    name = "quote.asked"
    lines: int
    day: str


@dataclass(frozen=True, kw_only=True)
class QuoteAnswered(QuoteEvent):
    """A seller answered, or changed its answer (`revision` above 1); it holds through `day`."""

    name = "quote.answered"
    revision: int
    total_fen: int
    day: str


@dataclass(frozen=True, kw_only=True)
class QuoteWithdrawn(QuoteEvent):
    """A seller took its answer back."""

    name = "quote.withdrawn"
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteDeclined(QuoteEvent):
    """A seller does not answer."""

    name = "quote.declined"
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteRefused(QuoteEvent):
    """The buyer does not take an answer."""

    name = "quote.refused"
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteLapsed(QuoteEvent):
    """An answer's validity is over."""

    name = "quote.lapsed"


@dataclass(frozen=True, kw_only=True)
class QuoteDue(QuoteEvent):
    """An answer will lapse soon: it holds through `day`."""

    name = "quote.due"
    total_fen: int
    day: str


@dataclass(frozen=True, kw_only=True)
class QuoteAccepted(QuoteEvent):
    """The buyer took an answer; it is the order `number` now."""

    name = "quote.accepted"
    number: str
    total_fen: int


@dataclass(frozen=True, kw_only=True)
class QuoteClosed(QuoteEvent):
    """The request ended and with it this seller's part, whatever became of the others."""

    name = "quote.closed"
