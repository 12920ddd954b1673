"""The seller's pages of the private channel: posts, groups with prices, quick listings."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pifa.catalog import commands, queries
from pifa.catalog.errors import ReviewNeeded
from pifa.catalog.models import GroupPrice, Offer, OfferAudience, ProhibitedWord, Sku
from pifa.kernel.errors import NotFound
from pifa.kernel.money import UnitPrice
from pifa.posts import queries as posts
from pifa.posts.models import Post
from pifa.relationships import commands as relationships
from pifa.relationships.models import CustomerGroup, Relationship
from pifa.web.seller.channel.prices import breaks_text, read_breaks
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, streamed

QUICK = {"title": "热镀锌螺母", "price": "0.5", "unit": "件", "stock": "100"}


@pytest.fixture
def customer(trading: Trading) -> Relationship:
    asked = relationships.request(trading.buying, trading.seller.pk)
    return relationships.grant(trading.selling, asked.pk)


def test_a_post_is_written_read_and_recalled(
    trading: Trading, customer: Relationship, owner: Client
) -> None:
    form = {"words": "到货了", "offer": [trading.offer.pk], "act": "publish"}
    assert owner.post("/seller/posts/new/", form).status_code == 302
    post = Post.objects.get()
    (seen,) = posts.feed(trading.buying).items
    assert (seen.words, [card.id for card in seen.goods]) == ("到货了", [trading.offer.pk])
    from pifa.posts.commands import note_read

    note_read(trading.buying, [post.pk])
    assert customer.name in body(owner.get(f"/seller/posts/{post.pk}/"))
    owner.post(f"/seller/posts/{post.pk}/recall/")
    assert posts.feed(trading.buying).items == []


def test_looking_for_goods_keeps_what_was_written(trading: Trading, owner: Client) -> None:
    form = {"words": "写到一半", "offer": [trading.offer.pk], "q": "没有的", "act": "look"}
    page = body(owner.post("/seller/posts/new/", form))
    assert "写到一半" in page
    assert f'value="{trading.offer.pk}" checked' in page
    assert not Post.objects.exists()


def test_a_group_is_made_filled_priced_and_deleted(
    trading: Trading, customer: Relationship, owner: Client
) -> None:
    owner.post("/seller/groups/", {"name": "老客户"})
    group = CustomerGroup.objects.get()
    address = f"/seller/groups/{group.pk}/"
    owner.post(address, {"act": "put", "customer": [customer.pk]})
    sku = trading.skus[0]
    prices = f"{address}prices/?q={trading.offer.code}"
    assert owner.post(prices, {f"price-{sku}": "abc"}).status_code == 422
    assert not GroupPrice.objects.exists()
    assert owner.post(prices, {f"price-{sku}": "1：0.30，500:0.28"}).status_code == 302
    paid = queries.offer_page(trading.offer.pk, trading.buying).priced({sku: 500})
    assert str(paid.goods) == "¥140.00"
    assert 'value="1:0.30 500:0.28"' in body(owner.get(f"{address}prices/"))
    owner.post(address, {"act": "delete"})
    assert not GroupPrice.objects.exists()
    customer.refresh_from_db()
    assert customer.group is None


def test_prices_by_sheet_are_previewed_then_brought_in(trading: Trading, owner: Client) -> None:
    group = relationships.save_group(trading.selling, "老客户")
    address = f"/seller/groups/{group.pk}/prices/"
    code = Sku.objects.get(pk=trading.skus[0]).code
    assert code in streamed(owner.get(f"{address}sheet/?kind=csv")).decode("utf-8-sig")

    def upload(price: str) -> str:
        text = f"货号,SKU编码,这组的价格\n{trading.offer.code},{code},{price}\n"
        sheet = SimpleUploadedFile("价格.csv", text.encode())
        return body(owner.post(f"{address}import/", {"sheet": sheet}))

    assert "请写成“数量:单价”" in upload("abc")
    assert "1:0.3" in upload("0.3")
    assert not GroupPrice.objects.exists()
    other = relationships.save_group(trading.selling, "新客户")
    # What was looked at for one group is not brought in for another.
    owner.post(f"/seller/groups/{other.pk}/prices/import/go/")
    assert not GroupPrice.objects.exists()
    assert "导入结果" in body(owner.post(f"{address}import/go/"))
    assert list(GroupPrice.objects.values_list("group", "price_e4")) == [(group.pk, 3000)]


@pytest.mark.parametrize("text", ["0.35", "1:0.35 1000:0.31", ""])
def test_breaks_are_read_as_they_are_written(text: str) -> None:
    assert breaks_text(read_breaks(text)) == text


def test_quick_goods_are_on_sale_to_customers_at_once(
    trading: Trading, customer: Relationship, owner: Client
) -> None:
    answer = owner.post("/seller/offers/quick/", QUICK)
    offer = Offer.objects.latest("pk")
    assert answer.headers["Location"] == f"/seller/posts/new/?offer={offer.pk}"
    assert (offer.state, offer.visibility, offer.unreviewed) == ("online", "private", True)
    assert offer.category == trading.seller.shop.main_category
    assert queries.offer_page(offer.pk, trading.buying).title == "热镀锌螺母"
    with pytest.raises(NotFound):
        queries.offer_page(offer.pk, None)


def test_prohibited_words_are_refused_at_once_and_later(trading: Trading, owner: Client) -> None:
    ProhibitedWord.objects.create(word="仿品", reason="假货")
    before = Offer.objects.count()
    assert owner.post("/seller/offers/quick/", QUICK | {"title": "仿品螺母"}).status_code == 422
    assert Offer.objects.count() == before
    offer_id = commands.list_quickly(
        trading.selling, commands.QuickListing("螺母两枚", price=UnitPrice.yuan("1"))
    )
    stored = queries.own_offer(trading.selling, offer_id)
    from dataclasses import replace

    from pifa.catalog.problems import Unacceptable

    with pytest.raises(Unacceptable):
        commands.save_offer(trading.selling, replace(stored.draft, title="仿品螺母"), offer_id)


def test_turned_public_it_is_reviewed_first(trading: Trading) -> None:
    from dataclasses import replace

    from pifa.catalog.models import Picture

    picture = Picture.objects.create(
        company=trading.seller, file="pictures/a.webp", sha256="a", width=8, height=8
    )
    listing = commands.QuickListing("螺母两枚", UnitPrice.yuan("1"), "", [picture.pk])
    offer_id = commands.list_quickly(trading.selling, listing)
    draft = queries.own_offer(trading.selling, offer_id).draft
    commands.save_offer(trading.selling, replace(draft, title="螺母三枚"), offer_id)
    assert Offer.objects.get(pk=offer_id).state == "online"
    commands.save_offer(trading.selling, replace(draft, visibility="public"), offer_id)
    assert Offer.objects.get(pk=offer_id).state == "in_review"
    commands.review_offer(trading.operator, offer_id, approve=True)
    offer = Offer.objects.get(pk=offer_id)
    assert (offer.state, offer.unreviewed) == ("online", False)


def test_what_was_taken_down_does_not_come_back_unseen(trading: Trading) -> None:
    offer_id = commands.list_quickly(
        trading.selling, commands.QuickListing("螺母两枚", UnitPrice.yuan("1"))
    )
    commands.take_down(trading.operator, offer_id, "侵权")
    commands.submit_offer(trading.selling, offer_id)
    commands.withdraw_offer(trading.selling, offer_id)
    with pytest.raises(ReviewNeeded):
        commands.list_privately(trading.selling, offer_id)


def test_an_offers_audience(trading: Trading, owner: Client) -> None:
    group = relationships.save_group(trading.selling, "老客户")
    address = f"/seller/offers/{trading.offer.pk}/audience/"
    assert owner.post(address, {"group": [group.pk]}).status_code == 422
    Offer.objects.filter(pk=trading.offer.pk).update(visibility="private")
    assert owner.post(address, {"group": [group.pk]}).status_code == 302
    assert OfferAudience.objects.get().group == group


def test_another_sellers_groups_and_posts_are_not_there(owner: Client) -> None:
    other = goods.actor(goods.seller())
    group = relationships.save_group(other, "别家")
    for path in (f"groups/{group.pk}/", f"groups/{group.pk}/prices/", "posts/99/"):
        assert owner.get(f"/seller/{path}").status_code == 404
