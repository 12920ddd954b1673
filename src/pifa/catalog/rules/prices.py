"""What a quantity of an offer costs. `price_offer` is the one function that decides a price.

The offer page, the purchase list, the checkout and the API all call it; `docs/pricing.md`
works it through with figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pifa.catalog.errors import (
    AboveStock,
    AmountTooLarge,
    AmountTooSmall,
    BadQuantity,
    BelowMoq,
    NotMultiple,
    NotMultipleUp,
    OfferOffline,
    QuantityProblem,
    SkuInactive,
    SoldOut,
    UnknownSku,
)
from pifa.kernel.money import MAX_FEN, Money, UnitPrice, line_amount, total

MAX_QUANTITY = 100_000_000
"""Most pieces of one SKU in one order."""

MAX_PRICE = UnitPrice.yuan(10_000_000)
"""Highest price per piece."""


@dataclass(frozen=True, slots=True, order=True)
class Tier:
    """From `min_quantity` pieces of the offer on (all its SKUs together), the price per piece."""

    min_quantity: int
    price: UnitPrice


@dataclass(frozen=True, slots=True)
class SkuTerms:
    """A SKU as far as its price depends on it. `available` is stock less what is reserved.

    `tiers` is in rising order of quantity and not empty.
    """

    sku_id: int
    name: str
    tiers: tuple[Tier, ...]
    available: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """An offer as far as a price depends on it, with the SKUs that matter, by id."""

    offer_id: int
    title: str
    unit: str
    moq: int
    multiple: int
    skus: Mapping[int, SkuTerms]
    online: bool = True


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A quantity of a SKU, its price per piece, and the amount rounded half up to the fen."""

    sku_id: int
    quantity: int
    price: UnitPrice
    amount: Money


@dataclass(frozen=True, slots=True)
class NextBreak:
    """How far the next price break is: `more` pieces lead to `quantity`, where prices fall.

    `quantity` is the first at or after the break that is a whole multiple; `prices` are the
    SKUs' prices there.
    """

    quantity: int
    more: int
    prices: Mapping[int, UnitPrice]


@dataclass(frozen=True, slots=True)
class PricedOffer:
    """What the quantities cost, and why they cannot be ordered, if they cannot."""

    offer_id: int
    quantity: int
    lines: tuple[PricedLine, ...]
    goods: Money
    problems: tuple[QuantityProblem, ...]
    next_break: NextBreak | None

    @property
    def can_be_ordered(self) -> bool:
        """Whether nothing stands against ordering it as it is."""
        return not self.problems


def price_offer(offer: OfferTerms, quantities: Mapping[int, int]) -> PricedOffer:
    """Price quantities (SKU id → pieces) of one offer.

    MOQ and multiple are counted over all SKUs together. Each SKU is priced at its break for
    the offer's total quantity; below the first break the first price is shown. Quantities
    that cannot be meant and unknown SKUs are problems and count nowhere; every other line is
    priced whatever the problems, so that a page can show what it would cost.
    """
    problems: list[QuantityProblem] = []
    counted: dict[int, int] = {}
    if not offer.online:
        problems.append(OfferOffline(title=offer.title))
    for sku_id, quantity in quantities.items():
        sku = offer.skus.get(sku_id)
        if sku is None:
            problems.append(UnknownSku(title=offer.title, sku_id=sku_id))
        elif isinstance(quantity, bool) or not 0 < quantity <= MAX_QUANTITY:
            problems.append(
                BadQuantity(sku_id=sku_id, name=sku.name, quantity=quantity, limit=MAX_QUANTITY)
            )
        else:
            counted[sku_id] = quantity
            problems.extend(_sku_problems(offer, sku, quantity))
    pieces = sum(counted.values())
    if counted or not problems:
        problems.extend(_total_problems(offer, pieces))
    lines = tuple(
        PricedLine(sku_id, quantity, price, line_amount(price, quantity))
        for sku_id, quantity in counted.items()
        for price in (tier_price(offer.skus[sku_id].tiers, pieces),)
    )
    goods = total(line.amount for line in lines)
    if counted and not goods:
        problems.append(AmountTooSmall(title=offer.title))
    elif goods.fen > MAX_FEN:
        problems.append(AmountTooLarge(title=offer.title, limit=Money(MAX_FEN), amount=goods))
    hint = _next_break(offer, counted, pieces)
    return PricedOffer(offer.offer_id, pieces, lines, goods, tuple(problems), hint)


def tier_price(tiers: Sequence[Tier], pieces: int) -> UnitPrice:
    """The price per piece when `pieces` of the offer are taken in all."""
    price = tiers[0].price
    for tier in tiers:
        if tier.min_quantity > pieces:
            break
        price = tier.price
    return price


def smallest_order(moq: int, multiple: int) -> int:
    """The fewest pieces that satisfy both the MOQ and the multiple."""
    return _round_up(moq, multiple)


def _sku_problems(offer: OfferTerms, sku: SkuTerms, quantity: int) -> Iterator[QuantityProblem]:
    if not sku.active:
        yield SkuInactive(sku_id=sku.sku_id, name=sku.name)
    elif quantity > sku.available:
        problem = AboveStock if sku.available > 0 else SoldOut
        yield problem(
            sku_id=sku.sku_id,
            name=sku.name,
            unit=offer.unit,
            wanted=quantity,
            available=max(sku.available, 0),
        )


def _total_problems(offer: OfferTerms, pieces: int) -> Iterator[QuantityProblem]:
    smallest = smallest_order(offer.moq, offer.multiple)
    if pieces < offer.moq:
        yield BelowMoq(
            offer_id=offer.offer_id,
            title=offer.title,
            unit=offer.unit,
            moq=offer.moq,
            quantity=pieces,
            missing=smallest - pieces,
            smallest=smallest,
        )
    elif pieces % offer.multiple:
        lower = pieces - pieces % offer.multiple
        problem = NotMultiple if lower >= smallest else NotMultipleUp
        yield problem(
            offer_id=offer.offer_id,
            title=offer.title,
            unit=offer.unit,
            multiple=offer.multiple,
            quantity=pieces,
            lower=max(lower, smallest),
            upper=lower + offer.multiple,
        )


def _next_break(offer: OfferTerms, counted: Mapping[int, int], pieces: int) -> NextBreak | None:
    """The nearest higher quantity at which one of the chosen SKUs costs less."""
    ahead = sorted(
        {
            tier.min_quantity
            for sku_id in counted
            for tier in offer.skus[sku_id].tiers
            if tier.min_quantity > pieces
        }
    )
    for quantity in ahead:
        now = {sku_id: tier_price(offer.skus[sku_id].tiers, pieces) for sku_id in counted}
        then = {sku_id: tier_price(offer.skus[sku_id].tiers, quantity) for sku_id in counted}
        if any(then[sku_id] < now[sku_id] for sku_id in counted):
            reached = _round_up(quantity, offer.multiple)
            prices = {sku_id: tier_price(offer.skus[sku_id].tiers, reached) for sku_id in counted}
            return NextBreak(reached, reached - pieces, prices)
    return None


def _round_up(quantity: int, multiple: int) -> int:
    return -(-quantity // multiple) * multiple
