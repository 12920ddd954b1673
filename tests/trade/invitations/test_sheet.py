"""A sheet of orders becomes a batch of invitations; what is wrong is told by row."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from pifa.kernel import clock
from pifa.kernel.sheets import open_sheet
from pifa.trade.invitations import sheet as sheets
from pifa.trade.invitations.sheet import COLUMNS, InvitationReport
from pifa.trade.invitations.sheet_reading import HEADERS, InvitationColumnMissing
from pifa.trade.models import OrderInvitation
from tests.catalog import market as goods
from tests.trade.market import Trading

HEAD = [names[0] for names in HEADERS.values()]


def bring(trading: Trading, *rows: dict[str, str], keep: bool = True) -> InvitationReport:
    file = io.StringIO()
    writer = csv.DictWriter(file, HEAD, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({HEADERS[name][0]: text for name, text in row.items()})
    data = io.BytesIO(file.getvalue().encode("utf-8-sig"))
    act = sheets.bring_in if keep else sheets.preview_sheet
    with open_sheet(data, name="orders.csv") as sheet:
        return act(trading.selling, sheet)


def code(trading: Trading) -> str:
    return str(trading.offer.skus.order_by("position", "id")[0].code)


def test_rows_of_one_number_are_one_invitation(trading: Trading) -> None:
    goods.relate(trading.seller, trading.buyer)
    rows = [
        {"number": "A1", "code": code(trading), "quantity": "1,000", "freight": "12"},
        {"title": "挂钩", "unit": "件", "quantity": "20", "price": "¥12.5", "days": "30"},
        {
            "number": "A2",
            "title": "挂钩",
            "unit": "件",
            "quantity": "1",
            "price": "0.0355",
            "freight": "1",
            "customer": trading.buyer.login,
            "consignee": "王小明",
            "mobile": "13812345678",
            "region": "浙江省",
            "city": "杭州市",
            "detail": "试验路 1 号",
        },
    ]
    preview = bring(trading, *rows, keep=False)
    assert (preview.count("created"), preview.errors) == (2, ())
    assert not OrderInvitation.objects.exists(), "a preview keeps nothing"
    report = bring(trading, *rows)
    assert (report.count("created"), report.errors) == (2, ())
    first, second = OrderInvitation.objects.order_by("pk")
    assert (first.external_no, first.lines.count(), first.freight_fen) == ("A1", 2, 1200)
    assert clock.market_day(first.valid_until) == clock.today() + timedelta(days=31)
    proposed = first.lines.get(position=1)
    assert proposed.price_e4 > 0, "without a price the price function's holds"
    assert (second.total_fen, second.region, second.customer is not None) == (104, "33", True)
    assert {first.state, second.state} == {"open"}
    again = bring(trading, *rows)
    assert (again.count("created"), again.count("unchanged")) == (0, 2)
    assert OrderInvitation.objects.count() == 2


def test_what_is_wrong_is_told_and_the_others_go_on(trading: Trading) -> None:
    good = {"title": "挂钩", "unit": "件", "quantity": "1", "price": "2"}
    wrong: list[tuple[str, dict[str, str]]] = [
        ("数量", {**good, "quantity": "一"}),
        ("单价", {**good, "price": "2.00001"}),
        ("单价", {**good, "price": ""}),
        ("货品名称", {**good, "title": ""}),
        ("货号", {"code": "NO-SUCH", "quantity": "1"}),
        ("运费", {**good, "freight": "多少"}),
        ("有效天数", {**good, "days": "3.5"}),
        ("省份", {**good, "region": "巴黎"}),
        ("客户", {**good, "customer": "没有的人"}),
        ("收货人", {**good, "consignee": "王小明"}),
    ]
    rows = [{"number": f"B{place}", **row} for place, (_field, row) in enumerate(wrong)]
    report = bring(trading, {"number": "OK", **good}, *rows)
    assert report.count("created") == 1
    assert [error.field for error in report.errors] == [field for field, _row in wrong]
    assert [error.row for error in report.errors] == list(range(3, 13))
    assert all(error.reason and error.remedy for error in report.errors)
    assert OrderInvitation.objects.count() == 1


def test_a_known_number_with_other_figures_is_refused(trading: Trading) -> None:
    row = {"number": "A1", "title": "挂钩", "unit": "件", "quantity": "1", "price": "2"}
    bring(trading, row)
    report = bring(trading, {**row, "quantity": "2"})
    (error,) = report.errors
    number = OrderInvitation.objects.get().number
    assert (error.field, number in str(error.reason)) == ("单号", True)


def test_a_sheet_without_its_columns_is_refused(trading: Trading) -> None:
    data = io.BytesIO("单号\nA1\n".encode())
    with (
        open_sheet(data, name="orders.csv") as sheet,
        pytest.raises(InvitationColumnMissing),
    ):
        sheets.bring_in(trading.selling, sheet)


def test_the_template_has_the_columns_that_are_read() -> None:
    assert [str(column.title) for column in COLUMNS] == HEAD
    rows = list(sheets.template_rows())
    assert {row[0] for row in rows} == {"A-1001"}
