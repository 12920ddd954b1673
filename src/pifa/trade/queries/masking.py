"""Personal data of an order: shown to its two parties, masked for anybody else who may read it."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.parties.rules import mask_middle, mask_name, mask_phone
from pifa.trade.models import Order


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Where an order goes, as this reader may see it."""

    consignee: str
    region: str
    address: str
    post_code: str
    phone: str
    mobile: str
    masked: bool


def delivery_view(order: Order, *, plain: bool) -> DeliveryView:
    """The delivery of an order, masked unless `plain`."""
    if plain:
        return DeliveryView(
            consignee=order.consignee,
            region=order.region,
            address=order.address,
            post_code=order.post_code,
            phone=order.phone,
            mobile=order.mobile,
            masked=False,
        )
    return DeliveryView(
        consignee=mask_name(order.consignee),
        region=order.region,
        address=mask_middle(order.address, 6, 0),
        post_code=order.post_code,
        phone=mask_phone(order.phone),
        mobile=mask_phone(order.mobile),
        masked=True,
    )
