"""Invitations as they are read: by their seller, and by whoever has the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pifa.catalog import queries as catalog
from pifa.kernel.money import Money, UnitPrice
from pifa.trade.invitations.rules import Destination
from pifa.trade.models import InvitationLine, OrderInvitation
from pifa.trade.quotes.days import last_day
from pifa.trade.quotes.terms import QuoteTerms


@dataclass(frozen=True, slots=True)
class InvitedLine:
    """A line; `picture` is the public address of an offer's picture, `has_picture` says that a
    typed line has one of its own, which is sent by its position."""

    position: int
    sku_id: int | None
    offer_id: int | None
    code: str
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitPrice
    amount: Money
    picture: str
    has_picture: bool

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return catalog.localized(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What an invitation says. `total` is what it asks for, `deposit` what of it is paid first."""

    number: str
    seller_id: int
    state: str
    state_label: str
    revision: int
    lines: tuple[InvitedLine, ...]
    goods: Money
    freight: Money
    total: Money
    terms: QuoteTerms
    ways: tuple[str, ...]
    lead_days: int | None
    note: str
    valid_until: date
    has_address: bool

    @property
    def deposit(self) -> Money | None:
        """What is paid first; None if all is paid at once."""
        return self.terms.deposit_of(self.total) if self.terms.plan else None


@dataclass(frozen=True, slots=True)
class OwnView:
    """An invitation as its seller reads it; `token` makes its address, `verbs` may be done now."""

    said: InvitationView
    token: str
    verbs: tuple[str, ...]
    customer_id: int | None
    customer_name: str
    to: Destination
    order: str | None
    external_no: str | None
    made_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation in its seller's list."""

    number: str
    state: str
    state_label: str
    title: str
    title_en: str
    lines: int
    total: Money
    customer_name: str
    consignee: str
    order: str | None
    valid_until: date
    opened_at: datetime | None
    made_at: datetime

    @property
    def shown_title(self) -> str:
        """The first line's title in the reader's language."""
        return catalog.localized(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class Masked:
    """Where the goods go, as somebody reads it who only has the link."""

    consignee: str
    mobile: str
    place: str


@dataclass(frozen=True, slots=True)
class OpenedView:
    """An invitation as whoever has its link reads it.

    `to` is masked, and there only where the seller filled it in or somebody confirmed. Of the order
    that it became: its number, what it costs now, and where it stands.
    """

    said: InvitationView
    to: Masked | None
    order: str | None
    subject: str
    order_total: Money
    order_status: str
    order_status_label: str
    buyer_id: int | None
    claimable: bool


def said_of(row: OrderInvitation, lines: Sequence[InvitationLine]) -> InvitationView:
    """What an invitation says; its lines are read by the caller. One statement for pictures."""
    pictures = catalog.first_pictures({line.offer_id for line in lines if line.offer_id})
    return InvitationView(
        number=row.number,
        seller_id=row.seller_id,
        state=row.state,
        state_label=str(row.get_state_display()),
        revision=row.revision,
        lines=tuple(_line(line, pictures.get(line.offer_id or 0, "")) for line in lines),
        goods=Money(row.goods_fen),
        freight=Money(row.freight_fen),
        total=Money(row.total_fen),
        terms=QuoteTerms.from_json(row.terms),
        ways=tuple(row.ways),
        lead_days=row.lead_days,
        note=row.note,
        valid_until=last_day(row.valid_until),
        has_address=row.has_address,
    )


def _line(line: InvitationLine, picture: str) -> InvitedLine:
    return InvitedLine(
        position=line.position,
        sku_id=line.sku_id,
        offer_id=line.offer_id,
        code=line.code,
        title=line.title,
        title_en=line.title_en,
        spec_text=line.spec_text,
        unit=line.unit,
        quantity=line.quantity,
        price=UnitPrice(line.price_e4),
        amount=Money(line.amount_fen),
        picture=picture,
        has_picture=bool(line.picture.name),
    )
