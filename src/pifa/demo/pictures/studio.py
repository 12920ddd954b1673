"""The studio: a drawing of goods becomes a picture with a backdrop, a shadow and a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from pifa.demo.pictures.params import PictureParams
from pifa.demo.pictures.svg import Pen, circle, dark, ellipse, place, rect, text

Group = Literal["row", "tumble", "strewn", "fan", "grid", "front"]
"""How several of a kind are laid: side by side; tumbled in all directions; strewn upright; fanned;
two by two; or one in front of two."""

_BACKDROPS = (
    ("#fbfbfa", "#e9e8e5"),
    ("#fafbfc", "#e4e8ec"),
    ("#fcfbf9", "#ece7df"),
    ("#fafbf9", "#e5e9e2"),
    ("#fbfafb", "#e9e5e9"),
    ("#f8f9fa", "#dfe3e7"),
    ("#fbfaf7", "#e6e1d6"),
    ("#f9fafb", "#e2e6ea"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a drawing is given: pen, colours, shape, mark, and draws of its own."""

    pen: Pen
    tone: tuple[str, ...]
    size: float
    mark: str
    rng: Random

    @property
    def body(self) -> str:
        """The goods' main colour."""
        return self.tone[0]

    @property
    def accent(self) -> str:
        """The goods' second colour; a darker shade of the first when there is none."""
        return self.tone[1] if len(self.tone) > 1 else dark(self.tone[0], 0.35)

    def span(self, low: float, high: float) -> float:
        """A measure between `low` and `high` by the goods' size."""
        return low + (high - low) * self.size


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a kind of goods is drawn: around (0, 0), within 520 wide and `height` high.

    `focus` is the point a detail looks at, magnified `zoom` times. Lying goods throw their shadow
    below their whole outline, standing ones at their foot; a lying thing that is `slim` (its share
    of the width) and leans by `lean` degrees throws a slim, leaning one.
    """

    draw: Callable[[Look], str]
    width: float = 420
    height: float = 440
    group: Group = "row"
    focus: tuple[float, float] = (0, -60)
    zoom: float = 1.9
    lying: bool = False
    slim: float = 1.0
    lean: float = 0.0


_ROW = ((-165, 30, 0.66, 0), (165, 30, 0.66, 0), (0, 40, 0.8, 0))
_GRID = ((-165, -165, 0.56, 0), (165, -165, 0.56, 0), (-165, 165, 0.56, 0), (165, 165, 0.56, 0))
_FAN = ((-130, 10, 0.82, -24), (-45, 0, 0.82, -8), (45, 0, 0.82, 8), (130, 10, 0.82, 24))
_FRONT = ((-155, -95, 0.54, 0), (155, -95, 0.54, 0), (0, 110, 0.76, 0))
_SCATTER = (
    (-190, -150, 0.46),
    (10, -200, 0.46),
    (200, -130, 0.46),
    (-110, 10, 0.5),
    (110, 30, 0.5),
    (-200, 180, 0.48),
    (0, 210, 0.5),
    (205, 190, 0.48),
)


def picture(drawing: Drawing, params: PictureParams) -> str:
    """The whole picture, 800 by 800, as SVG text."""
    rng = Random(f"{params.seed}/{params.view}")
    pen = Pen(f"p{params.seed:x}{params.view[0]}")
    parts = [_backdrop(pen, params.seed)]
    if params.view == "group":
        parts += _group(drawing, pen, params, rng)
    elif params.view == "detail":
        parts += _detail(drawing, pen, params)
    else:
        scale = min(600 / drawing.width, 580 / drawing.height)
        parts.append(_shadow(pen, drawing, 400, 400, scale, 0))
        parts.append(place(_art(drawing, pen, params, 0), 400, 400, scale))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" width="800" height="800">'
        f"{pen.defs}{''.join(parts)}</svg>"
    )


def _art(drawing: Drawing, pen: Pen, params: PictureParams, index: int) -> str:
    tone = params.tones[index % len(params.tones)]
    rng = Random(f"{params.seed}/{index}")
    return drawing.draw(Look(pen, tone, params.size, params.mark, rng))


def _backdrop(pen: Pen, seed: int) -> str:
    top, foot = _BACKDROPS[seed % len(_BACKDROPS)]
    wall = pen.down((0, top), (0.62, top), (0.8, foot), (1, dark(foot, 0.04)))
    glow = pen.halo((0, "#ffffffd0"), (1, "#ffffff00"))
    return rect(0, 0, 800, 800, wall) + ellipse(360, 330, 420, 360, glow)


def _shadow(pen: Pen, drawing: Drawing, x: float, y: float, scale: float, angle: float) -> str:
    fill = pen.halo((0, "#20242c60"), (0.55, "#20242c2c"), (1, "#20242c00"))
    wide, high = drawing.width * scale, drawing.height * scale
    if drawing.lying:
        shade = ellipse(0, 0, wide * 0.54 * drawing.slim, high * 0.55, fill)
        return place(shade, x + 8 * scale, y + 24 * scale, 1, angle + drawing.lean)
    return ellipse(x, y + high * 0.49, wide * 0.56, max(16.0, wide * 0.075), fill)


def _group(drawing: Drawing, pen: Pen, params: PictureParams, rng: Random) -> list[str]:
    spots: list[tuple[float, float, float, float]]
    if drawing.group in ("tumble", "strewn"):
        turn, shrink = (360.0, 1.0) if drawing.group == "tumble" else (24.0, 0.78)
        spots = [
            (
                x + rng.random() * 24 - 12,
                y + rng.random() * 24 - 12,
                scale * shrink,
                rng.random() * turn - turn / 2,
            )
            for x, y, scale in _SCATTER
        ]
    else:
        layout: Mapping[str, tuple[tuple[float, float, float, float], ...]]
        layout = {"row": _ROW, "grid": _GRID, "fan": _FAN, "front": _FRONT}
        spots = list(layout[drawing.group])
    fit = min(520 / drawing.width, 520 / drawing.height)
    parts = []
    for index, (x, y, scale, angle) in enumerate(spots):
        parts.append(_shadow(pen, drawing, 400 + x, 400 + y, scale * fit, angle))
        art = _art(drawing, pen, params, index)
        parts.append(place(art, 400 + x, 400 + y, round(scale * fit, 3), angle))
    return parts


def _detail(drawing: Drawing, pen: Pen, params: PictureParams) -> list[str]:
    """The goods from near, and small and whole in a round window."""
    art = _art(drawing, pen, params, 0)
    scale = min(600 / drawing.width, 580 / drawing.height)
    near = scale * drawing.zoom
    x, y = drawing.focus
    parts = [_shadow(pen, drawing, 400 - x * near, 400 - y * near, near, 0)]
    parts.append(place(art, 400 - x * near, 400 - y * near, round(near, 3)))
    parts.append(circle(668, 668, 102, "#ffffff", "#d4d7db", 3))
    parts.append(place(art, 668, 668, round(scale * 0.24, 3)))
    if params.mark:
        width = 44 + 17 * len(params.mark)
        parts.append(rect(40, 694, width, 60, "#ffffff", 30, "#d4d7db", 3))
        parts.append(text(40 + width / 2, 724, params.mark, 28, "#3a3f47"))
    return parts
