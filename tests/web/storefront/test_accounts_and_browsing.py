"""Coming in, and finding goods: what is shown to whom, and what odd addresses answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from pifa.catalog.models import Offer
from pifa.parties.models import Company, Member
from pifa.relationships.models import Relationship
from tests.build import buying
from tests.build.buying import PASSWORD, Market
from tests.catalog import market as goods

NEWCOMER = {
    "company_name": "远山贸易行",
    "login": "远山贸易",
    "region": "44",
    "city": "广州",
    "person_name": "陈远",
    "mobile": "13900139000",
    "email": "chen@example.com",
    "username": "chenyuan",
    "password": "mountain-far-7",
}


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_company_signs_up_and_is_in(client: Client, market: Market) -> None:
    response = client.post("/join/", NEWCOMER, follow=True)
    assert response.redirect_chain[-1][0] == "/welcome/"
    assert "欢迎，远山贸易行" in text(response)
    assert client.get("/buyer/").status_code == 200


@pytest.mark.parametrize(
    ("field", "typed"),
    [("mobile", "12"), ("password", "1"), ("email", "nobody"), ("login", "a b"), ("region", "99")],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(
    client: Client, db: None, field: str, typed: str
) -> None:
    response = client.post("/join/", NEWCOMER | {field: typed})
    assert "field-error" in text(response)
    assert 'value="远山贸易行"' in text(response)
    assert not Company.objects.filter(login="远山贸易").exists()


def test_signing_in_leads_where_one_was_going(client: Client, market: Market) -> None:
    username = market.user.username
    wrong = client.post("/login/?next=/list/", {"username": username, "password": "no"})
    assert "用户名或密码不对" in text(wrong)
    data = {"username": username, "password": PASSWORD, "next": "/list/"}
    assert client.post("/login/", data)["Location"] == "/list/"
    client.logout()
    data["next"] = "https://evil.example/"
    assert client.post("/login/", data)["Location"] == "/"
    assert Member.objects.get(user__username=username).last_seen_at is not None


def test_acting_for_another_company_of_ones_own_only(buyer: Client, market: Market) -> None:
    second = buying.company("第二家企业")
    Member.objects.filter(pk=second.member_id or 0).update(user=market.user)
    buyer.post("/company/", {"company": second.company_id, "next": "/buyer/"})
    assert "第二家企业" in text(buyer.get("/buyer/"))
    assert "切换到这家企业" in text(buyer.get("/buyer/company/"))
    buyer.post("/company/", {"company": market.seller.company_id, "next": "/buyer/"})
    assert "第二家企业" in text(buyer.get("/buyer/"))
    away = buyer.post("/company/", {"company": second.company_id, "next": "//evil.example"})
    assert away["Location"] == "/"


def test_private_goods_are_shown_to_related_buyers_only(
    buyer: Client, client: Client, market: Market
) -> None:
    Offer.objects.filter(pk=market.bags.pk).update(visibility="private")
    shop = f"/shop/shop-{market.seller.company_id}/"
    for stranger in (buyer, client):
        for path in ("/", "/search/?q=快递袋", shop):
            assert "加厚快递袋" not in text(stranger.get(path))
        assert stranger.get(f"/offer/{market.bags.pk}/").status_code == 404
        assert stranger.post(f"/offer/{market.bags.pk}/total/", {}).status_code == 404
    of = buying.company_of(market.seller)
    goods.relate(of, buying.company_of(market.buyer))
    assert Relationship.objects.count() == 1
    assert "加厚快递袋" in text(buyer.get(shop))
    assert buyer.get(f"/offer/{market.bags.pk}/").status_code == 200
    assert "加厚快递袋" not in text(client.get(shop))


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-1", "?page=999999", "?page=abc", "?sort=nonsense", "?q=%00%25_"]
)
def test_odd_addresses_still_answer(client: Client, market: Market, query: str) -> None:
    assert client.get(f"/search/{query}").status_code == 200


def test_cheapest_first_is_cheapest_first(client: Client, market: Market) -> None:
    seller = goods.seller()
    for title, price in (("试价甲", "0.3"), ("试价乙", "0.1"), ("试价丙", "0.2")):
        goods.offer(seller, title=title, breaks=[(1, price)])
    page = text(client.get("/search/?q=试价&sort=price_up"))
    assert page.index("试价乙") < page.index("试价丙") < page.index("试价甲")


def test_what_is_not_there_is_a_404_page(client: Client, market: Market) -> None:
    for path in ("/offer/999999/", "/shop/nobody/", "/c/nothing/", "/sandbox/pay/nothing/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "没有找到" in text(response)
