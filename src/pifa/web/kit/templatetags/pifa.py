"""Filters for figures and moments: `{% load pifa %}`, then `{{ order.total|money }}`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from pifa.kernel import clock
from pifa.kernel.money import Money, UnitPrice
from pifa.web.kit import formats

register = template.Library()

NOTHING = "—"


def is_nothing(value: object) -> bool:
    """Whether there is no figure: None, or the empty text a template makes of an unknown name."""
    return value is None or value == ""


@register.filter
def money(value: Any) -> str:
    """`Money` or fen as ¥12,300.00; nothing as a dash."""
    return NOTHING if is_nothing(value) else formats.money_text(value)


@register.filter
def unit(value: Any) -> str:
    """What a figure counts, in the reader's language: `{{ n|qty }}{{ offer.unit|unit }}`."""
    return formats.unit_text(str(value)) if value else ""


@register.filter
def money_short(value: Any) -> SafeString | str:
    """`Money` or fen as ¥1.23万, with the exact amount on hover."""
    if is_nothing(value):
        return NOTHING
    exact = formats.money_text(value)
    return format_html('<span title="{}">{}</span>', exact, formats.money_short_text(value))


@register.filter
def unit_price(value: Any) -> str:
    """`UnitPrice` or e4 as ¥0.35, ¥0.0355."""
    return NOTHING if is_nothing(value) else formats.unit_price_text(value)


@register.filter
def qty(value: Any) -> str:
    """280000 as 280,000."""
    return NOTHING if is_nothing(value) else formats.quantity_text(value)


@register.filter
def qty_short(value: Any) -> str:
    """280000 as 28万 (280K)."""
    return NOTHING if is_nothing(value) else formats.quantity_short_text(value)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """A share 0.0512 as 5.1%; `|percent:2` for 5.12%."""
    return NOTHING if is_nothing(value) else formats.percent_text(value, places)


@register.filter
def when(value: Any, how: str = "") -> SafeString | str:
    """A moment as a person says it, exact on hover. `|when:"time"` always says the time of day."""
    if is_nothing(value):
        return NOTHING
    zone = clock.zone()
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        text = formats.moment_text(local, clock.now().astimezone(zone), always_time=how == "time")
        stamp, exact = local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M:%S}"
    else:
        text = formats.day_text(value, clock.today())
        stamp = exact = value.isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, exact, text)


@register.filter
def said(value: Any) -> SafeString | str:
    """A moment with its time of day, or plain words as they are."""
    return when(value, "time") if isinstance(value, datetime | date) else str(value or "")


@register.filter
def shown(value: Any) -> str:
    """`Money`, `UnitPrice` and whole numbers as people read them; anything else as it is."""
    if isinstance(value, Money | UnitPrice):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return formats.quantity_text(value)
    return conditional_escape(value)
