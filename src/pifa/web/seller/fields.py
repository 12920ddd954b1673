"""Form fields for figures as clerks type them, and widgets the kit expects."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pifa.kernel.money import Money, UnitPrice

_NOISE = str.maketrans("", "", ",，¥￥元 \u00a0")


def typed_number(text: str) -> str:
    """A number as typed, without currency, grouping and blanks; full-width digits become plain."""
    return "".join(_plain(letter) for letter in text.translate(_NOISE))


def _plain(letter: str) -> str:
    code = ord(letter)
    return chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else letter


class MoneyField(forms.CharField):
    """An amount in yuan with at most two decimals; cleans to `Money`."""

    default_error_messages = {"amount": _("请填写金额，例如 1280.50，最多两位小数。")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        text = typed_number(super().to_python(value) or "")
        if not text:
            return None
        try:
            return Money.yuan(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["amount"], code="amount") from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value.decimal:.2f}" if isinstance(value, Money) else value


class UnitPriceField(forms.CharField):
    """A price per piece in yuan with at most four decimals; cleans to `UnitPrice`."""

    default_error_messages = {"price": _("请填写单价，例如 0.035，最多四位小数。")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        text = typed_number(super().to_python(value) or "")
        if not text:
            return None
        try:
            return UnitPrice.yuan(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["price"], code="price") from error

    def prepare_value(self, value: Any) -> Any:
        return price_text(value) if isinstance(value, UnitPrice) else value


class DayField(forms.DateField):
    """A market day from the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d"])
        super().__init__(**kwargs)


def price_text(price: UnitPrice) -> str:
    """A unit price as it stands in an input: 0.35, 0.0355."""
    return str(price).removeprefix("¥").replace(",", "")
