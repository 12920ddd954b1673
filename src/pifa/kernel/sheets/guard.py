"""What is checked in an .xlsx before a library may read it.

A worksheet can be small on disk and enormous in memory in three ways: packed zeros, one cell
in the far corner (readers keep a dense area), one long shared text used by every cell. It can
also hold formulas with made-up results. One streaming pass finds all of these; what passed is
copied into a fresh archive, so that the reader sees exactly the bytes that were checked.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable
from typing import IO, Any
from xml.parsers import expat

from pifa.kernel.sheets.errors import (
    ArchiveBomb,
    BrokenWorkbook,
    EntitiesRefused,
    TooManyCells,
    TooManyColumns,
    TooManyFormulas,
    TooManyRows,
)
from pifa.kernel.sheets.limits import SheetLimits

_CHUNK = 1 << 18
_DIGITS = "0123456789"


class PartReader:
    """Streams parts of one archive through expat, counting against the limits of all parts."""

    def __init__(self, name: str, limits: SheetLimits) -> None:
        self.name, self.limits = name, limits
        self.unpacked = 0

    def run(
        self,
        part: IO[bytes],
        packed_size: int,
        *,
        copy_to: Callable[[bytes], object],
        prepare: Callable[[expat.XMLParserType], object] | None = None,
    ) -> None:
        """Check one part while copying it; `prepare` hangs handlers on the parser."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.XmlDeclHandler = self._check_declaration
        if prepare:
            prepare(parser)
        size = 0
        try:
            while chunk := part.read(_CHUNK):
                if size == 0 and b"\0" in chunk[:4]:  # UTF-16: readers differ on it
                    raise BrokenWorkbook(name=self.name)
                size += len(chunk)
                self._count(size, len(chunk), packed_size)
                parser.Parse(chunk, False)
                copy_to(chunk)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BrokenWorkbook(name=self.name) from error

    def _count(self, size: int, added: int, packed_size: int) -> None:
        limits = self.limits
        self.unpacked += added
        absurd = size > limits.ratio_from_bytes and size > limits.ratio * max(packed_size, 1)
        if absurd or self.unpacked > limits.unpacked_bytes:
            raise ArchiveBomb(name=self.name)

    def _refuse_doctype(self, *_args: Any) -> None:
        raise EntitiesRefused(name=self.name)

    def _check_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii"}:
            raise BrokenWorkbook(name=self.name)


class SharedTexts:
    """The length of every shared text, to know what a worksheet will weigh."""

    def __init__(self) -> None:
        self.lengths = array("Q")
        self._length = 0

    def prepare(self, parser: expat.XMLParserType) -> None:
        """Hang the handlers on a parser of `sharedStrings.xml`."""
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._text
        parser.EndElementHandler = self._end

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if local(name) == "si":
            self._length = 0

    def _text(self, data: str) -> None:
        self._length += len(data)

    def _end(self, name: str) -> None:
        if local(name) == "si":
            self.lengths.append(self._length)


class WorksheetGuard:
    """Measures one worksheet: its used area, its text, its formulas."""

    def __init__(self, name: str, limits: SheetLimits, texts: SharedTexts) -> None:
        self.name, self.limits, self._texts = name, limits, texts
        self.formulas: dict[int, set[int]] = defaultdict(set)
        """Row number → columns (both from 1) whose cell holds a formula."""
        self.rows = 0
        self.columns = 0
        self._formula_count = 0
        self._chars = 0
        self._row_text = "0"
        self._column = 0
        self._shared = False
        self._buffer: list[str] = []
        self._locals: dict[str, str] = {}
        self._column_of: dict[str, int] = {}

    def prepare(self, parser: expat.XMLParserType) -> None:
        """Hang the handlers on a parser of the worksheet's part."""
        self._parser = parser
        parser.StartElementHandler = self._start

    def finish(self) -> None:
        """Weigh the last cell and the dense area that a reader would hold."""
        self._settle()
        if self.rows * self.columns > self.limits.cells:
            raise TooManyCells(name=self.name, rows=self.rows, columns=self.columns)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._buffer:
            self._settle()
        kind = self._locals.get(name)
        if kind is None:
            kind = self._locals.setdefault(name, local(name))
        if kind == "c":
            self._cell(attributes)
        elif kind == "v":
            if self._shared:
                self._parser.CharacterDataHandler = self._buffer.append
        elif kind == "row":
            self._row(attributes.get("r"))
        elif kind == "f":
            self._formula()

    def _row(self, reference: str | None) -> None:
        number = self._number(reference) if reference is not None else self._row_number() + 1
        if number > self.limits.rows:
            raise TooManyRows(name=self.name, limit=self.limits.rows)
        self._row_text = str(number)
        self._column = 0
        self.rows = max(self.rows, number)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._shared = attributes.get("t") == "s"
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip(_DIGITS)
            if reference[len(letters) :] != self._row_text:
                raise BrokenWorkbook(name=self.name)  # a cell that claims another row
            column = self._column_of.get(letters)
            if column is None:
                column = self._column_of.setdefault(letters, self._column_number(letters))
            self._column = column
        if self._column > self.columns:
            self.columns = self._column
            if self.columns > self.limits.columns:
                raise TooManyColumns(
                    name=self.name,
                    row=self._row_number(),
                    found=self.columns,
                    limit=self.limits.columns,
                )

    def _formula(self) -> None:
        self._formula_count += 1
        if self._formula_count > self.limits.formulas:
            raise TooManyFormulas(name=self.name, limit=self.limits.formulas)
        self.formulas[self._row_number()].add(self._column)

    def _settle(self) -> None:
        """Count the text that the shared-text cell just read stands for."""
        self._parser.CharacterDataHandler = None
        text = "".join(self._buffer).strip()
        self._buffer.clear()
        if not text:
            return
        index = self._number(text)
        if index < len(self._texts.lengths):
            self._chars += self._texts.lengths[index]
        if self._chars > self.limits.text_chars:
            raise TooManyCells(name=self.name, rows=self.rows, columns=self.columns)

    def _row_number(self) -> int:
        return int(self._row_text)

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 10):
            raise BrokenWorkbook(name=self.name)
        return int(text)

    def _column_number(self, letters: str) -> int:
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise BrokenWorkbook(name=self.name)
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        return number


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


__all__ = ["PartReader", "SharedTexts", "WorksheetGuard", "local"]
