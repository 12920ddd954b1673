"""The plain twin of `commands/order_rows.py`: model objects, one `save()` a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pifa.trade.commands.order_rows import Delivery, NewOrder
from pifa.trade.models import Order, OrderLine


def insert_orders(
    orders: Sequence[NewOrder],
    *,
    buyer_id: int,
    member_id: int | None,
    delivery: Delivery,
    invoice: Mapping[str, str],
    moment: datetime,
) -> None:
    for new in orders:
        order = Order(
            number=new.number,
            buyer_id=buyer_id,
            seller_id=new.plan.seller_id,
            placed_by_id=member_id,
            channel=new.plan.channel,
            scene=new.plan.scene,
            provenance="market",
            status="awaiting_payment",
            goods_fen=new.plan.goods.fen,
            freight_fen=new.plan.freight.fen,
            total_fen=new.plan.total.fen,
            consignee=delivery.consignee,
            region=delivery.region,
            address=delivery.address,
            post_code=delivery.post_code,
            phone=delivery.phone,
            mobile=delivery.mobile,
            message=new.message,
            invoice=dict(invoice),
            placed_at=moment,
        )
        order.save()
        for position, line in enumerate(new.plan.lines, start=1):
            OrderLine(
                order=order,
                position=position,
                kind="goods",
                sku_id=line.sku_id,
                offer_id=line.offer_id,
                code=line.code,
                title=line.title,
                title_en=line.title_en,
                spec_text=line.spec_text,
                unit=line.unit,
                quantity=line.quantity,
                price_e4=line.price.e4,
                amount_fen=line.amount.fen,
            ).save()
