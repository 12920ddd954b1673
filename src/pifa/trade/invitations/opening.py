"""A confirmed invitation becomes the beginning of an order, with exactly what it says.

The price function has no say here: it proposed the prices, the seller set them.
"""

from __future__ import annotations

from collections.abc import Sequence

from pifa.catalog.models import Offer
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.regions import REGIONS
from pifa.trade.commands.order_rows import Delivery, NewOrder
from pifa.trade.errors import NotForSale
from pifa.trade.invitations import rules
from pifa.trade.models import InvitationLine, OrderChannel, OrderInvitation
from pifa.trade.quotes.terms import QuoteTerms
from pifa.trade.rules import PlannedLine, PlannedOrder


def new_order(row: OrderInvitation, lines: Sequence[InvitationLine], message: str) -> NewOrder:
    """The order that an invitation becomes; `NotForSale` for goods that the market took down.

    Goods that its seller took offline may be sold so: it filled the order in itself.
    """
    terms = QuoteTerms.from_json(row.terms)
    offers = [line.offer for line in lines if line.offer is not None]
    for offer in offers:
        if offer.state == Offer.State.TAKEN_DOWN:
            raise NotForSale(title=offer.title, offer_id=offer.pk)
    any_typed = any(line.sku_id is None for line in lines)
    return NewOrder(
        number=public_number(),
        plan=PlannedOrder(
            seller_id=row.seller_id,
            lines=tuple(_planned(row.seller_id, line) for line in lines),
            freight=Money(row.freight_fen),
            channel=OrderChannel.INVITATION.value,
            scene=rules.scene_of(
                (offer.scene for offer in offers), any_typed, terms, row.lead_days
            ),
            staged=terms.plan,
        ),
        message=message,
        lead_days=row.lead_days,
        detail={"invitation": row.number},
        ways=tuple(row.ways),
    )


def kept_delivery(row: OrderInvitation) -> Delivery:
    """The address that the seller filled in."""
    return delivery_of(row.consignee, row.region, row.city, row.detail, "", "", row.mobile)


def delivery_of(
    consignee: str, region: str, city: str, detail: str, post_code: str, phone: str, mobile: str
) -> Delivery:
    """An address as an order keeps it."""
    parts = (REGIONS.get(region, ""), city, detail)
    return Delivery(
        consignee=consignee,
        region=region,
        address=" ".join(part for part in parts if part),
        post_code=post_code,
        phone=phone,
        mobile=mobile,
    )


def _planned(seller_id: int, line: InvitationLine) -> PlannedLine:
    return PlannedLine(
        sku_id=line.sku_id,
        offer_id=line.offer_id,
        seller_id=seller_id,
        code=line.code,
        title=line.title,
        spec_text=line.spec_text,
        unit=line.unit,
        quantity=line.quantity,
        price=UnitPrice(line.price_e4),
        amount=Money(line.amount_fen),
        title_en=line.title_en,
    )
