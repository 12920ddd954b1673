"""Past trade comes in through the page; customers come with it."""

from __future__ import annotations

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden
from pifa.relationships.models import Relationship
from pifa.trade.models import ImportBatch, Order
from pifa.trade.past import queries
from pifa.trade.past.commands import import_in_background
from pifa.trade.past.mapping import parse
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in, streamed

LINES = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850,UK\n"
    "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850,UK\n"
    "536366,22633,WARMER,x,2010-12-01 08:28:00,1.85,17850,UK\n"
    "C536367,85123A,HEART,-1,2010-12-02 09:00:00,2.55,17850,UK\n"
)
FOREIGN = (
    "单据;时间;品;量;价\nA-1;28/03/2025 10:00;螺栓;100;0,35\nA-2;29/03/2025 10:00;螺母;50;0,10\n"
)


def upload(client: Client, text: str = LINES, name: str = "orders.csv") -> str:
    """Upload a sheet and return the page that matches columns."""
    data = text.encode()
    file = SimpleUploadedFile(name, gzip.compress(data) if name.endswith(".gz") else data)
    return body(client.post("/seller/past/", {"sheet": file}, follow=True))


def chosen(client: Client, **changes: str) -> dict[str, str]:
    """The page's choices as they stand, with some changed."""
    form = client.get("/seller/past/columns/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: str(value) for name, value in values.items() if value not in (None, "", False)}
    return sent | changes


def run() -> ImportBatch:
    """Do what the worker does with the queued import."""
    batch = ImportBatch.objects.latest("pk")
    import_in_background.func(batch.pk)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_a_known_export_is_understood_at_once(trading: Trading, clerk: Client, name: str) -> None:
    page = upload(clerk, name=name)
    for words in ("HEART", "536365", "前十行读出来是这样", "不是数字"):
        assert words in page
    clerk.post("/seller/past/columns/", chosen(clerk, act="start"))
    batch = run()
    result = body(clerk.get(f"/seller/past/{batch.pk}/"))
    assert (batch.orders_new, batch.customers_new, batch.rejected) == (2, 1, 1)
    assert "不是数字" in result
    rejected = streamed(clerk.get(f"/seller/past/{batch.pk}/rejected/")).decode("utf-8-sig")
    assert "WARMER" in rejected
    assert "HEART" not in rejected
    desk = body(clerk.get("/seller/orders/?tab=declared"))
    assert "536365" in desk
    order = Order.objects.get(external_no="536365")
    assert "历史导入" in body(clerk.get(f"/seller/orders/{order.number}/"))


def test_columns_are_matched_by_hand_and_the_mapping_is_kept(
    trading: Trading, clerk: Client
) -> None:
    page = upload(clerk, FOREIGN)
    assert "还不能导入" in page
    assert "28/03/2025 10:00" in page, "the raw rows are shown all the same"
    unready = clerk.post("/seller/past/columns/", chosen(clerk, act="start"))
    assert unready.status_code == 422
    assert not ImportBatch.objects.exists()
    matched = chosen(
        clerk,
        name="我的账本",
        dates="dmy",
        decimal=",",
        col_order_no="单据",
        col_created_at="时间",
        col_description="品",
        col_quantity="量",
        col_unit_price="价",
        act="look",
    )
    page = body(clerk.post("/seller/past/columns/", matched))
    assert "前十行读出来是这样" in page
    kept = clerk.get("/seller/past/columns/mapping.toml").content.decode()
    assert parse(kept).decimal == ","
    clerk.post("/seller/past/columns/", matched | {"act": "start"})
    batch = run()
    assert (batch.orders_new, batch.mapping) == (2, "我的账本")
    assert Order.objects.get(external_no="A-1").total_fen == 3500
    again = SimpleUploadedFile("again.csv", FOREIGN.encode())
    toml = SimpleUploadedFile("mapping.toml", kept.encode())
    clerk.post("/seller/past/", {"sheet": again, "mapping": toml})
    assert "前十行读出来是这样" in body(clerk.get("/seller/past/columns/"))


def test_what_is_no_sheet_or_no_mapping_is_refused(trading: Trading, clerk: Client) -> None:
    assert "422" in str(
        clerk.post("/seller/past/", {"sheet": SimpleUploadedFile("x.xlsx", b"PK\x03\x04x")})
    )
    bad = {
        "sheet": SimpleUploadedFile("x.csv", LINES.encode()),
        "mapping": SimpleUploadedFile("m.toml", b"name = "),
    }
    answer = clerk.post("/seller/past/", bad)
    assert answer.status_code == 422
    assert "列对应文件" in body(answer)
    assert clerk.get("/seller/past/columns/").headers["Location"] == "/seller/past/"


def test_progress_shows_while_it_runs_and_a_stopped_one_runs_again(
    trading: Trading, clerk: Client
) -> None:
    upload(clerk)
    clerk.post("/seller/past/columns/", chosen(clerk, act="start"))
    batch = ImportBatch.objects.get()
    ImportBatch.objects.update(state="running", rows_done=3, rows_total=4)
    page = body(clerk.get(f"/seller/past/{batch.pk}/"))
    assert "every 2s" in page
    ImportBatch.objects.update(state="stopped")
    assert "重新导入" in body(clerk.get(f"/seller/past/{batch.pk}/"))
    clerk.post(f"/seller/past/{batch.pk}/again/")
    assert run().orders_new == 2


def test_another_seller_s_import_is_not_found(trading: Trading, clerk: Client) -> None:
    upload(clerk)
    clerk.post("/seller/past/columns/", chosen(clerk, act="start"))
    batch = run()
    stranger = signed_in(goods.actor(goods.seller("别家五金厂")))
    assert stranger.get(f"/seller/past/{batch.pk}/").status_code == 404
    assert stranger.get(f"/seller/past/{batch.pk}/rejected/").status_code == 404


# ------------------------------------------------------------------------------- customers


def test_a_noted_customer_gets_a_claim_code_shown_once(trading: Trading, clerk: Client) -> None:
    upload(clerk)
    clerk.post("/seller/past/columns/", chosen(clerk, act="start"))
    run()
    customer = Relationship.objects.get()
    assert "17850" in body(clerk.get("/seller/customers/?state=noted&q=178"))
    answer = clerk.post("/seller/customers/act/", {"act": "claim", "customer": customer.pk})
    code = answer.context["code"]
    assert code in body(answer)
    assert code not in body(clerk.get("/seller/customers/"))


def test_requests_are_answered_and_sent(trading: Trading, clerk: Client) -> None:
    asked = goods.relate(trading.seller, trading.buyer, "requested")
    Relationship.objects.update(requested_by="buyer")
    assert "等您答复" in body(clerk.get("/seller/customers/"))
    clerk.post("/seller/customers/act/", {"act": "grant", "customer": asked.pk})
    asked.refresh_from_db()
    assert asked.state == "granted"
    other = goods.company("老买家")
    page = body(clerk.post("/seller/customers/invite/", {"login": other.login}, follow=True))
    assert "等对方答复" in page
    nobody = body(clerk.post("/seller/customers/invite/", {"login": "nobody"}, follow=True))
    assert "没有这个会员名" in nobody


def test_another_seller_s_customer_cannot_be_touched(trading: Trading) -> None:
    related = goods.relate(trading.seller, trading.buyer)
    stranger = signed_in(goods.actor(goods.seller("别家五金厂")))
    for name in ("revoke", "claim"):
        answer = stranger.post("/seller/customers/act/", {"act": name, "customer": related.pk})
        assert answer.status_code == 404
    related.refresh_from_db()
    assert related.state == "granted"


def test_only_clerks_read_what_an_import_brought(trading: Trading, clerk: Client) -> None:
    upload(clerk)
    clerk.post("/seller/past/columns/", chosen(clerk, act="start"))
    batch = run()
    assert [row.field for row in queries.rejections(trading.selling, batch.pk)]
    purchaser = goods.actor(trading.seller, Role.PURCHASER)
    for reading in (queries.batches, lambda actor: queries.rejections(actor, batch.pk)):
        with pytest.raises(Forbidden):
            reading(purchaser)
