"""Which standing each company of the demo market is meant to reach, and who just misses one.

The figures are those of the market's rating rules as of the demo's days; tests rate the finished
market from its tables by rules of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from pifa.demo.vocabulary import MedalSystem
from pifa.demo.vocabulary.chance import between, uniform

C1, C2, NON = MedalSystem.CONSUMER_1, MedalSystem.CONSUMER_2, MedalSystem.NON_CONSUMER

MEDAL_SALES: dict[MedalSystem, tuple[int, ...]] = {
    C1: (0, 10_000, 100_000, 300_000, 1_000_000),
    C2: (0, 5_000, 20_000, 100_000, 500_000),
    NON: (0, 10_000, 50_000, 200_000, 500_000),
}
"""Sales of 30 days in yuan from which on a shop has 1A … 5A (1A: anything above nothing)."""

MEDAL_BUYERS: dict[MedalSystem, tuple[int, ...]] = {
    C1: (1, 1, 20, 30, 40),
    C2: (1, 1, 20, 30, 40),
    NON: (1, 2, 3, 4, 5),
}
"""Distinct buyers of 30 days that 1A … 5A ask for."""

LEVEL_ORDERS = (0, 2, 5, 10, 15, 30, 100)
LEVEL_MONEY = (0, 0, 1_000, 5_000, 10_000, 10_000, 100_000)
"""Orders and yuan of 30 days from which on a buyer is L0 … L6."""

_ORDERS_OF_LEVEL = ((0, 1), (2, 4), (5, 8), (10, 13), (16, 24), (32, 46), (112, 138))
_USUAL_ORDER = (320, 420, 520, 700, 2_000, 2_300, 8_200)
_BUYERS_OF_LEVEL = (130, 140, 72, 30, 20, 8, 4)
_FEWEST_OF_LEVEL = (8, 16, 24, 16, 14, 4, 2)


@dataclass(frozen=True, slots=True)
class SellerTarget:
    """What the 30 rated days should bring a shop, and how the shop is kept.

    `sales` in yuan; `exact` makes sales and buyers come out to the fen and to the head.
    `disputes` are those upheld or open within 90 days. `seen` and `replied` are days since the
    last log-in and the last chat reply. `note` says in words what is special.
    """

    system: MedalSystem
    medal: int
    sales: int
    buyers: int
    orders: int
    member: bool = True
    disputes: int = 0
    exact: bool = False
    mobile: bool = True
    seen: int = 0
    replied: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class BuyerTarget:
    """How many orders a buyer pays for in the 30 rated days, and what it usually spends on one.

    `exact_money` (yuan) makes the sum of them come out to the fen.
    """

    level: int
    orders: int
    usual: int
    exact: bool = False
    exact_money: int | None = None
    note: str = ""


# How busy a shop of 1A … 5A is: buyers beyond those it needs, orders a buyer, fewest orders.
_BUSY = (
    (2, (1.0, 1.3), 3),
    (4, (1.2, 1.7), 9),
    (8, (1.4, 1.9), 22),
    (14, (1.6, 2.2), 56),
    (22, (2.4, 3.2), 130),
)

# Shops a cell of the full market: none, 1A … 5A.
_SHOPS = {C1: (2, 5, 6, 3, 2, 1), C2: (2, 5, 6, 5, 3, 1), NON: (2, 5, 6, 6, 3, 1)}


def seller_targets(rng: Random, scale: float) -> list[SellerTarget]:
    """The named seller first, then those with a note, then everybody else."""
    targets = [_named_seller(), *_special_sellers()]
    for system, counts in _SHOPS.items():
        for medal, count in enumerate(counts):
            wanted = max(1, int(count * scale + 0.5))
            targets += [
                _ordinary_seller(rng, system, medal, place, min(scale * 2, 1.0))
                for place in range(wanted)
            ]
    return targets


def _named_seller() -> SellerTarget:
    return SellerTarget(NON, 4, 262_000, 34, 96, note="the named seller")


def _special_sellers() -> list[SellerTarget]:
    usual = SellerTarget(NON, 3, 199_900, 16, 44, exact=True)
    return [
        replace(usual, note="¥100 short of 4A"),
        replace(usual, medal=4, sales=200_000, note="4A to the fen"),
        replace(usual, system=C2, sales=118_000, buyers=29, note="one buyer short of 4A"),
        replace(
            usual, system=C1, medal=2, sales=124_000, buyers=24, member=False,
            note="3A but for the membership",
        ),
        replace(
            usual, system=C2, medal=2, sales=112_000, buyers=33, disputes=2,
            note="4A but for two disputes",
        ),
        replace(
            usual, system=C1, medal=3, sales=131_000, buyers=26, orders=40, disputes=1,
            note="3A with the one dispute that is exempt",
        ),
        replace(
            usual, medal=3, sales=72_000, buyers=9, orders=24, seen=8,
            note="active but for a log-in eight days ago",
        ),
        replace(
            usual, medal=3, sales=68_000, buyers=8, orders=22, replied=9,
            note="core but for a chat reply nine days ago",
        ),
        replace(
            usual, system=C1, medal=2, sales=36_000, buyers=9, orders=16, mobile=False,
            note="active but for the mobile shop",
        ),
        replace(
            usual, medal=1, sales=11_500, buyers=1, orders=4, note="one buyer short of 2A"
        ),
    ]  # fmt: skip


def _ordinary_seller(
    rng: Random, system: MedalSystem, medal: int, place: int, busy: float
) -> SellerTarget:
    """A shop well inside its medal; the first of each cell lacks nothing else."""
    seen = 0 if place == 0 else between(rng, 0, 5)
    replied = 1 if place == 0 else between(rng, 0, 14)
    if medal == 0:
        return SellerTarget(system, 0, 0, 0, 0, member=place == 0, seen=seen + 20, replied=40)
    low = MEDAL_SALES[system][medal - 1] or 900
    high = MEDAL_SALES[system][medal] if medal < 5 else int(low * 1.25)
    more_buyers, per_buyer, orders = _BUSY[medal - 1]
    buyers = MEDAL_BUYERS[system][medal - 1] + int((more_buyers + between(rng, 0, 5)) * busy + 0.5)
    return SellerTarget(
        system,
        medal,
        sales=int(uniform(rng, low * 1.1, min(high * 0.92, low * 1.6))),
        buyers=buyers,
        orders=max(int(buyers * uniform(rng, *per_buyer)), int(orders * busy)),
        member=medal >= 3 or place % 3 != 2,
        mobile=place < 5,
        seen=seen,
        replied=replied,
    )


def buyer_targets(rng: Random, scale: float) -> list[BuyerTarget]:
    """The named buyer first, then those with a note, then everybody else from L6 down."""
    targets = [
        BuyerTarget(4, 8, _USUAL_ORDER[4], note="the named buyer"),
        BuyerTarget(4, 29, _USUAL_ORDER[4], exact=True, note="one order short of L5"),
        BuyerTarget(2, 12, 400, exact=True, exact_money=4_999, note="¥1 short of L3"),
        BuyerTarget(3, 11, 1_500, exact=True, note="L4's money, not its orders"),
        BuyerTarget(0, 1, 3_600, exact=True, note="L2's money in one order"),
        BuyerTarget(1, 4, 900, exact=True, note="one order short of L2"),
    ]
    for level in range(6, -1, -1):
        count = max(_FEWEST_OF_LEVEL[level], int(_BUYERS_OF_LEVEL[level] * scale + 0.5))
        for _ in range(count):
            usual = int(_USUAL_ORDER[level] * uniform(rng, 0.75, 1.35))
            targets.append(BuyerTarget(level, between(rng, *_ORDERS_OF_LEVEL[level]), usual))
    return targets
