"""A second process that plans the market, draws its pictures and checks its books, while this one
fills the tables.

A build is bound by one core; a plan needs no database, the drawings nothing but the plan, and the
books are whole before the market is rated. All come out the same in either process.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import django

from pifa.demo import pictures
from pifa.demo.pictures import PictureParams
from pifa.demo.plan.market import MarketPlan, make_plan
from pifa.ledger.guard import assert_books_balance

Drawings = Mapping[tuple[str, PictureParams], str]
"""Pictures as SVG by what they show."""

_planned: list[MarketPlan] = []


class Beside:
    """What the other process is asked for, in the order in which it is needed."""

    def __init__(self, pool: ProcessPoolExecutor, seed: int, scale: float) -> None:
        self._pool = pool
        self._plan: Future[MarketPlan] = pool.submit(_make, seed, scale)
        self._drawings: Future[Drawings] = pool.submit(_draw)

    def plan(self) -> MarketPlan:
        """The plan; waits until it is made."""
        return self._plan.result()

    def drawings(self) -> Drawings:
        """Every picture of the plan; waits until all are drawn."""
        return self._drawings.result()

    def check(self) -> Future[None]:
        """Begin to check the books as they stand; the result raises `BooksDoNotBalance`."""
        return self._pool.submit(assert_books_balance)


@contextmanager
def beside(seed: int, scale: float) -> Iterator[Beside]:
    """Begin to plan and draw in another process, which ends with this context."""
    # Spawned and not forked: the process that builds may have a database connection open.
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=django.setup) as pool:
        yield Beside(pool, seed, scale)


def _make(seed: int, scale: float) -> MarketPlan:
    # This process lives for a minute; the collector would look through the plan again and again.
    gc.disable()
    plan = make_plan(seed, scale)
    _planned[:] = [plan]
    return plan


def _draw() -> Drawings:
    wanted = {
        (picture.drawing, picture.params)
        for offer in _planned[0].offers
        for picture in offer.spec.pictures
    }
    return {each: pictures.draw(*each) for each in wanted}
