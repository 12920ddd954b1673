"""A parcel that was to be paid at the door was refused there: it comes back, nothing is owed.

The order ends by the usual return path, begun by the market: a refund case whose goods are on
their way back already. Who was told to keep a lapsed deposit keeps this one as well.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import ZERO, Money
from pifa.trade.commands.fulfilment import hold
from pifa.trade.commands.loading import REFUND_SUBJECT, buyer_of, market_order, reread_money, term
from pifa.trade.events.facts import DeliveryRefused
from pifa.trade.models import Order, RefundCase, StagedOrder
from pifa.trade.staged import rules as staged
from pifa.trade.staged.schedule import BALANCE, DEPOSIT
from pifa.trade.states import ORDER, OrderStatus, RefundState

REFUSED = gettext_noop("买家在门口拒收，货物退回卖家")
KEPT = gettext_noop("买家在门口拒收，定金归卖家")
"""Reasons, kept in their source words; readers have them in their language."""


def refused(subject: str) -> None:
    """The carrier reports that a parcel was refused; the caller holds the order.

    While a refund case holds the order, it waits for that one's end (`after_case`). An order that
    is completed by now is only relieved of what was promised.
    """
    order = market_order(subject)
    if order is None:
        return
    if ORDER.allows(order.status, "refuse_delivery"):
        _bring_back(order)
    elif order.status == OrderStatus.COMPLETED:
        owed = books.refused_at_door(subject)
        finance.refund(subject, owed, key=f"refused:{order.number}", reason=REFUSED)


def after_case(order: Order) -> None:
    """A refund case let a locked order go: was its parcel refused meanwhile, it goes back now."""
    stands = order.promised_fen and ORDER.allows(order.status, "refuse_delivery")
    if stands and books.refused_at_door(order.subject):
        _bring_back(order)


def release_kept(order: Order) -> None:
    """The deposit of a refused order goes to the seller, who may keep it; the order is locked."""
    deposit = books.money_by_purpose(order.subject).get(DEPOSIT)
    if deposit and deposit.promised:
        # Nothing was received: what the buyer owes for it falls due by the refusal instead.
        finance.note_received(order.subject)
    released = finance.release(order.subject, key=f"refused:{order.number}")
    reread_money(order)
    order.released_fen += released.fen
    order.save(update_fields=["released_fen"])


def _bring_back(order: Order) -> None:
    asked, purpose = _goes_back(order)
    item = books.cash_item(order.subject)
    ORDER.check(order.status, "refuse_delivery")
    case = RefundCase.objects.create(
        number=public_number("R"),
        order=order,
        kind=RefundCase.Kind.RETURN,
        state=RefundState.RETURNED,
        at_the_door=True,
        purpose=purpose,
        asked_fen=asked.fen,
        reason=REFUSED,
        return_tracking_no=item.tracking_no if item else "",
        asked_at=clock.now(),
    )
    hold(order)
    order.status_before, order.status = order.status, OrderStatus.IN_REFUND
    order.save(update_fields=["status", "status_before"])
    deadlines.set_deadline(
        "refund.receive_return", REFUND_SUBJECT + case.number, clock.now() + term("return_days")
    )
    audit.record(
        SYSTEM, "order.refuse_delivery", order.subject, refund=case.number, asked_fen=asked.fen
    )
    emit(
        DeliveryRefused(
            number=order.number,
            buyer_id=buyer_of(order),
            seller_id=order.seller_id,
            refund=case.number,
            asked_fen=asked.fen,
        )
    )


def _goes_back(order: Order) -> tuple[Money, str]:
    """What is waived or goes back, and for which purpose; all but a deposit that is kept."""
    whole = Money(order.covered_fen - order.refunded_fen)
    plan = StagedOrder.objects.filter(order=order).first()
    if plan is None:
        return whole, ""
    deposit = books.money_by_purpose(order.subject).get(DEPOSIT)
    divided = staged.lapse(plan.keeper, deposit.left if deposit else ZERO, whole)
    return (divided.refunded, BALANCE) if divided.kept else (whole, "")
