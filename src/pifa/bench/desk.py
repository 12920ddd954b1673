"""The benchmark of the order desk: a seller with a long history opens its pages.

Pages are asked for as a browser's request is answered, with sign-in, middleware and templates;
only the socket is left out. Each is asked for several times, the first of which warms up. `cpu_ms` is what this
process worked for it (SQLite's work is its own, PostgreSQL's is not); `load` is how many wanted
each core meanwhile, by which the times on the wall are to be read.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pifa.bench import database
from pifa.catalog.models import Category, Shop
from pifa.finance.models import Payable, PayableStage, Payment
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.parties.models import Company, Member, User
from pifa.trade.models import Order, OrderLine, OrderStatus, Shipment
from pifa.trade.models import OrderChannel as Channel

TIMES, AT_ONCE = 7, 2_000
BUYERS = 50
PRICE_FEN = 35_00
HOST = "127.0.0.1"
NEXT = re.compile(r'href="([^"]*cursor=[^"]*)" rel="next"')

PAGES = {
    "first page": "",
    "first page of 100": "?size=100",
    "awaiting receipt": "?tab=awaiting_receipt",
    "awaiting shipment": "?tab=awaiting_shipment",
    "completed": "?tab=completed",
    "by order number": "?q=26",
    "by buyer": "?buyer=bench-buyer-7",
    "by method": "?method=gateway",
    "by a rare method": "?method=balance",
    "by channel": "?channel=private",
    "by day": "?tab=all&until={day}",
}
"""What a clerk opens, by what it is called in the figures."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A seller, and whoever opens its desk."""

    seller: Company
    clerk: User
    buyers: list[Company]


def run(*, history: int, awaiting: int) -> dict[str, Any]:
    """All figures, on the database of this process, which was empty before."""
    begun = time.perf_counter()
    desk = _people()
    _orders(desk, history, OrderStatus.COMPLETED)
    _orders(desk, awaiting, OrderStatus.AWAITING_RECEIPT)
    _orders(desk, 40, OrderStatus.AWAITING_SHIPMENT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    built = time.perf_counter() - begun
    client = Client(HTTP_HOST=HOST)
    client.force_login(desk.clerk)
    day = clock.today() - timedelta(days=200)
    pages = {
        name: _measure(client, f"/seller/orders/{query.format(day=day)}")
        for name, query in PAGES.items()
    }
    pages["ship page of 40"] = _measure(client, "/seller/orders/ship/")
    pages["a page of history"] = _measure(client, _deep(client))
    return {
        "database": database.describe(),
        "history": history,
        "awaiting_receipt": awaiting,
        "built_seconds": round(built, 1),
        "load": round(os.getloadavg()[0] / (os.cpu_count() or 1), 1),
        "pages": pages,
    }


def _measure(client: Client, address: str) -> dict[str, float | int]:
    spent, worked = [], []
    for _time in range(TIMES + 1):
        begun, at_work = time.perf_counter(), time.process_time()
        answer = client.get(address)
        spent.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - at_work) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return {
        "median_ms": round(statistics.median(spent[1:]), 1),
        "worst_ms": round(max(spent[1:]), 1),
        "cpu_ms": round(statistics.median(worked[1:]), 1),
        "statements": len(captured),
    }


def _deep(client: Client) -> str:
    """A page far back, as the links lead there."""
    desk, address = "/seller/orders/", "?size=100"
    for _page in range(5):
        found = NEXT.search(client.get(desk + address).content.decode())
        if not found:
            break
        address = unescape(found[1])
    return desk + address


def _people() -> Desk:
    moment = clock.now()
    seller = Company.objects.create(
        name="试验厂",
        login="bench-seller",
        is_seller=True,
        region="33",
        city="云汀市",
        created_at=moment,
    )
    category = Category.objects.create(
        slug="bench",
        name="试验",
        name_en="Bench",
        medal_system="non_consumer",
        department="non_consumer",
    )
    Shop.objects.create(
        company=seller, name="试验厂", slug="bench", main_category=category, opened_at=moment
    )
    clerk = User.objects.create(username="bench-clerk")
    Member.objects.create(
        company=seller, user=clerk, name="某人", roles=[Role.CLERK.value], invited_at=moment
    )
    buyers = Company.objects.bulk_create(
        Company(name=f"试验行{at}", login=f"bench-buyer-{at}", region="33", created_at=moment)
        for at in range(BUYERS)
    )
    return Desk(seller, clerk, list(buyers))


def _orders(desk: Desk, count: int, status: OrderStatus) -> None:
    """Paid orders of two lines, spread over a year for history and a day for the others."""
    begun = Order.objects.count()
    span = timedelta(days=365) if status == OrderStatus.COMPLETED else timedelta(days=1)
    for start in range(0, count, AT_ONCE):
        places = range(start, min(start + AT_ONCE, count))
        orders = Order.objects.bulk_create(
            _order(desk, status, begun + at, span * (count - at) / count) for at in places
        )
        OrderLine.objects.bulk_create(
            OrderLine(
                order=order,
                position=position,
                code=f"A-{position}",
                title="304不锈钢外六角螺栓",
                spec_text=f"M{position}",
                unit="件",
                quantity=50,
                price_e4=3_500,
                amount_fen=17_50,
            )
            for order in orders
            for position in (1, 2)
        )
        _paid(desk, orders)
        Shipment.objects.bulk_create(
            Shipment(
                order=order,
                carrier="试验快递",
                tracking_no=order.number,
                shipped_at=order.placed_at,
            )
            for order in orders
            if status != OrderStatus.AWAITING_SHIPMENT
        )


def _order(desk: Desk, status: OrderStatus, at: int, ago: timedelta) -> Order:
    moment = clock.now() - ago
    return Order(
        number=f"26{at:014d}",
        buyer=desk.buyers[at % BUYERS],
        seller=desk.seller,
        channel=Channel.PRIVATE if at % 9 == 0 else Channel.PUBLIC,
        status=status,
        goods_fen=PRICE_FEN,
        total_fen=PRICE_FEN,
        paid_fen=PRICE_FEN,
        payments=1,
        consignee="某人",
        region="33",
        address="浙江 云汀市 试验路 1 号",
        mobile="13000000000",
        placed_at=moment,
        covered_at=moment,
        paid_at=moment,
    )


def _paid(desk: Desk, orders: list[Order]) -> None:
    """Each by the gateway, one of a thousand from a balance."""
    payables = Payable.objects.bulk_create(
        Payable(
            number=f"P{order.number}",
            subject=order.subject,
            payer_id=order.buyer_id,
            payee=desk.seller,
            amount_fen=PRICE_FEN,
            settled_fen=PRICE_FEN,
            state=Payable.State.SETTLED,
            created_at=order.placed_at,
        )
        for order in orders
    )
    stages = PayableStage.objects.bulk_create(
        PayableStage(payable=payable, amount_fen=PRICE_FEN, settled_at=payable.created_at)
        for payable in payables
    )
    Payment.objects.bulk_create(
        Payment(
            number=f"Z{payable.number}",
            payable=payable,
            stage=stage,
            method="balance" if at % 1000 == 0 else "gateway",
            amount_fen=PRICE_FEN,
            state=Payment.State.SUCCEEDED,
            receipt_no=payable.number,
            started_at=payable.created_at,
            settled_at=payable.created_at,
        )
        for at, (payable, stage) in enumerate(zip(payables, stages, strict=True))
    )
