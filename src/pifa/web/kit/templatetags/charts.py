"""Drawings by the server: `{% load charts %}`. Each has its figures behind it as a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from pifa.kernel.money import Money, UnitPrice
from pifa.web.kit import charts
from pifa.web.kit.formats import formatted

register = template.Library()

PROGRESS_STATES = ("info", "ok", "warn", "bad")


def _number(value: Any) -> charts.Figure:
    """The bare figure behind an amount or a price, for drawing only."""
    if isinstance(value, Money):
        return value.fen
    if isinstance(value, UnitPrice):
        return value.e4
    if isinstance(value, int | float | Decimal):
        return value
    raise template.TemplateSyntaxError(f"not a figure: {value!r}")


@register.inclusion_tag("kit/tags/sparkline.html")
def sparkline(values: Sequence[Any], label: str, *, format: str = "") -> dict[str, Any]:
    """A small line for a table cell; `label` says what it is, the last and extreme figures follow."""
    figures = [_number(value) for value in values]
    if not figures:
        return {"spark": None}
    words = _("{label}：最近 {last}，最低 {low}，最高 {high}").format(
        label=label,
        last=formatted(values[-1], format),
        low=formatted(min(values, key=_number), format),
        high=formatted(max(values, key=_number), format),
    )
    return {"spark": charts.sparkline(figures), "words": words}


@register.inclusion_tag("kit/tags/bar_chart.html")
def bar_chart(
    title: str,
    data: Sequence[tuple[str, Any]],
    *,
    format: str = "",
    axis: str = "",
    target: Any = None,
    note: str = "",
    current: int | None = None,
    part: Sequence[Any] | None = None,
    part_label: str = "",
    marks: Sequence[int] = (),
) -> dict[str, Any]:
    """Bars for (label, figure), a dashed line at `target`; `axis` formats the scale (default `format`).

    `marks` are numbers of bars after which a line stands from top to bottom.

    `part` is how much of each figure is of a kind that `part_label` names; it stands darker at
    the foot of its bar.
    """
    figures = [_number(value) for _label, value in data]
    limit = None if target is None else _number(target)
    chart = charts.bars(figures, target=limit, current=current)
    shares = [] if part is None else [_number(value) for value in part]
    feet = charts.bars(shares, target=chart.top).bars if shares else ()
    told = [formatted(value, format) for _label, value in data]
    if part is not None:
        told = [
            f"{whole} ({part_label} {formatted(value, format)})"
            for whole, value in zip(told, part, strict=True)
        ]
    every = charts.label_every(len(data))
    scale = axis or format
    ticks = [chart.top, chart.top // 2, 0] if chart.top % 2 == 0 else [chart.top, 0]
    return {
        "title": title,
        "note": note,
        "chart": chart,
        "ticks": [formatted(tick, scale) for tick in ticks],
        "halves": len(ticks) == 3,
        "bars": [
            (bar, f"{label} {words}")
            for bar, (label, _value), words in zip(chart.bars, data, told, strict=True)
        ],
        "feet": feet,
        "marks": [charts.coordinate(charts.BOX * mark / max(len(data), 1)) for mark in marks],
        "part_label": part_label,
        "labels": [label if i % every == 0 else "" for i, (label, _v) in enumerate(data)],
        "target": None if target is None else formatted(target, format),
        "rows": [(label, words) for (label, _value), words in zip(data, told, strict=True)],
    }


@register.inclusion_tag("kit/tags/pace_chart.html")
def pace_chart(
    title: str,
    data: Sequence[tuple[str, Any]],
    *,
    many: int,
    target: Any,
    ends: tuple[str, str],
    projected: Any = None,
    format: str = "",
    axis: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A sum that grows day by day towards a target: (label, sum so far) for the days there are of
    `many`. A dashed line is the even way, a dotted one leads to `projected`; `ends` name the first
    and the last day."""
    drawn = charts.pace(
        [_number(value) for _label, value in data],
        many,
        _number(target),
        None if projected is None else _number(projected),
    )
    ticks = [drawn.top, drawn.top // 2, 0] if drawn.top % 2 == 0 else [drawn.top, 0]
    return {
        "title": title,
        "note": note,
        "way": drawn,
        "ticks": [formatted(tick, axis or format) for tick in ticks],
        "halves": len(ticks) == 3,
        "target": formatted(target, axis or format),
        "projected": None if projected is None else formatted(projected, axis or format),
        "ends": ends,
        "rows": [(label, formatted(value, format)) for label, value in data],
    }


@register.inclusion_tag("kit/tags/step_chart.html")
def step_chart(
    title: str,
    data: Sequence[tuple[str, int]],
    *,
    levels: Sequence[str],
    note: str = "",
) -> dict[str, Any]:
    """A standing over days: (label, level index); `levels` names them from the lowest up."""
    changes = [
        (label, levels[level])
        for index, (label, level) in enumerate(data)
        if index == 0 or level != data[index - 1][1]
    ]
    lines = [charts.coordinate(100 * i / (len(levels) - 1)) for i in range(len(levels))]
    middle = data[len(data) // 2][0] if len(data) > 2 else ""
    return {
        "title": title,
        "note": note,
        "path": charts.steps([level for _label, level in data], highest=len(levels) - 1),
        "levels": list(reversed(levels)),
        "lines": lines,
        "ends": [data[0][0], middle, data[-1][0]],
        "rows": changes,
    }


@register.inclusion_tag("kit/tags/heat_strip.html")
def heat_strip(
    title: str,
    data: Sequence[tuple[str, Any]],
    *,
    format: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Heat of hours (or days): (label, figure), darker is more."""
    cells = charts.heat([_number(value) for _label, value in data])
    every = charts.label_every(len(data))
    return {
        "title": title,
        "note": note,
        "cells": [
            (cell, f"{label} {formatted(value, format)}")
            for cell, (label, value) in zip(cells, data, strict=True)
        ],
        "labels": [label if i % every == 0 else "" for i, (label, _v) in enumerate(data)],
        "rows": [(label, formatted(value, format)) for label, value in data],
        "key": [(charts.coordinate(index * 12), index) for index in range(6)],
    }


@register.inclusion_tag("kit/tags/progress.html")
def progress(
    label: str,
    value: Any,
    target: Any,
    *,
    format: str = "qty",
    words: str = "",
    state: str = "",
) -> dict[str, Any]:
    """A value against its target, always in words too. `state` info, ok, warn or bad; by itself ok when reached."""
    have, want = _number(value), _number(target)
    reached = have >= want
    if state and state not in PROGRESS_STATES:
        raise template.TemplateSyntaxError(f"state is one of {PROGRESS_STATES}, not {state!r}")
    share = 1.0 if want <= 0 else min(max(float(have) / float(want), 0.0), 1.0)
    if not words and reached:
        words = _("已达成")
    elif not words:
        missing = formatted(want - have, format)  # type: ignore[operator]
        words = _("还差 {missing}").format(missing=missing)
    return {
        "label": label,
        "value": formatted(value, format),
        "target": formatted(target, format),
        "width": charts.coordinate(share * 100),
        "words": words,
        "state": state or ("ok" if reached else "info"),
    }


@register.inclusion_tag("kit/tags/condition.html")
def condition(
    label: str,
    value: str,
    *,
    asked: str = "",
    words: str = "",
    met: bool = False,
    share: int | None = None,
) -> dict[str, Any]:
    """A condition of a rule with one's own figure; a bar where more helps (`share`: 0 to 100)."""
    return {
        "label": label,
        "value": value,
        "asked": asked,
        "words": words or (_("已达到") if met else _("未达到")),
        "state": "ok" if met else "info",
        "width": None if share is None else charts.coordinate(min(max(share, 0), 100)),
    }
