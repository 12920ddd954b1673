"""A few orders of a plan, with the companies they need and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from pifa.demo.base import companies, goods, relations, staff
from pifa.demo.plan.market import MarketPlan
from pifa.demo.plan.script import SKUS_PER_OFFER, OrderScript, Step, Trade, Verb
from pifa.demo.world import Joined, World


def some_trade(plan: MarketPlan) -> Trade:
    """Orders in which every verb and every deadline of the market occurs."""
    sellers = {0, 5}
    near = [script for script in plan.trade.orders if script.seller in sellers]
    chosen: dict[int, OrderScript] = {}
    for verb in Verb:
        having = [s for s in plan.trade.orders if verb in verbs_of([s])]
        having = [s for s in having if s.seller in sellers] or having
        chosen |= {script.index: script for script in having[:1] + having[-1:]}
    scarce = [
        script
        for script in plan.trade.orders
        if any(_is_scarce(line.of_sku) for line in script.planned.lines)
    ]
    chosen |= {script.index: script for script in scarce[:2]}
    plain = [s for s in near if s.steps and s.steps[-1].verb is Verb.SHIP][:3]
    chosen |= {script.index: script for script in plain}
    chosen |= {script.index: script for script in near if not script.steps and len(chosen) < 40}
    orders = sorted(chosen.values(), key=lambda script: (script.placed_at, script.index))
    received = [s for s in near if s.index not in chosen and _is_plain(s)]
    orders += [_lapsing(received[0]), _returned_silently(received[1]), _silent(received[2])]
    orders.append(_never_shipped(received[3]))
    orders.sort(key=lambda script: script.placed_at)
    buyers = {script.buyer for script in orders}
    return Trade(
        orders=orders,
        visits=[
            visit
            for visit in plan.trade.visits
            if visit.company in (sellers if visit.is_seller else buyers)
        ][::9],
        withdrawals=[taken for taken in plan.trade.withdrawals if taken.seller in sellers][::4],
    )


def _is_scarce(sku: int) -> bool:
    """Whether the plan leaves next to nothing of a SKU, so that orders use it up."""
    offer, position = divmod(sku, SKUS_PER_OFFER)
    return position == 0 and offer % 19 == 7


def _is_plain(script: OrderScript) -> bool:
    verbs = [step.verb for step in script.steps]
    begun = script.placed_at.month < 6
    return begun and verbs[:3] == [Verb.BEGIN_PAYMENT, Verb.BANK_PAYS, Verb.SHIP]


def _asking(script: OrderScript, kind: str, part: int) -> list[Step]:
    shipped = script.steps[2].at
    said = {"kind": kind, "amount_fen": script.total_fen // part, "reason": "数量短少"}
    return [*script.steps[:3], Step(shipped + timedelta(hours=40), Verb.ASK_REFUND, said)]


def _lapsing(script: OrderScript) -> OrderScript:
    """The seller wants the goods back and the buyer sends nothing."""
    steps = _asking(script, "return", 2)
    steps.append(Step(steps[-1].at + timedelta(hours=5), Verb.ACCEPT, {"answer": "请寄回"}))
    return replace(script, steps=steps)


def _returned_silently(script: OrderScript) -> OrderScript:
    """Nobody answers at all: the market agrees, and pays when the goods were sent back."""
    steps = _asking(script, "return", 3)
    sent = steps[-1].at + timedelta(days=5)
    steps.append(Step(sent, Verb.SEND_RETURN, {"tracking_no": "R1"}))
    return replace(script, steps=steps)


def _silent(script: OrderScript) -> OrderScript:
    """The whole money is asked for and the seller does not answer."""
    return replace(script, steps=_asking(script, "money", 1))


def _never_shipped(script: OrderScript) -> OrderScript:
    """Part of the money goes back before shipment, and then the seller forgets the order."""
    paid = script.steps[1].at
    said = {"kind": "money", "amount_fen": script.total_fen // 4, "reason": "少要一些"}
    asked = Step(paid + timedelta(hours=30), Verb.ASK_REFUND, said)
    answered = Step(paid + timedelta(hours=50), Verb.ACCEPT, {"answer": "好的"})
    return replace(script, steps=[*script.steps[:2], asked, answered])


def write_base(plan: MarketPlan, trade: Trade) -> World:
    """The companies and goods that these orders need; the others are left out."""
    world = World()
    sellers = {script.seller for script in trade.orders} | _visited(trade, is_seller=True)
    buyers = {script.buyer for script in trade.orders} | _visited(trade, is_seller=False)
    used = trade.used()
    with transaction.atomic():
        staff.write_staff(world)
        for seller in plan.sellers:
            if seller.index in sellers:
                companies.write_seller(world, seller)
                own = [offer for offer in plan.offers if offer.seller == seller.index]
                goods.write_goods(world, seller, plan.templates[seller.index], own, used)
            else:
                world.sellers.append(Joined(0))
                world.templates.append(())
        for buyer in plan.buyers:
            if buyer.index in buyers:
                companies.write_buyer(world, buyer)
            else:
                world.buyers.append(Joined(0))
        known = {pair for pair in plan.relations if pair[0] in sellers and pair[1] in buyers}
        relations.write_relations(world, frozenset(known))
    return world


def _visited(trade: Trade, *, is_seller: bool) -> set[int]:
    return {visit.company for visit in trade.visits if visit.is_seller is is_seller}


def verbs_of(scripts: Iterable[OrderScript]) -> set[Verb]:
    """The verbs that occur in scripts."""
    return {step.verb for script in scripts for step in script.steps}
