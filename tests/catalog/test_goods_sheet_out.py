"""Goods go out as the sheet that comes in again: nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pifa.catalog import commands, goods_sheet, queries
from pifa.catalog.goods_sheet import cells
from pifa.catalog.models import Offer
from pifa.catalog.rules import Tier
from pifa.kernel.actors import Actor
from pifa.kernel.money import UnitPrice
from tests.catalog import market
from tests.catalog.goods_sheets import BOLTS, archive, counts, png, said, sheet


@pytest.fixture
def seller(db: None) -> Actor:
    top = market.category("五金、工具", slug="tools")
    market.category("紧固件", parent=top, slug="fasteners")
    return market.actor(market.seller())


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
