"""Sheets that strangers send: what is read, and what is refused with a word of help."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, cast

import pytest
from django.core.files.uploadedfile import (
    SimpleUploadedFile,
    TemporaryUploadedFile,
    UploadedFile,
)
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pifa.kernel.sheets import (
    CellProblem,
    Row,
    SheetError,
    SheetKind,
    SheetLimits,
    cell_text,
    open_sheet,
    write_csv,
)
from pifa.kernel.sheets.errors import (
    ArchiveBomb,
    BrokenWorkbook,
    DuplicateHeader,
    EmptySheet,
    EntitiesRefused,
    FileTooLarge,
    NoSuchWorksheet,
    NotText,
    OldWorkbook,
    TooManyCells,
    TooManyColumns,
    TooManyFormulas,
    TooManyRows,
    UnclosedQuote,
    WrongEncoding,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rows_of(data: bytes, limits: SheetLimits | None = None, **how: str) -> list[Row]:
    with open_sheet(io.BytesIO(data), name="上传.csv", limits=limits, **how) as sheet:
        return list(sheet.rows())


def workbook(*rows: Sequence[object], title: str = "Sheet1") -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """The workbook with one part replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return out.getvalue()


def worksheet_xml(body: str, prolog: str = "") -> bytes:
    return f'{prolog}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'.encode()


def with_cells(body: str, prolog: str = "") -> bytes:
    return with_part(workbook(["x"]), "xl/worksheets/sheet1.xml", worksheet_xml(body, prolog))


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", "\t", ";"])
    def test_encoding_and_delimiter_are_found(self, encoding: str, delimiter: str) -> None:
        text = f"订单号{delimiter}货品\r\n0012{delimiter}螺栓 M8\r\n"
        assert rows_of(text.encode(encoding)) == [
            Row(1, ["订单号", "货品"]),
            Row(2, ["0012", "螺栓 M8"]),
        ]

    def test_a_late_chinese_character_still_decides_the_encoding(self) -> None:
        data = b"order,title\n" * 200_000 + "1,螺栓\n".encode("gb18030")
        assert rows_of(data)[-1].cells == ["1", "螺栓"]

    def test_packed_text_is_read(self) -> None:
        assert rows_of(gzip.compress("号,名\n1,甲\n".encode()))[1].cells == ["1", "甲"]

    def test_texts_full_of_another_delimiter_do_not_mislead(self) -> None:
        rows = rows_of("编号,货品,备注\r\n1,螺栓,a;b;c;d;e;f\r\n".encode())

        assert [len(row.cells) for row in rows] == [3, 3]

    def test_quoted_line_breaks_and_delimiters_stay_in_the_cell(self) -> None:
        assert rows_of(b'a,b\n"1,5","x\ny"\n')[1] == Row(2, ["1,5", "x\ny"])

    def test_marks_that_exports_put_before_text_are_taken_off(self) -> None:
        cells = rows_of(b"=\"0012345678901234567\",'=1+1,\t123\t,'00123,'tis\n")[0].cells
        assert cells == ["0012345678901234567", "=1+1", "123", "00123", "'tis"]

    def test_a_formula_in_text_is_only_text(self) -> None:
        assert rows_of(b"=SUM(A1:A9),+1,@x\n")[0].cells == ["=SUM(A1:A9)", "+1", "@x"]

    def test_wrong_bytes_name_the_line(self) -> None:
        data = "号\n一\n".encode() + b"\xff\xff\n"
        with pytest.raises(WrongEncoding) as caught:
            rows_of(data, encoding="utf-8")
        assert caught.value.figures["line"] == 3

    def test_a_picture_named_csv_is_no_sheet(self) -> None:
        with pytest.raises(NotText):
            rows_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40))

    def test_an_unclosed_quote_is_named_not_swallowed(self) -> None:
        data = b'a,b\n1,2\n3,"x\n' + b"4,5\n" * 50_000
        with pytest.raises(UnclosedQuote) as caught:
            rows_of(data)
        assert caught.value.figures["row"] == 3

    def test_packed_bomb(self) -> None:
        limits = SheetLimits(ratio_from_bytes=1_000_000)
        with pytest.raises(ArchiveBomb):
            rows_of(gzip.compress(b"a,b\n" * 1_000_000), limits)

    def test_truncated_packed_file(self) -> None:
        with pytest.raises(SheetError):
            rows_of(gzip.compress(b"a,b\n" * 1000)[:-12])

    def test_limits(self) -> None:
        with pytest.raises(TooManyRows):
            rows_of(b"a\n" * 11, SheetLimits(rows=10))
        with pytest.raises(TooManyColumns):
            rows_of(b"a,b,c\n", SheetLimits(columns=2))
        with pytest.raises(FileTooLarge):
            rows_of(b"a,b,c\n", SheetLimits(file_bytes=5))
        with pytest.raises(EmptySheet):
            rows_of(b"")

    def test_a_long_cell_is_marked_and_its_neighbours_are_kept(self) -> None:
        row = rows_of(b"1," + b"x" * 50, SheetLimits(cell_chars=49))[0]
        assert row.cells == ["1", CellProblem.TOO_LONG]

    @given(
        st.lists(
            st.lists(
                st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=8),
                min_size=2,
                max_size=2,
            ),
            min_size=1,
            max_size=5,
        )
    )
    def test_what_is_written_is_read_back(self, table: list[list[str]]) -> None:
        out = io.BytesIO()
        write_csv(out, ["甲", "乙"], table)
        with open_sheet(out, name="x", delimiter=",") as sheet:
            read = [row.cells for row in sheet.rows()][1:]
        expected = [[clean(cell) for cell in row] for row in table]
        assert read == expected


