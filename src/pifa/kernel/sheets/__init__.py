"""Sheets that strangers send and sheets that Pifa writes: .xlsx and .csv.

Reading trusts nothing: sizes, archives, entities, formulas and encodings are checked before
a cell is used, and every refusal names the row, the field and the remedy. Writing streams
and never lets a text become a formula. What the columns mean is the caller's business.
"""

from __future__ import annotations

from pifa.kernel.sheets.cells import Cell, CellProblem, Row, cell_text
from pifa.kernel.sheets.errors import SheetError
from pifa.kernel.sheets.limits import ArchiveLimits, SheetLimits
from pifa.kernel.sheets.picture_zip import (
    PictureFolder,
    PictureSource,
    PictureZip,
    RefusedMember,
    open_picture_zip,
)
from pifa.kernel.sheets.reading import Sheet, SheetKind, Table, open_sheet
from pifa.kernel.sheets.rejected import RejectedRows, RowError
from pifa.kernel.sheets.writing import Column, ColumnKind, csv_chunks, write_csv, write_xlsx

__all__ = [
    "ArchiveLimits",
    "Cell",
    "CellProblem",
    "Column",
    "ColumnKind",
    "PictureFolder",
    "PictureSource",
    "PictureZip",
    "RefusedMember",
    "RejectedRows",
    "Row",
    "RowError",
    "Sheet",
    "SheetError",
    "SheetKind",
    "SheetLimits",
    "Table",
    "cell_text",
    "csv_chunks",
    "open_picture_zip",
    "open_sheet",
    "write_csv",
    "write_xlsx",
]
