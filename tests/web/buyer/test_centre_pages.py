"""The rest of the buyer's centre: addresses, suppliers, talk, notices, statement, company, tokens."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from pifa.messages import commands as messages
from pifa.parties import queries as companies
from pifa.parties.models import Address, ApiToken, Member, Verification
from pifa.relationships import commands as relationships
from pifa.relationships.models import Relationship
from tests.build import buying
from tests.build.buying import Market
from tests.catalog.market import sku_ids

PAGES = (
    "/buyer/",
    "/buyer/standing/",
    "/buyer/orders/",
    "/buyer/addresses/",
    "/buyer/addresses/new/",
    "/buyer/adviser/",
    "/buyer/suppliers/",
    "/buyer/messages/",
    "/buyer/notices/",
    "/buyer/notices/preferences/",
    "/buyer/statement/",
    "/buyer/company/",
    "/buyer/company/verification/",
    "/buyer/company/members/",
    "/buyer/company/tokens/",
)


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_members_only(
    buyer: Client, client: Client, market: Market, path: str
) -> None:
    assert buyer.get(path).status_code == 200
    assert client.get(path)["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_english(buyer: Client, market: Market, path: str) -> None:
    page = text(buyer.get(path, headers={"Accept-Language": "en"}))
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    # Names of companies, people, cities and streets are data and stay as they are.
    for name in ("晨光商贸行", "海棠五金厂", "周晨", "王小明", "义乌", "工业园区一路 8 号", "金华"):
        main = main.replace(name, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", main)


def test_an_address_is_added_changed_made_default_and_deleted(
    buyer: Client, market: Market
) -> None:
    typed = {
        "consignee": "李四",
        "mobile": "123",
        "region": "44",
        "city": "广州",
        "detail": "天河路 1 号",
    }
    wrong = buyer.post("/buyer/addresses/new/", typed)
    assert wrong.status_code == 422
    assert "11 位手机号" in text(wrong)
    assert 'value="天河路 1 号"' in text(wrong)
    buyer.post("/buyer/addresses/new/", typed | {"mobile": "13900139000", "default": "1"})
    added = Address.objects.get(consignee="李四")
    assert added.is_default
    buyer.post(f"/buyer/addresses/{added.pk}/", typed | {"mobile": "13900139000", "city": "佛山"})
    added.refresh_from_db()
    assert added.city == "佛山"
    buyer.post("/buyer/addresses/", {"act": "delete", "address": added.pk})
    assert "李四" not in text(buyer.get("/buyer/addresses/"))


def test_a_strangers_address_does_not_exist(buyer: Client, market: Market) -> None:
    other = buying.address(buying.company("旁人"))
    assert buyer.get(f"/buyer/addresses/{other}/").status_code == 404
    response = buyer.post("/buyer/addresses/", {"act": "delete", "address": other})
    assert response.status_code == 404
    assert Address.objects.get(pk=other).deleted_at is None


def test_suppliers_ask_and_are_asked(buyer: Client, market: Market) -> None:
    buyer_id = market.buyer.company_id
    assert buyer_id
    row = relationships.request(market.seller, buyer_id, "seller")
    assert "请求与您建立供应关系" in text(buyer.get("/buyer/suppliers/"))
    buyer.post("/buyer/suppliers/", {"act": "grant", "relationship": row.pk})
    row.refresh_from_db()
    assert row.state == "granted"
    buyer.post("/buyer/suppliers/", {"act": "revoke", "relationship": row.pk})
    row.refresh_from_db()
    assert row.state == "revoked"
    nobody = buyer.post("/buyer/suppliers/", {"act": "ask", "login": "没有这家"})
    assert "没有这个会员名" in text(nobody)
    card = companies.company(market.seller.company_id or 0)
    buyer.post("/buyer/suppliers/", {"act": "ask", "login": card.login})
    row.refresh_from_db()
    assert (row.state, row.requested_by) == ("requested", "buyer")


def test_a_shops_page_lets_a_buyer_ask(buyer: Client, market: Market) -> None:
    shop = f"/shop/shop-{market.seller.company_id}/"
    assert "申请成为客户" in text(buyer.get(shop))
    buyer.post("/buyer/suppliers/", {"act": "ask", "company": market.seller.company_id})
    assert Relationship.objects.get().state == "requested"


def test_a_wrong_claim_code_is_refused(buyer: Client, market: Market) -> None:
    response = buyer.post("/buyer/suppliers/", {"act": "claim", "code": "ABCD-EFGH"})
    assert response.status_code == 422
    assert 'value="ABCD-EFGH"' in text(response)


def test_talk_with_the_seller(buyer: Client, market: Market) -> None:
    buyer_id, seller_id = market.buyer.company_id or 0, market.seller.company_id or 0
    number = buying.order(market, [(sku_ids(market.bags)[0], 500)])
    page = buyer.post(f"/buyer/messages/order/{number}/", {"body": "什么时候发货？"}, follow=True)
    assert "什么时候发货？" in text(page)
    messages.say(market.seller, buyer_id, seller_id, f"order:{number}", "", "明天一早。")
    assert "1 条未读" in text(buyer.get("/buyer/messages/"))
    thread = page.redirect_chain[0][0]
    assert "明天一早。" in text(buyer.get(thread))
    assert "1 条未读" not in text(buyer.get("/buyer/messages/"))
    empty = buyer.post(thread, {"body": "   "})
    assert empty.status_code == 200
    assert "field-error" in text(empty)
    stranger = Client()
    other = buying.user_of(buying.company("旁人"))
    stranger.force_login(other, "django.contrib.auth.backends.ModelBackend")
    assert stranger.get(thread).status_code == 404


def test_a_notice_leads_on_and_is_read(buyer: Client, market: Market) -> None:
    buyer_id = market.buyer.company_id or 0
    messages.notify(
        buyer_id,
        "verification_reviewed",
        "company:1",
        {"approved": True, "reason": ""},
        "/buyer/company/",
    )
    page = text(buyer.get("/buyer/notices/"))
    action = re.search(r'action="(/buyer/notices/\d+/)"', page)
    assert action
    assert buyer.post(action[1], {"link": "/buyer/company/"})["Location"] == "/buyer/company/"
    elsewhere = buyer.post(action[1], {"link": "//evil.example/"})
    assert elsewhere["Location"] == "/buyer/notices/"
    assert "未读</span>" not in text(buyer.get("/buyer/notices/"))


def test_preferences_are_kept(buyer: Client, market: Market) -> None:
    page = text(buyer.get("/buyer/notices/preferences/"))
    kinds = re.findall(r'name="in_app" value="(\w+)"', page)
    buyer.post("/buyer/notices/preferences/", {"in_app": kinds[1:], "email": kinds[:1]})
    page = text(buyer.get("/buyer/notices/preferences/"))
    ticked = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page)
    assert ("email", kinds[0]) in ticked
    assert ("in_app", kinds[0]) not in ticked
    assert ("in_app", kinds[1]) in ticked


def test_the_statement_has_payments_and_refuses_days_that_are_none(
    buyer: Client, market: Market
) -> None:
    number = buying.order(market, [(sku_ids(market.bags)[0], 500)])
    buying.pay(market, number)
    page = text(buyer.get("/buyer/statement/"))
    assert number in page
    assert "¥60.00" in page
    assert buyer.get("/buyer/statement/?since=soon").status_code == 422


def test_members_come_change_and_go(buyer: Client, market: Market) -> None:
    person = {
        "act": "add",
        "person_name": "小李",
        "mobile": "13700137000",
        "username": "xiaoli",
        "password": "good-enough-9",
        "roles": ["purchaser"],
    }
    weak = buyer.post("/buyer/company/members/", person | {"password": "1"})
    assert 'value="xiaoli"' in text(weak)
    assert not Member.objects.filter(user__username="xiaoli").exists()
    buyer.post("/buyer/company/members/", person)
    member = Member.objects.get(user__username="xiaoli")
    buyer.post(
        "/buyer/company/members/",
        {"act": "roles", "member": member.pk, "roles": ["clerk", "finance"]},
    )
    member.refresh_from_db()
    assert member.roles == ["clerk", "finance"]
    last = buyer.post(
        "/buyer/company/members/",
        {"act": "deactivate", "member": market.buyer.member_id},
        follow=True,
    )
    assert "主账号" in text(last)
    assert Member.objects.get(pk=market.buyer.member_id or 0).active
    buyer.post("/buyer/company/members/", {"act": "deactivate", "member": member.pk})
    member.refresh_from_db()
    assert not member.active
    mine = Client()
    mine.force_login(member.user, "django.contrib.auth.backends.ModelBackend")
    assert mine.get("/buyer/").status_code == 403


def test_a_token_is_shown_once(buyer: Client, market: Market) -> None:
    issued = buyer.post("/buyer/company/tokens/", {"act": "issue", "app_name": "仓库"}, follow=True)
    assert "只显示这一次" in text(issued)
    assert "只显示这一次" not in text(buyer.get("/buyer/company/tokens/"))
    token = ApiToken.objects.get()
    buyer.post("/buyer/company/tokens/", {"act": "revoke", "token": token.pk})
    token.refresh_from_db()
    assert token.revoked_at


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(file, "PNG")
    return file.getvalue()


def test_a_verification_with_its_picture(buyer: Client, market: Market) -> None:
    typed = {"kind": "enterprise", "legal_name": "晨光商贸行", "licence_no": "91330782MA2EXAMPL0"}
    url = "/buyer/company/verification/"
    wrong = buyer.post(url, typed | {"document": SimpleUploadedFile("a.png", b"not a picture")})
    assert not Verification.objects.exists()
    assert 'value="91330782MA2EXAMPL0"' in text(wrong)
    from pifa.parties.rules import credit_code_check_digit

    first = "91330782MA2E4XMPL"
    typed["licence_no"] = first + credit_code_check_digit(first)
    buyer.post(url, typed | {"document": SimpleUploadedFile("a.png", b"not a picture")})
    assert not Verification.objects.exists()
    buyer.post(url, typed | {"document": SimpleUploadedFile("a.png", _picture())})
    row = Verification.objects.get()
    assert "审核中" in text(buyer.get(url))
    licence = f"{url}{row.pk}/"
    assert buyer.get(licence)["Content-Type"].startswith("image/")
    stranger = Client()
    stranger.force_login(
        buying.user_of(buying.company("旁人")), "django.contrib.auth.backends.ModelBackend"
    )
    assert stranger.get(licence).status_code == 404
