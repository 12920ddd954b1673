"""The purchase list, and what a checkout would cost."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import Id, In, Out, PathId, Pieces, Region, UnitYuan, Yuan
from pifa.api.problems import told
from pifa.api.routing import Topic
from pifa.api.v1.market import LineIn, ReasonOut
from pifa.api.v1.staged import StagedPlanOut
from pifa.finance.queries import AgreedChoice
from pifa.kernel.actors import Actor
from pifa.kernel.errors import plain
from pifa.trade import commands, queries
from pifa.trade.freight_insurance.queries import FreightOffer, freight_offers
from pifa.trade.queries import CheckoutView
from pifa.trade.rules import MAX_LINES

topic = Topic()


class ListIn(In):
    """Lines to put on the list; a SKU already there gets more."""

    lines: list[LineIn] = Field(min_length=1, max_length=MAX_LINES)


class ListedOut(Out):
    """How many lines the list has now."""

    lines: int


class QuantityIn(In):
    """The quantity of a line from now on."""

    quantity: Pieces


class CheckoutIn(In):
    """Lines of the own purchase list, or pieces of SKUs; and where they go."""

    line_ids: list[Id] | None = Field(None, max_length=MAX_LINES)
    lines: list[LineIn] | None = Field(None, max_length=MAX_LINES)
    region: Region | None = None


class CheckoutLineOut(Out):
    """A line as it would be ordered; `line_id` if it is on the list."""

    sku_id: int
    offer_id: int
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitYuan
    amount: Yuan
    line_id: int | None
    price_seen: UnitYuan | None


class AgreedWayOut(Out):
    """A way to pay that can be agreed on with the order: `words` say on which terms, or why it is
    not offered; `figures` are those of either. `amount` is what would be paid so."""

    code: str
    label: str
    amount: Yuan
    offered: bool
    words: str
    figures: dict[str, Any]

    @staticmethod
    def resolve_figures(way: AgreedChoice) -> dict[str, Any]:
        """Amounts as decimal strings in yuan."""
        return plain(way.figures)


class FreightOfferOut(Out):
    """Return-freight insurance of the order: given by the seller, or taken with POST /orders for
    the premium, which `shown_total` then includes."""

    premium: Yuan
    insured: Yuan
    given: bool


class CheckoutSellerOut(Out):
    """One seller's part, which becomes one order. Freight is known with a region only. With a
    plan (`staged`) the deposit is paid first, the balance after production. `ways` are those that
    POST /orders takes with the order; any other is for afterwards."""

    seller_id: int
    seller_name: str
    lines: list[CheckoutLineOut]
    goods: Yuan
    freight: Yuan | None
    total: Yuan
    deposit: Yuan | None
    balance: Yuan
    staged: StagedPlanOut | None
    problems: list[ReasonOut]
    ways: list[AgreedWayOut]
    freight_insurance: FreightOfferOut | None


class MissingOut(Out):
    """A SKU that is not for sale to this buyer any more."""

    sku_id: int
    line_id: int | None


class CheckoutOut(Out):
    """A checkout by seller. `total` is what `shown_total` of POST /orders must say, with the premiums
    of the insurances that are taken."""

    sellers: list[CheckoutSellerOut]
    missing: list[MissingOut]
    total: Yuan
    can_be_ordered: bool


@topic.reads("/purchase-list", CheckoutOut, _("进货单"), _("给出省份时含运费。"))
def purchase_list(
    request: HttpRequest, region: Annotated[Region | None, Query()] = None
) -> dict[str, Any]:
    actor = actor_of(request)
    return _checkout(actor, queries.purchase_list(actor, region))


@topic.writes("POST", "/purchase-list", ListedOut, _("加入进货单"))
def put_on_list(request: HttpRequest, wanted: ListIn) -> dict[str, int]:
    lines = [(line.sku_id, line.quantity) for line in wanted.lines]
    return {"lines": commands.put_on_list(actor_of(request), lines)}


@topic.writes("PUT", "/purchase-list/{line_id}", None, _("改数量"))
def change_list_line(request: HttpRequest, line_id: PathId, wanted: QuantityIn) -> None:
    commands.change_list_line(actor_of(request), line_id, wanted.quantity)


@topic.writes("DELETE", "/purchase-list/{line_id}", None, _("从进货单移除"))
def remove_list_line(request: HttpRequest, line_id: PathId) -> None:
    commands.remove_from_list(actor_of(request), [line_id])


@topic.reads(
    "/checkout",
    CheckoutOut,
    _("结算预览"),
    _("按卖家拆分，含运费和合计；不改变任何东西。"),
    method="POST",
)
def preview_checkout(request: HttpRequest, wanted: CheckoutIn) -> dict[str, Any]:
    lines = None
    if wanted.lines is not None:
        lines = [(line.sku_id, line.quantity) for line in wanted.lines]
    actor = actor_of(request)
    view = queries.preview_checkout(
        actor, line_ids=wanted.line_ids, lines=lines, region=wanted.region
    )
    return _checkout(actor, view)


def _offer(found: FreightOffer | None) -> dict[str, Any] | None:
    if found is None:
        return None
    quote = found.quote
    return {"premium": quote.premium, "insured": quote.insured, "given": found.given}


def _checkout(actor: Actor, view: CheckoutView) -> dict[str, Any]:
    ways = queries.ways_to_agree(actor, view)
    offers = freight_offers(actor, view)
    sellers = [
        {
            name: getattr(seller, name)
            for name in CheckoutSellerOut.model_fields
            if name not in ("problems", "ways", "freight_insurance")
        }
        | {
            "problems": [told(problem) for problem in seller.problems],
            "ways": ways.get(seller.seller_id, []),
            "freight_insurance": _offer(offers.get(seller.seller_id)),
        }
        for seller in view.sellers
    ]
    return {
        "sellers": sellers,
        "missing": [{"sku_id": sku_id, "line_id": line_id} for sku_id, line_id in view.missing],
        "total": view.total,
        "can_be_ordered": view.can_be_ordered,
    }
