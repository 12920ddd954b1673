"""The goods of the plan as a checkout sees them, and orders filled to an amount.

Prices and freight are decided by the market's own functions (`trade.queries.plan_orders`, and
through it `catalog.rules`); this only looks for quantities that cost about so much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from pifa.catalog.queries import CheckoutGoods
from pifa.catalog.queries.checkout import OfferGoods, SkuGoods
from pifa.catalog.rules import FreightTerms, OfferTerms, SkuTerms, Tier, spec_text, tier_price
from pifa.demo.plan.goods import ONLINE, OfferPlan, TemplatePlan
from pifa.demo.plan.script import SKUS_PER_OFFER
from pifa.demo.vocabulary.chance import between, chance, some, uniform
from pifa.kernel.money import UnitPrice
from pifa.trade.queries.checkout import plan_orders
from pifa.trade.rules import PlannedOrder

_PLENTY = 10**9
_NOBODY = -1
_SOLD_STATES = (ONLINE, "offline", "taken_down")
_CLOSE_ENOUGH = 0.12


@dataclass(frozen=True, slots=True)
class _Listed:
    """An offer that can be ordered, with how often it is chosen."""

    plan: OfferPlan
    skus: tuple[int, ...]
    popularity: float


class Catalogue:
    """All goods that were on sale while the told trade happened."""

    def __init__(
        self,
        offers: Sequence[OfferPlan],
        templates: Mapping[int, tuple[TemplatePlan, TemplatePlan]],
    ) -> None:
        self._listed: dict[int, list[_Listed]] = {}
        goods: dict[int, OfferGoods] = {}
        skus: dict[int, SkuGoods] = {}
        for plan in offers:
            if plan.state not in _SOLD_STATES:
                continue
            found = _skus(plan)
            skus.update({sku.sku_id: sku for sku in found})
            goods[plan.index] = _goods(plan, templates[plan.seller], found)
            own = self._listed.setdefault(plan.seller, [])
            own.append(_Listed(plan, tuple(s.sku_id for s in found), 1 / (len(own) + 1.5)))
        self._goods = CheckoutGoods(goods, skus)
        self._kinds = {plan.index: plan.spec.kind for plan in offers}

    def kind_of(self, offer: int) -> str:
        """The kind of goods of an offer, by its key."""
        return self._kinds[offer]

    def fill(
        self, rng: Random, seller: int, region: str, target_fen: int, *, related: bool = False
    ) -> PlannedOrder:
        """An order of a seller's goods for about so much, freight included.

        A related buyer also orders private offers. MOQs may make it more than asked for.
        """
        wanted: dict[int, int] = {}
        for listed in self._choice(rng, seller, target_fen, related):
            share = target_fen // self._count(rng, target_fen)
            wanted.update(self._quantities(rng, listed, share))
        planned = self._plan(wanted, region)
        ratio = target_fen / planned.total.fen
        if abs(ratio - 1) > _CLOSE_ENOUGH:
            planned = self._plan(self._scaled(wanted, ratio), region)
        return planned

    def _plan(self, wanted: Mapping[int, int], region: str) -> PlannedOrder:
        (planned,) = plan_orders(_NOBODY, wanted, self._goods, region)
        return planned

    def _count(self, rng: Random, target_fen: int) -> int:
        """How many offers an order of this size takes."""
        return 1 if target_fen < 60_000 else 2 if target_fen < 500_000 else 3

    def _choice(self, rng: Random, seller: int, target_fen: int, related: bool) -> list[_Listed]:
        rest = [
            listed
            for listed in self._listed[seller]
            if related or listed.plan.visibility == "public"
        ]
        chosen: list[_Listed] = []
        for _ in range(min(self._count(rng, target_fen), len(rest))):
            mark = rng.random() * sum(listed.popularity for listed in rest)
            at = 0
            while mark > rest[at].popularity and at < len(rest) - 1:
                mark -= rest[at].popularity
                at += 1
            chosen.append(rest.pop(at))
        return chosen

    def _quantities(self, rng: Random, listed: _Listed, share_fen: int) -> dict[int, int]:
        """Pieces of some of an offer's SKUs for about `share_fen`: at least the MOQ together."""
        count = min(len(listed.skus), 1 if share_fen < 30_000 else between(rng, 1, 3))
        skus = some(rng, listed.skus, count)
        terms = self._goods.offers[listed.plan.index].terms
        pieces = 0
        for _ in range(2):  # the price depends on the quantity that it gives
            prices = [tier_price(terms.skus[sku].tiers, pieces).e4 for sku in skus]
            pieces = share_fen * 100 * len(prices) // sum(prices)
        units = max(pieces // terms.multiple, -(-terms.moq // terms.multiple), len(skus))
        return self._split(rng, skus, units, terms.multiple)

    @staticmethod
    def _split(rng: Random, skus: Sequence[int], units: int, multiple: int) -> dict[int, int]:
        found, left = {}, units
        for place, sku in enumerate(skus):
            rest = len(skus) - place - 1
            even = left / (rest + 1)
            part = left if not rest else int(even * uniform(rng, 0.6, 1.4))
            part = max(1, min(part, left - rest))
            found[sku] = _rounded(rng, part) * multiple if rest else part * multiple
            left -= found[sku] // multiple
        return {sku: max(pieces, multiple) for sku, pieces in found.items()}

    def _scaled(self, wanted: Mapping[int, int], ratio: float) -> dict[int, int]:
        """All quantities times a factor, each offer still at or above its MOQ, in multiples."""
        found = {}
        by_offer: dict[int, int] = {}
        for sku, pieces in wanted.items():
            terms = self._goods.offers[sku // SKUS_PER_OFFER].terms
            units = max(1, int(pieces * ratio / terms.multiple + 0.5))
            found[sku] = units * terms.multiple
            by_offer[terms.offer_id] = by_offer.get(terms.offer_id, 0) + found[sku]
        for offer, pieces in by_offer.items():
            terms = self._goods.offers[offer].terms
            if pieces < terms.moq:
                first = next(sku for sku in found if sku // SKUS_PER_OFFER == offer)
                found[first] += -(-(terms.moq - pieces) // terms.multiple) * terms.multiple
        return found


def _rounded(rng: Random, units: int) -> int:
    """People order round numbers, mostly."""
    if units < 20 or chance(rng, 0.3):
        return units
    step = 5 if units < 100 else 10 if units < 1000 else 100
    return max(step, units // step * step)


def _skus(plan: OfferPlan) -> list[SkuGoods]:
    return [
        SkuGoods(
            plan.index * SKUS_PER_OFFER + place,
            plan.index,
            sku.code,
            spec_text(sku.values),
            sku.weight_mg,
        )
        for place, sku in enumerate(plan.spec.skus)
    ]


def _goods(
    plan: OfferPlan, templates: tuple[TemplatePlan, TemplatePlan], skus: Sequence[SkuGoods]
) -> OfferGoods:
    spec, template = plan.spec, templates[plan.template]
    terms = OfferTerms(
        offer_id=plan.index,
        title=spec.title,
        unit=spec.unit,
        moq=spec.moq,
        multiple=spec.multiple,
        skus={
            goods.sku_id: SkuTerms(
                goods.sku_id,
                goods.spec_text,
                tuple(
                    Tier(quantity, UnitPrice(price))
                    for quantity, price in zip(spec.break_quantities, sku.prices_e4, strict=True)
                ),
                available=_PLENTY,
            )
            for goods, sku in zip(skus, spec.skus, strict=True)
        },
    )
    return OfferGoods(
        terms=terms,
        seller_id=plan.seller,
        seller_name="",
        code="",
        title=spec.title,
        title_en=spec.title_en,
        unit=spec.unit,
        scene=plan.scene,
        visibility=plan.visibility,
        category_id=0,
        freight=FreightTerms(
            plan.seller * 2 + plan.template, template.name, template.basis, template.zones
        ),
    )
