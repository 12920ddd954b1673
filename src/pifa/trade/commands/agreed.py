"""Ways of paying that a buyer chose in the checkout itself, for the orders of some sellers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from pifa.finance import commands as finance
from pifa.finance.errors import MethodNotOffered
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.parties import queries as parties
from pifa.trade.commands.order_rows import NewOrder
from pifa.trade.errors import WayNotAgreed


def lock(buyer_id: int, ways: Mapping[int, str], orders: Sequence[NewOrder]) -> None:
    """Lock what the chosen ways take from, before the orders and their stock.

    `InvalidInput` for a way that cannot be chosen, or a seller without an order here.
    """
    if not ways:
        return
    if set(ways) - {order.plan.seller_id for order in orders}:
        raise InvalidInput(field="ways", reason=_("付款方式只能为本次下单的卖家选择。"))
    finance.lock_agreed(buyer_id, ways)


def agree(actor: Actor, ways: Mapping[int, str], orders: Sequence[NewOrder]) -> None:
    """Promise the new orders for whose seller a way was chosen; `WayNotAgreed` with the figures.

    One that waits for approval is left to be paid, on credit or otherwise, when it is approved.
    """
    for order in orders:
        seller_id = order.plan.seller_id
        if seller_id not in ways:
            continue
        try:
            finance.agree(actor, order.subject, ways[seller_id])
        except MethodNotOffered as refused:
            seller = parties.company(seller_id).name
            raise WayNotAgreed(
                field=f"ways.{seller_id}", seller=seller, seller_id=seller_id, **refused.figures
            ) from refused
