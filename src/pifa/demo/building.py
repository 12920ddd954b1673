"""Builds the demo market into an empty, migrated database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from pifa.demo import setting
from pifa.demo.base import companies, goods, lately, relations, staff
from pifa.demo.beside import Beside
from pifa.demo.history.replay import replay
from pifa.demo.plan.market import MarketPlan, make_companies, make_plan
from pifa.demo.running.life import write_life
from pifa.demo.world import World
from pifa.kernel import clock, events
from pifa.ledger.guard import assert_books_balance
from pifa.metrics import commands as facts
from pifa.standing import commands as standing

Progress = Callable[[str, int, int], None]
NOTICES_KEPT = timedelta(days=14)
"""Notices are told of the last weeks; who would read older ones?"""
EVENTS_AT_ONCE = 10_000
DAYS_RATED = 6
"""How many days before the opening are rated: a history to look at, and quick to build."""


def build(
    seed: int = setting.SEED,
    scale: float = 1.0,
    progress: Progress = lambda stage, done, of: None,
    other: Beside | None = None,
) -> World:
    """Build the market of a seed; `scale` below 1 makes a smaller one.

    `other` is the process that plans, draws and checks it meanwhile; without one this process does.

    The market's clock stands at `setting.OPENING` afterwards. Raises `BooksDoNotBalance` rather
    than leave a market whose ledger is wrong.
    """
    world = World()
    _write_companies(seed, scale, world, progress)
    progress("plan", 0, 1)
    plan = other.plan() if other else make_plan(seed, scale)
    _write_goods(plan, world, progress, other)
    lately.call_it_told()
    replay(
        plan.trade,
        world,
        seed=seed,
        until=setting.OPENING,
        told_since=setting.OPENING - NOTICES_KEPT,
        progress=lambda done, of: progress("history", done, of),
    )
    progress("late", 0, 1)
    with transaction.atomic():
        lately.write_lately(plan, world)
        companies.let_everybody_sign_in()
    # From here on no money moves.
    checked = other.check() if other else None
    with clock.frozen(setting.OPENING):
        facts.backfill(lambda done, of: progress("lake", done, of))
        rate_past(progress)
        progress("season", 0, 1)
        write_life(plan, world)
    progress("check", 0, 1)
    if checked is not None:
        checked.result()
    else:
        assert_books_balance()
    clock.set_market_clock(setting.OPENING)
    return world


def rate_past(progress: Progress) -> None:
    """Rate the last weeks, so that every company has a history of standing, and set the night."""
    today = clock.today()
    days = [today - timedelta(days=ago) for ago in range(DAYS_RATED, -1, -1)]
    done = 0

    def rated(_result: object) -> None:
        nonlocal done
        done += 1
        progress("rating", done, len(days))

    standing.rate_days(days, rated)
    standing.begin()
    # Benefits take effect; notices of rises and falls begin with the first night that is lived.
    lately.call_it_told("standing.")
    events.deliver(EVENTS_AT_ONCE)


def _write_companies(seed: int, scale: float, world: World, progress: Progress) -> None:
    """The companies, while another process still makes the plan of what they do."""
    sellers, buyers = make_companies(seed, scale)
    with transaction.atomic():
        staff.write_staff(world)
        count = len(sellers) + len(buyers)
        for seller in sellers:
            companies.write_seller(world, seller)
            progress("companies", seller.index, count)
        for buyer in buyers:
            companies.write_buyer(world, buyer)
            progress("companies", len(sellers) + buyer.index, count)


def _write_goods(plan: MarketPlan, world: World, progress: Progress, other: Beside | None) -> None:
    if other:
        world.drawings = other.drawings()
    with transaction.atomic():
        used = plan.trade.used()
        for seller in plan.sellers:
            own = [offer for offer in plan.offers if offer.seller == seller.index]
            goods.write_goods(world, seller, plan.templates[seller.index], own, used)
            progress("goods", seller.index, len(plan.sellers))
        relations.write_relations(world, plan.relations)
