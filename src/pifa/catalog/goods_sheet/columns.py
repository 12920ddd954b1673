"""The columns of the goods sheet: one row per SKU, what belongs to the offer on each of its rows."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pifa.catalog.queries.categories import localized
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import Column, ColumnKind


@dataclass(frozen=True, slots=True)
class GoodsColumn:
    """A column: its name in the code and its headers. `of_offer`: the same on all its rows."""

    key: str
    chinese: str
    english: str
    of_offer: bool = True
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 14
    also: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """The header in the reader's language."""
        return localized(self.chinese, self.english)


COLUMNS: tuple[GoodsColumn, ...] = (
    GoodsColumn("code", "货号", "Offer code", also=("offer_code", "商品编码")),
    GoodsColumn("title", "标题", "Title", width=40, also=("商品标题", "货品标题")),
    GoodsColumn("title_en", "英文标题", "English title", width=30),
    GoodsColumn("category", "类目", "Category", width=24),
    GoodsColumn("unit", "单位", "Unit", width=8, also=("计量单位",)),
    GoodsColumn("moq", "起批量", "MOQ", kind=ColumnKind.WHOLE, also=("最小起订量", "起订量")),
    GoodsColumn("multiple", "倍数", "Multiple", kind=ColumnKind.WHOLE),
    GoodsColumn("sku_code", "SKU编码", "SKU code", of_offer=False, also=("规格编码", "sku")),
    GoodsColumn("spec", "规格", "Spec", of_offer=False, width=24),
    GoodsColumn(
        "tiers", "阶梯价", "Price breaks", of_offer=False, width=28, also=("价格", "单价", "price")
    ),
    GoodsColumn("stock", "库存", "Stock", of_offer=False, kind=ColumnKind.WHOLE),
    GoodsColumn(
        "weight_g",
        "单重(克)",
        "Weight (g)",
        of_offer=False,
        kind=ColumnKind.NUMBER,
        also=("重量", "weight"),
    ),
    GoodsColumn("active", "启用", "Active", of_offer=False, width=8),
    GoodsColumn("pictures", "图片", "Pictures", width=40),
    GoodsColumn("freight_template", "运费模板", "Freight template", width=16),
    GoodsColumn("visibility", "可见范围", "Visibility", width=12),
    GoodsColumn("scene", "场景", "Scene", width=10),
    GoodsColumn("staged", "分阶段付款", "Staged payment", width=30),
    GoodsColumn("attributes", "规格参数", "Attributes", width=40, also=("参数", "属性")),
    GoodsColumn("description", "详情", "Description", width=40, also=("描述", "商品详情")),
)
BY_KEY = {column.key: column for column in COLUMNS}
FIRST_ROW_ONLY = ("pictures", "attributes", "description")
"""Long texts of an offer, which an export writes on its first row only."""


class NoGoodsHeader(DomainError):
    """A sheet in which a needed column is not found."""

    code = "goods_sheet.no_header"
    status = 422
    message = _(
        "表头里没有“{missing}”这一列，无法识别货品。请使用导出的表格或模板，第一行保留列名。"
    )


def sheet_columns() -> list[Column]:
    """The columns as an export writes them."""
    return [Column(column.header, column.kind, column.width) for column in COLUMNS]


def match_headers(headers: list[str]) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands, and the headers nobody knows. Raises `NoGoodsHeader`."""
    names = {
        _plain(name): column.key
        for column in COLUMNS
        for name in (column.key, column.chinese, column.english, *column.also)
    }
    found: dict[str, int] = {}
    unknown: list[str] = []
    for index, header in enumerate(headers):
        key = names.get(_plain(header))
        if key is not None and key not in found:
            found[key] = index
        elif header:
            unknown.append(header)
    if "code" not in found:
        raise NoGoodsHeader(missing=BY_KEY["code"].header)
    return found, unknown


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(character for character in text if character.isalnum())
