"""Quotes by the pages: a buyer asks, sellers answer, the buyer compares and takes one."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from pifa.finance.models import FreightWish
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.trade.models import Order, Quote, QuoteRequest
from tests.build.buying import user_of
from tests.catalog import market as goods
from tests.trade import market
from tests.trade.market import Trading
from tests.trade.quotes.market import another_seller, answer, ask, quote_of

NEW = "/buyer/quotes/new/"


@pytest.fixture
def trading(db: None) -> Trading:
    return market.trading()


def client_of(actor: Actor, **headers: str) -> Client:
    client = Client(headers=headers or None)
    user = user_of(actor)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def asked(trading: Trading, **fields: Any) -> dict[str, Any]:
    """The form of a request for 1500 pieces of the first SKU."""
    return {
        "sku-TOTAL_FORMS": "1",
        "sku-INITIAL_FORMS": "1",
        "sku-0-sku": trading.skus[0],
        "sku-0-quantity": "1,500",
        "sku-0-wanted": "0.28",
        "typed-TOTAL_FORMS": "0",
        "typed-INITIAL_FORMS": "0",
        "address": trading.address.pk,
        "until": (clock.today() + timedelta(days=5)).isoformat(),
        "act": "send",
    } | fields


def answered(**fields: Any) -> dict[str, Any]:
    return {
        "price_1": "0.2875",
        "freight": "12.50",
        "lead_days": "3",
        "valid_until": (clock.today() + timedelta(days=9)).isoformat(),
        "way": "full",
        "act": "answer",
    } | fields


def test_from_an_offers_page_to_an_order(trading: Trading) -> None:
    buyer, seller = client_of(trading.buying), client_of(trading.selling)
    sku_id = trading.skus[0]
    offer = reverse("storefront:offer", args=[trading.offer.pk])
    gone = buyer.post(offer, {f"sku_{sku_id}": "1500", "act": "ask"})
    assert gone["Location"] == f"{NEW}?line={sku_id}%3A1500"
    page = text(buyer.get(gone["Location"]))
    assert trading.offer.title in page
    assert 'value="1500"' in page
    assert trading.seller.name in page

    sent = buyer.post(NEW, asked(trading))
    number = QuoteRequest.objects.get().number
    assert sent["Location"] == f"/buyer/quotes/{number}/"
    quote = quote_of(number, trading.selling)
    assert trading.buyer.name in text(seller.get("/seller/quotes/"))
    form = text(seller.get(f"/seller/quotes/{quote.number}/"))
    assert "¥0.28" in form
    assert trading.address.detail not in form

    seller.post(f"/seller/quotes/{quote.number}/", answered())
    page = text(buyer.get(f"/buyer/quotes/{number}/"))
    for words in ("¥0.2875", "¥431.25", "¥443.75", "发货前付全款"):
        assert words in page
    assert 'name="premium" value="0.45"' in page
    chosen = {"quote": quote.number, "revision": 1, "address": trading.address.pk, "act": "accept"}
    assert buyer.post(f"/buyer/quotes/{number}/", chosen | {"premium": "0.44"}).status_code == 422
    taken = buyer.post(f"/buyer/quotes/{number}/", chosen | {"premium": "0.45"})
    order = Order.objects.get()
    assert FreightWish.objects.get().covers == order.subject
    assert taken["Location"] == f"/buyer/orders/{order.number}/"
    page = text(buyer.get(taken["Location"]))
    assert "按报价成交" in page
    assert "付款后 3 天内发货" in page
    assert f"/buyer/quotes/{number}/" in page
    assert "报价单价" in page
    page = text(seller.get(f"/seller/orders/{order.number}/"))
    assert f"/seller/quotes/{quote.number}/" in page
    assert f"/seller/orders/{order.number}/" in text(seller.get(f"/seller/quotes/{quote.number}/"))


def test_from_the_purchase_list_by_seller(trading: Trading) -> None:
    buyer = client_of(trading.buying)
    offer = reverse("storefront:offer", args=[trading.offer.pk])
    buyer.post(
        offer, {f"sku_{trading.skus[0]}": "20", f"sku_{trading.skus[1]}": "30", "act": "list"}
    )
    gone = buyer.post(reverse("storefront:purchase_list"), {"act": f"ask:{trading.seller.pk}"})
    first, second = trading.skus
    assert gone["Location"] == f"{NEW}?line={first}%3A20&line={second}%3A30"


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(out, "PNG")
    return SimpleUploadedFile("draft.png", out.getvalue(), "image/png")


def test_goods_in_own_words_with_a_picture_to_several_sellers(trading: Trading) -> None:
    other = another_seller(trading)
    goods.relate(trading.seller, trading.buyer)
    buyer = client_of(trading.buying)
    blank = text(buyer.get(NEW))
    assert "typed-2-title" in blank
    assert "typed-3-title" not in blank
    typed = {
        "sku-TOTAL_FORMS": "0",
        "sku-INITIAL_FORMS": "0",
        "typed-TOTAL_FORMS": "3",
        "typed-0-title": "定制法兰",
        "typed-0-quantity": "12",
        "typed-0-unit": "件",
        "sellers": [trading.seller.pk, other.company_id],
        "note": "按图加工",
    }
    more = text(buyer.post(NEW, asked(trading, **typed, act="more")))
    assert "typed-7-title" in more
    assert "定制法兰" in more
    buyer.post(NEW, asked(trading, **typed, picture=picture()))
    request = QuoteRequest.objects.get()
    assert (request.lines.count(), request.quotes.count()) == (1, 2)
    quote = quote_of(request.number, other)
    seller = client_of(other)
    assert "按图加工" in text(seller.get(f"/seller/quotes/{quote.number}/"))
    shown = seller.get(f"/seller/quotes/{quote.number}/picture/")
    assert shown["Content-Type"] == "image/png"
    assert "private" in shown["Cache-Control"]
    assert buyer.get(f"/buyer/quotes/{request.number}/picture/").status_code == 200
    stranger = client_of(goods.actor(goods.seller()))
    assert stranger.get(f"/seller/quotes/{quote.number}/picture/").status_code == 404
    assert stranger.get(f"/buyer/quotes/{request.number}/").status_code == 404


def test_sent_twice_it_is_one_request(trading: Trading) -> None:
    buyer = client_of(trading.buying)
    key = re.search(r'name="key" value="(\w+)"', text(buyer.get(NEW)))
    assert key
    addresses = {buyer.post(NEW, asked(trading, key=key[1]))["Location"] for _ in range(2)}
    assert addresses == {f"/buyer/quotes/{QuoteRequest.objects.get().number}/"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sku-0-quantity": "很多"}, "请填写整数"),
        ({"sku-0-wanted": "0.28755"}, "最多四位小数"),
        ({"until": "2020-01-01"}, "报价截止日须在"),
        ({"address": "999999"}, "收货地址"),
        ({"typed-TOTAL_FORMS": "1", "typed-0-title": "法兰"}, "数量"),
        ({"picture": SimpleUploadedFile("a.png", b"no picture")}, "这个文件不是完整的图片"),
    ],
)
def test_a_request_that_cannot_be_sent_keeps_what_was_typed(
    trading: Trading, fields: dict[str, Any], words: str
) -> None:
    response = client_of(trading.buying).post(NEW, asked(trading, note="留着我", **fields))
    assert response.status_code == 422
    assert words in text(response)
    assert "留着我" in text(response)
    assert not QuoteRequest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price_1": ""}, "请至少给询价单里的一行报价"),
        ({"price_1": "0.12345"}, "最多四位小数"),
        ({"valid_until": "2020-01-01"}, "有效期须在"),
        ({"lead_days": "0"}, "1"),
        ({"way": "staged"}, "staged"),
    ],
)
def test_an_answer_that_cannot_be_sent_keeps_what_was_typed(
    trading: Trading, fields: dict[str, Any], words: str
) -> None:
    quote = quote_of(ask(trading), trading.selling)
    seller = client_of(trading.selling)
    response = seller.post(f"/seller/quotes/{quote.number}/", answered(note="留着我", **fields))
    assert response.status_code == 422
    assert words in text(response)
    assert "留着我" in text(response)
    quote.refresh_from_db()
    assert quote.revision == 0


def test_figures_of_a_way_that_was_not_chosen_mean_nothing(trading: Trading) -> None:
    quote = quote_of(ask(trading), trading.selling)
    seller = client_of(trading.selling)
    assert "staged-figures" in text(seller.get(f"/seller/quotes/{quote.number}/"))
    sent = answered(deposit_percent="30", production_days="10")
    assert seller.post(f"/seller/quotes/{quote.number}/", sent).status_code == 302
    assert quote.revisions.get().terms == {"way": "full"}


def test_an_offer_that_is_gone_does_not_hold_a_request_up(trading: Trading) -> None:
    other = another_seller(trading)
    sent = asked(trading, sellers=[str(other.company_id)], offer=["99999999"])
    assert client_of(trading.buying).post(NEW, sent).status_code == 302


def test_an_answer_changed_meanwhile_is_shown_before_it_is_taken(trading: Trading) -> None:
    number = ask(trading)
    quote = answer(trading.selling, number)
    answer(trading.selling, number, "0.31")
    sent = {"quote": quote.number, "revision": 1, "address": trading.address.pk, "act": "accept"}
    response = client_of(trading.buying).post(f"/buyer/quotes/{number}/", sent)
    assert response.status_code == 422
    assert "卖家已修改报价：现在是第 2 版，合计 ¥477.50" in text(response)
    assert "¥0.31" in text(response)
    assert not Order.objects.exists()


def test_refusing_closing_withdrawing_and_declining(trading: Trading) -> None:
    buyer, seller = client_of(trading.buying), client_of(trading.selling)
    number = ask(trading)
    page = f"/seller/quotes/{quote_of(number, trading.selling).number}/"
    seller.post(page, {"act": "decline", "reason": "没有料"})
    assert "没有料" in text(buyer.get(f"/buyer/quotes/{number}/"))
    quote = answer(trading.selling, number)
    seller.post(page, {"act": "withdraw", "reason": ""})
    quote = answer(trading.selling, number)
    buyer.post(f"/buyer/quotes/{number}/", {"act": "refuse", "quote": quote.number})
    quote.refresh_from_db()
    assert quote.state == "refused"
    assert 'name="price_1"' not in text(seller.get(page))
    buyer.post(f"/buyer/quotes/{number}/", {"act": "close"})
    assert QuoteRequest.objects.get().state == "closed"
    assert seller.post(page, {"act": "nonsense"}).status_code == 404


def test_who_may_not_buy_or_sell_reads_only(trading: Trading) -> None:
    number = ask(trading)
    quote = answer(trading.selling, number)
    reader = client_of(goods.actor(trading.buyer, Role.CLERK))
    page = text(reader.get(f"/buyer/quotes/{number}/"))
    assert "¥443.75" in page
    assert 'value="accept"' not in page
    finance = client_of(goods.actor(trading.seller, Role.FINANCE))
    assert 'name="price_1"' not in text(finance.get(f"/seller/quotes/{quote.number}/"))
    refused = finance.post(f"/seller/quotes/{quote.number}/", {"act": "withdraw"})
    assert refused.status_code == 403


def test_lists_by_tab_and_what_waits(trading: Trading) -> None:
    buyer, seller = client_of(trading.buying), client_of(trading.selling)
    assert "还没有询价" in text(buyer.get("/buyer/quotes/"))
    assert "没有等待报价的询价" in text(seller.get("/seller/quotes/"))
    first, second = ask(trading), ask(trading)
    answer(trading.selling, first)
    assert text(buyer.get("/buyer/quotes/?tab=waiting")).count("X26") >= 2
    inbox = text(seller.get("/seller/quotes/"))
    assert quote_of(second, trading.selling).number in inbox
    assert quote_of(first, trading.selling).number not in inbox
    assert quote_of(first, trading.selling).number in text(
        seller.get("/seller/quotes/?tab=answered")
    )
    assert re.search(r"收到的询价.*?<span[^>]*>1</span>", inbox, re.S)
    assert Quote.objects.count() == 2


@pytest.mark.parametrize("path", ["/buyer/quotes/", NEW, "{request}", "{quote}", "/seller/quotes/"])
def test_pages_are_english_for_english_readers(trading: Trading, path: str) -> None:
    number = ask(trading)
    quote = answer(trading.selling, number)
    path = path.format(request=f"/buyer/quotes/{number}/", quote=f"/seller/quotes/{quote.number}/")
    actor = trading.buying if path.startswith("/buyer") else trading.selling
    page = text(client_of(actor, **{"Accept-Language": "en"}).get(path))
    main = page[page.index("<main") : page.index("</main>")]
    # What is Chinese is what people wrote, not what the market says.
    for own in (trading.offer.title, trading.seller.name, trading.buyer.name, "件", "杭州市"):
        main = main.replace(own, "")
    main = main.replace(f"{trading.address.consignee} ", "").replace(trading.address.detail, "")
    left = re.findall("[\u3400-\u9fff]+", re.sub(r"<[^>]*>", " ", main))
    assert not left, left
