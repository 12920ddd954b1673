"""Order invitations by the pages: a seller makes them, people without an account open them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from pifa.finance.models import SandboxTrade
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.money import UnitPrice
from pifa.trade.invitations import commands, queries
from pifa.trade.invitations.rules import GoodsGiven
from pifa.trade.models import InvitationMiss, Order, OrderInvitation
from tests.catalog import market as goods
from tests.trade import market
from tests.trade.invitations.market import TYPED, confirm, given, invited, of, pay, token
from tests.trade.market import Trading
from tests.web.test_quotes import client_of, text

NEW = "/seller/invitations/new/"


@pytest.fixture
def trading(db: None) -> Trading:
    return market.trading()


@pytest.fixture
def clerk(trading: Trading) -> Client:
    return client_of(goods.actor(trading.seller, Role.CLERK))


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(file, "PNG")
    return file.getvalue()


def filled(trading: Trading, **fields: Any) -> dict[str, Any]:
    """The form as a seller sends it: a SKU and typed goods."""
    return {
        "sku-TOTAL_FORMS": "1",
        "sku-INITIAL_FORMS": "0",
        "sku-0-sku": trading.skus[0],
        "sku-0-quantity": "1,000",
        "sku-0-price": "0.2755",
        "typed-TOTAL_FORMS": "1",
        "typed-INITIAL_FORMS": "0",
        "typed-0-title": "定制挂钩",
        "typed-0-unit": "件",
        "typed-0-quantity": "20",
        "typed-0-price": "12.5",
        "freight": "12",
        "valid_until": (clock.today() + timedelta(days=7)).isoformat(),
        "way": "full",
        "ways": ["gateway"],
        "act": "preview",
    } | fields


def address(**fields: str) -> dict[str, str]:
    """What a guest types."""
    return {
        "new-consignee": "李师傅",
        "new-mobile": "13900001234",
        "new-region": "33",
        "new-city": "义乌市",
        "new-detail": "工业路 2 号",
        "revision": "1",
        "way": "gateway",
        "act": "confirm",
    } | fields


def test_six_steps_from_the_centre_to_a_paid_order(trading: Trading, clerk: Client) -> None:
    # 1 the list, 2 a new one, 3 looked at, 4 sent; 5 the customer confirms, 6 and pays.
    assert "/seller/invitations/new/" in text(clerk.get("/seller/invitations/"))
    assert clerk.get(NEW).status_code == 200
    picture = SimpleUploadedFile("hook.png", png(), "image/png")
    made = clerk.post(NEW, filled(trading, **{"typed-0-picture": picture}))
    row = OrderInvitation.objects.get()
    assert made["Location"] == f"/seller/invitations/{row.number}/"
    assert "¥537.50" in text(clerk.get(made["Location"]))
    clerk.post(f"/seller/invitations/{row.number}/act/", {"act": "send"})
    link = f"/i/{token(trading, row)}/"
    shown = text(clerk.get(made["Location"]))
    assert settings.SITE_URL + link in shown
    assert (
        clerk.get(f"/seller/invitations/{row.number}/code.svg")["Content-Type"] == "image/svg+xml"
    )
    for size in ("a6", "a5"):
        card = text(clerk.get(f"/seller/invitations/{row.number}/card/?size={size}"))
        assert f"invite-{size}" in card

    guest = Client()
    page = guest.get(link)
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    words = text(page)
    assert "¥537.50" in words
    assert "定制挂钩" in words
    assert guest.get(f"{link}2/")["Content-Type"] == "image/png"
    to_bank = guest.post(link, address())
    trade = SandboxTrade.objects.get()
    assert to_bank["Location"] == f"/sandbox/pay/{trade.trade_no}/"
    back = guest.post(to_bank["Location"], {"action": "pay", "payer": "6222-guest"})
    done = guest.get(back["Location"], follow=True)
    assert done.redirect_chain[-1][0] == link
    assert re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", text(done)), "the code to take it over by"
    assert of(row.number).state == "done"
    assert Order.objects.get().paid_fen == 53750

    second = text(Client().get(link))
    assert "已付款" in second
    assert "李**" not in second, "who comes second learns nothing of who confirmed"
    assert not re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", second)


def test_goods_are_found_added_and_priced(trading: Trading, clerk: Client) -> None:
    empty = {"sku-TOTAL_FORMS": "0", "sku-INITIAL_FORMS": "0"}
    found = text(clerk.post(NEW, filled(trading, **empty, act="find", q="螺栓")))
    assert f'value="{trading.skus[0]}"' in found
    added = text(clerk.post(NEW, filled(trading, **empty, add=str(trading.skus[0]))))
    assert f'name="sku-0-sku" value="{trading.skus[0]}"' in added
    (proposed,) = queries.proposed(trading.selling, {trading.skus[0]: 1000})
    priced = text(clerk.post(NEW, filled(trading, act="price", **{"sku-0-price": "9"})))
    shown = re.search(r'name="sku-0-price" value="([^"]+)"', priced)
    assert shown
    assert UnitPrice.yuan(shown[1]) == proposed.price
    more = text(clerk.post(NEW, filled(trading, act="more")))
    assert 'name="typed-1-title"' in more
    assert not OrderInvitation.objects.exists()
    dropped = filled(trading, **{"sku-0-drop": "on", "sku-0-quantity": ""})
    assert clerk.post(NEW, dropped).status_code == 302
    assert OrderInvitation.objects.get().lines.count() == 1


def test_what_is_wrong_is_said_and_kept(trading: Trading, clerk: Client) -> None:
    answer = clerk.post(NEW, filled(trading, **{"typed-0-price": "12.55555"}))
    assert answer.status_code == 422
    assert "最多四位小数" in text(answer)
    assert 'value="12.55555"' in text(answer)
    answer = clerk.post(NEW, filled(trading, consignee="王小明"))
    assert answer.status_code == 422
    assert "请填完整" in text(answer)


def test_a_past_order_is_repeated_in_two_taps(trading: Trading, clerk: Client) -> None:
    order = trading.received(300)
    assert f"/seller/orders/{order.number}/invite/" in text(
        clerk.get(f"/seller/orders/{order.number}/")
    )
    first = clerk.post(f"/seller/orders/{order.number}/invite/")
    row = OrderInvitation.objects.get()
    clerk.post(f"/seller/invitations/{row.number}/act/", {"act": "send"})
    assert first["Location"] == f"/seller/invitations/{row.number}/"
    assert of(row.number).state == "open"


def test_a_change_has_to_be_confirmed_again(trading: Trading, clerk: Client) -> None:
    row = invited(trading)
    link = f"/i/{token(trading, row)}/"
    picture_kept = filled(trading, freight="20", **{"typed-INITIAL_FORMS": "1"})
    clerk.post(f"/seller/invitations/{row.number}/edit/", picture_kept)
    guest = Client()
    answer = guest.post(link, address(), follow=True)
    assert "¥545.50" in text(answer)
    assert not Order.objects.exists()
    assert guest.post(link, address(revision="2")).status_code == 302
    assert Order.objects.get().total_fen == 54550


def test_wrong_links_are_answered_alike(trading: Trading) -> None:
    recalled, expired, draft = invited(trading), invited(trading), invited(trading)
    dead = [token(trading, row) for row in (recalled, expired, draft)]
    commands.recall_invitation(trading.selling, recalled.number)
    OrderInvitation.objects.filter(pk=expired.pk).update(valid_until=clock.now())
    commands.renew_link(trading.selling, draft.number)
    pages = set()
    costs = set()
    for link in (*dead, "nonsense", "A" * 24, "%E6%89%B9" * 20):
        with CaptureQueriesContext(connection) as captured:
            answer = Client().get(f"/i/{link}/")
        assert answer.status_code == 404
        alike = re.sub(r'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]+"', "", text(answer))
        pages.add(re.sub(r"/i/[^/]+/", "/i/…/", alike))
        costs.add(len([q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert len(pages) == 1
    assert len(costs) == 1
    for post in (address(), {"act": "pay", "way": "gateway", "shown_total": "53750"}):
        assert Client().post(f"/i/{dead[0]}/", post).status_code == 404


def test_who_tries_too_often_waits(trading: Trading) -> None:
    row = invited(trading)
    client = Client()
    for number in range(settings.MARKET["invitation_misses"]):
        assert client.get(f"/i/{number}/").status_code == 404
    assert client.get("/i/again/").status_code == 429
    assert client.get(f"/i/{token(trading, row)}/").status_code == 429
    elsewhere = client.get(f"/i/{token(trading, row)}/", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200
    InvitationMiss.objects.update(at=clock.now() - timedelta(minutes=11))
    assert client.get(f"/i/{token(trading, row)}/").status_code == 200


def test_links_stand_in_no_list(trading: Trading) -> None:
    row = invited(trading)
    link = token(trading, row)
    assert link not in str(OrderInvitation.objects.values_list())
    buyer = client_of(trading.buying)
    for path in ("/", "/search/?q=挂钩", f"/shop/{trading.seller.shop.slug}/"):
        for client in (Client(), buyer):
            assert link not in text(client.get(path))
            assert row.number not in text(client.get(path))


def test_a_member_has_its_own_addresses_and_pays_as_its_company(trading: Trading) -> None:
    row = invited(trading)
    link = f"/i/{token(trading, row)}/"
    assert "试验路" not in text(Client().get(link))
    buyer = client_of(trading.buying)
    assert "试验路" in text(buyer.get(link))
    said = {"revision": "1", "way": "gateway", "act": "confirm", "address": trading.address.pk}
    answer = buyer.post(link, said)
    assert answer["Location"].startswith("/sandbox/pay/")
    order = Order.objects.get()
    assert (order.buyer_id, order.consignee) == (trading.buyer.pk, "王小明")
    finance = client_of(goods.actor(trading.buyer, Role.FINANCE))
    other = f"/i/{token(trading, invited(trading))}/"
    assert "您的角色不能下单" in text(finance.get(other))
    assert finance.post(other, said).status_code == 403


def test_signing_up_after_payment_brings_the_order_along(trading: Trading) -> None:
    row = invited(trading)
    link = f"/i/{token(trading, row)}/"
    guest = Client()
    to_bank = guest.post(link, address())
    guest.post(to_bank["Location"], {"action": "pay", "payer": "6222"})
    guest.get(link)
    joined = guest.post(
        "/join/",
        {
            "company_name": "李师傅五金店",
            "login": "lishifu",
            "region": "33",
            "city": "义乌市",
            "person_name": "李师傅",
            "mobile": "13900001234",
            "email": "li@example.com",
            "username": "lishifu",
            "password": "gou-zi-2026-x",
        },
    )
    assert joined["Location"] == "/buyer/orders/claim/"
    page = text(guest.get("/buyer/orders/claim/"))
    code = re.search(r'name="code" value="([^"]+)"', page)
    assert code
    taken = guest.post("/buyer/orders/claim/", {"code": code[1]}, follow=True)
    number = Order.objects.get().number
    assert taken.redirect_chain[-1][0] == f"/buyer/orders/{number}/"
    assert taken.status_code == 200
    assert guest.post("/buyer/orders/claim/", {"code": code[1]}).status_code == 422


def cost(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([row for row in captured.captured_queries if "SAVEPOINT" not in row["sql"]])


@pytest.mark.parametrize("lines", [1, 40])
def test_what_pages_and_verbs_cost_does_not_grow_with_lines(trading: Trading, lines: int) -> None:
    sku = GoodsGiven(10, UnitPrice.yuan("1"), sku_id=trading.skus[0])
    row = invited(trading, lines=[sku, *[TYPED] * (lines - 1)])
    link = token(trading, row)
    client = Client()
    client.get(f"/i/{link}/")
    assert cost(lambda: queries.opened(link)) == 3
    assert cost(lambda: client.get(f"/i/{link}/")) <= 12
    assert cost(lambda: queries.invitation(trading.selling, row.number)) == 3
    assert cost(lambda: confirm(trading, row)) <= 45
    assert cost(lambda: queries.invitations(trading.selling)) == 1
    assert cost(lambda: queries.counts(trading.selling)) == 1
    pay(trading, row)


def test_the_list_has_tabs_with_counts(trading: Trading, clerk: Client) -> None:
    invited(trading)
    commands.draft_invitation(trading.selling, given(trading))
    assert queries.counts(trading.selling)["open"] == 1
    for tab in queries.TABS:
        assert clerk.get(f"/seller/invitations/?tab={tab}").status_code == 200
    assert len(queries.invitations(trading.selling, words="挂钩").items) == 2 or (
        len(queries.invitations(trading.selling, words="定制挂钩").items) == 2
    )
    assert queries.invitations(trading.selling, words="没有的").items == []
    stranger = client_of(goods.actor(goods.seller()))
    number = OrderInvitation.objects.filter(state="open")[0].number
    for path in ("", "edit/", "code.svg", "card/", "2/"):
        assert stranger.get(f"/seller/invitations/{number}/{path}").status_code == 404
