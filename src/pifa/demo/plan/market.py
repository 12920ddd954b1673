"""The whole plan of a demo market."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pifa.demo.plan.catalogue import Catalogue
from pifa.demo.plan.companies import BuyerPlan, SellerPlan, make_buyers, make_sellers
from pifa.demo.plan.goods import OfferPlan, TemplatePlan, make_goods, make_templates
from pifa.demo.plan.script import Trade
from pifa.demo.plan.showcase import show
from pifa.demo.plan.trade import Relations, Storyteller


@dataclass(frozen=True, slots=True)
class MarketPlan:
    """Everything that will be written, by the plan's own indexes."""

    seed: int
    scale: float
    sellers: list[SellerPlan]
    buyers: list[BuyerPlan]
    templates: dict[int, tuple[TemplatePlan, TemplatePlan]]
    offers: list[OfferPlan]
    relations: Relations
    trade: Trade


def make_companies(seed: int, scale: float) -> tuple[list[SellerPlan], list[BuyerPlan]]:
    """The companies of a seed, as its whole plan names them, long before that is made."""
    return _companies(Random(seed), scale)


def make_plan(seed: int, scale: float = 1.0) -> MarketPlan:
    """The market of a seed; `scale` 1.0 is the whole one, 0.1 the smallest with every standing."""
    rng = Random(seed)
    sellers, buyers = _companies(rng, scale)
    templates = {seller.index: make_templates(rng, seller) for seller in sellers}
    offers = make_goods(rng, sellers, scale)
    teller = Storyteller(rng, Catalogue(offers, templates), sellers, buyers)
    teller.tell_rated_days()
    teller.tell_months_before(scale)
    teller.tell_unpaid(scale)
    teller.tell_this_morning(int(24 * scale) + 4)
    show(teller)
    teller.tell_visits(scale)
    teller.trade.orders.sort(key=lambda script: (script.placed_at, script.index))
    return MarketPlan(
        seed, scale, sellers, buyers, templates, offers, teller.relations, teller.trade
    )


def _companies(rng: Random, scale: float) -> tuple[list[SellerPlan], list[BuyerPlan]]:
    taken: set[str] = set()
    return make_sellers(rng, scale, taken), make_buyers(rng, scale, taken)
