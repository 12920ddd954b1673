"""What whoever has a link reads: what the invitation says, and where its order stands."""

from __future__ import annotations

from django.db.models import Q

from pifa.kernel import clock
from pifa.kernel.errors import NotFound
from pifa.kernel.money import ZERO, Money
from pifa.kernel.regions import REGIONS
from pifa.parties.rules import mask_name, mask_phone
from pifa.trade.invitations import links, rules
from pifa.trade.invitations.queries.desk import KeptPicture, picture_of
from pifa.trade.invitations.queries.views import Masked, OpenedView, said_of
from pifa.trade.invitations.states import ANSWERING
from pifa.trade.models import Order, OrderInvitation, Shipment


def opened(token: str) -> OpenedView:
    """The invitation of a link; three statements.

    `NotFound`, alike and after one statement, for a link that never was, ended, or was renewed.
    """
    row = (
        OrderInvitation.objects.filter(link_digest=links.digest_of(token))
        .select_related("order")
        .first()
    )
    if row is None or not rules.answers(row.state, row.valid_until, clock.now()):
        raise NotFound()
    order = row.order
    return OpenedView(
        said=said_of(row, list(row.lines.order_by("position"))),
        to=_masked(row, order),
        order=order.number if order else None,
        subject=order.subject if order else "",
        order_total=Money(order.total_fen) if order else ZERO,
        order_status=order.status if order else "",
        order_status_label=str(order.get_status_display()) if order else "",
        buyer_id=order.buyer_id if order else None,
        claimable=row.claim_digest is not None,
    )


def opened_picture(token: str, position: int) -> KeptPicture:
    """The picture of a typed line, for whoever has the link; `NotFound`."""
    now = clock.now()
    alive = Q(state__in=ANSWERING) & (~Q(state="open") | Q(valid_until__gt=now))
    return picture_of(Q(link_digest=links.digest_of(token)) & alive, position)


def _masked(row: OrderInvitation, order: Order | None) -> Masked | None:
    if order is not None:
        place = REGIONS.get(order.region, "")
        return Masked(mask_name(order.consignee), mask_phone(order.mobile), place)
    if not row.has_address:
        return None
    place = f"{REGIONS.get(row.region, '')} {row.city}".strip()
    return Masked(mask_name(row.consignee), mask_phone(row.mobile), place)


def parcels(order_number: str) -> list[tuple[str, str]]:
    """Carriers and tracking numbers of an order, for who confirmed it; one statement."""
    rows = Shipment.objects.filter(order__number=order_number).order_by("pk")
    return list(rows.values_list("carrier", "tracking_no"))
