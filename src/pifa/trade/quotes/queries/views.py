"""How requests and answers look to those who read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pifa.catalog.queries import localized
from pifa.kernel.money import Money, UnitPrice
from pifa.trade.quotes.states import PayWay
from pifa.trade.quotes.terms import QuoteTerms


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Goods that are asked for; only their own seller reads SKU, offer and code."""

    position: int
    sku_id: int | None
    offer_id: int | None
    code: str
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    wanted: UnitPrice | None

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return localized(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class LinePrice:
    """The price of a line in an answer, and the amount."""

    position: int
    price: UnitPrice
    amount: Money


@dataclass(frozen=True, slots=True)
class RevisionView:
    """An answer as it was given at a time; `valid_until` is the last market day it holds."""

    revision: int
    prices: tuple[LinePrice, ...]
    goods: Money
    freight: Money
    total: Money
    lead_days: int
    valid_until: date
    terms: QuoteTerms
    note: str
    made_at: datetime

    @property
    def by_position(self) -> dict[int, LinePrice]:
        """The prices by the position of their line."""
        return {price.position: price for price in self.prices}

    @property
    def way_label(self) -> str:
        """How it is paid, in words."""
        return str(PayWay(self.terms.way).label)

    @property
    def deposit(self) -> Money:
        """What is paid beforehand; ¥0.00 where all is."""
        return self.terms.deposit_of(self.total)


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One seller's part in a request. `verbs` are the reader's now; `order` is what it became.

    `answer` is the living revision, `earlier` are those before it, the latest first.
    """

    number: str
    seller_id: int
    seller_name: str
    state: str
    state_label: str
    reason: str
    order: str | None
    answer: RevisionView | None
    earlier: tuple[RevisionView, ...]
    verbs: tuple[str, ...]
    changed_at: datetime

    @property
    def is_living(self) -> bool:
        """Whether the answer stands to be compared: it holds, or it was taken."""
        return self.state in ("quoted", "accepted")


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with its lines. Days are market days, the last included.

    For its buyer `quotes` are all sellers' parts; a seller reads its own alone, and no address.
    """

    number: str
    state: str
    state_label: str
    buyer_id: int
    buyer_name: str
    region: str
    city: str
    address_id: int | None
    needed_by: date | None
    note: str
    has_picture: bool
    asked_at: datetime
    answers_until: date
    ended_at: datetime | None
    lines: tuple[AskedLine, ...]
    quotes: tuple[QuoteView, ...]
    verbs: tuple[str, ...]

    @property
    def cheapest(self) -> Money | None:
        """The lowest total among the answers that price every line."""
        full = [
            quote.answer.total
            for quote in self.quotes
            if quote.is_living and quote.answer and len(quote.answer.prices) == len(self.lines)
        ]
        return min(full, default=None)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in its buyer's list."""

    number: str
    state: str
    state_label: str
    title: str
    title_en: str
    lines: int
    asked: int
    answered: int
    asked_at: datetime
    answers_until: date
    order: str | None

    @property
    def shown_title(self) -> str:
        """The first line's title in the reader's language."""
        return localized(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A request in a seller's inbox, as far as it concerns this seller."""

    number: str
    state: str
    state_label: str
    buyer_name: str
    title: str
    title_en: str
    lines: int
    region: str
    city: str
    needed_by: date | None
    asked_at: datetime
    answers_until: date
    total: Money | None
    valid_until: date | None
    order: str | None

    @property
    def shown_title(self) -> str:
        """The first line's title in the reader's language."""
        return localized(self.title, self.title_en)
