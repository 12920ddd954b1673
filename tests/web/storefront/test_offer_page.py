"""The offer's page: what it shows, what it answers to quantities, where it leads."""

from __future__ import annotations

import pytest
from django.test import Client

from pifa.trade.models import PurchaseLine
from tests.build.buying import Market
from tests.catalog.market import sku_ids


def url(market: Market) -> str:
    return f"/offer/{market.bolts.pk}/"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_a_visitor_sees_goods_breaks_moq_and_seller(client: Client, market: Market) -> None:
    page = text(client.get(url(market)))
    for words in (
        "304 不锈钢外六角螺栓",
        "¥0.35",
        "¥0.285",
        "起批量 100件",
        "海棠五金厂",
        "GB/T 5783",
    ):
        assert words in page


def test_quantities_move_the_break_and_the_total(client: Client, market: Market) -> None:
    first, second, _ = sku_ids(market.bolts)
    data = {f"sku_{first}": "600", f"sku_{second}": "400", "region": "33"}
    page = text(client.post(f"{url(market)}total/", data))
    # 1,000 pieces of both SKUs together reach the second break: ¥0.31; 12 kg cost 6 + 11 × 2.
    assert "¥310.00" in page
    assert "¥28.00" in page
    assert "¥338.00" in page
    assert "再加 9,000件" in page


def test_the_region_chosen_is_remembered_and_may_not_be_served(
    client: Client, market: Market
) -> None:
    first, *_ = sku_ids(market.bolts)
    data = {f"sku_{first}": "1000", "region": "44"}
    assert "¥42.00" in text(client.post(f"{url(market)}total/", data))
    assert '<option value="44" selected>' in text(client.get(url(market)))
    refused = text(client.post(f"{url(market)}total/", data | {"region": "65"}))
    assert "不支持配送到新疆" in refused


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("-5", "请填写 1 到"),
        ("1000000000000", "请填写 1 到"),
        ("abc", "您填写的是 abc"),
        ("1.5", "您填写的是 1.5"),
        ("99", "起批量为 100件"),
        ("300000", "可售 280000件"),
    ],
)
def test_a_quantity_that_cannot_be_is_answered_and_kept(
    buyer: Client, market: Market, typed: str, answer: str
) -> None:
    first, *_ = sku_ids(market.bolts)
    response = buyer.post(url(market), {f"sku_{first}": typed, "act": "order"})
    assert response.status_code == 422
    assert answer in text(response)
    assert f'value="{typed}"' in text(response)
    assert not PurchaseLine.objects.exists()


@pytest.mark.parametrize("typed", ["", "0"])
def test_nothing_chosen_is_said(buyer: Client, market: Market, typed: str) -> None:
    first, *_ = sku_ids(market.bolts)
    for act in ("order", "list"):
        response = buyer.post(url(market), {f"sku_{first}": typed, "act": act})
        assert "请先在下面填写要订购的数量" in text(response)


def test_a_list_may_be_filled_up_below_the_moq(buyer: Client, market: Market) -> None:
    first, *_ = sku_ids(market.bolts)
    response = buyer.post(url(market), {f"sku_{first}": "30", "act": "list"}, follow=True)
    assert "进货单现在有 1 行" in text(response)
    assert PurchaseLine.objects.get().quantity == 30


def test_a_visitor_keeps_its_quantities_over_signing_in(client: Client, market: Market) -> None:
    first, *_ = sku_ids(market.bolts)
    response = client.post(url(market), {f"sku_{first}": "120", "act": "order"})
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=")
    assert f"sku_{first}%253D120" in response["Location"] or "sku_" in response["Location"]
    page = text(client.get(f"{url(market)}?sku_{first}=120"))
    assert 'value="120"' in page


def test_asking_the_seller_opens_a_thread(buyer: Client, market: Market) -> None:
    response = buyer.post(f"{url(market)}ask/", {"body": "能开专票吗？"}, follow=True)
    assert response.redirect_chain[0][0].startswith("/buyer/messages/")
    assert "能开专票吗？" in text(response)


def test_the_page_costs_a_bounded_number_of_statements(
    buyer: Client, market: Market, django_assert_max_num_queries: object
) -> None:
    buyer.get(url(market))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        buyer.get(url(market))
