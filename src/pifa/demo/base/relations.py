"""Buyers and sellers who knew each other before the told trade began."""

from __future__ import annotations

from datetime import datetime, timedelta

from pifa.demo import setting
from pifa.demo.plan.trade import Relations
from pifa.demo.world import World
from pifa.kernel import clock
from pifa.relationships import commands as relationships

_BEGUN = datetime(2025, 12, 17, 10, 0, tzinfo=setting.ZONE)


def write_relations(world: World, relations: Relations) -> None:
    """One side asks, the other agrees within two days; buyers ask more often."""
    for place, (seller, buyer) in enumerate(sorted(relations)):
        selling, buying = world.sellers[seller].owner, world.buyers[buyer].owner
        at = _BEGUN + timedelta(minutes=17 * place)
        with clock.frozen(at):
            if place % 4:
                row = relationships.request(buying, world.sellers[seller].company_id, "buyer")
            else:
                row = relationships.request(selling, world.buyers[buyer].company_id, "seller")
        with clock.frozen(at + timedelta(hours=3 + place % 40)):
            relationships.grant(selling if place % 4 else buying, row.pk)
