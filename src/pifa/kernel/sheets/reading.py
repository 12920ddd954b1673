"""`open_sheet`: one door for every sheet that comes in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from pifa.kernel.sheets.cells import Cell, Row, cell_text
from pifa.kernel.sheets.errors import (
    DuplicateHeader,
    EmptySheet,
    FileTooLarge,
    OldWorkbook,
    SheetError,
)
from pifa.kernel.sheets.limits import MIB, SheetLimits
from pifa.kernel.sheets.text import Survey, TextFile
from pifa.kernel.sheets.workbook import WorkbookFile

_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"


class SheetKind(StrEnum):
    """What the file turned out to be, whatever its name says."""

    XLSX = "xlsx"
    CSV = "csv"


class Table(NamedTuple):
    """A sheet with a row of headers: the headers as text, and the non-blank rows below them."""

    headers: list[str]
    header_row: int
    rows: Iterator[Row]


class Sheet:
    """An open sheet. Use it as a context manager: it may hold files.

    `rows` may be called again and starts over, but only one iteration may run at a time.
    """

    def __init__(
        self,
        name: str,
        source: TextFile | WorkbookFile,
        survey: Survey | None,
        own: IO[bytes] | None,
    ) -> None:
        self.name = name
        self._source = source
        self._survey = survey
        self._own = own

    @property
    def kind(self) -> SheetKind:
        """Whether it is a workbook or text."""
        return SheetKind.CSV if self._survey else SheetKind.XLSX

    @property
    def encoding(self) -> str | None:
        """The encoding found in a text file."""
        return self._survey.encoding if self._survey else None

    @property
    def delimiter(self) -> str | None:
        """The delimiter found in a text file."""
        return self._survey.delimiter if self._survey else None

    @property
    def worksheet(self) -> str | None:
        """The title of the worksheet that is read."""
        return self._source.worksheet if isinstance(self._source, WorkbookFile) else None

    @property
    def rows_estimate(self) -> int:
        """About how many rows there are, for a progress bar (line breaks in cells count too)."""
        if isinstance(self._source, WorkbookFile):
            return self._source.rows_found
        return self._survey.lines if self._survey else 0

    def rows(self) -> Iterator[Row]:
        """All rows from the first on, blank ones included."""
        if isinstance(self._source, WorkbookFile):
            return self._source.rows()
        assert self._survey is not None
        return self._source.rows(self._survey)

    def table(self, header_row: int | None = None, *, unique: bool = True) -> Table:
        """Headers and rows; the header is the first row with content unless its number is given.

        Raises `EmptySheet` without one and, if headers must be `unique`, `DuplicateHeader`.
        """
        rows = self.rows()
        for row in rows:
            if (header_row is None and not is_blank(row.cells)) or row.number == header_row:
                headers = [" ".join(cell_text(cell).split()) for cell in row.cells]
                self._check(headers, unique)
                return Table(headers, row.number, (r for r in rows if not is_blank(r.cells)))
        raise EmptySheet(name=self.name)

    def close(self) -> None:
        """Give back the temporary copy and the file, if this sheet opened it."""
        if isinstance(self._source, WorkbookFile):
            self._source.close()
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check(self, headers: list[str], unique: bool) -> None:
        if not any(headers):
            raise EmptySheet(name=self.name)
        if not unique:
            return
        first: dict[str, int] = {}
        for position, header in enumerate(headers, 1):
            if header and first.setdefault(header, position) != position:
                raise DuplicateHeader(
                    name=self.name, header=header, first=first[header], second=position
                )


def open_sheet(
    path_or_file: str | os.PathLike[str] | IO[bytes],
    *,
    name: str | None = None,
    limits: SheetLimits | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    worksheet: str | None = None,
) -> Sheet:
    """Open an .xlsx, .csv or .csv.gz, told apart by content.

    A file object must be seekable and stays open; `name` is what messages call it. `encoding`
    and `delimiter` are found out unless given (GB18030 only where the text is not UTF-8).
    Raises a `SheetError` for whatever cannot be trusted or read.
    """
    limits = limits or SheetLimits()
    if isinstance(path_or_file, str | os.PathLike):
        path = Path(path_or_file)
        raw: IO[bytes] = path.open("rb")
        own: IO[bytes] | None = raw
        name = name or path.name
    else:
        raw, own = path_or_file, None
        name = name or str(getattr(raw, "name", "") or "sheet")
    try:
        return _open(raw, own, name, limits, encoding, delimiter, worksheet)
    except BaseException:
        if own is not None:
            own.close()
        raise


def is_blank(cells: list[Cell]) -> bool:
    """Whether no cell of a row holds anything."""
    return all(cell == "" for cell in cells)


def _open(
    raw: IO[bytes],
    own: IO[bytes] | None,
    name: str,
    limits: SheetLimits,
    encoding: str | None,
    delimiter: str | None,
    worksheet: str | None,
) -> Sheet:
    raw.seek(0, os.SEEK_END)
    size = raw.tell()  # the wrappers of uploads do not say where they sought to
    raw.seek(0)
    if size == 0:
        raise EmptySheet(name=name)
    if size > limits.file_bytes:
        raise FileTooLarge(name=name, limit_mib=limits.file_bytes // MIB)
    head = raw.read(4)
    raw.seek(0)
    if head == _ZIP:
        return Sheet(name, WorkbookFile(raw, name, limits, worksheet), None, own)
    if head == _OLE:
        raise OldWorkbook(name=name)
    text = TextFile(raw, name, limits, packed=head[:2] == _GZIP)
    try:
        survey = text.survey(encoding, delimiter)
    except LookupError as error:
        raise SheetError(name=name) from error
    return Sheet(name, text, survey, own)
