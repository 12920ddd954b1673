"""Form fields for figures as clerks type them, and widgets the kit expects."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from pifa.kernel import clock
from pifa.kernel.money import UnitPrice


class DayField(forms.DateField):
    """A market day from the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d"])
        super().__init__(**kwargs)
        words = _("日期须在 2000-01-01 到 2999-12-31 之间。")
        self.validators += [
            MinValueValidator(clock.FIRST_DAY, words),
            MaxValueValidator(clock.LAST_DAY, words),
        ]


def price_text(price: UnitPrice) -> str:
    """A unit price as it stands in an input: 0.35, 0.0355."""
    return str(price).removeprefix("¥").replace(",", "")
