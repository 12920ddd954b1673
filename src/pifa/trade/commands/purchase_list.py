"""The purchase list (进货单): what a member means to order."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from pifa.catalog import queries as catalog
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import Forbidden, NotFound
from pifa.trade import policies, rules
from pifa.trade.errors import ListFull, NotForSale
from pifa.trade.models import PurchaseLine
from pifa.trade.rules import LineAsked


def put_on_list(actor: Actor, lines: Sequence[tuple[int, int]]) -> int:
    """Put (SKU id, quantity) pairs on the member's list; a SKU already there gets more.

    Returns how many lines the list has now. `NotForSale` for a SKU that does not exist for
    the buyer, `InvalidQuantity`, `ListFull`. MOQ and stock are not asked here: a list may
    be filled up bit by bit.
    """
    policies.require_buying(actor)
    member_id = _member(actor)
    wanted = rules.merge_lines([LineAsked(*line) for line in lines])
    goods = catalog.checkout_goods(list(wanted), actor)
    for sku_id in goods.missing(wanted):
        raise NotForSale(title=f"SKU {sku_id}", sku_id=sku_id)
    moment = clock.now()
    with transaction.atomic():
        there = {
            line.sku_id: line
            for line in PurchaseLine.objects.select_for_update().filter(member=member_id)
        }
        count = len(there.keys() | wanted.keys())
        if count > rules.MAX_LINES:
            raise ListFull(limit=rules.MAX_LINES)
        total = {
            sku_id: rules.check_quantity(quantity + _quantity(there.get(sku_id)))
            for sku_id, quantity in wanted.items()
        }
        prices = {
            line.sku_id: line.price for offer in goods.price(total).values() for line in offer.lines
        }
        PurchaseLine.objects.bulk_create(
            [
                PurchaseLine(
                    member_id=member_id,
                    sku_id=sku_id,
                    quantity=quantity,
                    price_seen_e4=prices[sku_id].e4,
                    added_at=moment,
                )
                for sku_id, quantity in total.items()
            ],
            update_conflicts=True,
            unique_fields=["member", "sku"],
            update_fields=["quantity", "price_seen_e4"],
        )
    return count


def change_list_line(actor: Actor, line_id: int, quantity: int) -> None:
    """Set the quantity of a line of the member's own list; `NotFound` for another's."""
    policies.require_buying(actor)
    rules.check_quantity(quantity)
    line = PurchaseLine.objects.filter(pk=line_id, member=_member(actor))
    if not line.update(quantity=quantity):
        raise NotFound()


def remove_from_list(actor: Actor, line_ids: Collection[int]) -> int:
    """Take lines off the member's own list; returns how many. Others' lines are passed over."""
    policies.require_buying(actor)
    picked = PurchaseLine.objects.filter(pk__in=list(line_ids)[: rules.MAX_LINES])
    removed, _ = picked.filter(member=_member(actor)).delete()
    return removed


def _member(actor: Actor) -> int:
    if actor.member_id is None:
        raise Forbidden()
    return actor.member_id


def _quantity(line: PurchaseLine | None) -> int:
    return line.quantity if line is not None else 0
