"""Rows that were not taken, each with its reason and remedy, as a sheet to mend and send again."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel.sheets.cells import neutral


@dataclass(frozen=True, slots=True)
class RowError:
    """One row that was refused (or one warning about a row that was taken).

    `row` is the number a person sees beside the row; `field` the header over the cell, or ""
    where the row as a whole is meant; `cells` the row as it came; `ordinal` its place within
    its group (an order's n-th line), which keeps its identity when it is sent again alone.
    """

    row: int
    field: str
    reason: str | Promise
    remedy: str | Promise
    cells: tuple[str, ...] = ()
    ordinal: int | None = None

    def __str__(self) -> str:
        return str(
            _("第 {row} 行 {field}：{reason}。{remedy}。").format(
                row=self.row, field=self.field, reason=self.reason, remedy=self.remedy
            )
        )


ROW_HEADER = _("行号")
FIELD_HEADER = _("字段")
REASON_HEADER = _("原因")
REMEDY_HEADER = _("处理办法")


class RejectedRows:
    """Writes rejected rows to a .csv as they come; memory stays flat.

    The sheet has the original columns first, so that it can be mended and sent again as it
    is, then, if `ordinal_header` is given, the row's place within its group, then what is
    wrong. Without any rejected row no file is made.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        headers: Sequence[str],
        *,
        ordinal_header: str | None = None,
    ) -> None:
        self.path = Path(path)
        self.count = 0
        self._headers = list(headers)
        self._ordinal_header = ordinal_header
        if ordinal_header in self._headers:
            self._ordinal_at: int | None = self._headers.index(ordinal_header)
        else:
            self._ordinal_at = None
        self._file: io.TextIOWrapper | None = None

    def add(self, error: RowError) -> None:
        """Append one row."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([neutral(str(header)) for header in self._all_headers()])
        cells = list(error.cells[: len(self._headers)])
        cells += [""] * (len(self._headers) - len(cells))
        if self._ordinal_header is not None:
            ordinal = "" if error.ordinal is None else str(error.ordinal)
            if self._ordinal_at is None:
                cells.append(ordinal)
            else:
                cells[self._ordinal_at] = ordinal
        cells += [str(error.row), error.field, str(error.reason), str(error.remedy)]
        self._writer.writerow([neutral(cell) if not _is_number(cell) else cell for cell in cells])
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def _all_headers(self) -> list[str | Promise]:
        headers: list[str | Promise] = [*self._headers]
        if self._ordinal_header is not None and self._ordinal_at is None:
            headers.append(self._ordinal_header)
        return [*headers, ROW_HEADER, FIELD_HEADER, REASON_HEADER, REMEDY_HEADER]


def _is_number(text: str) -> bool:
    """A plain signed number needs no mark: no sheet program computes with it."""
    return text.lstrip("-").replace(".", "", 1).isdigit() and len(text) <= 15
