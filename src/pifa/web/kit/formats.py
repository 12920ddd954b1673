"""How a figure or a moment is said to a person. Pure: the caller passes the present moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from pifa.kernel.money import Money, UnitPrice

WAN = 10_000
YI = 100_000_000

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def as_money(value: Money | int) -> Money:
    """An amount from `Money` or whole fen; anything else is a programming error."""
    if isinstance(value, Money):
        return value
    if type(value) is int:
        return Money(value)
    raise TypeError(f"money is Money or integer fen, not {type(value).__name__}")


def as_unit_price(value: UnitPrice | int) -> UnitPrice:
    """A unit price from `UnitPrice` or whole 1/10,000 yuan."""
    if isinstance(value, UnitPrice):
        return value
    if type(value) is int:
        return UnitPrice(value)
    raise TypeError(f"a unit price is UnitPrice or an integer e4, not {type(value).__name__}")


UNITS = (
    pgettext_lazy("unit", "件"),
    pgettext_lazy("unit", "个"),
    pgettext_lazy("unit", "只"),
    pgettext_lazy("unit", "套"),
    pgettext_lazy("unit", "副"),
    pgettext_lazy("unit", "双"),
    pgettext_lazy("unit", "卷"),
    pgettext_lazy("unit", "台"),
    pgettext_lazy("unit", "张"),
    pgettext_lazy("unit", "把"),
    pgettext_lazy("unit", "支"),
    pgettext_lazy("unit", "本"),
    pgettext_lazy("unit", "条"),
    pgettext_lazy("unit", "瓶"),
    pgettext_lazy("unit", "米"),
    pgettext_lazy("unit", "罐"),
    pgettext_lazy("unit", "袋"),
    pgettext_lazy("unit", "辆"),
    pgettext_lazy("unit", "顶"),
    pgettext_lazy("unit", "箱"),
    pgettext_lazy("unit", "包"),
    pgettext_lazy("unit", "盒"),
)
"""Units that sellers count goods in; one that is not here is shown as the seller wrote it."""


def unit_text(unit: str) -> str:
    """A unit behind a figure in the reader's language: 100件, 100 pcs."""
    return f"\u00a0{pgettext('unit', unit)}" if in_english() else unit


def in_english() -> bool:
    """Whether the reader's language is English."""
    return (get_language() or "").startswith("en")


def money_text(value: Money | int) -> str:
    """¥12,300.00, exact, two decimals; the form that is booked."""
    return str(as_money(value))


def money_short_text(value: Money | int) -> str:
    """¥1.23万 (¥12.3K in English): the form that is compared. Below 10,000 yuan: whole yuan."""
    amount = as_money(value)
    sign = "-" if amount.fen < 0 else ""
    yuan = abs(amount.decimal)
    if in_english():
        scales = [
            (10**9, 10**9, "{figure}B"),
            (10**6, 10**6, "{figure}M"),
            (WAN, 1000, "{figure}K"),
        ]
    else:
        scales = [(YI, YI, _("{figure}亿")), (WAN, WAN, _("{figure}万"))]
    for floor, size, words in scales:
        if yuan >= floor:
            return f"{sign}¥{words.format(figure=_figures(yuan / size))}"
    if yuan == yuan.to_integral_value() or yuan >= 100:
        return f"{sign}¥{yuan.quantize(Decimal(1), ROUND_HALF_UP):,}"
    return f"{sign}¥{yuan:,.2f}"


def _figures(value: Decimal) -> str:
    """Two decimals below ten, one below a hundred, none from there; no idle zeros."""
    places = Decimal("0.01") if value < 10 else Decimal("0.1") if value < 1000 else Decimal(1)
    text = f"{value.quantize(places, ROUND_HALF_UP):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_price_text(value: UnitPrice | int) -> str:
    """¥0.35, ¥0.035, ¥0.0355: at least two decimals, up to four."""
    return str(as_unit_price(value))


def quantity_text(value: int | Decimal) -> str:
    """280,000."""
    return f"{value:,}"


def quantity_short_text(value: int) -> str:
    """28万 (280K in English); small numbers as they are."""
    if abs(value) < WAN:
        return f"{value:,}"
    return money_short_text(Money(value * 100)).replace("¥", "")


def percent_text(value: Decimal | float | int, places: int = 1) -> str:
    """A share (0.0512) as 5.1%; figures under half of the last place still show as more than none."""
    share = Decimal(str(value)) * 100
    step = Decimal(1).scaleb(-places)
    shown = share.quantize(step, ROUND_HALF_UP)
    if shown == 0 and share != 0:
        return f"<{step}%" if share > 0 else f">-{step}%"
    return f"{shown}%"


def moment_text(moment: datetime, now: datetime, *, always_time: bool = False) -> str:
    """今天 14:05, 昨天 09:00, 明天 17:00, 3月28日, 2025年3月28日; both in the market's zone."""
    clock_time = f"{moment:%H:%M}"
    near = {
        0: _("今天 {time}"),
        -1: _("昨天 {time}"),
        1: _("明天 {time}"),
    }.get((moment.date() - now.date()) // timedelta(days=1))
    if near is not None:
        return near.format(time=clock_time)
    said = day_text(moment.date(), now.date())
    return f"{said} {clock_time}" if always_time else said


def day_text(day: date, today: date) -> str:
    """3月28日 within the year, 2025年3月28日 outside it."""
    words = _("{month}月{day}日") if day.year == today.year else _("{year}年{month}月{day}日")
    month = _MONTHS[day.month - 1] if in_english() else day.month
    return words.format(year=day.year, month=month, day=day.day)


def formatted(value: Any, kind: str) -> str:
    """A figure by the name of its kind: money, money_short, unit_price, qty, percent or plain."""
    if value is None:
        return "—"
    if kind == "money":
        return money_text(value)
    if kind == "money_short":
        return money_short_text(value)
    if kind == "unit_price":
        return unit_price_text(value)
    if kind == "qty":
        return quantity_text(value)
    if kind == "percent":
        return percent_text(value)
    return str(value)
