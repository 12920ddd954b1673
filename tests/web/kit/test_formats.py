"""How figures and moments are said, in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from pifa.kernel.money import Money, UnitPrice
from tests.plugins.clock import MarketClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 28, 12, 0, tzinfo=SHANGHAI)


def said(expression: str, value: Any, language: str = "zh-hans") -> str:
    """What a template shows for `{{ value|… }}`."""
    with translation.override(language):
        template = Template("{% load pifa %}{{ value|" + expression + " }}")
        return template.render(Context({"value": value}))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1_230_000, "¥12,300.00"),
        (Money(1_230_000), "¥12,300.00"),
        (0, "¥0.00"),
        (1, "¥0.01"),
        (-350, "-¥3.50"),
        (None, "—"),
    ],
)
def test_money(value: Any, shown: str) -> None:
    assert said("money", value) == shown


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (1_230_000, "¥1.23万", "¥12.3K"),
        (61_240_000, "¥61.2万", "¥612.4K"),
        (100_000_000, "¥100万", "¥1M"),
        (23_450_000_000, "¥2.35亿", "¥234.5M"),
        (980_000, "¥9,800", "¥9,800"),
        (1_750, "¥17.50", "¥17.50"),
        (-1_230_000, "-¥1.23万", "-¥12.3K"),
    ],
)
def test_money_short_is_compared_and_exact_on_hover(fen: int, chinese: str, english: str) -> None:
    exact = str(Money(fen))
    assert said("money_short", fen) == f'<span title="{exact}">{chinese}</span>'
    assert said("money_short", fen, "en") == f'<span title="{exact}">{english}</span>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3500, "¥0.35"), (350, "¥0.035"), (355, "¥0.0355"), (UnitPrice(128_000), "¥12.80")],
)
def test_unit_price_has_two_to_four_decimals(value: Any, shown: str) -> None:
    assert said("unit_price", value) == shown


def test_an_amount_that_is_no_whole_fen_is_refused() -> None:
    for wrong in (12.5, "12", True, UnitPrice(1)):
        with pytest.raises(TypeError):
            said("money", wrong)


def test_quantities() -> None:
    assert said("qty", 280_000) == "280,000"
    assert said("qty_short", 280_000) == "28万"
    assert said("qty_short", 280_000, "en") == "280K"
    assert said("qty_short", 9_999) == "9,999"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Decimal("0.0512"), "5.1%"),
        (Decimal(0), "0.0%"),
        (Decimal("0.0001"), "&lt;0.1%"),
        (1, "100.0%"),
    ],
)
def test_a_share_is_a_percentage_and_never_rounds_to_nothing(share: Any, shown: str) -> None:
    assert said("percent", share) == shown


@pytest.mark.parametrize(
    ("moment", "chinese", "english"),
    [
        (NOON.replace(hour=0, minute=5), "今天 00:05", "Today 00:05"),
        (NOON - timedelta(hours=12, minutes=1), "昨天 23:59", "Yesterday 23:59"),
        (NOON + timedelta(hours=29), "明天 17:00", "Tomorrow 17:00"),
        (NOON - timedelta(days=2), "3月26日", "26 Mar"),
        (NOON - timedelta(days=400), "2025年2月21日", "21 Feb 2025"),
        (date(2026, 9, 6), "9月6日", "6 Sep"),
    ],
)
def test_a_moment_as_a_person_says_it(
    market_clock: MarketClock, moment: Any, chinese: str, english: str
) -> None:
    market_clock.set(NOON)
    assert f">{chinese}</time>" in said("when", moment)
    assert f">{english}</time>" in said("when", moment, "en")


def test_a_moment_is_exact_on_hover_in_the_markets_zone(market_clock: MarketClock) -> None:
    market_clock.set(NOON)
    utc = datetime(2026, 3, 27, 16, 30, 9, tzinfo=ZoneInfo("UTC"))
    assert said("when", utc) == (
        '<time datetime="2026-03-28T00:30:09+08:00" title="2026-03-28 00:30:09">今天 00:30</time>'
    )


def test_a_far_moment_says_its_time_when_asked(market_clock: MarketClock) -> None:
    market_clock.set(NOON)
    assert ">3月26日 12:00<" in said('when:"time"', NOON - timedelta(days=2))


def test_nothing_is_a_dash() -> None:
    for name in ("money", "money_short", "unit_price", "qty", "qty_short", "percent", "when"):
        assert said(name, None) == "—"
