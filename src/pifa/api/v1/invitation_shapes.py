"""What order invitations carry and what they answer; the endpoints are in `invitations`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pifa.api.fields import (
    WHOLE,
    Amount,
    Count,
    Day,
    Id,
    In,
    Line,
    Out,
    PageOut,
    Pieces,
    Price,
    Text,
    UnitYuan,
    Yuan,
)
from pifa.trade.invitations import rules
from pifa.trade.quotes.rules import MAX_LEAD_DAYS
from pifa.trade.quotes.terms import MAX_PRODUCTION_DAYS


class GoodsGivenIn(In):
    """A line: a SKU of the caller's own, or goods in words with a unit."""

    quantity: Pieces
    price: Price
    sku_id: Id | None = None
    title: Line = ""
    spec_text: Line = ""
    unit: Line = ""


class InvitationTermsIn(In):
    """All at once, or in stages: a deposit by percent or amount (one of them), and days of
    production."""

    way: Literal["full", "staged"] = "full"
    deposit_percent: Annotated[int, Field(ge=1, le=99), WHOLE] | None = None
    deposit: Amount | None = None
    production_days: Annotated[int, Field(ge=1, le=MAX_PRODUCTION_DAYS), WHOLE] | None = None


class DestinationIn(In):
    """Where the goods go; all of it, or nothing and the customer fills it in."""

    consignee: Line = ""
    mobile: Line = ""
    region: Line = ""
    city: Line = ""
    detail: Line = ""


class InvitationIn(In):
    """An invitation. `ways`: codes of methods, none for all of them."""

    lines: list[GoodsGivenIn] = Field(min_length=1, max_length=rules.MAX_LINES)
    valid_until: Day
    freight: Amount | None = None
    ways: list[Line] = Field(default_factory=list, max_length=30)
    terms: InvitationTermsIn = Field(default_factory=InvitationTermsIn)
    lead_days: Annotated[int, Field(ge=1, le=MAX_LEAD_DAYS), WHOLE] | None = None
    note: Text = ""
    customer_id: Id | None = None
    to: DestinationIn = Field(default_factory=DestinationIn)


class NewInvitationIn(InvitationIn):
    """A new one; as a draft it is kept and not sent."""

    draft: bool = False


class TakeOverIn(In):
    """The code from the page after payment."""

    code: Line


class InvitedLineOut(Out):
    """A line as it will stand in the order."""

    position: int
    sku_id: int | None
    offer_id: int | None
    code: str
    title: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitYuan
    amount: Yuan
    has_picture: bool


class InvitationTermsOut(Out):
    """How it is paid."""

    way: str
    deposit_percent: int | None
    deposit: Yuan | None
    production_days: int | None


class DestinationOut(Out):
    """Where the goods go; empty where the customer fills it in."""

    consignee: str
    mobile: str
    region: str
    city: str
    detail: str


class InvitationOut(Out):
    """An invitation of the caller's company; `link` is empty while it shows nothing."""

    number: str
    state: str
    state_label: str
    revision: int
    lines: list[InvitedLineOut]
    goods: Yuan
    freight: Yuan
    total: Yuan
    terms: InvitationTermsOut
    ways: list[str]
    lead_days: int | None
    note: str
    valid_until: date
    customer_id: int | None
    customer_name: str
    to: DestinationOut
    link: str
    order: str | None
    external_no: str | None
    made_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    verbs: list[str]


class InvitationRowOut(Out):
    """An invitation in the list."""

    number: str
    state: str
    state_label: str
    title: str
    lines: Count
    total: Yuan
    customer_name: str
    order: str | None
    valid_until: date
    opened_at: datetime | None
    made_at: datetime


class InvitationPage(PageOut):
    """A page of invitations."""

    items: list[InvitationRowOut]


class InvitationNumberOut(Out):
    """The draft that was made."""

    number: str


class TakenOverOut(Out):
    """The orders that are the caller's company's now."""

    orders: list[str]
