"""What is sold for the season: rehearsals' orders, and what the named seller gathers for the peak day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from pifa.demo import selling, setting
from pifa.demo.base.terms import Act
from pifa.demo.plan.market import MarketPlan
from pifa.demo.plan.programme import Part
from pifa.demo.running.calendar import PEAK, SOLD
from pifa.demo.selling import By
from pifa.demo.world import World
from pifa.finance import commands as finance
from pifa.finance.commands import LineDraft
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money

_REHEARSED = {
    Part.REHEARSES: ((3_600, By.GATEWAY), (880, By.GATEWAY), (1_240, By.GATEWAY)),
    Part.EXCEPTION: ((55_000, By.TRANSFER), (960, By.GATEWAY), (1_240, By.GATEWAY)),
}
"""Yuan and way of payment of a rehearsal's orders, each of another buyer."""

_LINE = LineDraft(Money.yuan("30000.00"), "monthly", PEAK.day)
_ON_CREDIT = (12_600, 6_400)
_UNPAID = (("年中备货：外六角套装", 9_800), ("年中备货：不锈钢混装", 4_300))


def acts(plan: MarketPlan, world: World) -> Iterator[Act]:
    """In no order. It is all so late that nothing has to be shipped yet."""
    seller = world.sellers[0].owner
    large = [
        buyer.index
        for buyer in plan.buyers
        if buyer.index and buyer.target.level >= 5 and not buyer.target.exact
    ]
    for each in plan.sellers:
        for place, (yuan, by) in enumerate(_REHEARSED.get(each.part, ()) if each.part else ()):
            rehearsing = world.sellers[each.index].owner
            buyer = world.buyers[large[place]].owner
            yield SOLD + timedelta(hours=place), _selling(rehearsing, buyer, yuan, by)
    known = {buyer for of, buyer in plan.relations if of == 0}
    waiting = [buyer for buyer in sorted(known) if buyer][4:]  # the first four have other terms
    for place, (buyer_index, yuan) in enumerate(zip(waiting, _ON_CREDIT, strict=False)):
        at = setting.OPENING - timedelta(days=2 - place, hours=2)
        login = plan.buyers[buyer_index].spec.login
        yield at, _granting(seller, login)
        buyer = world.buyers[buyer_index].owner
        yield at + timedelta(hours=1), _selling(seller, buyer, yuan, By.CREDIT)
    for place, (title, yuan) in enumerate(_UNPAID):
        at = setting.OPENING - timedelta(hours=20 - 3 * place)
        yield at, _inviting(seller, title, yuan)


def _selling(seller: Actor, buyer: Actor, yuan: int, by: By) -> Callable[[], object]:
    return lambda: selling.sell(seller, buyer, Money(yuan * 100), by, "批量订货")


def _granting(seller: Actor, login: str) -> Callable[[], object]:
    return lambda: finance.grant_credit(seller, login, _LINE)


def _inviting(seller: Actor, title: str, yuan: int) -> Callable[[], object]:
    return lambda: selling.invite(seller, Money(yuan * 100), title, PEAK)
