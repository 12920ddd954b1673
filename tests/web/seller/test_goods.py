"""Goods: the list, the form, mass edits, freight templates."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import commands
from pifa.catalog.models import FreightTemplate, Offer, PriceBreak, Sku
from pifa.kernel.events import deliver
from pifa.messages.models import Notice
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in


def picture(name: str = "m8.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def form(trading: Trading, **changes: Any) -> dict[str, Any]:
    """A new offer of two sizes with two price breaks."""
    return {
        "title": "304不锈钢外六角螺栓",
        "code": "LS-1",
        "category": trading.offer.category_id,
        "unit": "件",
        "moq": "100",
        "multiple": "1",
        "freight_template": "",
        "scene": "stock",
        "visibility": "public",
        "attributes": "材质：304不锈钢\n标准\tGB/T 5783",
        "description": "现货",
        "title_en": "",
        "dim-0-name": "尺寸",
        "dim-0-values": "M8×30、M8×40",
        "tiers": "2",
        "tier-0": "100",
        "tier-1": "1000",
        "skus": "2",
        "sku-0-value-0": "M8×30",
        "sku-0-price-0": "0.35",
        "sku-0-price-1": "0.31",
        "sku-0-stock": "20000",
        "sku-0-weight": "12.5",
        "sku-0-active": "1",
        "sku-1-value-0": "M8×40",
        "sku-1-price-0": "0.45",
        "sku-1-price-1": "0.4125",
        "sku-1-stock": "5000",
        "sku-1-active": "1",
        "act": "save",
    } | changes


def test_a_new_offer_is_saved_as_typed(trading: Trading, clerk: Client) -> None:
    answer = clerk.post("/seller/offers/new/", form(trading), follow=True)
    assert "货品已保存" in body(answer)
    offer = Offer.objects.get(code="LS-1")
    assert offer.state == "draft"
    assert offer.attributes == [["材质", "304不锈钢"], ["标准", "GB/T 5783"]]
    skus = list(offer.skus.order_by("position"))
    assert [sku.spec_text for sku in skus] == ["M8×30", "M8×40"]
    assert [sku.stock for sku in skus] == [20000, 5000]
    assert [sku.weight_mg for sku in skus] == [12_500, 0]
    form_again = body(clerk.get(f"/seller/offers/{offer.pk}/"))
    assert 'name="sku-0-weight" value="12.5"' in form_again
    breaks = PriceBreak.objects.filter(sku=skus[1]).order_by("min_quantity")
    assert list(breaks.values_list("min_quantity", "price_e4")) == [(100, 4500), (1000, 4125)]


def test_dimensions_make_the_grid_and_keep_what_was_typed(trading: Trading, clerk: Client) -> None:
    typed = form(
        trading,
        act="spread",
        **{"dim-1-name": "表面", "dim-1-values": "本色,镀锌", "dim-0-values": "M8×30"},
    )
    answer = clerk.post("/seller/offers/new/", typed)
    grid = answer.context["grid"]
    assert [row.values for row in grid.rows] == [["M8×30", "本色"], ["M8×30", "镀锌"]]
    assert grid.rows[0].prices == ["0.35", "0.31"], "prices of the first row go on"
    assert 'value="304不锈钢外六角螺栓"' in body(answer)
    assert not Offer.objects.filter(code="LS-1").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sku-1-price-0": "abc"}, "读不懂"),
        ({"sku-1-price-0": ""}, "请填写单价"),
        ({"sku-1-stock": "-5"}, "不是整数"),
        ({"sku-1-stock": "1000000000000"}, "100000000"),
        ({"sku-1-weight": "0.0001"}, "最多三位小数"),
        ({"sku-1-weight": "200000000"}, "单重 200000000 克超出范围"),
        ({"sku-1-price-1": "0.9"}, "0.9"),
        ({"tier-0": "500"}, "起批量"),
        ({"title": ""}, "标题"),
        ({"category": ""}, "类目"),
        ({"sku-1-value-0": "M8×30"}, "M8×30"),
    ],
)
def test_a_mistake_is_told_and_everything_typed_is_kept(
    trading: Trading, clerk: Client, changes: dict[str, str], words: str
) -> None:
    answer = clerk.post("/seller/offers/new/", form(trading, **changes))
    page = body(answer)
    assert answer.status_code == 422
    assert words in page
    assert 'value="0.4125"' in page or "sku-1-price-1" in changes
    assert "材质：304不锈钢" in page
    assert not Offer.objects.filter(code="LS-1").exists()


def test_pictures_are_kept_even_when_the_form_is_wrong(trading: Trading, clerk: Client) -> None:
    wrong = form(trading, title="", pictures=[picture()])
    answer = clerk.post("/seller/offers/new/", wrong)
    (kept,) = [key for key, _url in answer.context["pictures"]]
    again = form(trading, act="submit", picture=[str(kept)])
    page = body(clerk.post("/seller/offers/new/", again, follow=True))
    assert "已提交审核" in page
    offer = Offer.objects.get(code="LS-1")
    assert offer.state == "in_review"
    assert offer.pictures.count() == 1


def test_what_is_no_picture_is_refused_by_name(trading: Trading, clerk: Client) -> None:
    fake = SimpleUploadedFile("fake.png", b"<svg onload=alert(1)>", "image/png")
    answer = clerk.post("/seller/offers/new/", form(trading, pictures=[fake]))
    assert answer.status_code == 422
    assert "fake.png" in body(answer)


def test_an_offer_without_picture_is_saved_but_not_submitted(
    trading: Trading, clerk: Client
) -> None:
    page = body(clerk.post("/seller/offers/new/", form(trading, act="submit"), follow=True))
    assert "还不能提交审核" in page
    assert Offer.objects.get(code="LS-1").state == "draft"


def test_another_seller_s_offer_cannot_be_opened_changed_or_moved(
    trading: Trading,
) -> None:
    stranger = signed_in(goods.actor(goods.seller("别家五金厂")))
    offer = trading.offer
    assert stranger.get(f"/seller/offers/{offer.pk}/").status_code == 404
    assert stranger.post(f"/seller/offers/{offer.pk}/", form(trading)).status_code == 404
    answer = stranger.post("/seller/goods/act/", {"act": "take_offline", "offer": [offer.pk]})
    assert answer.status_code == 404
    offer.refresh_from_db()
    assert offer.state == "online"


def test_goods_go_off_and_on_sale_from_the_list(trading: Trading, clerk: Client) -> None:
    ids = {"offer": [trading.offer.pk]}
    clerk.post("/seller/goods/act/", {"act": "take_offline", **ids})
    trading.offer.refresh_from_db()
    assert trading.offer.state == "offline"
    page = body(clerk.post("/seller/goods/act/", {"act": "submit", **ids}, follow=True))
    assert "没有改动任何货品" in page


def test_the_list_filters_and_costs_a_fixed_number_of_statements(
    trading: Trading, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(15):
        goods.offer(trading.seller, stock=(0, 5))
    with django_assert_max_num_queries(14):
        page = body(clerk.get("/seller/goods/"))
    assert "1 个规格缺货" in page
    sold_out = clerk.get("/seller/goods/?sold_out=1")
    assert trading.offer.pk not in {row.id for row, _kind in sold_out.context["rows"]}
    assert "没有符合条件的货品" in body(clerk.get("/seller/goods/?q=轴承"))


# ------------------------------------------------------------------------------ mass edits


def cells(trading: Trading, **changes: str) -> dict[str, Any]:
    """The grid as it comes unchanged, with some cells typed over (names by position)."""
    sent: dict[str, Any] = {"offer": [str(trading.offer.pk)], "act": "save"}
    for sku in Sku.objects.filter(offer=trading.offer):
        sent |= {f"stock-{sku.pk}": str(sku.stock), f"shown-{sku.pk}": str(sku.stock)}
        for step in PriceBreak.objects.filter(sku=sku):
            sent[f"price-{sku.pk}-{step.min_quantity}"] = f"{step.price_e4 / 10000:.4f}"
    return sent | changes


def test_prices_and_stock_are_changed_together(trading: Trading, clerk: Client) -> None:
    first, second = trading.skus
    answer = clerk.post(
        "/seller/goods/grid/",
        cells(
            trading,
            **{f"price-{key}-1": "0.36" for key in trading.skus},
            **{f"stock-{second}": "777"},
        ),
        follow=True,
    )
    assert "已保存" in body(answer)
    assert set(
        PriceBreak.objects.filter(sku__in=trading.skus, min_quantity=1).values_list(
            "price_e4", flat=True
        )
    ) == {3600}
    assert Sku.objects.get(pk=second).stock == 777
    assert Sku.objects.get(pk=first).stock == 10_000


@pytest.mark.parametrize(
    ("typed", "words"), [("-1", "0 或更大的整数"), ("x", "整数"), ("50", "100")]
)
def test_one_wrong_cell_saves_nothing_and_stays_as_typed(
    trading: Trading, clerk: Client, typed: str, words: str
) -> None:
    trading.place(100)  # reserves 100 of the first
    first, second = trading.skus
    sent = cells(trading, **{f"stock-{first}": typed, f"stock-{second}": "777"})
    answer = clerk.post("/seller/goods/grid/", sent)
    assert answer.status_code == 422
    assert words in body(answer)
    assert f'value="{typed}"' in body(answer)
    assert 'value="777"' in body(answer)
    assert Sku.objects.get(pk=second).stock == 5_000


def test_each_wrong_cell_is_told_by_itself(trading: Trading, clerk: Client) -> None:
    first, second = trading.skus
    starts = sorted(PriceBreak.objects.filter(sku=first).values_list("min_quantity", flat=True))
    wrong = {
        f"price-{first}-{starts[0]}": "-1",
        f"stock-{first}": "1000000000000",
        f"price-{second}-{starts[0]}": "abc",
    }
    answer = clerk.post("/seller/goods/grid/", cells(trading, **wrong))
    assert answer.status_code == 422
    page = body(answer)
    for words in ("单价 -¥1.00 超出范围", "1000000000000 超出范围", "最多四位小数"):
        assert words in page
    marked = set(re.findall(r'name="([^"]+)"[^>]*aria-invalid', page))
    assert marked == set(wrong)


def test_stock_that_moved_meanwhile_is_not_overwritten_unseen(
    trading: Trading, clerk: Client
) -> None:
    first = trading.skus[0]
    sent = cells(trading, **{f"stock-{first}": "9000"})
    trading.shipped(100)
    answer = clerk.post("/seller/goods/grid/", sent)
    assert answer.status_code == 422
    assert "9900" in body(answer)
    assert Sku.objects.get(pk=first).stock == 9_900


def test_a_percentage_is_shown_before_it_is_saved(trading: Trading, clerk: Client) -> None:
    answer = clerk.post("/seller/goods/grid/", cells(trading, act="scale", percent="10"))
    assert 'value="0.385"' in body(answer)
    assert not PriceBreak.objects.filter(price_e4=3850).exists()


# --------------------------------------------------------------------------------- freight


def template(**changes: Any) -> dict[str, Any]:
    return {
        "name": "江浙沪",
        "basis": "weight",
        "zones": "2",
        "zone-0-region": ["31", "32", "33"],
        "zone-0-first_units": "1",
        "zone-0-first": "6",
        "zone-0-step_units": "0.5",
        "zone-0-step": "1.5",
        "zone-1-first_units": "1",
        "zone-1-first": "12",
        "zone-1-step_units": "1",
        "zone-1-step": "8",
        "act": "save",
    } | changes


def test_a_freight_template_is_kept_by_zones(trading: Trading, clerk: Client) -> None:
    clerk.post("/seller/freight/new/", template())
    kept = FreightTemplate.objects.get(name="江浙沪")
    zones = list(
        kept.zones.order_by("first_fen").values_list(
            "regions", "first_units", "step_units", "step_fen"
        )
    )
    assert zones == [(["31", "32", "33"], 1000, 500, 150), ([], 1000, 1000, 800)]
    page = body(clerk.get("/seller/freight/"))
    assert "上海、江苏、浙江" in page
    assert "其他地区" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zone-1-first": "abc"}, "读不懂"),
        ({"zone-1-step_units": "0"}, "0"),
        ({"zone-1-region": ["31"]}, "上海"),
        ({"name": ""}, "模板名称"),
    ],
)
def test_a_wrong_zone_says_why_and_keeps_what_was_typed(
    trading: Trading, clerk: Client, changes: dict[str, Any], words: str
) -> None:
    answer = clerk.post("/seller/freight/new/", template(**changes))
    assert answer.status_code == 422
    assert words in body(answer)
    assert 'value="1.5"' in body(answer)
    assert not FreightTemplate.objects.exists()


def test_a_template_in_use_is_not_deleted(trading: Trading, clerk: Client) -> None:
    clerk.post("/seller/freight/new/", template())
    kept = FreightTemplate.objects.get()
    Offer.objects.filter(pk=trading.offer.pk).update(freight_template=kept)
    clerk.post(f"/seller/freight/{kept.pk}/delete/")
    assert FreightTemplate.objects.exists()
    Offer.objects.update(freight_template=None)
    clerk.post(f"/seller/freight/{kept.pk}/delete/")
    assert not FreightTemplate.objects.exists()


def test_the_notice_of_a_refused_offer_leads_to_its_form(
    trading: Trading, owner: Client, clerk: Client
) -> None:
    clerk.post("/seller/offers/new/", form(trading, act="submit", pictures=[picture()]))
    offer = Offer.objects.get(code="LS-1")
    commands.review_offer(trading.operator, offer.pk, approve=False, reason="图片与货品不符")
    deliver()
    notice = Notice.objects.get(company=trading.seller, kind="offer_reviewed")
    page = body(clerk.get(notice.link))
    assert "图片与货品不符" in page
    assert "304不锈钢外六角螺栓" in page
