"""Form fields for amounts and figures as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pifa.kernel.money import Money, UnitPrice

_YUAN = 0x5143
_NOISE = dict.fromkeys([*map(ord, ", \u00a0\uff0c\u00a5\uffe5"), _YUAN])


def typed_number(text: str) -> str:
    """A number as typed, without currency, grouping and blanks; full-width digits become plain."""
    return "".join(_plain(letter) for letter in text.translate(_NOISE))


def _plain(letter: str) -> str:
    code = ord(letter)
    return chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else letter


class FigureField(forms.Field):
    """One line that holds a figure with decimals."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}
        super().__init__(**({"widget": forms.TextInput(attrs)} | kwargs))


class MoneyField(FigureField):
    """An amount in yuan with at most two decimals; cleans to `Money`."""

    default_error_messages = {"amount": _("请填写金额，例如 1280.50，最多两位小数。")}

    def to_python(self, value: Any) -> Any:
        text = typed_number(value or "")
        if not text:
            return None
        try:
            return Money.yuan(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["amount"], code="amount") from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value.decimal:.2f}" if isinstance(value, Money) else value


class PriceField(FigureField):
    """A price per piece in yuan with at most four decimals; cleans to `UnitPrice`."""

    default_error_messages = {"price": _("请填写单价，例如 0.0355，最多四位小数。")}

    def to_python(self, value: Any) -> Any:
        text = typed_number(value or "")
        if not text:
            return None
        try:
            return UnitPrice.yuan(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["price"], code="price") from error

    def prepare_value(self, value: Any) -> Any:
        return price_text(value) if isinstance(value, UnitPrice) else value


def price_text(price: UnitPrice) -> str:
    """A unit price as it stands in an input: 0.35, 0.0355."""
    return str(price).removeprefix("¥").replace(",", "")


class PiecesField(FigureField):
    """A number of pieces, as people type it; cleans to int, or to None where nothing is."""

    default_error_messages = {"pieces": _("请填写整数。")}

    def to_python(self, value: Any) -> Any:
        text = typed_number(value or "")
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            raise ValidationError(self.error_messages["pieces"], code="pieces")
        return int(text)
