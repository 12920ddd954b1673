"""Reading .csv and .csv.gz: encoding, delimiter and size are found out, never assumed."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from pifa.kernel.sheets.cells import MARKED, Cell, CellProblem, Row, plain
from pifa.kernel.sheets.errors import (
    ArchiveBomb,
    NotText,
    SheetError,
    TooManyColumns,
    TooManyRows,
    UnclosedQuote,
    WrongEncoding,
)
from pifa.kernel.sheets.limits import SheetLimits

_CHUNK = 1 << 20
_DELIMITERS = (",", "\t", ";", "|")
_DETECTED = ("utf-8-sig", "gb18030")


class Survey(NamedTuple):
    """What one quick pass over the whole text found."""

    encoding: str
    delimiter: str
    lines: int


class TextFile:
    """The bytes of a .csv or .csv.gz, unpacked on the way and counted against the limits."""

    def __init__(self, raw: IO[bytes], name: str, limits: SheetLimits, *, packed: bool) -> None:
        self.raw, self.name, self.limits, self.packed = raw, name, limits, packed

    def survey(self, encoding: str | None, delimiter: str | None) -> Survey:
        """Find encoding and delimiter, or check the ones asked for, over the whole file."""
        candidates = [encoding] if encoding else list(_DETECTED)
        if not encoding and self._head().startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            candidates = ["utf-16"]
        for candidate in candidates[:-1]:
            try:
                lines = self._decode(candidate)
                break
            except WrongEncoding:
                continue
        else:
            candidate = candidates[-1]
            lines = self._decode(candidate)
        return Survey(candidate, delimiter or self._sniff(candidate), lines)

    def rows(self, survey: Survey) -> Iterator[Row]:
        """Stream the rows; every cell is text. Quoted cells may hold line breaks."""
        number = 0
        try:
            for number, record in enumerate(self._records(survey.encoding, survey.delimiter), 1):
                if number > self.limits.rows:
                    raise TooManyRows(name=self.name, limit=self.limits.rows)
                yield Row(number, self._cells(number, record))
        except csv.Error as error:
            raise UnclosedQuote(name=self.name, row=number + 1) from error
        except UnicodeDecodeError as error:
            raise WrongEncoding(
                name=self.name, line=number + 1, encoding=survey.encoding
            ) from error

    def _cells(self, number: int, record: list[str]) -> list[Cell]:
        limits = self.limits
        if len(record) > limits.columns:
            raise TooManyColumns(
                name=self.name, row=number, found=len(record), limit=limits.columns
            )
        cells: list[Cell] = [plain(text) if text[:1] in MARKED else text.strip() for text in record]
        if sum(map(len, record)) > limits.cell_chars:
            return [
                CellProblem.TOO_LONG
                if isinstance(cell, str) and len(cell) > limits.cell_chars
                else cell
                for cell in cells
            ]
        return cells

    def _records(self, encoding: str, delimiter: str) -> Iterator[list[str]]:
        text = io.TextIOWrapper(self._open(), encoding=encoding, newline="")
        try:
            yield from csv.reader(text, delimiter=delimiter)
        except (OSError, EOFError, zlib.error) as error:
            raise SheetError(name=self.name) from error
        finally:
            if not text.closed:  # an iteration left half way may end after its sheet
                text.detach()  # the raw file stays open for its owner

    def _open(self) -> IO[bytes]:
        self.raw.seek(0)
        if not self.packed:
            return self.raw
        return gzip.GzipFile(fileobj=self.raw, mode="rb")  # type: ignore[return-value]

    def _head(self) -> bytes:
        try:
            return self._open().read(4)
        except (OSError, EOFError, zlib.error) as error:
            raise SheetError(name=self.name) from error

    def _chunks(self) -> Iterator[bytes]:
        """Unpacked bytes; refuses a file that unpacks to more than the limits allow."""
        limits, stream, unpacked = self.limits, self._open(), 0
        try:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > limits.unpacked_bytes:
                    raise ArchiveBomb(name=self.name)
                absurd = unpacked > limits.ratio * max(self.raw.tell(), 1)
                if self.packed and absurd and unpacked > limits.ratio_from_bytes:
                    raise ArchiveBomb(name=self.name)
                yield chunk
        except (OSError, EOFError, zlib.error) as error:
            raise SheetError(name=self.name) from error

    def _decode(self, encoding: str) -> int:
        """Decode everything once; the number of line breaks."""
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        lines = 0
        try:
            for chunk in self._chunks():
                text = decoder.decode(chunk)
                if "\0" in text:
                    raise NotText(name=self.name)
                lines += text.count("\n") or text.count("\r")
            decoder.decode(b"", True)
        except UnicodeDecodeError as error:
            line = lines + error.object[: error.start].count(b"\n") + 1
            raise WrongEncoding(name=self.name, line=line, encoding=encoding) from error
        return lines

    def _sniff(self, encoding: str) -> str:
        """The delimiter that cuts each of the first rows into most columns, or else some of them;
        a comma if none does. A text full of another one stands below a header without it."""

        def columns(delimiter: str) -> tuple[int, int]:
            widths: list[int] = []
            records = self._records(encoding, delimiter)
            try:
                for record in records:
                    widths.append(len(record))
                    if len(widths) == 10:
                        break
            except csv.Error:
                pass  # an unclosed quote: what came before it decides
            finally:
                records.close()  # type: ignore[attr-defined]
            filled = [width for width in widths if width]
            return min(filled, default=0), max(filled, default=0)

        return max(_DELIMITERS, key=columns)
