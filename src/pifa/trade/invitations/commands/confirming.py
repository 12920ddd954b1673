"""Who opens a link confirms the order and pays it, with an account or without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from pifa.finance import commands as finance
from pifa.finance.commands import PaymentStart
from pifa.finance.queries import by_link
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.parties.commands import AddressInput
from pifa.relationships.models import Relationship
from pifa.trade import policies as of_orders
from pifa.trade import rules as orders
from pifa.trade.commands.checkout import ask_with_orders, delivery_to, write_orders
from pifa.trade.commands.order_rows import Delivery, NewOrder
from pifa.trade.errors import AddressGone
from pifa.trade.invitations import facts, links, opening, rules
from pifa.trade.invitations.commands.loading import clear_deadlines, lock, of_invitation
from pifa.trade.invitations.errors import (
    MESSAGE,
    InvitationChanged,
    OwnInvitation,
    PaidAlready,
    TakenAlready,
    TooManyTries,
    WayNeedsMember,
    WayUnknown,
)
from pifa.trade.invitations.states import INVITATION, InvitationState
from pifa.trade.models import InvitationLine, InvitationMiss, Order, OrderInvitation
from pifa.trade.staged.payment import open_staged
from pifa.trade.states import OrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What somebody says who confirms: what was read, where the goods go, how it will be paid.

    `to` is an address that was typed, `address_id` one of a member's book; neither where the seller
    filled it in. `way` is a method that is agreed on with the order, or any other that is allowed.
    """

    revision: int
    to: AddressInput | None = None
    address_id: int | None = None
    message: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The order that it is now; `claim_code`: by which a guest's order is taken over later."""

    order: str
    claim_code: str = ""


def confirm_invitation(actor: Actor | None, token: str, said: Confirmation) -> Confirmed:
    """Make the order of an invitation, for the actor's company or for a guest; stock is reserved.

    Once only, whoever presses: `TakenAlready` for everybody after the first. `NotFound` for a link
    that shows nothing, `InvitationChanged` with the total when it is not the revision that was
    read, `OwnInvitation`, `WayNeedsMember`, `BadFormat`, `AddressGone`, `OutOfStock`, `NotForSale`,
    and for a way that is agreed on the refusals of its method.
    """
    message = orders.optional_text(said.message, MESSAGE, 500, "message")
    with transaction.atomic():
        row = lock(Q(link_digest=links.digest_of(token)))
        _check(actor, row, said)
        agreed = _agreed_way(actor, row, said.way)
        delivery = _delivery(actor, row, said)
        buyer_id = _buyer(actor, row, said, delivery)
        lines = InvitationLine.objects.filter(invitation=row).select_related("offer")
        new = opening.new_order(row, list(lines.order_by("position")), message)
        if agreed:
            finance.lock_agreed(buyer_id, {row.seller_id: agreed})
        placed_at = write_orders(actor or SYSTEM, buyer_id, [new], delivery, None)
        order = _name(row, new)
        if actor is None:
            open_staged([new], placed_at)
        else:
            ask_with_orders(actor, buyer_id, [new], None, placed_at)
        code = "" if actor is not None else links.claim_code_of(row.number, new.number)
        _take(actor, row, order, code)
        if agreed and actor is not None:
            # It is covered at once, which completes the invitation.
            finance.agree(actor, new.subject, agreed)
    return Confirmed(new.number, code)


def pay_invitation(token: str, shown_total: Money, way: str, channel: str = "") -> PaymentStart:
    """Begin to pay the order of a confirmed invitation, or its balance when the goods are made, for
    whoever has its link, by a way and one of its channels.

    Every call is an attempt; whichever arrives first settles, later money goes back.
    `InvitationChanged` when the total is not the one shown, `PaidAlready`, `TooManyTries`, else what
    `finance.start_by_link` raises. `NotFound` for a link that shows nothing.
    """
    found = OrderInvitation.objects.select_related("order").filter(
        link_digest=links.digest_of(token)
    )
    with transaction.atomic():
        row = found.first()
        if row is None or not _answers(row, clock.now()) or row.order is None:
            raise NotFound()
        if row.state == InvitationState.DONE and row.order.status != OrderStatus.AWAITING_BALANCE:
            raise PaidAlready()
        order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=row.order.pk)
        if order.total_fen != shown_total.fen:
            raise InvitationChanged(field="shown_total", total=Money(order.total_fen))
        since = clock.now() - rules.COUNTED
        if by_link.begun_since(order.subject, since) >= settings.MARKET["invitation_payments"]:
            raise TooManyTries()
        return finance.start_by_link(order.subject, way, channel)


