"""What this floor announces, and what it does on others' events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pifa.benefits.events import GrantsChanged
from pifa.benefits.labels import BOOSTING
from pifa.catalog.models import Offer, Sku
from pifa.kernel.events import Event, consumer
from pifa.messages import commands as messages


@dataclass(frozen=True, kw_only=True)
class ShopOpened(Event):
    """A company opened its shop."""

    name: ClassVar[str] = "shop.opened"
    company_id: int
    shop_id: int


@dataclass(frozen=True, kw_only=True)
class OfferSubmitted(Event):
    """An offer waits for an operator's review."""

    name: ClassVar[str] = "offer.submitted"
    offer_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class OfferPublished(Event):
    """An offer went on sale. `reviewed`: by an operator's approval, else by its seller."""

    name: ClassVar[str] = "offer.published"
    offer_id: int
    seller_id: int
    reviewed: bool


@dataclass(frozen=True, kw_only=True)
class OfferRejected(Event):
    """A review refused an offer."""

    name: ClassVar[str] = "offer.rejected"
    offer_id: int
    seller_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OfferChanged(Event):
    """Something of an offer changed that is shown or searched."""

    name: ClassVar[str] = "offer.changed"
    offer_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(Event):
    """An offer is no longer on sale by its seller's own doing (taken offline, revised)."""

    name: ClassVar[str] = "offer.withdrawn"
    offer_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class OfferTakenDown(Event):
    """An operator took an offer down."""

    name: ClassVar[str] = "offer.taken_down"
    offer_id: int
    seller_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OfferRestored(Event):
    """An operator lifted a take-down; the offer is offline until its seller puts it online."""

    name: ClassVar[str] = "offer.restored"
    offer_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class OfferPriceChanged(Event):
    """The price range of an offer before and after, in 1/10,000 yuan."""

    name: ClassVar[str] = "offer.price_changed"
    offer_id: int
    seller_id: int
    old_min_e4: int
    old_max_e4: int
    new_min_e4: int
    new_max_e4: int


@dataclass(frozen=True, kw_only=True)
class StockLow(Event):
    """What is left of a SKU no longer fills its offer's minimum order."""

    name: ClassVar[str] = "stock.low"
    sku_id: int
    offer_id: int
    left: int


@consumer("catalog.boosts", GrantsChanged.name)
def _boost_offers(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    if payload["benefit"] in BOOSTING:
        from pifa.catalog import commands  # it announces the events above

        commands.boost_offers(payload["company_ids"])


@consumer("catalog.notices", "offer.published", "offer.rejected", "offer.taken_down", "stock.low")
def tell_the_seller(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    """Tell a seller what became of its offer. Its own putting online is no news to it."""
    if name == "offer.published" and not payload["reviewed"]:
        return
    offer = Offer.objects.get(pk=payload["offer_id"])
    params: dict[str, Any] = {"title": offer.title}
    kind = "offer_reviewed"
    if name == "offer.taken_down":
        kind = "offer_taken_down"
        params["reason"] = payload["reason"]
    elif name == "stock.low":
        kind = "stock_low"
        sku = Sku.objects.get(pk=payload["sku_id"])
        params |= {"spec": sku.spec_text or sku.code, "left": payload["left"], "unit": offer.unit}
    else:
        params |= {"approved": name == "offer.published", "reason": payload.get("reason", "")}
    messages.notify(
        offer.seller_id, kind, f"offer:{offer.pk}", params, f"/seller/offers/{offer.pk}/"
    )
