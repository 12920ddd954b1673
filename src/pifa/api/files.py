"""Files that come in and go out: sheets, pictures, archives of pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from ninja import UploadedFile

from pifa.api.fields import Out
from pifa.api.problems import TooLarge
from pifa.kernel.pictures import PictureLimits
from pifa.kernel.sheets import RowError, Sheet, open_sheet
from pifa.kernel.sheets.answers import CSV, XLSX

CSV_FILE = {CSV: {"schema": {"type": "string"}}}
SHEET_FILES = {**CSV_FILE, XLSX: {"schema": {"type": "string", "format": "binary"}}}
"""What an endpoint that answers with a sheet declares."""

PICTURE_FILES = {"image/*": {"schema": {"type": "string", "format": "binary"}}}
"""What an endpoint that answers with a picture declares."""


class RowErrorOut(Out):
    """A row of a sheet that was not taken: where, why, what to do."""

    row: int
    field: str
    reason: str
    remedy: str


def picture_bytes(file: UploadedFile) -> bytes:
    """A picture's bytes; `TooLarge` beyond what pictures may have, before any is read."""
    if (file.size or 0) > PictureLimits().file_bytes:
        raise TooLarge
    content: bytes = file.read()
    return content


def stream_of(file: UploadedFile) -> BinaryIO:
    """An uploaded file as what readers of sheets and archives take: seekable, not yet read."""
    assert file.file is not None
    file.seek(0)
    return cast(BinaryIO, file.file)


def uploaded_sheet(file: UploadedFile) -> Sheet:
    """An uploaded .xlsx or .csv; raises a `SheetError` for what cannot be trusted or read."""
    return open_sheet(stream_of(file), name=file.name)


def row_errors(errors: Iterable[RowError]) -> list[dict[str, Any]]:
    """Refused rows as an answer, in the reader's language."""
    return [
        {
            "row": error.row,
            "field": str(error.field),
            "reason": str(error.reason),
            "remedy": str(error.remedy),
        }
        for error in errors
    ]
