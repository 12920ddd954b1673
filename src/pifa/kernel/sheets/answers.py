"""Sheets as answers to a request: what pages and endpoints send to be downloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from pifa.kernel import clock
from pifa.kernel.sheets.writing import Column, csv_chunks, write_xlsx

WrittenKind = Literal["xlsx", "csv"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_IN_MEMORY = 2 * 1024 * 1024


def sheet_answer(
    name: str, kind: WrittenKind, columns: Sequence[Column], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """A sheet named with the market day; a .csv is streamed as its rows are read."""
    if kind == "xlsx":
        return file_answer(name, kind, lambda target: write_xlsx(target, columns, rows, title=name))
    response = StreamingHttpResponse(csv_chunks(columns, rows), content_type=_content_type(kind))
    response["Content-Disposition"] = content_disposition_header(True, _file_name(name, kind))
    return response


def file_answer(
    name: str, kind: WrittenKind, write: Callable[[IO[bytes]], object]
) -> HttpResponseBase:
    """A sheet that something writes, named with the market day."""
    file: Any = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write(file)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=_file_name(name, kind),
        content_type=_content_type(kind),
    )


def _file_name(name: str, kind: WrittenKind) -> str:
    return f"{name}-{clock.today():%Y%m%d}.{kind}"


def _content_type(kind: WrittenKind) -> str:
    return XLSX if kind == "xlsx" else f"{CSV}; charset=utf-8"
