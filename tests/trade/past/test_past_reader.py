"""From a sheet to order drafts: what is taken, what is rejected, and with which identity."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel.money import UnitPrice, line_amount
from pifa.kernel.sheets import RejectedRows, RowError, write_xlsx
from pifa.trade.past.drafts import DeclaredOrderDraft
from pifa.trade.past.fields import Field
from pifa.trade.past.mapping import ColumnsMissing, Mapping, load, parse
from pifa.trade.past.reader import open_past_sheet, peek, preview, read_orders
from pifa.trade.past.rows import amount_fen
from pifa.trade.past.rules import LineKind, OrderKind

ZONE = ZoneInfo("Asia/Shanghai")
RETAIL = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
ORDERS = "订单号,买家公司,买家会员,货款,运费,涨价或折扣,实付,状态,创建时间,货号,货品标题,单价,数量,单位\n"


def read(
    data: str | bytes, mapping: Mapping | str = "line-export", not_after: datetime | None = None
) -> tuple[list[DeclaredOrderDraft], list[RowError]]:
    if isinstance(mapping, str):
        mapping = load(mapping)
    raw = io.BytesIO(data.encode() if isinstance(data, str) else data)
    drafts: list[DeclaredOrderDraft] = []
    errors: list[RowError] = []
    with open_past_sheet(raw, mapping, name="旧订单.csv") as sheet:
        for item in read_orders(sheet, mapping, zone=ZONE, not_after=not_after):
            (errors if isinstance(item, RowError) else drafts).append(item)  # type: ignore[arg-type]
    return drafts, errors


class TestLineExport:
    def test_an_order_with_its_lines(self) -> None:
        drafts, errors = read(
            RETAIL + '1,M8,"BOLT, M8",6,2011-06-01 08:26:00,2.55,17850.0,France\n'
            "1,M10,,3,2011-06-01 08:27:00,0.035,17850.0,France\n"
        )
        assert errors == []
        (order,) = drafts
        assert (order.external_no, order.kind) == ("1", OrderKind.ORDER)
        assert order.placed_at == datetime(2011, 6, 1, 0, 26, tzinfo=UTC)  # the earliest, as UTC
        assert (order.customer_key, order.country) == ("17850", "France")
        assert order.paid_fen is None
        first, second = order.lines
        assert (first.title, first.quantity, first.price_e4) == ("BOLT, M8", 6, 25_500)
        assert first.amount_fen == 1530
        assert (second.ordinal, second.row, second.amount_fen) == (2, 3, 11)  # 10.5 fen, half up

    def test_cancellations_and_corrections(self) -> None:
        drafts, _errors = read(
            RETAIL + "C2,M8,B,-6,2011-06-02,2.55,1,F\n"
            "3,M8,B,-1,2011-06-02,2.55,1,F\n3,AD,bad debt,1,2011-06-02,-10.005,,F\n"
        )
        assert [(d.kind, [li.kind for li in d.lines]) for d in drafts] == [
            (OrderKind.CANCELLATION, [LineKind.CANCELLATION]),
            (OrderKind.ORDER, [LineKind.CORRECTION, LineKind.CORRECTION]),
        ]
        assert drafts[1].lines[1].amount_fen == -1001
        assert drafts[0].lines[0].amount_fen == -1530

    def test_the_same_line_twice_is_two_lines(self) -> None:
        row = "1,M8,B,6,2011-06-01,2.55,1,F\n"
        (order,) = read(RETAIL + row + row)[0]
        assert [li.ordinal for li in order.lines] == [1, 2]

    def test_rows_of_an_order_may_lie_apart(self) -> None:
        rows = [f"{n},{code},B,1,2011-06-01,1,k{n},F\n" for code in ("a", "b") for n in (3, 1, 2)]
        drafts, _errors = read(RETAIL + "".join(rows))
        assert [d.external_no for d in drafts] == ["3", "1", "2"]
        assert [[(li.code, li.ordinal) for li in d.lines] for d in drafts] == [
            [("a", 1), ("b", 2)]
        ] * 3

    def test_a_rejected_row_keeps_its_place_and_the_rest_is_in(self) -> None:
        drafts, errors = read(
            RETAIL + "1,a,A,1,2011-06-01,1,k,F\n"
            "1,b,B,1.5,2011-06-01,0.12345,k,F\n"
            "1,c,C,1,2011-06-01,1,k,F\n"
        )
        assert [(li.code, li.ordinal) for li in drafts[0].lines] == [("a", 1), ("c", 3)]
        (error,) = errors
        assert (error.row, error.field, error.ordinal) == (3, "UnitPrice, Quantity", 2)
        assert "4 位" in str(error.reason)
        assert "整数" in str(error.reason)
        assert error.cells == ("1", "b", "B", "1.5", "2011-06-01", "0.12345", "k", "F")

    def test_the_sheet_of_rejected_rows_mended_and_sent_alone_keeps_identity(
        self, tmp_path: Path
    ) -> None:
        _drafts, errors = read(
            RETAIL + "1,a,A,1,2011-06-01,1,k,F\n1,b,B,x,2011-06-01,1,k,F\n,c,C,1,2011-06-01,1,k,F\n"
        )
        path = tmp_path / "rejected.csv"
        with RejectedRows(path, RETAIL.strip().split(","), ordinal_header="单内序号") as rejected:
            for error in errors:
                rejected.add(error)
        mended = path.read_text("utf-8-sig").replace(",x,", ",7,").replace("\n,c", "\n2,c")
        drafts, errors = read(mended)
        assert errors == []
        lines = {d.external_no: [(li.ordinal, li.quantity) for li in d.lines] for d in drafts}
        assert lines == {"1": [(2, 7)], "2": [(1, 1)]}

    @pytest.mark.parametrize(
        ("row", "field", "said"),
        [
            (",a,A,1,2011-06-01,1,k,F", "InvoiceNo", "没有订单号"),
            ("1,a,A,,2011-06-01,1,k,F", "Quantity", "没有数量"),
            ("1,a,A,1,2011-06-01,,k,F", "UnitPrice", "没有单价"),
            ("1,a,A,1e9,2011-06-01,1,k,F", "Quantity", "不是数字"),
            ("1,a,A,1000000000000,2011-06-01,1,k,F", "Quantity", "过大"),
            ("1,a,A,1,2011-06-01,NaN,k,F", "UnitPrice", "不是数字"),
            ('1,a,A,1,2011-06-01,"1,5",k,F', "UnitPrice", "不是数字"),
            ("1,a,A,1,2011-06-01,1.00001,k,F", "UnitPrice", "小数超过 4 位"),
            ("1,a,A,999999999,2011-06-01,99999999,k,F", "UnitPrice", "过大"),
            ("1,a,A,1,01/06/2011,1,k,F", "InvoiceDate", "看不懂日期"),
            ("1,a,A,1,2099-06-01,1,k,F", "InvoiceDate", "将来"),
            ("1,a,A,1,0001-01-01,1,k,F", "InvoiceDate", "过早"),
            ("1,a,A,1,,1,k,F", "InvoiceDate", "没有下单时间"),
            ("1,,,1,2011-06-01,1,k,F", "StockCode", "货号"),
            (f"{'9' * 61},a,A,1,2011-06-01,1,k,F", "InvoiceNo", "超过 60"),
            (f"1,{'a' * 61},A,1,2011-06-01,1,k,F", "StockCode", "超过 60"),
        ],
    )
    def test_bad_rows_are_named_and_the_next_row_is_taken(
        self, row: str, field: str, said: str
    ) -> None:
        good = "\n2,a,A,1,2011-06-01,1,k,F\n"
        drafts, errors = read(RETAIL + row + good, not_after=datetime(2026, 1, 1, tzinfo=UTC))
        assert [d.external_no for d in drafts] == ["2"]
        (error,) = errors
        assert (error.row, error.field) == (2, field)
        assert said in str(error.reason)
        assert str(error.remedy)

    def test_two_customers_in_one_order(self) -> None:
        drafts, errors = read(RETAIL + "1,a,A,1,2011-06-01,1,k,F\n1,b,B,1,2011-06-01,1,j,F\n")
        assert drafts[0].customer_key == "k"
        assert (errors[0].row, errors[0].field, errors[0].cells[6]) == (3, "CustomerID", "j")

    def test_a_long_title_is_cut_with_a_warning(self) -> None:
        drafts, errors = read(RETAIL + f"1,a,{'x' * 201},1,2011-06-01,1,k,F\n")
        assert errors == []
        assert len(drafts[0].lines[0].title) == 200
        assert [w.field for w in drafts[0].warnings] == ["Description"]

    def test_missing_columns_stop_before_the_first_row(self) -> None:
        with pytest.raises(ColumnsMissing):
            read("InvoiceNo,Quantity\n1,2\n")


class TestOrderSheet:
    def test_an_order_without_lines_believes_paid_and_warns(self) -> None:
        drafts, errors = read(
            ORDERS + "T1,甲公司,jia,29.00,0.00,0.00,28.86,交易成功,2026-03-01 10:00,,,,,\n",
            "order-sheet",
        )
        assert errors == []
        (order,) = drafts
        assert (order.paid_fen, order.goods_fen, order.lines) == (2886, 2900, [])
        assert (order.customer_key, order.customer_name) == ("jia", "甲公司")
        assert order.status == "completed"
        (warning,) = order.warnings
        assert (warning.row, warning.field) == (2, "实付")
        assert "¥29.00" in str(warning.reason)
        assert "¥28.86" in str(warning.reason)

    def test_lines_below_merged_cells_belong_to_the_order_above(self) -> None:
        drafts, errors = read(
            ORDERS + "T1,甲,jia,3.00,1,-0.5,3.50,交易成功,2026-03-01,M8,螺栓,1.0000,1,件\n"
            ",,,,,,,,,M10,螺母,0.5,4,件\n"
            "T2,乙,yi,1.00,0,0,1.00,待发货,2026-03-02,M8,螺栓,1,1,件\n",
            "order-sheet",
        )
        assert errors == []
        assert [[li.code for li in d.lines] for d in drafts] == [["M8", "M10"], ["M8"]]
        assert drafts[0].adjustment_fen == -50
        assert drafts[1].status == "awaiting_shipment"

    def test_a_rejected_row_below_merged_cells_names_its_order(self) -> None:
        _drafts, errors = read(
            ORDERS + "T1,甲,jia,3.00,0,0,3.00,交易成功,2026-03-01,M8,螺栓,1,1,件\n"
            ",,,,,,,,,M10,螺母,0.5,x,件\n",
            "order-sheet",
        )
        assert errors[0].cells[:2] == ("T1", "甲")
        assert errors[0].ordinal == 2

    def test_an_amount_that_cannot_be_read_keeps_the_whole_order_out(self) -> None:
        drafts, errors = read(
            ORDERS + "T1,甲,jia,1,0,0,1.999,交易成功,2026-03-01,M8,螺栓,1,1,件\n"
            "T1,甲,jia,1,0,0,,交易成功,2026-03-01,M8,螺栓,1,1,件\n",
            "order-sheet",
        )
        assert drafts == []
        assert [(e.row, e.field) for e in errors] == [(2, "实付"), (3, "实付")]
        assert "第 2 行" in str(errors[1].reason)

    def test_rows_of_one_order_that_contradict_each_other(self) -> None:
        drafts, errors = read(
            ORDERS + "T1,甲,jia,1,0,0,1,交易成功,2026-03-01,M8,螺栓,1,1,件\n"
            "T1,甲,jia,1,0,0,2,交易成功,2026-03-01,M8,螺栓,1,1,件\n"
            "T1,甲,jia,1,0,0,2,交易成功,2026-03-01,M8,螺栓,1,1,件\n",
            "order-sheet",
        )
        assert drafts[0].paid_fen == 100
        assert [(e.row, e.field) for e in errors] == [(3, "实付"), (4, "实付")]
        assert "¥1.00" in str(errors[0].reason)

    def test_an_unknown_status_lists_the_known_ones(self) -> None:
        _drafts, errors = read(ORDERS + "T1,甲,jia,1,0,0,1,不知道,2026-03-01,,,,,\n", "order-sheet")
        assert "交易成功" in str(errors[0].remedy)

    def test_neither_amount_nor_line(self) -> None:
        drafts, errors = read(ORDERS + "T1,甲,jia,,,,,交易成功,2026-03-01,,,,,\n", "order-sheet")
        assert drafts == []
        assert "没有金额" in str(errors[0].reason)

    def test_a_workbook_says_the_same_as_text(self) -> None:
        out = io.BytesIO()
        write_xlsx(
            out,
            ORDERS.strip().split(","),
            [
                [
                    *("T1", "甲", "jia", 3, 1, 0, 4, "交易成功", datetime(2026, 3, 1, 10)),
                    *("M8", "螺栓", 0.5, 6, "件"),
                ]
            ],
        )
        text = ORDERS + "T1,甲,jia,3,1,0,4,交易成功,2026-03-01 10:00,M8,螺栓,0.5,6,件\n"
        assert read(out.getvalue(), "order-sheet") == read(text, "order-sheet")

    def test_gb18030_packed(self) -> None:
        text = ORDERS + "T1,甲公司,jia,1,0,0,1,交易成功,2026-03-01,,,,,\n"
        drafts, _errors = read(gzip.compress(text.encode("gb18030")), "order-sheet")
        assert drafts[0].customer_name == "甲公司"


CONTINENTAL = parse("""
name = "continental"
[file]
delimiter = ";"
encoding = "latin-1"
[columns]
order_no = "Nr"
created_at = "Datum"
quantity = "Menge"
unit_price = "Preis"
code = "Artikel"
customer = "Kunde"
status = "Art"
[values]
dates = ["%d.%m.%Y"]
decimal = ","
[cancellation]
status = ["Gutschrift"]
quantities = "positive"
[statuses]
"Rechnung" = "completed"
""")


class TestOwnMapping:
    def test_other_dates_decimals_encoding_and_cancellations(self) -> None:
        text = (
            "Nr;Datum;Artikel;Menge;Preis;Kunde;Art\n"
            "1;31.12.2025;Mütter;1.000;0,0350;7;Rechnung\n"
            "2;02.01.2026;Mütter;200;0,0350;7;Gutschrift\n"
        )
        drafts, errors = read(text.encode("latin-1"), CONTINENTAL)
        assert errors == []
        order, credit = drafts
        assert order.placed_at.astimezone(ZONE).date().isoformat() == "2025-12-31"
        assert (order.lines[0].quantity, order.lines[0].price_e4) == (1000, 350)
        assert credit.kind is OrderKind.CANCELLATION
        assert credit.status == "completed"
        assert (credit.lines[0].quantity, credit.lines[0].amount_fen) == (-200, -700)


class TestPreview:
    def test_ten_rows_as_they_stand_and_as_they_are_read(self) -> None:
        text = RETAIL + "".join(f"{n},a,A,{n},2011-06-01,1,k,F\n" for n in range(3, 30))
        text = text.replace("4,a,A,4", "4,a,A,x")
        mapping = load("line-export")
        with open_past_sheet(io.BytesIO(text.encode()), mapping, name="x.csv") as sheet:
            shown = preview(sheet, mapping, zone=ZONE)
            headers, rows = peek(sheet, rows=2)
        assert len(shown.rows) == 10
        assert shown.rows[0] == (2, ["3", "a", "A", "3", "2011-06-01", "1", "k", "F"])
        assert shown.read[0][Field.QUANTITY] == "3"
        assert Field.QUANTITY not in shown.read[1]
        assert [(e.row, e.field) for e in shown.problems] == [(3, "Quantity")]
        assert headers == RETAIL.strip().split(",")
        assert len(rows) == 2


def test_progress_ends_at_all_rows() -> None:
    told: list[tuple[int, int]] = []
    mapping = load("line-export")
    text = RETAIL + "".join(f"{n},a,A,1,2011-06-01,1,k,F\n" for n in range(12_000))
    with open_past_sheet(io.BytesIO(text.encode()), mapping, name="x.csv") as sheet:
        orders = read_orders(sheet, mapping, zone=ZONE, progress=lambda *n: told.append(n))
        assert sum(1 for _order in orders) == 12_000
    assert [done for done, _total in told] == [5000, 10_000, 12_000]
    assert all(done <= total <= 12_001 for done, total in told)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_an_amount_is_the_market_s_own(price_e4: int, quantity: int) -> None:
    assert amount_fen(price_e4, quantity) == line_amount(UnitPrice(price_e4), quantity).fen


@given(st.lists(st.integers(1, 4), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_ordinals_follow_the_file_whatever_lies_between(orders: list[int], random: object) -> None:
    text = RETAIL + "".join(
        f"{order},{n},A,1,2011-06-01,1,k{order},F\n" for n, order in enumerate(orders)
    )
    for draft in read(text)[0]:
        codes = [str(n) for n, order in enumerate(orders) if str(order) == draft.external_no]
        assert [li.code for li in draft.lines] == codes
        assert [li.ordinal for li in draft.lines] == list(range(1, len(codes) + 1))
