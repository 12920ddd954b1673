"""Lists in pages by cursor: stable while rows come in, the same cost on every page.

A cursor is opaque to its holder and carries where the last row stood. It grants nothing: the
query behind it asks the policy each time.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError

DEFAULT_SIZE = 20
MAX_SIZE = 100

T = TypeVar("T")


class BadCursor(DomainError):
    """A cursor that this list has not given out."""

    code = "cursor.bad"
    status = 422
    message = _("翻页标记无效，请回到第一页。")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in order, and the cursor of what comes after (none at the end)."""

    items: list[T]
    next_cursor: str | None = None


def page_size(wanted: int | None) -> int:
    """A page's size within 1 … `MAX_SIZE`."""
    return min(max(wanted or DEFAULT_SIZE, 1), MAX_SIZE)


def write_cursor(*place: int | str) -> str:
    """The cursor of a row's place in the list's order."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The place a cursor stands for, as values of the kinds; `BadCursor` for anything else."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadCursor from error
    if not isinstance(place, list) or [type(value) for value in place] != list(kinds):
        raise BadCursor
    if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in place):
        raise BadCursor
    return tuple(place)


def read_moment(text: str) -> datetime:
    """A moment that stands in a cursor; `BadCursor` for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadCursor from error
    if moment.tzinfo is None:
        raise BadCursor
    return moment


def cut(rows: Sequence[T], size: int, place_of: Any) -> Page[T]:
    """A page of `size` from rows read with one to spare; `place_of(row)` gives its place."""
    items = list(rows[:size])
    more = len(rows) > size
    return Page(items, write_cursor(*place_of(items[-1])) if more else None)
