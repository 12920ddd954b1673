"""Checkout: split by seller, priced as shown, stock reserved, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db.models import QuerySet

from pifa.catalog.errors import (
    AboveStock,
    AmountTooLarge,
    BelowMoq,
    NotDelivered,
    NotMultiple,
    OfferOffline,
    SkuInactive,
)
from pifa.catalog.models import FreightTemplate, FreightZone, Offer, PriceBreak, Sku
from pifa.finance.models import Payable, PayableStage
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, IdempotencyConflict, InvalidInput
from pifa.kernel.models import Deadline, IdempotencyKey, OutboxEvent
from pifa.kernel.money import Money, UnitPrice
from pifa.trade import commands, queries
from pifa.trade.commands import order_rows
from pifa.trade.errors import (
    AddressGone,
    InvalidQuantity,
    NotForSale,
    NothingToOrder,
    OwnGoods,
    PriceChanged,
    TextTooLong,
    TooManySellers,
)
from pifa.trade.models import Order, OrderLine, PurchaseLine
from pifa.trade.rules import MAX_LINES, PlannedLine, PlannedOrder
from tests.catalog import market as goods
from tests.trade import market, plain_orders
from tests.trade.market import Trading, yuan


def nothing_was_written(trading: Trading) -> bool:
    tables = (Order, OrderLine, Payable, Deadline, IdempotencyKey, OutboxEvent)
    return trading.stock() == (10_000, 0) and not any(table.objects.exists() for table in tables)


SPECIAL = {
    "kind": "special",
    "title": "顺达建材行",
    "tax_no": "91330000MA27XF6Q0D",
    "address": "杭州市试验路 1 号",
    "phone": "0571-88000000",
    "bank": "试验银行杭州支行",
    "account": "6222000000000000",
}
"""What a special invoice needs."""


def test_one_order_a_seller_with_its_own_freight_and_message(trading: Trading) -> None:
    other = goods.seller("恒达轴承厂")
    template = FreightTemplate.objects.create(seller=other, name="按件", basis="pieces")
    FreightZone.objects.create(
        template=template, regions=["33"], first_units=10, first_fen=800, step_units=5, step_fen=100
    )
    bearing = goods.offer(other, breaks=((1, "12.5"),), freight_template=template, scene="custom")
    (bearing_sku,) = goods.sku_ids(bearing)
    lines = [(trading.skus[0], 600), (bearing_sku, 21), (trading.skus[1], 400)]
    request = trading.request(
        lines,
        messages={other.pk: "请开箱检查"},
        invoice=SPECIAL | {"tax_no": " 91330000 MA27XF6Q0D "},
    )
    numbers = commands.place_orders(trading.buying, request)
    first, second = (Order.objects.get(number=number) for number in numbers)
    # 600 + 400 pieces of one offer reach its break at 1,000 together: ¥0.31 each.
    assert (first.seller, first.goods_fen, first.freight_fen) == (trading.seller, 31_000, 0)
    assert [line.amount_fen for line in first.lines.order_by("position")] == [18_600, 12_400]
    # 21 pieces: ¥8.00 for the first ten, ¥1.00 for each five begun after.
    assert (second.goods_fen, second.freight_fen, second.total_fen) == (26_250, 1100, 27_350)
    assert (first.message, second.message) == ("", "请开箱检查")
    assert (first.scene, second.scene) == ("stock", "custom")
    assert second.invoice == SPECIAL
    assert request.shown_total == yuan("583.50")
    assert Payable.objects.count() == PayableStage.objects.count() == 2
    assert first.placed_by_id == trading.buying.member_id
    due = Deadline.objects.filter(kind="order.expire").values_list("due_at", flat=True)
    assert {(at - clock.now()).total_seconds() for at in due} == {72 * 3600}


def test_lines_keep_the_words_and_prices_of_their_day(trading: Trading) -> None:
    order = trading.place(100)
    Offer.objects.update(title="换了标题", unit="箱")
    PriceBreak.objects.update(price_e4=99_999)
    line = order.lines.get()
    assert (line.unit, line.spec_text, line.price_e4) == ("件", "M8×30", 3500)
    assert line.title == trading.offer.title


def test_a_changed_price_is_refused_with_both_totals(trading: Trading) -> None:
    request = trading.request([(trading.skus[0], 100)])
    PriceBreak.objects.filter(min_quantity=1).update(price_e4=UnitPrice.yuan("0.36").e4)
    with pytest.raises(PriceChanged) as refused:
        commands.place_orders(trading.buying, request)
    assert refused.value.figures == {"shown": yuan("35.00"), "total": yuan("36.00")}
    assert nothing_was_written(trading)


@pytest.mark.parametrize("quantity", [0, -1, 10**12, 100_000_001, True, "5", 2.5])
def test_a_quantity_that_cannot_be_meant(trading: Trading, quantity: int) -> None:
    request = trading.request([(trading.skus[0], quantity)], shown_total=yuan("1.00"))
    with pytest.raises(InvalidQuantity):
        commands.place_orders(trading.buying, request)
    assert nothing_was_written(trading)


def test_rows_of_one_sku_cannot_hide_a_negative_one(trading: Trading) -> None:
    sku = trading.skus[0]
    request = trading.request([(sku, 10), (sku, -5)], shown_total=yuan("1.75"))
    with pytest.raises(InvalidQuantity):
        commands.place_orders(trading.buying, request)


def test_two_rows_of_one_sku_are_one_line(trading: Trading) -> None:
    sku = trading.skus[0]
    (number,) = commands.place_orders(trading.buying, trading.request([(sku, 10), (sku, 5)]))
    assert [line.quantity for line in trading.order(number).lines.all()] == [15]


@pytest.mark.parametrize("count", [0, MAX_LINES + 1])
def test_a_checkout_has_one_to_two_hundred_lines(trading: Trading, count: int) -> None:
    request = trading.request([(trading.skus[0], 1)] * count, shown_total=yuan("1.00"))
    with pytest.raises(NothingToOrder):
        commands.place_orders(trading.buying, request)


@pytest.mark.django_db
def test_quantities_below_moq_off_multiple_and_above_stock() -> None:
    trading = market.trading(moq=50, multiple=10)
    total = yuan("1.00")
    for quantity, problem in ((49, BelowMoq), (55, NotMultiple), (10_010, AboveStock)):
        request = trading.request([(trading.skus[0], quantity)], shown_total=total)
        with pytest.raises(problem):
            commands.place_orders(trading.buying, request)
        view = queries.preview_checkout(trading.buying, lines=request.lines, region="33")
        assert [type(found) for found in view.problems] == [problem]
        assert not view.can_be_ordered
    assert nothing_was_written(trading)


@pytest.mark.django_db
def test_an_amount_beyond_what_can_be_paid() -> None:
    trading = market.trading(stock=(10**8,), breaks=((1, "10000000"),))
    request = trading.request([(trading.skus[0], 10**8)], shown_total=yuan("1.00"))
    with pytest.raises(AmountTooLarge):
        commands.place_orders(trading.buying, request)


def test_goods_that_are_no_longer_for_sale(trading: Trading) -> None:
    request = trading.request([(trading.skus[0], 10)])
    Sku.objects.filter(pk=trading.skus[0]).update(active=False)
    with pytest.raises(SkuInactive):
        commands.place_orders(trading.buying, request)
    Offer.objects.update(state="offline")
    with pytest.raises(OfferOffline):
        commands.place_orders(trading.buying, request)
    Offer.objects.update(state="draft")
    with pytest.raises(NotForSale):
        commands.place_orders(trading.buying, request)
    with pytest.raises(NotForSale):
        commands.place_orders(trading.buying, replace(request, lines=[(10**9, 1)]))
    assert nothing_was_written(trading)


def test_private_goods_are_for_related_buyers(trading: Trading) -> None:
    Offer.objects.update(visibility="private")
    lines = [(trading.skus[0], 100)]
    with pytest.raises(NotForSale):
        commands.place_orders(trading.buying, trading.request(lines, shown_total=yuan("35.00")))
    goods.relate(trading.seller, trading.buyer)
    assert trading.place(100).channel == "private"


def test_a_company_does_not_buy_from_itself(trading: Trading) -> None:
    home = market.address(trading.seller)
    request = replace(trading.request([(trading.skus[0], 10)]), address_id=home.pk)
    with pytest.raises(OwnGoods):
        commands.place_orders(trading.selling, request)
    assert queries.preview_checkout(trading.selling, lines=request.lines).problems


def test_where_the_goods_go(trading: Trading) -> None:
    request = trading.request([(trading.skus[0], 10)])
    foreign = market.address(goods.company())
    with pytest.raises(AddressGone):
        commands.place_orders(trading.buying, replace(request, address_id=foreign.pk))
    template = FreightTemplate.objects.create(seller=trading.seller, name="省外", basis="weight")
    FreightZone.objects.create(
        template=template, regions=["31"], first_units=1, first_fen=1, step_units=1, step_fen=1
    )
    Offer.objects.update(freight_template=template)
    with pytest.raises(NotDelivered):
        commands.place_orders(trading.buying, request)
    view = queries.preview_checkout(trading.buying, lines=request.lines, region="33")
    assert [problem.code for problem in view.problems] == ["catalog.not_delivered"]
    assert nothing_was_written(trading)


def test_words_have_a_length_and_invoices_known_fields(trading: Trading) -> None:
    lines = [(trading.skus[0], 10)]
    long = trading.request(lines, messages={trading.seller.pk: "长" * 501})
    with pytest.raises(TextTooLong):
        commands.place_orders(trading.buying, long)
    for invoice in ({"colour": "红"}, {"title": "长" * 121}):
        with pytest.raises(InvalidInput):
            commands.place_orders(trading.buying, trading.request(lines, invoice=invoice))
    assert nothing_was_written(trading)
    order = trading.place(10, messages={trading.seller.pk: "零\x00字节"})
    assert order.message == "零字节"


def test_only_purchasers_order(trading: Trading) -> None:
    request = trading.request([(trading.skus[0], 10)])
    for actor in (goods.actor(trading.buyer, Role.CLERK), trading.operator):
        with pytest.raises(Forbidden):
            commands.place_orders(actor, request)
    (number,) = commands.place_orders(goods.actor(trading.buyer, Role.PURCHASER), request)
    assert trading.order(number).buyer == trading.buyer


def test_the_same_key_and_request_give_the_same_orders(trading: Trading) -> None:
    request = trading.request([(trading.skus[0], 9_990)], idempotency_key="k1")
    first = commands.place_orders(trading.buying, request)
    # What is left no longer covers the request; a repeat must not stumble over that.
    assert commands.place_orders(trading.buying, request) == first
    assert trading.stock() == (10_000, 9_990)
    assert Order.objects.count() == 1
    with pytest.raises(IdempotencyConflict):
        commands.place_orders(
            trading.buying, replace(request, lines=[(trading.skus[0], 5)], shown_total=yuan("1.75"))
        )
    with pytest.raises(IdempotencyConflict):
        commands.place_orders(trading.buying, replace(request, from_list=True))
    other = goods.actor(trading.buyer)
    (number,) = commands.place_orders(
        other,
        trading.request([(trading.skus[1], 5)], idempotency_key="k1"),
    )
    assert number not in first


def test_more_than_twenty_sellers_are_too_many(trading: Trading) -> None:
    lines = []
    for _ in range(21):
        offer = goods.offer(goods.seller())
        lines.append((goods.sku_ids(offer)[0], 10))
    with pytest.raises(TooManySellers):
        commands.place_orders(trading.buying, trading.request(lines))


def test_ordered_lines_leave_the_purchase_list(trading: Trading) -> None:
    first, second = trading.skus
    commands.put_on_list(trading.buying, [(first, 100), (second, 50)])
    trading.place(100, from_list=True)
    assert list(PurchaseLine.objects.values_list("sku", flat=True)) == [second]
    commands.place_orders(trading.buying, trading.request([(second, 50)]))
    assert PurchaseLine.objects.count() == 1


def test_set_based_rows_equal_the_plain_ones(trading: Trading) -> None:
    lines = tuple(
        PlannedLine(
            sku_id=sku_id,
            offer_id=trading.offer.pk,
            seller_id=trading.seller.pk,
            code="C\"'{}",
            title="引号“\"'\\",
            title_en="“\"'\\ bolt",
            spec_text="",
            unit="件",
            quantity=7 + sku_id,
            price=UnitPrice(35),
            amount=Money(3),
        )
        for sku_id in trading.skus
    )
    plan = PlannedOrder(trading.seller.pk, lines, Money(800), "public", "stock")
    delivery = order_rows.Delivery("王", "33", "浙江 杭州", "310000", "", "13812345678")
    shared = {
        "buyer_id": trading.buyer.pk,
        "member_id": trading.buying.member_id,
        "delivery": delivery,
        "invoice": {"title": "顺达"},
        "moment": clock.now(),
    }
    written = []
    for number, write in (
        ("1", order_rows.insert_orders),
        ("2", plain_orders.insert_orders),
    ):
        write([order_rows.NewOrder(number, plan, "留言")], **shared)  # type: ignore[arg-type]
        order = Order.objects.get(number=number)
        tables: list[QuerySet[Any]] = [
            Order.objects.filter(pk=order.pk),
            OrderLine.objects.filter(order=order).order_by("position"),
        ]
        written.append([same_columns(row) for table in tables for row in table.values()])
    assert written[0] == written[1]
    assert len(written[0]) == 3


def same_columns(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what two orders never share."""
    return {name: row[name] for name in row if name not in ("id", "number", "order_id")}
