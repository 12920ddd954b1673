"""Rows of a goods sheet that are not taken, each with its place and the remedy; pictures."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pifa.catalog import commands, goods_sheet, queries
from pifa.catalog.models import Offer, Picture, ProhibitedWord, Sku
from pifa.kernel.actors import Actor
from pifa.kernel.sheets import PictureFolder
from tests.catalog import market
from tests.catalog.goods_sheets import BOLTS, HEADERS, archive, counts, png, said, sheet


@pytest.fixture
def seller(db: None) -> Actor:
    top = market.category("五金、工具", slug="tools")
    market.category("紧固件", parent=top, slug="fasteners")
    return market.actor(market.seller())


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
