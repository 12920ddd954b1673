"""The purchase list: a member's own, by seller, honest about what changed since."""

from __future__ import annotations

import pytest

from pifa.catalog.models import Offer, PriceBreak
from pifa.kernel.errors import NotFound
from pifa.trade import commands, queries
from pifa.trade.errors import InvalidQuantity, ListFull, NotForSale
from pifa.trade.models import PurchaseLine
from pifa.trade.rules import MAX_LINES
from tests.catalog import market as goods
from tests.trade.market import Trading, yuan


def test_a_sku_put_on_twice_gets_more(trading: Trading) -> None:
    first, second = trading.skus
    assert commands.put_on_list(trading.buying, [(first, 100)]) == 1
    assert commands.put_on_list(trading.buying, [(second, 5), (first, 50)]) == 2
    view = queries.purchase_list(trading.buying, region="33")
    (seller,) = view.sellers
    assert [(line.sku_id, line.quantity) for line in seller.lines] == [(first, 150), (second, 5)]
    assert view.total == yuan("54.25")
    assert queries.list_count(trading.buying) == 2


def test_a_line_says_when_its_price_changed(trading: Trading) -> None:
    commands.put_on_list(trading.buying, [(trading.skus[0], 100)])
    PriceBreak.objects.filter(min_quantity=1).update(price_e4=4000)
    ((line,),) = [seller.lines for seller in queries.purchase_list(trading.buying).sellers]
    assert line.price_changed
    assert (str(line.price_seen), str(line.price)) == ("¥0.35", "¥0.40")


def test_each_member_has_a_list_of_its_own(trading: Trading) -> None:
    commands.put_on_list(trading.buying, [(trading.skus[0], 100)])
    line = PurchaseLine.objects.get()
    colleague = goods.actor(trading.buyer)
    assert queries.purchase_list(colleague).sellers == ()
    with pytest.raises(NotFound):
        commands.change_list_line(colleague, line.pk, 5)
    assert commands.remove_from_list(colleague, [line.pk]) == 0
    commands.change_list_line(trading.buying, line.pk, 7)
    assert PurchaseLine.objects.get().quantity == 7
    assert commands.remove_from_list(trading.buying, [line.pk]) == 1


@pytest.mark.parametrize("quantity", [0, -3, 10**12])
def test_a_list_takes_no_absurd_quantity(trading: Trading, quantity: int) -> None:
    with pytest.raises(InvalidQuantity):
        commands.put_on_list(trading.buying, [(trading.skus[0], quantity)])
    commands.put_on_list(trading.buying, [(trading.skus[0], 1)])
    with pytest.raises(InvalidQuantity):
        commands.change_list_line(trading.buying, PurchaseLine.objects.get().pk, quantity)
    assert PurchaseLine.objects.get().quantity == 1


def test_a_full_list_takes_no_more(trading: Trading) -> None:
    many = goods.offer(trading.seller, stock=[10] * MAX_LINES)
    commands.put_on_list(trading.buying, [(sku_id, 1) for sku_id in goods.sku_ids(many)])
    with pytest.raises(ListFull):
        commands.put_on_list(trading.buying, [(trading.skus[0], 1)])
    assert PurchaseLine.objects.count() == MAX_LINES


def test_goods_that_disappeared_are_named_and_not_counted(trading: Trading) -> None:
    commands.put_on_list(trading.buying, [(trading.skus[0], 100)])
    line_id = PurchaseLine.objects.get().pk
    Offer.objects.update(visibility="private")
    view = queries.purchase_list(trading.buying, region="33")
    assert (view.sellers, view.missing) == ((), ((trading.skus[0], line_id),))
    assert not view.can_be_ordered
    with pytest.raises(NotForSale):
        commands.put_on_list(trading.buying, [(trading.skus[0], 1)])
