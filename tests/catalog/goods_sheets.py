"""Goods sheets for tests: rows as a sheet, pictures as an archive, a report in figures."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

from PIL import Image

from pifa.catalog import goods_sheet
from pifa.kernel.sheets import PictureSource, Sheet, open_picture_zip

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
