"""Who orders from whom in the rated days, how often, and for about how much.

Shops ask for buyers and money, buyers for orders and money; both sides have to come out as
their targets say, because medals and levels are read from the same orders.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from pifa.demo.plan.companies import BuyerPlan, SellerPlan
from pifa.demo.plan.standing import LEVEL_MONEY
from pifa.demo.vocabulary.chance import uniform

_MOST_ORDERS = (1, 4, 9, 14, 28, 95, 400)
"""Orders of the rated days that leave a buyer of L0 … L6 where it is meant to be."""

_ROUNDS = 12
_SPARE = 0.02


@dataclass(slots=True)
class Purchase:
    """An order to be paid within the rated days; `share` of the shop's sales."""

    seller: int
    buyer: int
    share: float


def pair(rng: Random, sellers: Sequence[SellerPlan], buyers: Sequence[BuyerPlan]) -> list[Purchase]:
    """Purchases of the rated days by seller: each shop's shares of its sales add up to 1."""
    deal = _Deal(rng, sellers, buyers)
    by_size = sorted(sellers, key=lambda plan: (not plan.target.exact, -_average(plan)))
    for seller in by_size:
        if seller.target.orders:
            deal.fill(seller)
    deal.use_up()
    purchases = [
        Purchase(seller, buyer, buyers[buyer].target.usual * uniform(rng, 0.6, 1.5))
        for seller, chosen in sorted(deal.chosen.items())
        for buyer in chosen
    ]
    _balance(purchases, sellers, buyers)
    return purchases


class _Deal:
    """Buyers' orders being dealt to shops."""

    def __init__(
        self, rng: Random, sellers: Sequence[SellerPlan], buyers: Sequence[BuyerPlan]
    ) -> None:
        self._rng = rng
        self._sellers = sellers
        self._buyers = buyers
        self._left = [buyer.target.orders for buyer in buyers]
        self._had = [0] * len(buyers)
        self.chosen: dict[int, list[int]] = {}

    def fill(self, seller: SellerPlan) -> None:
        """Deal a shop its buyers, then its further orders among them."""
        target = seller.target
        chosen: list[int] = []
        for _ in range(target.buyers):
            taken = set(chosen)
            weights = [
                0.0 if buyer in taken else self._weight(seller, buyer)
                for buyer in range(len(self._buyers))
            ]
            chosen.append(self._take(_drawn(self._rng, weights)))
        buyers = list(chosen)
        for _ in range(target.orders - target.buyers):
            weights = [self._weight(seller, buyer) for buyer in buyers]
            if not any(weights):
                break
            chosen.append(self._take(buyers[_drawn(self._rng, weights)]))
        self.chosen[seller.index] = chosen

    def use_up(self) -> None:
        """Orders that buyers still want go to shops that may have more than they need."""
        open_to_more = [
            plan for plan in self._sellers if plan.index in self.chosen and not plan.target.exact
        ]
        for buyer, left in enumerate(self._left):
            for _ in range(left):
                weights = [
                    self._fit(plan, buyer) * (6 if buyer in self.chosen[plan.index] else 1)
                    for plan in open_to_more
                ]
                at = _drawn(self._rng, weights)
                self.chosen[open_to_more[at].index].append(self._take(buyer))

    def _weight(self, seller: SellerPlan, buyer: int) -> float:
        target = self._buyers[buyer].target
        if target.exact and seller.target.exact:
            return 0.0
        if self._left[buyer] > 0:
            return self._left[buyer] * self._fit(seller, buyer)
        if target.exact or self._had[buyer] >= _MOST_ORDERS[target.level]:
            return 0.0
        return _SPARE * self._fit(seller, buyer)

    def _fit(self, seller: SellerPlan, buyer: int) -> float:
        """How well a buyer's usual order and business fit a shop's."""
        plan = self._buyers[buyer]
        ratio = plan.target.usual / max(_average(seller), 1.0)
        size = min(ratio, 1 / ratio)
        return size * (3.0 if seller.spec.line.key in plan.spec.lines else 1.0)

    def _take(self, buyer: int) -> int:
        self._left[buyer] -= 1
        self._had[buyer] += 1
        return buyer


def _average(seller: SellerPlan) -> float:
    return seller.target.sales / max(seller.target.orders, 1)


def _drawn(rng: Random, weights: Sequence[float]) -> int:
    marks = list(accumulate(weights))
    if marks[-1] <= 0:
        raise ValueError("nobody is left to order: more buyers are needed for these shops")
    return min(bisect_right(marks, rng.random() * marks[-1]), len(marks) - 1)


def _balance(
    purchases: Sequence[Purchase], sellers: Sequence[SellerPlan], buyers: Sequence[BuyerPlan]
) -> None:
    """Move shares until each buyer spends what its level asks for (or the sum it is to hit)."""
    by_seller: dict[int, list[Purchase]] = defaultdict(list)
    by_buyer: dict[int, list[Purchase]] = defaultdict(list)
    for purchase in purchases:
        by_seller[purchase.seller].append(purchase)
        by_buyer[purchase.buyer].append(purchase)
    for _ in range(_ROUNDS):
        for own in by_seller.values():
            total = sum(purchase.share for purchase in own)
            for purchase in own:
                purchase.share /= total
        for buyer, own in by_buyer.items():
            factor = _correction(buyers[buyer], _spent(own, sellers))
            for purchase in own:
                purchase.share *= factor
    for own in by_seller.values():
        total = sum(purchase.share for purchase in own)
        for purchase in own:
            purchase.share /= total


def _spent(own: Sequence[Purchase], sellers: Sequence[SellerPlan]) -> float:
    return sum(purchase.share * sellers[purchase.seller].target.sales for purchase in own)


def _correction(buyer: BuyerPlan, spent: float) -> float:
    if buyer.target.exact_money is not None:
        return buyer.target.exact_money / spent
    needed = LEVEL_MONEY[buyer.target.level] * 1.25
    return max(1.0, needed / spent)
