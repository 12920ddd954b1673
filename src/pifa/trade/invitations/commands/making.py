"""A seller makes, sends, changes and takes back invitations."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound, WrongState
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money, UnitPrice
from pifa.trade import commands as orders
from pifa.trade import policies as of_orders
from pifa.trade.invitations import facts, links, policies
from pifa.trade.invitations.commands.loading import (
    clear_deadlines,
    day_of,
    lock,
    of_invitation,
    set_deadlines,
)
from pifa.trade.invitations.commands.writing import InvitationGiven, check, write
from pifa.trade.invitations.rules import MAX_LINES, VALID_DAYS, GoodsGiven
from pifa.trade.invitations.states import INVITATION, InvitationState
from pifa.trade.models import Order, OrderInvitation, OrderLine

CHANGED = gettext_noop("卖家修改了订单邀请")
RECALLED = gettext_noop("卖家撤回了订单邀请")
"""Why an order that was confirmed is closed, in source words; readers have it in their language."""


@transaction.atomic
def draft_invitation(
    actor: Actor, given: InvitationGiven, *, external_no: str | None = None
) -> str:
    """Keep an invitation as a draft, to be looked at before it is sent; returns its number.

    Nothing is reserved. `NothingInvited`, `NotYourGoods`, `NotYourCustomer`, `InvalidPrice`,
    `InvalidQuantity`, `InvalidInvitationTotal`, `WayUnknown`, `TermsDoNotFit`, `InvalidDay`,
    `AddressInPart`, `BadFormat`, `PictureError`. Clerks.
    """
    seller_id, member_id = policies.selling(actor)
    checked = check(actor, seller_id, given)
    number = public_number("V")
    moment = clock.now()
    row = OrderInvitation(
        number=number,
        seller_id=seller_id,
        made_by_id=member_id,
        state=InvitationState.DRAFT,
        link_digest=links.digest_of(links.token_of(number, 1)),
        external_no=external_no,
        made_at=moment,
        changed_at=moment,
    )
    write(row, checked)
    audit.record(actor, "invitation.draft", row.subject, total_fen=row.total_fen)
    return number


@transaction.atomic
def send_invitation(actor: Actor, number: str) -> None:
    """Open the link of a draft to whoever has it."""
    row = _lock_own(actor, number)
    _move(row, "send")
    row.sent_at = row.changed_at = clock.now()
    if row.valid_until <= row.changed_at:
        raise WrongState(
            state=InvitationState.EXPIRED.label, verb=INVITATION.transition("send").label
        )
    row.save(update_fields=["state", "sent_at", "changed_at"])
    set_deadlines(row)
    audit.record(actor, "invitation.send", row.subject, total_fen=row.total_fen)
    emit(facts.InvitationSent(**of_invitation(row), day=day_of(row)))


def invite(actor: Actor, given: InvitationGiven, *, external_no: str | None = None) -> str:
    """Make an invitation and send it at once; returns its number."""
    with transaction.atomic():
        number = draft_invitation(actor, given, external_no=external_no)
        send_invitation(actor, number)
    return number


@transaction.atomic
def change_invitation(actor: Actor, number: str, given: InvitationGiven) -> None:
    """Say something else in an invitation; one that ended is open again.

    Whoever read it before must confirm anew. An order that was confirmed and is not paid is closed,
    with every payment that was begun; money that comes for it all the same goes back. `WrongState`
    once it is paid; else as `draft_invitation`.
    """
    seller_id, _member = policies.selling(actor)
    checked = check(actor, seller_id, given)
    _close_order(actor, number, CHANGED)
    row = _lock_own(actor, number)
    was = row.total_fen
    verb = "edit" if row.state == InvitationState.DRAFT else "change"
    _move(row, verb)
    row.changed_at = clock.now()
    row.revision += 1 if verb == "change" else 0
    write(row, checked)
    audit.record(actor, f"invitation.{verb}", row.subject, total_fen=row.total_fen, old_fen=was)
    if verb == "change":
        set_deadlines(row)
        emit(facts.InvitationChanged(**of_invitation(row), day=day_of(row)))


@transaction.atomic
def recall_invitation(actor: Actor, number: str) -> None:
    """Let nobody confirm or pay an invitation any more; its link shows nothing from then on.

    An order that was confirmed is closed. `WrongState` once it is paid.
    """
    policies.selling(actor)
    _close_order(actor, number, RECALLED)
    row = _lock_own(actor, number)
    _move(row, "recall")
    row.changed_at = clock.now()
    row.save(update_fields=["state", "changed_at"])
    clear_deadlines(row)
    audit.record(actor, "invitation.recall", row.subject)
    emit(facts.InvitationRecalled(**of_invitation(row)))


@transaction.atomic
def renew_link(actor: Actor, number: str) -> None:
    """Give an invitation another link; the one before shows nothing any more."""
    row = _lock_own(actor, number)
    if row.state not in (InvitationState.OPEN, InvitationState.CONFIRMED):
        raise WrongState(state=row.get_state_display(), verb=INVITATION.transition("change").label)
    row.link += 1
    row.link_digest = links.digest_of(links.token_of(row.number, row.link))
    row.save(update_fields=["link", "link_digest"])
    audit.record(actor, "invitation.renew_link", row.subject)


def repeat_order(actor: Actor, order_number: str) -> str:
    """A past order of the seller's as the draft of a new invitation; returns its number.

    Goods, prices and freight are the order's; a SKU that is gone is taken as words. The customer is
    the order's. Nothing of the order's address is taken: a new customer may get the link.
    """
    seller_id, _member = policies.selling(actor)
    order = Order.objects.filter(
        of_orders.as_seller(seller_id), number=order_number, is_cancellation=False
    ).first()
    if order is None:
        raise NotFound()
    lines = [
        line
        for line in OrderLine.objects.filter(order=order, kind=OrderLine.Kind.GOODS)
        .select_related("offer")
        .order_by("position")[: MAX_LINES + 1]
        if line.price_e4 > 0
    ]
    skus: set[int] = set()
    given = InvitationGiven(
        lines=[_again(seller_id, line, skus) for line in lines],
        valid_until=clock.today() + timedelta(days=VALID_DAYS),
        freight=Money(order.freight_fen),
        customer_id=order.customer_id,
        lead_days=order.lead_days,
    )
    return draft_invitation(actor, given)


def _again(seller_id: int, line: OrderLine, skus: set[int]) -> GoodsGiven:
    offer = line.offer
    usable = (
        line.sku_id is not None
        and line.sku_id not in skus
        and offer is not None
        and offer.seller_id == seller_id
        and offer.state != offer.State.TAKEN_DOWN
    )
    if usable and line.sku_id is not None:
        skus.add(line.sku_id)
    return GoodsGiven(
        quantity=line.quantity,
        price=UnitPrice(line.price_e4),
        sku_id=line.sku_id if usable else None,
        title=line.title,
        spec_text=line.spec_text,
        unit=line.unit or "件",
    )


def _lock_own(actor: Actor, number: str) -> OrderInvitation:
    seller_id, _member = policies.selling(actor)
    return lock(Q(number=number, seller_id=seller_id))


def _move(row: OrderInvitation, verb: str) -> None:
    step = INVITATION.check(row.state, verb)
    # An order is closed before; if somebody confirmed since, the seller has to look again.
    if row.order_id is not None:
        raise WrongState(state=row.get_state_display(), verb=step.label)
    row.state = row.state if step.target == "same" else str(step.target)


def _close_order(actor: Actor, number: str, why: str) -> None:
    """The order of an invitation comes before it in the order of locks."""
    numbers = OrderInvitation.objects.filter(
        policies.own(actor), number=number, state=InvitationState.CONFIRMED
    ).values_list("order__number", flat=True)
    for order_number in numbers:
        orders.close_order(actor, order_number, why)
