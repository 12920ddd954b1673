"""Files that people uploaded, sent to those who may have them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def uploaded_answer(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to be saved under a name: its own type, never run or shown within the market, never kept
    by others on the way."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
