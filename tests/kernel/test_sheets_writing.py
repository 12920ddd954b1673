"""Sheets that Pifa writes: numbers stay numbers, texts stay texts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.sheets import (
    Column,
    ColumnKind,
    RejectedRows,
    RowError,
    csv_chunks,
    open_sheet,
    write_csv,
    write_xlsx,
)

COLUMNS = [
    Column("订单号"),
    Column("数量", ColumnKind.WHOLE),
    Column("单价", ColumnKind.PRICE),
    Column("实付", ColumnKind.MONEY),
    Column("付款时间", ColumnKind.MOMENT),
]
PAID_AT = datetime(2026, 3, 28, 16, 30, tzinfo=UTC)
ROW: list[object] = ["000123", -5, UnitPrice(350), Money(-1234), PAID_AT]
EVIL = ["=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1"]


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


class TestCsv:
    def test_begins_with_a_byte_order_mark_and_keeps_numbers(self) -> None:
        out = io.BytesIO()
        assert write_csv(out, COLUMNS, [ROW]) == 1
        assert out.getvalue().startswith(b"\xef\xbb\xbf")
        assert read_csv(out.getvalue())[1] == [
            "000123",
            "-5",
            "0.0350",
            "-12.34",
            "2026-03-29 00:30:00",
        ]

    @pytest.mark.parametrize("text", EVIL)
    def test_no_text_becomes_a_formula(self, text: str) -> None:
        out = io.BytesIO()
        write_csv(out, ["名"], [[text]])
        assert read_csv(out.getvalue())[1][0][0] == "'"

    def test_streams_in_pieces_that_add_up(self) -> None:
        rows = [["货品" * 20, n] for n in range(5000)]
        chunks = list(csv_chunks(["名", "数"], rows))
        assert len(chunks) > 3
        assert len(read_csv(b"".join(chunks))) == 5001


class TestXlsx:
    def test_types_formats_and_zone(self) -> None:
        out = io.BytesIO()
        assert write_xlsx(out, COLUMNS, [ROW], title="订单[1]") == 1
        sheet = load_workbook(out).worksheets[0]
        cells = sheet[2]
        assert [cell.value for cell in cells] == [
            "000123",
            -5,
            0.035,
            -12.34,
            datetime(2026, 3, 29, 0, 30),
        ]
        assert cells[3].number_format == "#,##0.00"
        assert sheet.column_dimensions["E"].width == 20
        assert sheet.freeze_panes == "A2"

    @pytest.mark.parametrize("text", EVIL)
    def test_no_text_becomes_a_formula_and_none_is_changed(self, text: str) -> None:
        out = io.BytesIO()
        write_xlsx(out, ["名"], [[text]])
        cell = load_workbook(out).worksheets[0]["A2"]
        assert cell.data_type == "s"
        assert str(cell.value).strip() == text.strip()

    def test_long_numbers_and_control_characters(self) -> None:
        out = io.BytesIO()
        write_xlsx(out, ["号", "名"], [[1234567890123456789, "a\x00b"], [date(2026, 1, 2), None]])
        sheet = load_workbook(out).worksheets[0]
        assert sheet["A2"].value == "1234567890123456789"
        assert sheet["B2"].value == "ab"

    def test_what_is_written_is_read_back(self) -> None:
        out = io.BytesIO()
        write_xlsx(out, ["a", "b"], [["=x", Decimal("0.0350")]])
        with open_sheet(out) as sheet:
            assert [row.cells for row in sheet.rows()] == [["a", "b"], ["=x", Decimal("0.035")]]


class TestRejected:
    def test_the_sheet_can_be_mended_and_sent_again(self, tmp_path: Path) -> None:
        path = tmp_path / "rejected.csv"
        with RejectedRows(path, ["订单号", "数量"], ordinal_header="序号") as rejected:
            rejected.add(RowError(7, "数量", "不是整数", "改为整数", ("A1", "-1x"), 3))
        with open_sheet(path) as sheet:
            table = sheet.table()
            assert table.headers == ["订单号", "数量", "序号", "行号", "字段", "原因", "处理办法"]
            (row,) = table.rows
            assert row.cells == ["A1", "-1x", "3", "7", "数量", "不是整数", "改为整数"]

    def test_a_sheet_mended_twice_keeps_one_ordinal_column(self, tmp_path: Path) -> None:
        path = tmp_path / "rejected.csv"
        with RejectedRows(path, ["订单号", "序号"], ordinal_header="序号") as rejected:
            rejected.add(RowError(2, "数量", "x", "y", ("A1", "3"), 3))
        assert read_csv(path.read_bytes())[1][:3] == ["A1", "3", "2"]

    def test_no_file_without_rejected_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "rejected.csv"
        with RejectedRows(path, ["a"]) as rejected:
            assert rejected.count == 0
        assert not path.exists()
