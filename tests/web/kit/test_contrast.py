"""WCAG AA of every pair of text and ground, in both themes, computed from tokens.css."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pifa.web import kit

STATIC = Path(kit.__file__).parent / "static" / "kit"
CSS = (STATIC / "tokens.css").read_text(encoding="utf-8")

TEXT = [
    (text, ground)
    for text in ("ink", "grey-1", "ok", "warn", "bad")
    for ground in ("paper", "ground", "grey-4")
] + [
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("ok", "ok-wash"),
    ("warn", "warn-wash"),
    ("bad", "bad-wash"),
    ("ink", "ok-wash"),
    ("ink", "warn-wash"),
    ("ink", "bad-wash"),
    ("ink", "grey-3"),
    ("paper", "ink"),
]
SHAPES = [
    ("grey-2", "paper"),
    ("grey-2", "ground"),
    ("brand", "paper"),
    ("chart", "paper"),
    ("chart-strong", "paper"),
    ("heat-3", "paper"),
    ("heat-5", "heat-3"),
]


def themes() -> dict[str, dict[str, str]]:
    """Colours by token, of the light theme and of both ways to the dark one."""
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", CSS)
    read = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", body)) for _, body in blocks]
    light, system, chosen = (colours for colours in read if colours)
    return {"light": light, "dark by system": light | system, "dark by choice": light | chosen}


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark by system", "dark by choice"])
def test_text_is_readable(theme: str) -> None:
    colours = themes()[theme]
    found = {(a, b): round(contrast(colours[a], colours[b]), 2) for a, b in TEXT}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark by system", "dark by choice"])
def test_shapes_are_seen(theme: str) -> None:
    colours = themes()[theme]
    found = {(a, b): round(contrast(colours[a], colours[b]), 2) for a, b in SHAPES}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 3} == {}


def test_both_ways_to_the_dark_are_the_same() -> None:
    read = themes()
    assert read["dark by system"] == read["dark by choice"]
    assert read["dark by choice"]["paper"] != read["light"]["paper"]


def test_only_the_tokens_know_colours() -> None:
    strangers = {
        (path.name, colour)
        for path in STATIC.glob("*.css")
        if path.name not in ("tokens.css", "print.css")
        for colour in re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\([^)]*\)", path.read_text("utf-8"))
    }
    assert strangers == set()
