"""Goods by sheet: previewed, brought in, taken out."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from pifa.catalog.models import Offer
from tests.trade.market import Trading
from tests.web.seller.conftest import body, streamed, worksheet


def picture(name: str = "m8.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def sheet(*rows: str) -> SimpleUploadedFile:
    header = "货号,标题,类目,SKU 编码,规格,阶梯价,库存"
    return SimpleUploadedFile("goods.csv", "\n".join([header, *rows]).encode("utf-8-sig"))


def test_a_sheet_is_previewed_then_brought_in_and_its_bad_rows_come_back(
    trading: Trading, clerk: Client
) -> None:
    rows = sheet(
        "N-1,新螺母,紧固件,N-1-1,尺寸:M6,1:0.2,100", "N-2,坏螺母,紧固件,N-2-1,尺寸:M6,1:abc,100"
    )
    preview = body(clerk.post("/seller/goods/bulk/", {"sheet": rows}))
    assert "还没有改动任何货品" in preview
    assert "新螺母" in preview
    assert not Offer.objects.filter(code="N-1").exists()
    done = body(clerk.post("/seller/goods/bulk/go/"))
    assert "新增 1 个货品" in done
    assert Offer.objects.get(code="N-1").skus.count() == 1
    assert not Offer.objects.filter(code="N-2").exists()
    back = streamed(clerk.post("/seller/goods/bulk/rejected/")).decode("utf-8-sig")
    assert "坏螺母" in back
    assert "新螺母" not in back
    again = body(clerk.post("/seller/goods/bulk/go/", follow=True))
    assert "N-1" not in again


def test_a_sheet_that_is_none_is_refused(trading: Trading, clerk: Client) -> None:
    upload = SimpleUploadedFile("goods.xlsx", b"PK\x03\x04 not a workbook")
    assert clerk.post("/seller/goods/bulk/", {"sheet": upload}).status_code == 422


def test_the_export_is_the_sheet_that_comes_in_and_changes_nothing(
    trading: Trading, clerk: Client
) -> None:
    data = streamed(clerk.post("/seller/goods/export/", {"kind": "xlsx"}))
    assert worksheet(data).max_row == 3
    upload = SimpleUploadedFile("goods.xlsx", data)
    report = clerk.post("/seller/goods/bulk/", {"sheet": upload}).context["report"]
    assert (report.unchanged, report.changed, report.refused) == (1, 0, 0)


def test_the_template_has_the_headers_and_an_example(clerk: Client) -> None:
    sheet = worksheet(streamed(clerk.get("/seller/goods/bulk/template/")))
    headers = [cell.value for cell in next(sheet.rows)]
    assert {"货号", "标题", "阶梯价", "库存"} <= set(headers)


def test_pictures_of_a_zip_come_in_with_the_sheet_and_others_are_told(
    trading: Trading, clerk: Client
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("m6.png", picture().read())
    header = "货号,标题,类目,SKU 编码,规格,阶梯价,库存,图片"
    rows = (
        "N-1,新螺母,紧固件,N-1-1,尺寸:M6,1:0.2,100,m6.png",
        "N-2,没图的螺母,紧固件,N-2-1,尺寸:M6,1:0.2,100,missing.png",
    )
    upload = {
        "sheet": SimpleUploadedFile("goods.csv", "\n".join([header, *rows]).encode("utf-8-sig")),
        "pictures": SimpleUploadedFile("pictures.zip", file.getvalue()),
    }
    preview = body(clerk.post("/seller/goods/bulk/", upload))
    assert "missing.png" in preview
    done = body(clerk.post("/seller/goods/bulk/go/", {"submit": "1"}))
    assert "提交审核 1 个" in done
    offer = Offer.objects.get(code="N-1")
    assert offer.state == "in_review"
    assert offer.pictures.count() == 1
    assert not Offer.objects.filter(code="N-2").exists()


def test_an_archive_that_is_none_is_refused_whole(trading: Trading, clerk: Client) -> None:
    upload = {
        "sheet": sheet("N-1,新螺母,紧固件,N-1-1,尺寸:M6,1:0.2,100"),
        "pictures": SimpleUploadedFile("pictures.zip", b"PK\x03\x04 broken"),
    }
    assert clerk.post("/seller/goods/bulk/", upload).status_code == 422
    assert not Offer.objects.filter(code="N-1").exists()
