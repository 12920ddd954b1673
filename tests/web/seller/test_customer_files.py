"""Pages of customer files: the list of the morning, the files, the sheet with its preview."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pifa.crm.models import CustomerFile, FileMerge
from pifa.kernel import clock
from pifa.kernel.actors import Role
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in, streamed


def opened(clerk: Client, **values: str) -> CustomerFile:
    given = {"name": "小王包装", "next_action": "送样册", "next_day": clock.today().isoformat()}
    answer = clerk.post("/seller/files/new/", {**given, **values})
    assert answer.status_code == 302, body(answer)
    return CustomerFile.objects.filter(name="小王包装").latest("pk")


def test_a_keeper_opens_the_list_and_marks_its_lines(trading: Trading, clerk: Client) -> None:
    trading.paid()
    row = opened(clerk, phone="13800138000")
    page = body(clerk.get("/seller/followups/"))
    assert "今天：送样册" in page
    assert "tel:13800138000" in page
    assert "顺达建材行" in page  # who paid most

    done = clerk.post("/seller/followups/mark/", {"file": row.pk, "act": "done", "note": "满意"})
    assert done.status_code == 302
    assert "今天：送样册" not in body(clerk.get("/seller/followups/"))
    assert "满意" in body(clerk.get(f"/seller/files/{row.pk}/"))
    assert clerk.post("/seller/followups/mark/", {"file": row.pk, "act": "x"}).status_code == 404


def test_a_file_is_found_changed_and_noted_in(trading: Trading, clerk: Client) -> None:
    row = opened(clerk, tags="VIP", prices="28*42=0.35", usage="2000个")
    page = body(clerk.get("/seller/files/?q=小王&tag=VIP"))
    assert "小王包装" in page
    assert "没有符合条件的档案" in body(clerk.get("/seller/files/?q=没有"))

    form = clerk.get(f"/seller/files/{row.pk}/edit/").context["form"]
    given = {name: form.initial.get(name) or "" for name in form.fields}
    assert given["prices"] == "28*42=0.35"
    refused = clerk.post(f"/seller/files/{row.pk}/edit/", {**given, "usage": "很多"})
    assert refused.status_code == 422
    assert "写成数字加单位" in body(refused)
    clerk.post(f"/seller/files/{row.pk}/edit/", {**given, "address": "义乌市"})
    row.refresh_from_db()
    assert (row.address, row.daily_usage) == ("义乌市", 2000)
    clerk.post(f"/seller/files/{row.pk}/note/", {"note": "爱喝茶"})
    assert "爱喝茶" in body(clerk.get(f"/seller/files/{row.pk}/"))


def test_duplicates_are_merged_and_parted(trading: Trading, clerk: Client) -> None:
    kept = opened(clerk, phone="13800138000", code="A")
    gone = opened(clerk, phone="13800138000", code="B")
    page = body(clerk.get("/seller/files/duplicates/"))
    assert "电话相同、名称相同" in page
    clerk.post("/seller/files/merge/", {"gone": gone.pk, "kept": kept.pk})
    merge = FileMerge.objects.get()
    assert clerk.get(f"/seller/files/{gone.pk}/").headers["Location"].endswith(f"/{kept.pk}/")
    assert "撤销合并" in body(clerk.get(f"/seller/files/{kept.pk}/"))
    clerk.post(f"/seller/files/merge/{merge.pk}/undo/")
    assert clerk.get(f"/seller/files/{gone.pk}/").status_code == 200


def test_a_sheet_is_previewed_then_taken(trading: Trading, clerk: Client) -> None:
    sheet = "客户编号,客户名称,日使用量\r\nK1,老王,100个\r\nK2,老李,很多\r\n".encode()
    page = body(clerk.post("/seller/files/import/", {"sheet": SimpleUploadedFile("c.csv", sheet)}))
    assert "不是每天的数量" in page
    assert not CustomerFile.objects.exists()
    assert "导入结果" in body(clerk.post("/seller/files/import/go/"))
    assert CustomerFile.objects.get().name == "老王"
    assert "老王" in streamed(clerk.get("/seller/files/export/?kind=csv")).decode()


def test_borders(trading: Trading, clerk: Client) -> None:
    row = opened(clerk)
    other = signed_in(goods.actor(goods.seller("别家")))
    for path in ("", "edit/"):
        assert other.get(f"/seller/files/{row.pk}/{path}").status_code == 404
    assert "小王包装" not in body(other.get("/seller/files/"))
    finance = signed_in(goods.actor(trading.seller, Role.FINANCE))
    assert "小王包装" in body(finance.get("/seller/files/"))
    assert finance.get("/seller/files/export/").status_code == 403
    assert finance.post(f"/seller/files/{row.pk}/note/", {"note": "x"}).status_code == 403


def test_stale_figures_are_brought_up_to_the_day(trading: Trading, clerk: Client) -> None:
    trading.paid()
    with clock.frozen(clock.now() + timedelta(days=3)):
        page = body(clerk.get("/seller/files/"))
        assert "顺达建材行" in page
        assert set(CustomerFile.objects.values_list("figures__as_of", flat=True)) == {clock.today()}