def clean(text: str) -> str:
    """What reading forgives: controls that no sheet holds, blanks around, marks of exports."""
    from pifa.kernel.sheets.cells import neutral, plain
    from pifa.kernel.sheets.writing import _CONTROL

    return plain(neutral(_CONTROL.sub("", text)))


class TestWorkbook:
    def test_types(self) -> None:
        placed = datetime(2026, 3, 1, 8, 30)
        data = workbook(["单价", "日期", "是"], [0.035, placed, True], [0.1 + 0.2, None, "00123"])
        rows = rows_of(data)
        assert rows[1].cells == [Decimal("0.035"), placed, True]
        assert rows[2].cells == [Decimal("0.3"), "", "00123"]

    def test_row_and_column_numbers_are_those_a_person_sees(self) -> None:
        body = '<row r="3"><c r="C3"><v>7</v></c></row>'
        assert rows_of(with_cells(body))[2] == Row(3, ["", "", Decimal(7)])

    def test_a_formula_is_not_trusted_even_with_a_result(self) -> None:
        body = '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><f>1+1</f><v>999</v></c></row>'
        assert rows_of(with_cells(body))[0].cells == [Decimal(5), CellProblem.FORMULA]

    def test_a_formula_behind_a_prefix_is_found(self) -> None:
        body = (
            '<x:sheetData><x:row r="1"><x:c r="A1"><x:f>1</x:f><x:v>3</x:v></x:c></x:row>'
            "</x:sheetData>"
        )
        xml = f'<x:worksheet xmlns:x="{MAIN}">{body}</x:worksheet>'.encode()
        data = with_part(workbook(["x"]), "xl/worksheets/sheet1.xml", xml)
        assert rows_of(data)[0].cells == [CellProblem.FORMULA]

    def test_a_sheet_of_formulas_is_refused(self) -> None:
        data = workbook(*[[f"=A{n}"] for n in range(1, 12)])
        with pytest.raises(TooManyFormulas):
            rows_of(data, SheetLimits(formulas=10))

    def test_a_long_number_is_not_guessed(self) -> None:
        body = '<row r="1"><c r="A1"><v>123456789012345678</v></c></row>'
        assert rows_of(with_cells(body))[0].cells == [CellProblem.LONG_NUMBER]

    def test_entities_are_refused(self) -> None:
        prolog = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        body = '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
        with pytest.raises(EntitiesRefused):
            rows_of(with_cells(body, prolog))
        book = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'
        with pytest.raises(EntitiesRefused):
            rows_of(with_part(workbook(["x"]), "xl/workbook.xml", book))

    def test_a_zip_bomb_is_refused(self) -> None:
        padding = "<row/>" * 400_000
        limits = SheetLimits(ratio_from_bytes=1_000_000)
        with pytest.raises(ArchiveBomb):
            rows_of(with_cells(padding), limits)
        with pytest.raises(ArchiveBomb):
            rows_of(with_cells(padding), SheetLimits(unpacked_bytes=1_000_000))

    def test_one_cell_in_the_far_corner_takes_no_memory(self) -> None:
        far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="KN1048576"/></row>'
        with pytest.raises(TooManyCells):
            rows_of(with_cells(far))
        with pytest.raises(TooManyColumns):
            rows_of(with_cells('<row r="1"><c r="XFD1"><v>1</v></c></row>'))
        with pytest.raises(TooManyRows):
            rows_of(with_cells('<row r="99999999"><c r="A99999999"/></row>'))

    def test_a_cell_that_claims_another_row_is_refused(self) -> None:
        with pytest.raises(BrokenWorkbook):
            rows_of(with_cells('<row r="1"><c r="A1048576"><v>1</v></c></row>'))

    def test_one_long_text_shared_by_many_cells_is_weighed(self) -> None:
        shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * 9000}</t></si></sst>'.encode()
        cells = "".join('<row><c t="s"><v>0</v></c></row>' for _ in range(200))
        relations = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://x/worksheet"/>'
            b'<Relationship Id="rId2" Target="sharedStrings.xml" Type="http://x/sharedStrings"/>'
            b"</Relationships>"
        )
        data = with_part(with_cells(cells), "xl/sharedStrings.xml", shared)
        data = with_part(data, "xl/_rels/workbook.xml.rels", relations)
        with pytest.raises(TooManyCells):
            rows_of(data, SheetLimits(text_chars=1_000_000))

    def test_old_and_broken_files_say_what_to_do(self) -> None:
        with pytest.raises(OldWorkbook):
            rows_of(b"\xd0\xcf\x11\xe0" + bytes(600))
        whole = workbook(["x"])
        with pytest.raises(BrokenWorkbook):
            rows_of(whole[: len(whole) // 2])
        with pytest.raises(BrokenWorkbook):
            rows_of(with_cells("<row><c></row>"))

    def test_worksheets_by_name(self) -> None:
        data = workbook(["x"], title="订单")
        with open_sheet(io.BytesIO(data), worksheet="订单") as sheet:
            assert (sheet.kind, sheet.worksheet) == (SheetKind.XLSX, "订单")
        with pytest.raises(NoSuchWorksheet) as caught:
            rows_of(data, worksheet="货品")
        assert "订单" in str(caught.value)

    def test_the_copy_is_removed(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        rows_of(workbook(["x"]))
        with pytest.raises(BrokenWorkbook):
            rows_of(with_cells("<row>"))
        assert list(tmp_path.iterdir()) == []


class TestTable:
    def test_headers_are_found_below_blank_rows_and_blank_rows_are_skipped(self) -> None:
        with open_sheet(io.BytesIO(b",,\n a  b ,c,\n\n1,2,\n,,\n3,4,\n")) as sheet:
            table = sheet.table()
            assert table.headers == ["a b", "c", ""]
            assert [row.number for row in table.rows] == [4, 6]

    def test_two_columns_of_one_name(self) -> None:
        with open_sheet(io.BytesIO(b"a,b,a\n")) as sheet:
            with pytest.raises(DuplicateHeader) as caught:
                sheet.table()
            assert (caught.value.figures["first"], caught.value.figures["second"]) == (1, 3)
            assert sheet.table(unique=False).headers == ["a", "b", "a"]

    def test_rows_may_be_read_twice(self) -> None:
        with open_sheet(io.BytesIO(b"a\n1\n")) as sheet:
            assert list(sheet.rows()) == list(sheet.rows())


@pytest.mark.parametrize("upload", [SimpleUploadedFile, "temporary"])
def test_uploads_are_read_like_files(upload: object) -> None:
    for data in [
        "号,名\n1,甲\n".encode(),
        gzip.compress("号,名\n1,甲\n".encode()),
        workbook(["号"]),
    ]:
        if upload == "temporary":
            file: UploadedFile[bytes] = TemporaryUploadedFile("单.csv", "text/csv", len(data), None)
            file.write(data)
        else:
            file = SimpleUploadedFile("单.csv", data)
        with open_sheet(cast(IO[bytes], file)) as sheet:
            assert sheet.name == "单.csv" or upload == "temporary"
            assert list(sheet.rows()) == list(sheet.rows())
        assert not file.closed


def test_cell_text_is_what_a_person_reads() -> None:
    assert cell_text(Decimal("1E+3")) == "1000"
    assert cell_text(Decimal("0.0350")) == "0.035"
    assert cell_text(datetime(2026, 3, 1, 8)) == "2026-03-01 08:00:00"


def test_every_refusal_reads_without_missing_figures() -> None:
    def refusals() -> Iterator[SheetError]:
        for data, limits in [
            (b"a\n" * 11, SheetLimits(rows=10)),
            (b"a,b,c\n", SheetLimits(columns=2)),
            (b"a,b,c\n", SheetLimits(file_bytes=5)),
            (b"\xd0\xcf\x11\xe0" + bytes(600), None),
            (b"x\0y", None),
        ]:
            with pytest.raises(SheetError) as caught:
                rows_of(data, limits)
            yield caught.value

    for refusal in refusals():
        assert "{" not in str(refusal)
        assert "上传" in str(refusal) or "检查" in str(refusal)


def test_csv_dialect_is_the_one_people_use() -> None:
    out = io.BytesIO()
    write_csv(out, ["a"], [['say "hi", then\nleave']])
    assert next(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig").split("\r\n", 1)[1])))
