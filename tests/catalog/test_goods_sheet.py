"""Goods come in and go out by the same sheet: previewed, taken offer by offer, idempotent."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import commands, goods_sheet, queries
from pifa.catalog.goods_sheet import cells
from pifa.catalog.models import Offer, Picture, PriceBreak, ProhibitedWord, Sku
from pifa.catalog.rules import Tier
from pifa.kernel.actors import Actor
from pifa.kernel.errors import Forbidden
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.kernel.money import UnitPrice
from pifa.kernel.sheets import PictureFolder, PictureSource, Sheet, open_picture_zip
from tests.catalog import market

HEADERS = ["货号", "标题", "类目", "起批量", "SKU编码", "规格", "阶梯价", "库存"]
BOLTS = [
    ["LS-1", "304不锈钢外六角螺栓", "紧固件", "100", "LS-1-30", "尺寸:M8×30", "100:0.35;1000:0.31", "500"],
    ["LS-1", "", "", "", "LS-1-40", "尺寸:M8×40", "100:0.42;1000:0.385", "300"],
    ["LM-1", "304不锈钢螺母", "紧固件", "", "", "", "0.08", "9000"],
]  # fmt: skip


def sheet(rows: Sequence[Sequence[object]], headers: Sequence[str] = HEADERS) -> Sheet:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headers, *rows])
    return goods_sheet.open_goods_sheet(io.BytesIO(text.getvalue().encode()), "goods.csv")


def png(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def archive(**files: bytes) -> PictureSource:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(name.replace("_", ".", 1), data)
    return open_picture_zip(out, name="pictures.zip")


def counts(report: goods_sheet.GoodsReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.refused


def said(report: goods_sheet.GoodsReport) -> list[tuple[int, str]]:
    return [(error.row, error.field) for error in report.errors]


@pytest.fixture
def seller(db: None) -> Actor:
    top = market.category("五金、工具", slug="tools")
    market.category("紧固件", parent=top, slug="fasteners")
    return market.actor(market.seller())


class TestComingIn:
    def test_new_offers_with_their_skus(self, seller: Actor) -> None:
        report = goods_sheet.bring_in(seller, sheet(BOLTS))
        assert counts(report) == (2, 0, 0, 0)
        assert (report.rows, report.skus_created, report.errors) == (3, 3, [])
        bolt = Offer.objects.get(code="LS-1")
        assert (bolt.title, bolt.moq, bolt.state) == ("304不锈钢外六角螺栓", 100, "draft")
        assert (bolt.min_price_e4, bolt.max_price_e4) == (3100, 4200)
        assert list(bolt.skus.order_by("position").values_list("code", "stock", "spec_text")) == [
            ("LS-1-30", 500, "M8×30"),
            ("LS-1-40", 300, "M8×40"),
        ]
        nut = Sku.objects.get(offer__code="LM-1")
        assert nut.code == "LM-1"
        assert list(nut.breaks.values_list("min_quantity", "price_e4")) == [(1, 800)]

    def test_the_second_time_nothing_changes(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS))
        before = (AuditEntry.objects.count(), OutboxEvent.objects.count())
        stamps = list(Offer.objects.values_list("changed_at", flat=True))
        report = goods_sheet.bring_in(seller, sheet(BOLTS))
        assert counts(report) == (0, 0, 2, 0)
        assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before
        assert list(Offer.objects.values_list("changed_at", flat=True)) == stamps

    def test_a_preview_says_the_same_and_writes_nothing(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS[:2]))
        changed = [[*BOLTS[0][:7], "501"], BOLTS[1], BOLTS[2], ["", "没有货号", *[""] * 6]]
        report = goods_sheet.preview(seller, sheet(changed))
        assert counts(report) == (1, 1, 0, 1)
        assert [(item.code, item.kind, item.fields) for item in report.offers] == [
            ("LS-1", "changed", ("库存",)),
            ("LM-1", "created", ()),
            ("", "refused", ()),
        ]
        assert said(report) == [(5, "货号")]
        assert Offer.objects.count() == 1
        again = goods_sheet.bring_in(seller, sheet(changed))
        assert (counts(again), said(again)) == (counts(report), said(report))
        assert Sku.objects.get(code="LS-1-30").stock == 501

    def test_a_weight_has_up_to_three_decimals(self, seller: Actor) -> None:
        headers = [*HEADERS, "单重(克)"]
        rows = [
            [*row, weight] for row, weight in zip(BOLTS, ("12", "１,200.5", "0.1"), strict=True)
        ]
        assert goods_sheet.bring_in(seller, sheet(rows, headers)).errors == []
        weights = Sku.objects.order_by("code").values_list("code", "weight_mg")
        assert dict(weights) == {"LS-1-30": 12_000, "LS-1-40": 1_200_500, "LM-1": 100}
        heavier = [[*row, weight] for row, weight in zip(BOLTS, ("", "", "0.125"), strict=True)]
        report = goods_sheet.preview(seller, sheet(heavier, headers))
        changed = [item for item in report.offers if item.kind == "changed"]
        assert [(item.code, item.fields) for item in changed] == [("LM-1", ("单重(克)",))]
        for weight, remedy in (("0.0001", "最多三位小数"), ("-1", "克数"), ("3e8", "克数")):
            report = goods_sheet.preview(seller, sheet([[*BOLTS[2], weight]], headers))
            (error,) = report.errors
            assert error.field == "单重(克)"
            assert remedy in str(error.remedy)
        report = goods_sheet.preview(seller, sheet([[*BOLTS[2], "200000000"]], headers))
        assert [(error.field, error.reason) for error in report.errors] == [
            ("单重(克)", "单重 200000000 克超出范围")
        ]

    def test_blank_cells_leave_values_and_a_dash_empties_them(self, seller: Actor) -> None:
        headers = ["货号", "标题", "类目", "SKU编码", "阶梯价", "详情", "英文标题"]
        goods_sheet.bring_in(
            seller, sheet([["A", "扳手", "紧固件", "A", "1:9.9", "好用", "Spanner"]], headers)
        )
        report = goods_sheet.bring_in(seller, sheet([["A", "", "", "", "", "-", ""]], headers))
        offer = Offer.objects.get(code="A")
        assert (offer.title, offer.description, offer.title_en) == ("扳手", "", "Spanner")
        assert report.offers[0].fields == ("详情",)

    def test_columns_that_are_not_there_stay_as_they_are(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS))
        report = goods_sheet.bring_in(
            seller, sheet([["LS-1", "LS-1-40", "7"]], ["Offer code", "sku_code", "STOCK"])
        )
        assert counts(report) == (0, 1, 0, 0)
        assert list(Sku.objects.order_by("pk").values_list("stock", "active")) == [
            (500, True),
            (7, True),
            (9000, True),
        ]

    def test_submitting_hands_in_what_can_be_shown(self, seller: Actor) -> None:
        headers = ["货号", "标题", "类目", "阶梯价", "可见范围"]
        rows = [["A", "扳手", "紧固件", "9.9", "私域"], ["B", "钳子", "紧固件", "9.9", "公开"]]
        report = goods_sheet.bring_in(seller, sheet(rows, headers), submit=True)
        assert (report.submitted, report.not_submitted) == (1, 1)
        assert dict(Offer.objects.values_list("code", "state")) == {
            "A": "in_review",
            "B": "draft",
        }
        assert "没有图片" in report.offers[1].not_submitted[0]

    def test_an_offer_on_sale_goes_back_to_review_for_words_only(self, seller: Actor) -> None:
        headers = ["货号", "标题", "类目", "阶梯价", "可见范围", "库存"]
        row = ["A", "扳手", "紧固件", "9.9", "私域", "5"]
        goods_sheet.bring_in(seller, sheet([row], headers), submit=True)
        offer = Offer.objects.get()
        commands.review_offer(market.operator(), offer.pk, approve=True)
        goods_sheet.bring_in(seller, sheet([[*row[:3], "8.8", "私域", "6"]], headers))
        offer.refresh_from_db()
        assert (offer.state, offer.min_price_e4) == ("online", 88000)
        goods_sheet.bring_in(seller, sheet([["A", "大扳手", *row[2:]]], headers))
        offer.refresh_from_db()
        assert offer.state == "in_review"

    def test_it_costs_the_same_statements_for_ten_and_a_hundred_offers(
        self, seller: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for count in (10, 100):
            rows = [
                [f"N{count}-{n}", "304螺栓", "紧固件", "", "", "", "0.1", "5"] for n in range(count)
            ]
            with django_assert_max_num_queries(20):
                assert goods_sheet.bring_in(seller, sheet(rows)).created == count

    def test_only_the_sellers_people_may(self, seller: Actor) -> None:
        with pytest.raises(Forbidden):
            goods_sheet.preview(market.operator(), sheet(BOLTS))

    def test_sellers_do_not_touch_each_others_goods(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS))
        other = market.actor(market.seller())
        assert goods_sheet.bring_in(other, sheet(BOLTS)).created == 2
        assert Offer.objects.filter(seller_id=seller.company_id).count() == 2


class TestRefusals:
    @pytest.mark.parametrize(
        ("column", "text", "field"),
        [
            ("类目", "不存在的类目", "类目"),
            ("类目", "", "类目"),
            ("标题", "", "标题"),
            ("标题", "螺" * 121, "标题"),
            ("起批量", "0", "起批量"),
            ("起批量", "很多", "起批量"),
            ("起批量", "1.5", "起批量"),
            ("起批量", "10", "阶梯价"),
            ("库存", "-1", "库存"),
            ("库存", "1000000000000", "库存"),
            ("规格", "M8×30", "规格"),
            ("阶梯价", "", "阶梯价"),
            ("阶梯价", "abc", "阶梯价"),
            ("阶梯价", "100:-1", "阶梯价"),
            ("阶梯价", "100:0.00001", "阶梯价"),
            ("阶梯价", "100:0.3;1000:0.4", "阶梯价"),
            ("阶梯价", "100:0.3;50:0.2", "阶梯价"),
            ("阶梯价", "0:0.3", "阶梯价"),
        ],
    )
    def test_the_row_the_field_and_the_remedy_are_named(
        self, seller: Actor, column: str, text: str, field: str
    ) -> None:
        bad = ["BAD", "外六角螺栓", "紧固件", "100", "BAD-1", "尺寸:M8×30", "100:0.35", "5"]
        bad[HEADERS.index(column)] = text
        report = goods_sheet.bring_in(seller, sheet([BOLTS[2], bad]))
        assert (3, field) in said(report)
        assert {row for row, _ in said(report)} == {3}
        assert all(error.reason and error.remedy for error in report.errors)
        assert list(Offer.objects.values_list("code", flat=True)) == ["LM-1"]

    def test_an_offer_is_taken_as_a_whole(self, seller: Actor, tmp_path: Path) -> None:
        rows = [BOLTS[0], [*BOLTS[1][:7], "许多"], BOLTS[2]]
        report = goods_sheet.bring_in(seller, sheet(rows))
        assert counts(report) == (1, 0, 0, 1)
        assert said(report) == [(2, "货号"), (3, "库存")]
        assert "第 3 行" in str(report.errors[0].reason)
        mended = tmp_path / "rejected.csv"
        assert goods_sheet.write_rejected(report, mended) == 2
        text = mended.read_text("utf-8-sig").replace("许多", "300")
        again = goods_sheet.bring_in(
            seller, goods_sheet.open_goods_sheet(io.BytesIO(text.encode()), "r.csv")
        )
        assert counts(again) == (1, 0, 0, 0)
        assert Sku.objects.filter(offer__code="LS-1").count() == 2

    def test_a_rejected_sheet_can_be_rejected_again(self, seller: Actor, tmp_path: Path) -> None:
        bad = ["BAD", "", "紧固件", "x", "", "", "1:1", "y"]
        report = goods_sheet.bring_in(seller, sheet([bad]))
        path = tmp_path / "rejected.csv"
        for _ in range(2):
            assert goods_sheet.write_rejected(report, path) == 1
            with path.open(encoding="utf-8-sig", newline="") as file:
                headers, row = csv.reader(file)
            assert headers == [*HEADERS, "行号", "字段", "原因", "处理办法"]
            assert row[:8] == bad
            assert row[9] == "起批量；库存"
            with goods_sheet.open_goods_sheet(path) as opened:
                report = goods_sheet.bring_in(seller, opened)

    def test_rows_that_contradict_each_other(self, seller: Actor) -> None:
        rows = [BOLTS[0], ["LS-1", "另一个标题", *BOLTS[1][2:]]]
        assert (3, "标题") in said(goods_sheet.bring_in(seller, sheet(rows)))

    def test_a_sku_twice_and_a_sku_without_a_code(self, seller: Actor) -> None:
        twice = goods_sheet.bring_in(seller, sheet([BOLTS[0], BOLTS[0]]))
        assert (3, "SKU编码") in said(twice)
        nameless = [*BOLTS[1][:4], "", *BOLTS[1][5:]]
        assert (3, "SKU编码") in said(goods_sheet.bring_in(seller, sheet([BOLTS[0], nameless])))

    def test_breaks_of_one_offer_must_agree(self, seller: Actor) -> None:
        rows = [BOLTS[0], [*BOLTS[1][:6], "100:0.42;500:0.4", "3"]]
        assert (3, "阶梯价") in said(goods_sheet.bring_in(seller, sheet(rows)))

    def test_stock_below_what_orders_hold(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS))
        commands.reserve({Sku.objects.get(code="LS-1-30").pk: 400})
        report = goods_sheet.bring_in(seller, sheet([[*BOLTS[0][:7], "399"]]))
        assert said(report) == [(2, "库存")]
        assert "400" in str(report.errors[0].remedy)

    def test_a_formula_is_not_believed(self, seller: Actor, tmp_path: Path) -> None:
        from openpyxl import Workbook

        book = Workbook()
        book.active.append(HEADERS)  # type: ignore[union-attr]
        book.active.append([*BOLTS[2][:7], "=1+1"])  # type: ignore[union-attr]
        book.save(tmp_path / "formula.xlsx")
        with goods_sheet.open_goods_sheet(tmp_path / "formula.xlsx") as opened:
            report = goods_sheet.bring_in(seller, opened)
        assert said(report) == [(2, "库存")]
        assert not Offer.objects.exists()

    def test_prohibited_words_on_sale(self, seller: Actor) -> None:
        headers = ["货号", "标题", "类目", "阶梯价", "可见范围"]
        goods_sheet.bring_in(
            seller, sheet([["A", "扳手", "紧固件", "9.9", "私域"]], headers), submit=True
        )
        ProhibitedWord.objects.create(word="枪支", reason="危险品")
        report = goods_sheet.bring_in(seller, sheet([["A", "枪支扳手", "", "", ""]], headers))
        assert said(report) == [(2, "标题")]

    def test_a_sheet_without_codes_is_no_goods_sheet(self, seller: Actor) -> None:
        with pytest.raises(goods_sheet.NoGoodsHeader):
            goods_sheet.preview(seller, sheet([["x"]], ["姓名"]))

    def test_a_category_of_that_name_twice_asks_for_the_path(self, seller: Actor) -> None:
        kids = market.category("童装", slug="kids")
        market.category("紧固件", parent=kids, slug="kids-fasteners")
        report = goods_sheet.bring_in(seller, sheet([BOLTS[2]]))
        assert "五金、工具 > 紧固件" in str(report.errors[0].remedy)
        full = [*BOLTS[2][:2], "五金、工具 > 紧固件", *BOLTS[2][3:]]
        assert goods_sheet.bring_in(seller, sheet([full])).created == 1


class TestPictures:
    HEADERS = ("货号", "标题", "类目", "阶梯价", "图片")

    def row(self, names: str, code: str = "A") -> list[str]:
        return [code, "扳手", "紧固件", "9.9", names]

    def test_from_a_zip_in_the_order_of_the_sheet(self, seller: Actor) -> None:
        rows = [self.row("b.png;a.png"), self.row("A.PNG", "B")]
        pictures = archive(a_png=png("red"), b_png=png("blue"))
        report = goods_sheet.bring_in(seller, sheet(rows, self.HEADERS), pictures)
        assert counts(report) == (2, 0, 0, 0)
        assert Picture.objects.count() == 2
        page = queries.offer_page(Offer.objects.get(code="A").pk, seller)
        assert len(page.pictures) == 2
        assert (page.pictures[0].width, page.pictures[0].height) == (40, 30)
        again = goods_sheet.bring_in(seller, sheet(rows, self.HEADERS), pictures)
        assert counts(again) == (0, 0, 2, 0)
        assert Picture.objects.count() == 2

    def test_from_a_folder(self, seller: Actor, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "a.png").write_bytes(png())
        rows = [self.row("sub/a.png")]
        goods_sheet.bring_in(seller, sheet(rows, self.HEADERS), PictureFolder(tmp_path))
        assert Picture.objects.count() == 1

    def test_one_that_is_missing_or_none_is_named(self, seller: Actor) -> None:
        rows = [self.row("a.png"), self.row("missing.png", "B"), self.row("fake.png", "C")]
        pictures = archive(a_png=png(), fake_png=b"<script>alert(1)</script>")
        for act in (goods_sheet.preview, goods_sheet.bring_in):
            report = act(seller, sheet(rows, self.HEADERS), pictures)
            assert said(report) == [(3, "图片"), (4, "图片")]
            assert "missing.png" in str(report.errors[0].reason)
            assert "fake.png" in str(report.errors[1].reason)
        assert list(Offer.objects.values_list("code", flat=True)) == ["A"]
        without = goods_sheet.preview(seller, sheet([self.row("x.png")], self.HEADERS))
        assert "zip" in str(without.errors[0].remedy)

    def test_a_preview_stores_no_picture(self, seller: Actor) -> None:
        report = goods_sheet.preview(
            seller, sheet([self.row("a.png")], self.HEADERS), archive(a_png=png())
        )
        assert (counts(report), Picture.objects.count()) == ((1, 0, 0, 0), 0)

    def test_the_same_picture_under_two_names_is_shown_once(self, seller: Actor) -> None:
        rows = [self.row("a.png;b.png")]
        goods_sheet.bring_in(seller, sheet(rows, self.HEADERS), archive(a_png=png(), b_png=png()))
        assert Offer.objects.get().pictures.count() == 1


class TestGoingOut:
    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_what_goes_out_comes_in_again_without_a_change(
        self, seller: Actor, kind: str, tmp_path: Path
    ) -> None:
        headers = [column.chinese for column in goods_sheet.COLUMNS]
        commands.save_freight_template(seller, "普通快递", "free")
        row = {
            "货号": "A=1",
            "标题": "-5℃冰袋 \\ 冷敷",
            "英文标题": "Ice pack",
            "类目": "五金、工具 > 紧固件",
            "单位": "包",
            "起批量": "10",
            "倍数": "5",
            "规格": r"规格\:尺寸:10\;20;颜色:红/蓝",
            "阶梯价": "5:1.2345;100:1",
            "库存": "77",
            "单重(克)": "0.125",
            "图片": "a.png",
            "运费模板": "普通快递",
            "可见范围": "仅私域客户",
            "场景": "定制加工",
            "规格参数": "比例:1:2;说明:=SUM(A1)",
            "详情": "第一行\n第二行；分号",
        }
        first = sheet([[row.get(header, "") for header in headers]], headers)
        assert goods_sheet.bring_in(seller, first, archive(a_png=png())).errors == []
        goods_sheet.bring_in(seller, sheet(BOLTS))
        drafts = {
            code: queries.own_offer(seller, pk).draft
            for pk, code in Offer.objects.values_list("pk", "code")
        }
        assert drafts["A=1"].skus[0].spec == (("规格:尺寸", "10;20"), ("颜色", "红/蓝"))
        assert drafts["A=1"].skus[0].weight_mg == 125
        assert drafts["A=1"].attributes == (("比例", "1:2"), ("说明", "=SUM(A1)"))
        path = tmp_path / f"goods.{kind}"
        with path.open("wb") as target:
            assert goods_sheet.export(seller, target, kind) == 4  # type: ignore[arg-type]
        with goods_sheet.open_goods_sheet(path) as opened:
            report = goods_sheet.preview(seller, opened)
        assert (counts(report), report.errors, report.unknown_headers) == ((0, 0, 3, 0), [], [])
        other = market.actor(market.seller())
        commands.save_freight_template(other, "普通快递", "free")
        with goods_sheet.open_goods_sheet(path) as opened:
            there = goods_sheet.bring_in(other, opened)
        assert (counts(there), said(there)) == ((2, 0, 0, 1), [(2, "图片")])

    def test_the_sample_can_be_brought_in(self, seller: Actor, tmp_path: Path) -> None:
        with (tmp_path / "sample.xlsx").open("wb") as target:
            goods_sheet.write_sample(target)
        pictures = archive(**{"m8-1_jpg": png("red"), "m8-2_jpg": png("blue")})
        with goods_sheet.open_goods_sheet(tmp_path / "sample.xlsx") as opened:
            report = goods_sheet.bring_in(seller, opened, pictures, submit=True)
        assert (counts(report), report.submitted, said(report)) == ((1, 0, 0, 0), 1, [])


def test_ten_thousand_skus_are_written_in_few_statements_and_all_of_them(
    seller: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rng = random.Random(7)
    headers = [*HEADERS, "单重(克)"]
    rows = []
    for offer in range(1000):
        for size in range(10):
            low = rng.randrange(1, 100_000)
            tiers = f"100:{(low + 50) / 10_000:.4f};1000:{low / 10_000:.4f}"
            rows.append(
                [f"T{offer}", f"螺栓 {offer}", "紧固件", "100", f"T{offer}-{size}",
                 f"尺寸:M{size}", tiers, str(rng.randrange(10**6)), "12"]
            )  # fmt: skip
    with django_assert_max_num_queries(60):
        report = goods_sheet.bring_in(seller, sheet(rows, headers))
    assert (report.created, report.skus_created, report.errors) == (1000, 10_000, [])
    assert (Sku.objects.count(), PriceBreak.objects.count()) == (10_000, 20_000)
    some = rng.choice(rows)
    sku = Sku.objects.get(code=some[4])
    assert (sku.offer.code, sku.stock, sku.spec_text) == (some[0], int(some[7]), some[5][3:])
    assert cells.write_tiers([Tier(*pair) for pair in _tiers_of(sku)]) == cells.write_tiers(
        cells.read_tiers(some[6])
    )


def _tiers_of(sku: Sku) -> list[tuple[int, UnitPrice]]:
    rows = sku.breaks.order_by("min_quantity").values_list("min_quantity", "price_e4")
    return [(quantity, UnitPrice(price)) for quantity, price in rows]


_words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")),
    min_size=1,
    max_size=12,
)


@example([("\\", "0"), ("a;", ":\\")])
@given(st.lists(st.tuples(_words, _words), max_size=4))
def test_pairs_come_back_as_they_were_written(pairs: list[tuple[str, str]]) -> None:
    assert cells.read_pairs(cells.write_pairs(pairs)) == tuple(pairs)


@given(st.lists(_words, max_size=4))
def test_names_come_back_as_they_were_written(names: list[str]) -> None:
    assert cells.read_names(cells.write_names(names)) == tuple(names)


@given(st.lists(st.tuples(st.integers(1, 10**8), st.integers(1, 10**11)), min_size=1, max_size=5))
def test_price_breaks_come_back_as_they_were_written(pairs: list[tuple[int, int]]) -> None:
    tiers = tuple(Tier(quantity, UnitPrice(price)) for quantity, price in pairs)
    assert cells.read_tiers(cells.write_tiers(tiers)) == tiers


@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_from_two_tabs_at_once_creates_each_offer_once() -> None:
    market.category("紧固件")
    seller = market.actor(market.seller())
    rows = [[f"R{n}", "304螺栓", "紧固件", "", "", "", "0.1", "5"] for n in range(50)]
    start = Barrier(4)
    outcomes: list[tuple[int, ...]] = []
    failures: list[Exception] = []

    def bring() -> None:
        start.wait()
        try:
            outcomes.append(counts(goods_sheet.bring_in(seller, sheet(rows))))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shall tell it
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(outcomes) == [(0, 0, 50, 0)] * 3 + [(50, 0, 0, 0)]
    assert (Offer.objects.count(), Sku.objects.count(), PriceBreak.objects.count()) == (50, 50, 50)
