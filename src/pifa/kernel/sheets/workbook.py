"""Reading .xlsx: the archive is guarded and copied, then python-calamine reads the copy."""

from __future__ import annotations

import os
import posixpath
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from python_calamine import CalamineError, CalamineWorkbook

from pifa.kernel.sheets.cells import Cell, CellProblem, Row, number_from_float, plain
from pifa.kernel.sheets.errors import (
    BROKEN_ZIP,
    ArchiveBomb,
    BrokenWorkbook,
    EmptySheet,
    EntitiesRefused,
    NoSuchWorksheet,
)
from pifa.kernel.sheets.guard import PartReader, SharedTexts, WorksheetGuard, local
from pifa.kernel.sheets.limits import SheetLimits

_ROOT_RELATIONS = "_rels/.rels"
_BOOK = "xl/workbook.xml"
_BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_ROOT_XML = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_SMALL_PART = 4 * 1024 * 1024
_MAX_MEMBERS = 10_000
"""What zipfile raises for damaged, truncated, unknown and encrypted members."""


@dataclass(frozen=True, slots=True)
class _Worksheet:
    title: str
    part: str
    hidden: bool


class WorkbookFile:
    """A checked copy of one worksheet of an .xlsx. Close it: the copy is a temporary file."""

    def __init__(
        self, raw: IO[bytes], name: str, limits: SheetLimits, worksheet: str | None
    ) -> None:
        self.name, self.limits = name, limits
        descriptor, path = tempfile.mkstemp(prefix="pifa-sheet-", suffix=".xlsx")
        self._copy = Path(path)
        try:
            with os.fdopen(descriptor, "w+b") as copy:
                self._guard(raw, copy, worksheet)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the copy."""
        self._copy.unlink(missing_ok=True)

    def rows(self) -> Iterator[Row]:
        """Stream the rows from the first on, blank ones included."""
        try:
            book = CalamineWorkbook.from_path(str(self._copy))
            sheet = book.get_sheet_by_name(self.worksheet)
        except CalamineError as error:
            raise BrokenWorkbook(name=self.name) from error
        start = sheet.start
        margin: list[Cell] = [""] * (start[1] if start else 0)
        for number, values in enumerate(sheet.iter_rows(), 1):
            cells = margin + [self._cell(value) for value in values]
            for column in self._formulas.get(number, ()):
                cells.extend([""] * (column - len(cells)))
                cells[column - 1] = CellProblem.FORMULA
            yield Row(number, cells)

    def _cell(self, value: Any) -> Cell:
        if isinstance(value, str):
            if len(value) > self.limits.cell_chars:
                return CellProblem.TOO_LONG
            return plain(value)
        if isinstance(value, bool | datetime | date | time):
            return value
        if isinstance(value, timedelta):
            return str(value)
        return number_from_float(float(value))

    def _guard(self, raw: IO[bytes], copy: IO[bytes], worksheet: str | None) -> None:
        try:
            with (
                zipfile.ZipFile(raw) as archive,
                zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as clean,
            ):
                if len(archive.infolist()) > _MAX_MEMBERS:
                    raise ArchiveBomb(name=self.name)
                self._copy_parts(archive, clean, worksheet)
        except BROKEN_ZIP as error:
            raise BrokenWorkbook(name=self.name) from error

    def _copy_parts(
        self, archive: zipfile.ZipFile, clean: zipfile.ZipFile, wanted: str | None
    ) -> None:
        relations = self._relations(archive)
        chosen = self._choose(archive, relations, wanted)
        self.worksheet = chosen.title
        reader = PartReader(self.name, self.limits)
        texts = SharedTexts()
        guard = WorksheetGuard(self.name, self.limits, texts)
        handlers = {"sharedStrings": texts.prepare, "worksheet": guard.prepare}
        clean.writestr(_ROOT_RELATIONS, _ROOT_XML)
        wanted_parts = [("", _BOOK), ("", _BOOK_RELATIONS)]
        wanted_parts += [
            (kind, part) for kind, part in relations.values() if kind in {"sharedStrings", "styles"}
        ]
        wanted_parts.append(("worksheet", chosen.part))
        for kind, part in wanted_parts:
            if part not in archive.NameToInfo:
                continue
            info = archive.getinfo(part)
            with archive.open(info) as source, clean.open(part, "w", force_zip64=True) as target:
                reader.run(
                    source, info.compress_size, copy_to=target.write, prepare=handlers.get(kind)
                )
        guard.finish()
        self.rows_found = guard.rows
        self._formulas = dict(guard.formulas)

    def _relations(self, archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
        """Id → (kind, part) of what the workbook refers to."""
        found: dict[str, tuple[str, str]] = {}
        for element in self._small_xml(archive, _BOOK_RELATIONS):
            kind = element.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/xl", element.get("Target", "")))
            found[element.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def _choose(
        self,
        archive: zipfile.ZipFile,
        relations: dict[str, tuple[str, str]],
        wanted: str | None,
    ) -> _Worksheet:
        """The named worksheet, or the first one that is not hidden."""
        sheets: list[_Worksheet] = []
        for element in self._small_xml(archive, _BOOK).iter():
            if local(element.tag.replace("}", ":")) != "sheet":
                continue
            reference = next((v for k, v in element.items() if k.endswith("}id")), "")
            kind, part = relations.get(reference, ("", ""))
            if kind == "worksheet":
                hidden = element.get("state", "visible") != "visible"
                sheets.append(_Worksheet(element.get("name", ""), part, hidden))
        if wanted:
            for sheet in sheets:
                if sheet.title == wanted:
                    return sheet
            found = ", ".join(sheet.title for sheet in sheets)
            raise NoSuchWorksheet(name=self.name, wanted=wanted, found=found)
        visible = [sheet for sheet in sheets if not sheet.hidden] or sheets
        if not visible:
            raise EmptySheet(name=self.name)
        return visible[0]

    def _small_xml(self, archive: zipfile.ZipFile, part: str) -> Any:
        if part not in archive.NameToInfo:
            raise BrokenWorkbook(name=self.name)
        with archive.open(part) as stream:
            data = stream.read(_SMALL_PART + 1)
        if len(data) > _SMALL_PART:
            raise ArchiveBomb(name=self.name)
        try:
            return fromstring(data, forbid_dtd=True)
        except DefusedXmlException as error:
            raise EntitiesRefused(name=self.name) from error
        except (ParseError, ValueError) as error:
            raise BrokenWorkbook(name=self.name) from error
