"""Customer files by the API: written, marked, merged, by sheet; strangers find nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pifa.kernel import clock
from tests.api.client import App
from tests.api.market import SmallMarket, small_market

NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)


@pytest.fixture
def market(db: None) -> SmallMarket:
    with clock.frozen(NOON):
        return small_market()


def test_a_file_from_its_opening_to_its_merge(market: SmallMarket) -> None:
    app, stranger = App(market.token), App(market.buyer_token)
    with clock.frozen(NOON):
        given = {
            "name": "小王包装",
            "phone": "138 0013 8000",
            "daily_usage": 2000,
            "usage_unit": "个",
            "tags": ["至尊VIP"],
            "prices": [{"goods": "28*42加厚", "price": "0.35"}],
            "next_action": "送样册",
            "next_day": "2026-03-16",
            "written_amount": "11355.00",
        }
        file = app.post("/customer-files", {**given, "code": "K1"}, expect=201)
        assert (file["code"], file["phone"], file["amount"]) == ("K1", "13800138000", "11355.00")
        assert file["prices"] == [{"goods": "28*42加厚", "price": "0.3500"}]
        twin = app.post(
            "/customer-files", {"name": "小王", "phone": "13800138000", "code": "K2"}, expect=201
        )

        (pair,) = app.get("/customer-files/duplicates")["items"]
        assert pair["why"] == ["phone"]
        merge = app.post(
            "/customer-files/merges", {"gone_id": twin["id"], "kept_id": file["id"]}, expect=201
        )
        assert [one["id"] for one in app.get("/customer-files")["items"]] == [file["id"]]
        app.post(f"/customer-files/merges/{merge['id']}/undo", {})
        assert len(app.get("/customer-files")["items"]) == 2
        assert app.get("/customer-files/tags")["items"] == ["至尊VIP"]

        (line,) = app.get("/follow-ups")["followups"]
        assert (line["file"]["id"], line["why"]) == (file["id"], "今天：送样册")
        done = app.post(f"/customer-files/{file['id']}/mark", {"mark": "done", "note": "满意"})
        assert done["next_day"] is None
        assert done["notes"][0]["text"] == "送样册\n满意"
        assert app.get("/follow-ups")["followups_count"] == 0
        noted = app.post(f"/customer-files/{file['id']}/notes", {"text": "爱喝茶"}, expect=201)
        assert "爱喝茶" in [note["text"] for note in noted["notes"]]

        stranger.get(f"/customer-files/{file['id']}", expect=404)
        stranger.post(f"/customer-files/{file['id']}/mark", {"mark": "done"}, expect=404)
        assert stranger.get("/customer-files")["items"] == []


def test_the_sheet_goes_out_and_comes_in(market: SmallMarket) -> None:
    app = App(market.token)
    with clock.frozen(NOON):
        app.post("/customer-files", {"name": "小王包装", "code": "K1"}, expect=201)
        answer = app.respond("GET", "/customer-files/sheet", kind="csv")
        sheet = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        changed = sheet.replace("小王包装".encode(), "大王包装".encode())
        preview = app.upload(
            "/customer-files/sheet/preview", sheet=SimpleUploadedFile("c.csv", changed)
        )
        assert (preview["changed"], preview["files"][0]["fields"]) == (1, ["客户名称"])
        assert app.get("/customer-files")["items"][0]["name"] == "小王包装"
        done = app.upload("/customer-files/sheet", sheet=SimpleUploadedFile("c.csv", changed))
        assert (done["changed"], done["errors"]) == (1, [])
        assert app.get("/customer-files")["items"][0]["name"] == "大王包装"
