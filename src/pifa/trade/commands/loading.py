"""How commands find and lock what they change.

Lock order (`docs/locking.md`): the order, then its refund case, then SKUs, then finance's payable
and the ledger. A payment that arrives takes the order first too (finance's `MoneyArriving`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Sum

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.states import Transition
from pifa.trade import policies
from pifa.trade.errors import DeclaredOrder
from pifa.trade.models import Order, OrderLine, Provenance, RefundCase
from pifa.trade.states import BUYER, ORDER, REFUND

ORDER_SUBJECT = "order:"
REFUND_SUBJECT = "refund:"


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A refund case with its order, both locked."""

    case: RefundCase
    order: Order

    @property
    def subject(self) -> str:
        """The case's subject in the audit log and deadlines."""
        return REFUND_SUBJECT + self.case.number


def lock_order(actor: Actor, number: str, verb: str) -> Order:
    """Lock an order for a verb of the order table.

    `NotFound` for a stranger, `Forbidden` without side or role, `DeclaredOrder`, `WrongState`.
    """
    order = lock_visible(actor, number)
    check_verb(actor, order, verb)
    return order


def lock_visible(actor: Actor, number: str) -> Order:
    """Lock an order that the actor may know of; `NotFound` otherwise."""
    order = (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .filter(policies.visible(actor), number=number)
        .first()
    )
    if order is None:
        raise NotFound()
    return order


def check_verb(actor: Actor, order: Order, verb: str) -> Transition:
    """The transition of a verb, if the actor may and the order's state allows it."""
    transition = ORDER.transition(verb)
    policies.require_side(actor, transition.by[0], order.buyer_id, order.seller_id, verb)
    if order.provenance == Provenance.DECLARED:
        raise DeclaredOrder(number=order.number)
    return ORDER.check(order.status, verb)


def lock_case(actor: Actor, number: str, verb: str) -> LockedCase:
    """Lock a refund case for a verb of the refund table, and its order before it."""
    order_number = (
        RefundCase.objects.filter(number=number).values_list("order__number", flat=True).first()
    )
    if order_number is None:
        raise NotFound()
    order = lock_visible(actor, order_number)
    case = RefundCase.objects.select_for_update(of=("self",), no_key=True).get(number=number)
    transition = REFUND.transition(verb)
    policies.require_side(actor, transition.by[0], order.buyer_id, order.seller_id, verb)
    REFUND.check(case.state, verb)
    return LockedCase(case, order)


def market_order(subject: str) -> Order | None:
    """The market order of a ledger subject, locked; None for other subjects."""
    if not subject.startswith(ORDER_SUBJECT):
        return None
    number = subject.removeprefix(ORDER_SUBJECT)
    return (
        Order.objects.select_for_update(no_key=True)
        .filter(number=number, provenance=Provenance.MARKET)
        .first()
    )


def lock_market_orders(subjects: Iterable[str]) -> None:
    """Lock the market orders among subjects, by id, in one statement."""
    prefix = ORDER_SUBJECT
    numbers = [text.removeprefix(prefix) for text in subjects if text.startswith(prefix)]
    if numbers:
        rows = Order.objects.filter(number__in=numbers, provenance=Provenance.MARKET)
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def pieces(order_ids: Iterable[int]) -> dict[int, int]:
    """SKU id → pieces over the lines of orders, in one statement."""
    lines = OrderLine.objects.filter(order__in=list(order_ids), sku__isnull=False)
    return {
        sku_id: quantity
        for sku_id, quantity in lines.values_list("sku").annotate(Sum("quantity")).order_by("sku")
        if sku_id is not None
    }


def reread_money(order: Order) -> None:
    """Read what a refund changed: finance announces it, and `payment.note_refunded` writes it into
    the order's row, not into this object."""
    order.refresh_from_db(fields=["refunded_fen", "promised_fen", "waived_fen"])


def term(name: str) -> timedelta:
    """A period of the market's ordinary terms (settings.MARKET), by its name with its unit."""
    value = settings.MARKET[name]
    return timedelta(hours=value) if name.endswith("_hours") else timedelta(days=value)


def buyer_of(order: Order) -> int:
    """The buying company of a market order; every market order has one."""
    assert order.buyer_id is not None
    return order.buyer_id


def acting_side(actor: Actor, order: Order) -> str:
    """As whom the actor acted, for events and the close reason."""
    return policies.sides(actor, order.buyer_id, order.seller_id) or BUYER
