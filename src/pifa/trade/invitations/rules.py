"""What an invitation may say and what it comes to: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pifa.kernel.money import MAX_FEN, Money, UnitPrice, line_amount
from pifa.trade import rules as orders
from pifa.trade.invitations.errors import (
    AddressInPart,
    InvalidInvitationTotal,
    NothingInvited,
    WayUnknown,
)
from pifa.trade.invitations.states import INVITATION, SELLER, InvitationState
from pifa.trade.quotes import rules as quotes
from pifa.trade.quotes.errors import SPEC, TITLE, UNIT, VALID_UNTIL, InvalidDay
from pifa.trade.quotes.terms import QuoteTerms, check_terms

MAX_LINES = 50
"""Lines of one invitation: what somebody reads on a phone before paying."""

MAX_VALID_DAYS = 90
"""How many days ahead the last day of validity may lie."""

VALID_DAYS = 7
"""For how many days it holds unless the seller says otherwise."""

COUNTED = timedelta(minutes=10)
"""Over which span wrong links and begun payments are counted."""

REMINDER = timedelta(days=1)
"""How long before its validity ends a seller is reminded of an invitation that waits."""


@dataclass(frozen=True, slots=True)
class GoodsGiven:
    """A line as a seller gives it: a SKU of its own, or words with a unit.

    `picture` are the bytes of a new one for typed goods, `keep` the position of the line before
    this change whose picture stays.
    """

    quantity: int
    price: UnitPrice
    sku_id: int | None = None
    title: str = ""
    spec_text: str = ""
    unit: str = ""
    picture: bytes | None = None
    keep: int | None = None

    @property
    def amount(self) -> Money:
        """Price times pieces, rounded half up to the fen, once."""
        return line_amount(self.price, self.quantity)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the goods go, if the seller knows it already; all of it or nothing."""

    consignee: str = ""
    mobile: str = ""
    region: str = ""
    city: str = ""
    detail: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the customer fills it in."""
        return not any((self.consignee, self.mobile, self.region, self.city, self.detail))


@dataclass(frozen=True, slots=True)
class Sums:
    """What an invitation comes to; each line was rounded once."""

    goods: Money
    freight: Money

    @property
    def total(self) -> Money:
        """Goods and freight."""
        return self.goods + self.freight


def check_lines(lines: Sequence[GoodsGiven]) -> list[GoodsGiven]:
    """Lines that can be ordered, each SKU once.

    `NothingInvited`, `InvalidQuantity`, `InvalidPrice`, `MissingText` for typed goods without words.
    """
    skus = [line.sku_id for line in lines if line.sku_id is not None]
    if not 1 <= len(lines) <= MAX_LINES or len(set(skus)) < len(skus):
        raise NothingInvited(field="lines", lines=len(lines), limit=MAX_LINES)
    return [_checked(line, position) for position, line in enumerate(lines, start=1)]


def _checked(line: GoodsGiven, position: int) -> GoodsGiven:
    orders.check_quantity(line.quantity)
    quotes.check_price(line.price, position)
    if line.sku_id is not None:
        return line
    return GoodsGiven(
        quantity=line.quantity,
        price=line.price,
        title=orders.required_text(line.title, TITLE, 200, "title"),
        spec_text=orders.optional_text(line.spec_text, SPEC, 120, "spec_text"),
        unit=orders.required_text(line.unit, UNIT, 10, "unit"),
        picture=line.picture,
        keep=line.keep,
    )


def sums(lines: Iterable[GoodsGiven], freight: Money) -> Sums:
    """What the lines and the freight come to; `InvalidInvitationTotal`."""
    found = Sums(orders.sum_money(line.amount for line in lines), freight)
    if freight.fen < 0 or not 0 < found.total.fen <= MAX_FEN:
        raise InvalidInvitationTotal(field="freight", total=found.total, limit=Money(MAX_FEN))
    return found


def check_terms_of(terms: QuoteTerms, total: Money) -> QuoteTerms:
    """All at once, or in stages; other ways are chosen among `ways`."""
    if terms.way not in ("full", "staged"):
        raise WayUnknown(field="terms", way=terms.way)
    return check_terms(terms, total)


def check_ways(ways: Sequence[str], known: Collection[str]) -> list[str]:
    """Each way once, in the market's order; none is all of them. `WayUnknown`."""
    for way in ways:
        if way not in known:
            raise WayUnknown(field="ways", way=way[:40])
    chosen = set(ways)
    return [] if chosen == set(known) else [way for way in known if way in chosen]


def check_valid_day(day: date, today: date) -> date:
    """The last day on which an invitation holds: from today on."""
    last = today + timedelta(days=MAX_VALID_DAYS)
    if not today <= day <= last:
        raise InvalidDay(
            field="valid_until",
            what=VALID_UNTIL,
            first=today.isoformat(),
            last=last.isoformat(),
        )
    return day


def check_destination(to: Destination) -> Destination:
    """All of an address or nothing; its form is checked where it is written. `AddressInPart`."""
    parts = (to.consignee, to.mobile, to.region, to.city, to.detail)
    if not to.is_empty and not all(part.strip() for part in parts):
        raise AddressInPart(field="consignee")
    return to


def scene_of(
    scenes: Iterable[str], any_typed: bool, terms: QuoteTerms, lead_days: int | None
) -> str:
    """Typed goods, stages and long making are custom work; else as the offers say."""
    return quotes.scene_of(scenes, any_typed or terms.plan is not None, lead_days or 0)


def answers(state: str, valid_until: datetime, now: datetime) -> bool:
    """Whether the link shows anything: an open one within its validity, one that was confirmed."""
    if state == InvitationState.OPEN:
        return now < valid_until
    return state in (InvitationState.CONFIRMED, InvitationState.DONE)


def after_close(valid_until: datetime, now: datetime) -> str:
    """The verb for an invitation whose order closed unpaid: it is open again while it is valid."""
    return "reopen" if now < valid_until else "lapse"


def seller_verbs(state: str) -> list[str]:
    """What a seller may do now."""
    return INVITATION.verbs(state, SELLER)