def note_opened(token: str) -> None:
    """Somebody opened a link for the first time; later times change nothing."""
    with transaction.atomic():
        rows = OrderInvitation.objects.filter(link_digest=links.digest_of(token), opened_at=None)
        row = rows.first()
        if row is not None and rows.update(opened_at=clock.now()):
            emit(facts.InvitationOpened(**of_invitation(row)))


def check_tries(caller: str) -> None:
    """`TooManyTries` for a place from which too many wrong links were tried of late."""
    recent = InvitationMiss.objects.filter(
        origin=links.origin_of(caller), at__gt=clock.now() - rules.COUNTED
    )
    if recent.count() >= settings.MARKET["invitation_misses"]:
        raise TooManyTries()


def note_miss(caller: str) -> None:
    """A link that shows nothing was tried; what is too old to count is dropped with it."""
    moment = clock.now()
    InvitationMiss.objects.filter(at__lte=moment - rules.COUNTED).delete()
    InvitationMiss.objects.create(origin=links.origin_of(caller), at=moment)


def _answers(row: OrderInvitation, moment: datetime) -> bool:
    return rules.answers(row.state, row.valid_until, moment)


def _check(actor: Actor | None, row: OrderInvitation, said: Confirmation) -> None:
    if not _answers(row, clock.now()):
        raise NotFound()
    if row.state != InvitationState.OPEN:
        raise TakenAlready()
    if actor is not None:
        if actor.company_id is None:
            raise Forbidden()
        if actor.company_id == row.seller_id:
            raise OwnInvitation()
    if row.revision != said.revision:
        raise InvitationChanged(field="revision", total=Money(row.total_fen))


def _agreed_way(actor: Actor | None, row: OrderInvitation, way: str) -> str:
    """The method to be agreed on with the order, if that was chosen."""
    known = by_link.all_ways()
    if way and (way not in known or (row.ways and way not in row.ways)):
        raise WayUnknown(field="way", way=known.get(way, way[:40]))
    if way not in by_link.agreed_ways():
        return ""
    if actor is None:
        raise WayNeedsMember(field="way", way=known[way])
    return way


def _delivery(actor: Actor | None, row: OrderInvitation, said: Confirmation) -> Delivery:
    if row.has_address:
        return opening.kept_delivery(row)
    if actor is not None and actor.company_id is not None and said.address_id is not None:
        return delivery_to(actor.company_id, said.address_id)
    if said.to is None:
        raise AddressGone(field="address_id")
    return opening.delivery_of(**parties.checked_address(said.to))


def _buyer(
    actor: Actor | None, row: OrderInvitation, said: Confirmation, delivery: Delivery
) -> int:
    if actor is not None:
        return of_orders.require_buying(actor)
    city = row.city if row.has_address else (said.to.city if said.to else "")
    return parties.guest_of(row.seller_id, delivery.mobile, delivery.region, city)


def _name(row: OrderInvitation, new: NewOrder) -> Order:
    """The order as it was written, counted in the file of the customer it was made for."""
    order = Order.objects.get(number=new.number)
    customer = _customer(row, order)
    if customer is not None:
        order.customer = customer
        order.save(update_fields=["customer"])
    return order


def _customer(row: OrderInvitation, order: Order) -> Relationship | None:
    """The customer the link was made for, as whom a guest is taken; a member only if it is the one,
    or the seller knew it by name only."""
    customer = row.customer
    if customer is not None and customer.merged_into is not None:
        customer = customer.merged_into
    if customer is None or order.placed_by_id is None:
        return customer
    return customer if customer.buyer_id in (None, order.buyer_id) else None


def _take(actor: Actor | None, row: OrderInvitation, order: Order, code: str) -> None:
    row.state = str(INVITATION.check(row.state, "confirm").target)
    row.order, row.changed_at = order, clock.now()
    row.claim_digest = links.digest_of(links.normal_code(code)) if code else None
    row.save(update_fields=["state", "order", "changed_at", "claim_digest"])
    clear_deadlines(row)
    audit.record(
        actor or SYSTEM,
        "invitation.confirm",
        row.subject,
        order=order.number,
        revision=row.revision,
        total_fen=row.total_fen,
    )
    emit(facts.InvitationConfirmed(**of_invitation(row), order=order.number, guest=actor is None))
