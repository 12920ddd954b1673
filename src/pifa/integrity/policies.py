"""Who rules, who answers, who reads rulings."""

from __future__ import annotations

from pifa.kernel.actors import Actor
from pifa.kernel.errors import Forbidden
from pifa.trade.models import Order
from pifa.trade.policies import require_side, sides
from pifa.trade.states import BUYER, SELLER


def may_rule(actor: Actor) -> int:
    """The operator's user: a ruling is a person's, with that person's name; else `Forbidden`."""
    if not actor.is_operator or actor.user_id is None:
        raise Forbidden
    return actor.user_id


def may_answer(actor: Actor, order: Order) -> None:
    """The seller's people who work on its orders; the order does not exist for strangers."""
    require_side(actor, SELLER, order.buyer_id, order.seller_id, "answer_ruling")


def sees_answer(actor: Actor, order: Order) -> bool:
    """The answer is between the seller and the market: a buyer does not see it."""
    return sides(actor, order.buyer_id, order.seller_id) not in (None, BUYER)
