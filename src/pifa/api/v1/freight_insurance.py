"""Return-freight insurance: whether a seller gives it, and the policies of a company's orders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema

from pifa.api.auth import actor_of
from pifa.api.fields import Flag, In, Out, PageOut, Paging, Yuan
from pifa.api.routing import Topic
from pifa.finance import commands
from pifa.finance.insurance.freight import queries
from pifa.trade.freight_insurance.queries import freight_gift

topic = Topic()


class FreightQuoteOut(Out):
    """A premium: `insured` × `expected_rate` and the insurer's cost make `reckoned`; `bound` says
    whether the least or the most premium held instead."""

    insured: Yuan
    expected_rate: Decimal
    reckoned: Yuan
    premium: Yuan
    bound: str


class FreightGiftOut(Out):
    """Whether the seller insures all its orders; `usual` is a new buyer's premium, `dear` that of
    the dearest province."""

    on: bool
    balance: Yuan
    insurer: str
    usual: FreightQuoteOut
    dear: FreightQuoteOut
    dear_region: str


class FreightSumsOut(Out):
    """What the company paid for: premiums (less those given back) against payouts."""

    policies: int
    active: int
    premiums: Yuan
    returned: Yuan
    payouts: Yuan
    claims: int


class FreightPolicyRowOut(Out):
    """The insured return freight of an order (`covers`); `refund` is the case that was paid."""

    number: str
    covers: str
    buyer: str
    seller: str
    by_buyer: bool
    insured: Yuan
    paid: Yuan
    refund: str
    state: str
    state_label: str
    written_at: datetime
    ended_at: datetime | None


class GiveIn(In):
    """Whether all orders that are paid from now on are insured."""

    on: Flag


class FreightPolicyPage(PageOut):
    """Policies, the newest first."""

    items: list[FreightPolicyRowOut]


class PoliciesQuery(Schema):
    """Whose orders: those the company bought or sold."""

    side: Literal["buyer", "seller"] = "buyer"


@topic.reads("/company/freight-insurance", FreightGiftOut, _("赠送运费险"), _("主账号和财务。"))
def gift(request: HttpRequest) -> object:
    return freight_gift(actor_of(request))


@topic.writes(
    "PUT",
    "/company/freight-insurance",
    None,
    _("开关赠送运费险"),
    _("主账号和财务。保费在订单付款后从余额扣；余额不够的订单不投保，会有通知。"),
)
def give(request: HttpRequest, wanted: GiveIn) -> None:
    commands.give_freight_insurance(actor_of(request), wanted.on)


@topic.reads(
    "/company/freight-insurance/sums", FreightSumsOut, _("运费险保费与赔付"), _("主账号和财务。")
)
def sums(request: HttpRequest) -> object:
    return queries.freight_sums_of(actor_of(request))


@topic.reads("/freight-policies", FreightPolicyPage, _("运费险保单"), _("主账号和财务。"))
def policies(request: HttpRequest, wanted: Query[PoliciesQuery], page: Paging) -> object:
    return queries.freight_policies(actor_of(request), wanted.side, page.cursor, page.size)
