"""Builds the demo market into an empty, migrated database."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from django.db import transaction

from pifa.demo import setting
from pifa.demo.base import companies, goods, staff
from pifa.demo.plan.companies import make_buyers, make_sellers
from pifa.demo.plan.goods import make_goods, make_templates
from pifa.demo.world import World
from pifa.kernel import clock

Progress = Callable[[str, int, int], None]


def build(
    seed: int = setting.SEED, scale: float = 1.0, progress: Progress = lambda *_: None
) -> World:
    rng = Random(seed)
    taken: set[str] = set()
    sellers = make_sellers(rng, scale, taken)
    buyers = make_buyers(rng, scale, taken)
    offers = make_goods(rng, sellers, scale)
    world = World()
    with transaction.atomic():
        staff.write_staff(world)
    with transaction.atomic():
        for plan in sellers:
            companies.write_seller(world, plan)
            progress("companies", plan.index, len(sellers))
    with transaction.atomic():
        for buyer in buyers:
            companies.write_buyer(world, buyer)
    with transaction.atomic():
        for plan in sellers:
            own = [offer for offer in offers if offer.seller == plan.index]
            goods.write_goods(world, plan, make_templates(rng, plan), own, {})
            progress("goods", plan.index, len(sellers))
    goods.write_late_fates(world, sellers, offers)
    companies.let_everybody_sign_in()
    clock.set_market_clock(setting.OPENING)
    return world
