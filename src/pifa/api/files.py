"""Files that come in and go out: sheets, pictures, archives of pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, Literal, cast

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from ninja import UploadedFile

from pifa.api.fields import Out
from pifa.api.problems import TooLarge
from pifa.kernel import clock
from pifa.kernel.pictures import PictureLimits
from pifa.kernel.sheets import Column, RowError, Sheet, csv_chunks, open_sheet, write_xlsx

SheetKind = Literal["xlsx", "csv"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
CSV_FILE = {CSV: {"schema": {"type": "string"}}}
SHEET_FILES = {**CSV_FILE, XLSX: {"schema": {"type": "string", "format": "binary"}}}
"""What an endpoint that answers with a sheet declares."""

_IN_MEMORY = 2 * 1024 * 1024


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


def sheet_answer(
    name: str, kind: SheetKind, columns: Sequence[Column], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """A sheet to download, named with the market day; a .csv is streamed as rows are read."""
    if kind == "csv":
        response = StreamingHttpResponse(
            csv_chunks(columns, rows), content_type=f"{CSV}; charset=utf-8"
        )
        response["Content-Disposition"] = content_disposition_header(True, _file_name(name, kind))
        return response
    return file_answer(name, kind, lambda target: write_xlsx(target, columns, rows))


def file_answer(
    name: str, kind: SheetKind, write: Callable[[IO[bytes]], object]
) -> HttpResponseBase:
    """A sheet that something writes, to download."""
    file: Any = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write(file)
    file.seek(0)
    content_type = XLSX if kind == "xlsx" else f"{CSV}; charset=utf-8"
    return FileResponse(
        file, as_attachment=True, filename=_file_name(name, kind), content_type=content_type
    )


def _file_name(name: str, kind: SheetKind) -> str:
    return f"{name}-{clock.today():%Y%m%d}.{kind}"
