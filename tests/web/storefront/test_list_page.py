"""The purchase list: quantities, ticks, what is wrong and the button that puts it right."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from pifa.catalog.models import Offer, Sku
from pifa.trade import commands
from pifa.trade.models import PurchaseLine
from tests.build import buying
from tests.build.buying import Market
from tests.catalog.market import sku_ids

HTMX = {"HX-Request": "true"}


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def lines(market: Market) -> tuple[int, int]:
    """Two lines of the bolts: 600 and 400, together at the second break."""
    first, second, _ = sku_ids(market.bolts)
    commands.put_on_list(market.buyer, [(first, 600), (second, 400)])
    one, two = PurchaseLine.objects.order_by("quantity").values_list("pk", flat=True)
    return two, one


def test_an_empty_list_says_what_to_do(buyer: Client, market: Market) -> None:
    assert "进货单是空的" in text(buyer.get("/list/"))


def test_a_changed_quantity_moves_the_break(buyer: Client, lines: tuple[int, int]) -> None:
    first, second = lines
    assert "¥338.00" in text(buyer.get("/list/"))
    data = {"ticks": "1", "pick": lines, f"qty_{first}": "500", f"qty_{second}": "400"}
    answer = text(buyer.post("/list/", data, headers=HTMX))
    # 900 pieces are below the second break: 0.35 each, and 10.8 kg cost ¥26.00.
    assert "¥341.00" in answer
    assert "<html" not in answer
    assert PurchaseLine.objects.get(pk=first).quantity == 500


def test_what_is_not_ticked_does_not_count(buyer: Client, lines: tuple[int, int]) -> None:
    first, second = lines
    data = {"ticks": "1", "pick": [first], f"qty_{first}": "600", f"qty_{second}": "400"}
    buyer.post("/list/", data)
    assert "¥210.00" in text(buyer.get("/list/"))
    response = buyer.post("/list/", data | {"act": "checkout"})
    assert response["Location"].count("line=") == 1
    nothing = buyer.post("/list/", {"ticks": "1", "act": "checkout"})
    assert "请先勾选要结算的货品" in text(nothing)


@pytest.mark.parametrize("typed", ["0", "-3", "abc", "1000000000000", "2.5"])
def test_what_is_no_quantity_is_kept_and_answered(
    buyer: Client, lines: tuple[int, int], typed: str
) -> None:
    first, _ = lines
    response = buyer.post("/list/", {"ticks": "1", "pick": lines, f"qty_{first}": typed})
    assert response.status_code == 422
    assert f'value="{typed}"' in text(response)
    assert "数量必须是 1 到" in text(response)
    assert PurchaseLine.objects.get(pk=first).quantity == 600


def test_below_the_moq_there_is_a_button_that_helps(buyer: Client, market: Market) -> None:
    (bag,) = sku_ids(market.bags)
    commands.put_on_list(market.buyer, [(bag, 30)])
    line = PurchaseLine.objects.get()
    assert "起批量为 100个" in text(buyer.get("/list/"))
    refused = buyer.post("/list/", {"act": "checkout"})
    assert "请先处理下面标出的问题" in text(refused)
    assert f'value="{line.pk}:100"' in text(refused)
    buyer.post("/list/", {"fix": f"{line.pk}:100"})
    assert PurchaseLine.objects.get().quantity == 100
    assert buyer.post("/list/", {"act": "checkout"}).status_code == 302


def test_above_stock_and_sold_out(buyer: Client, market: Market, lines: tuple[int, int]) -> None:
    first, second, _ = sku_ids(market.bolts)
    Sku.objects.filter(pk=first).update(stock=450)
    Sku.objects.filter(pk=second).update(stock=0)
    page = text(buyer.get("/list/"))
    assert f'name="fix" value="{lines[0]}:450"' in page
    assert f'name="remove" value="{lines[1]}"' in page


def test_goods_that_are_gone_can_be_removed(
    buyer: Client, market: Market, lines: tuple[int, int]
) -> None:
    Offer.objects.filter(pk=market.bolts.pk).update(state="offline")
    assert "已下架" in text(buyer.get("/list/"))
    Offer.objects.filter(pk=market.bolts.pk).update(state="online", visibility="private")
    page = text(buyer.get("/list/"))
    assert "有 2 行货品已下架或不再对您开放" in page
    buyer.post("/list/", {"remove": ",".join(map(str, lines))})
    assert not PurchaseLine.objects.exists()


def test_another_members_lines_are_out_of_reach(
    client: Client, market: Market, lines: tuple[int, int]
) -> None:
    other = buying.company("旁人")
    client.force_login(buying.user_of(other), "django.contrib.auth.backends.ModelBackend")
    first, _ = lines
    client.post("/list/", {"remove": str(first), f"qty_{first}": "1", "fix": f"{first}:1"})
    assert PurchaseLine.objects.get(pk=first).quantity == 600


def test_a_long_list_costs_what_a_short_one_does(
    buyer: Client, market: Market, django_assert_max_num_queries: Any
) -> None:
    from tests.catalog import market as goods

    seller = buying.company_of(market.seller)
    for _ in range(30):
        offer = goods.offer(seller, stock=(500, 500, 500))
        commands.put_on_list(market.buyer, [(sku, 100) for sku in sku_ids(offer)])
    buyer.get("/list/")
    with django_assert_max_num_queries(16):
        buyer.get("/list/")
