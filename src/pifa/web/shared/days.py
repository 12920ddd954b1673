"""Market days as readers write them into addresses and forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel import clock
from pifa.kernel.errors import InvalidInput


def read_day(text: str, field: str) -> date | None:
    """A day (2026-03-28); empty is none, anything else is refused with `InvalidInput`."""
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput(field=field, reason=_("日期请写成 2026-03-28 的样子。")) from error
    if not clock.FIRST_DAY <= found <= clock.LAST_DAY:
        raise InvalidInput(field=field, reason=_("日期须在 2000-01-01 到 2999-12-31 之间。"))
    return found


class DayField(forms.DateField):
    """A market day from the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d"])
        super().__init__(**kwargs)
        words = gettext_lazy("日期须在 2000-01-01 到 2999-12-31 之间。")
        self.validators += [
            MinValueValidator(clock.FIRST_DAY, words),
            MaxValueValidator(clock.LAST_DAY, words),
        ]
