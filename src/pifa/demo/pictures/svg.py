"""Marks of an SVG picture as text, and colours to fill them with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]


def num(value: float) -> str:
    """A coordinate with at most one decimal: short, and the same on every machine."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _paint(fill: str, stroke: str, width: float, opacity: float) -> str:
    parts = [f' fill="{fill}"']
    if stroke:
        parts.append(f' stroke="{stroke}" stroke-width="{num(width)}"')
        parts.append(' stroke-linecap="round" stroke-linejoin="round"')
    if opacity < 1:
        parts.append(f' opacity="{opacity:.2f}"')
    return "".join(parts)


def path(
    d: str,
    fill: str = "none",
    stroke: str = "",
    width: float = 0,
    opacity: float = 1,
    *,
    dash: str = "",
    even_odd: bool = False,
) -> str:
    """A path. `dash` is a dash pattern with flat ends; `even_odd` cuts inner outlines out."""
    paint = _paint(fill, stroke, width, opacity)
    if dash:
        paint = paint.replace('linecap="round"', 'linecap="butt"') + f' stroke-dasharray="{dash}"'
    return (
        f'<path d="{d}"{paint}{" fill-rule=" + chr(34) + "evenodd" + chr(34) if even_odd else ""}/>'
    )


def rect(
    x: float,
    y: float,
    w: float,
    h: float,
    fill: str,
    r: float = 0,
    stroke: str = "",
    width: float = 0,
    opacity: float = 1,
) -> str:
    """A rectangle with corners rounded by `r`."""
    corner = f' rx="{num(r)}"' if r else ""
    size = f'x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}"'
    return f"<rect {size}{corner}{_paint(fill, stroke, width, opacity)}/>"


def ellipse(
    x: float,
    y: float,
    rx: float,
    ry: float,
    fill: str = "none",
    stroke: str = "",
    width: float = 0,
    opacity: float = 1,
) -> str:
    """An ellipse around (x, y)."""
    size = f'cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}"'
    return f"<ellipse {size}{_paint(fill, stroke, width, opacity)}/>"


def circle(
    x: float,
    y: float,
    r: float,
    fill: str = "none",
    stroke: str = "",
    width: float = 0,
    opacity: float = 1,
) -> str:
    """A circle around (x, y)."""
    return ellipse(x, y, r, r, fill, stroke, width, opacity)


def line(
    x1: float, y1: float, x2: float, y2: float, stroke: str, width: float, opacity: float = 1
) -> str:
    """A straight stroke with round ends."""
    d = f"M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}"
    return path(d, "none", stroke, width, opacity)


def poly(
    points: Iterable[Point], fill: str, stroke: str = "", width: float = 0, opacity: float = 1
) -> str:
    """A closed polygon."""
    return path(outline(points), fill, stroke, width, opacity)


def outline(points: Iterable[Point]) -> str:
    """The path data of a closed polygon."""
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + "Z"


def text(x: float, y: float, words: str, size: float, fill: str) -> str:
    """A short mark of Latin letters and digits, centred on (x, y)."""
    safe = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<text x="{num(x)}" y="{num(y + size * 0.35)}" font-size="{num(size)}" fill="{fill}"'
        f' font-family="Helvetica,Arial,sans-serif" font-weight="600" text-anchor="middle"'
        f">{safe}</text>"
    )


def place(
    content: str, x: float = 0, y: float = 0, scale: float = 1, angle: float = 0, flip: bool = False
) -> str:
    """`content` turned by `angle` degrees, scaled, mirrored when `flip`, and moved to (x, y)."""
    steps = [f"translate({num(x)} {num(y)})"] if x or y else []
    if angle:
        steps.append(f"rotate({num(angle)})")
    if scale != 1 or flip:
        across = -scale if flip else scale
        steps.append(f"scale({across:.3f} {scale:.3f})")
    return f'<g transform="{"".join(steps)}">{content}</g>' if steps else f"<g>{content}</g>"


def ring(count: int, rx: float, ry: float, start: float = 0) -> list[Point]:
    """`count` points evenly around an ellipse, the first `start` degrees from the right."""
    turns = (math.radians(start + 360 * index / count) for index in range(count))
    return [(rx * math.cos(turn), ry * math.sin(turn)) for turn in turns]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with a `share` (0 … 1) of `other` mixed in, both `#rrggbb`."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{int(a + (b - a) * share + 0.5):02x}" for a, b in pairs)


def light(colour: str, share: float) -> str:
    """The colour lit: a share of white mixed in."""
    return mix(colour, "#ffffff", share)


def dark(colour: str, share: float) -> str:
    """The colour shaded: a share of a cool near-black mixed in."""
    return mix(colour, "#1a1d26", share)


def is_pale(colour: str) -> bool:
    """True for a colour so light that it needs darker lines to be seen."""
    red, green, blue = _channels(colour)
    return red * 3 + green * 6 + blue > 2050


class Pen:
    """Makes gradients for one picture and keeps their definitions.

    Names of gradients begin with `prefix`, so that several pictures may stand in one page.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._made: dict[str, str] = {}

    def _keep(self, kind: str, attributes: str, stops: Sequence[tuple[float, str]]) -> str:
        marks = "".join(f'<stop offset="{at:.2f}" {_stop(colour)}/>' for at, colour in stops)
        body = f"{attributes}>{marks}</{kind}>"
        name = self._made.setdefault(f"<{kind} id=%{body}", f"{self._prefix}{len(self._made)}")
        return f"url(#{name})"

    def down(self, *stops: tuple[float, str]) -> str:
        """A gradient from top to bottom."""
        return self._keep("linearGradient", ' x1="0" y1="0" x2="0" y2="1"', stops)

    def across(self, *stops: tuple[float, str]) -> str:
        """A gradient from left to right."""
        return self._keep("linearGradient", ' x1="0" y1="0" x2="1" y2="0"', stops)

    def slant(self, *stops: tuple[float, str]) -> str:
        """A gradient from the upper left to the lower right."""
        return self._keep("linearGradient", ' x1="0" y1="0" x2="1" y2="1"', stops)

    def round(self, *stops: tuple[float, str]) -> str:
        """A gradient from the light spot of a ball outwards."""
        return self._keep("radialGradient", ' cx="0.38" cy="0.32" r="0.75"', stops)

    def halo(self, *stops: tuple[float, str]) -> str:
        """A gradient from the middle outwards."""
        return self._keep("radialGradient", ' cx="0.5" cy="0.5" r="0.5"', stops)

    def rod(self, colour: str, *, upright: bool = True) -> str:
        """The shine of a cylinder that stands (`upright`) or lies."""
        stops = (
            (0.0, dark(colour, 0.38)),
            (0.22, light(colour, 0.45)),
            (0.42, colour),
            (0.75, dark(colour, 0.16)),
            (1.0, dark(colour, 0.45)),
        )
        return self.across(*stops) if upright else self.down(*stops)

    def soft(self, colour: str) -> str:
        """A matt face, a little lighter above."""
        return self.down((0, light(colour, 0.14)), (1, dark(colour, 0.08)))

    def steel(self, colour: str) -> str:
        """A polished flat face."""
        return self.slant(
            (0, light(colour, 0.55)),
            (0.35, colour),
            (0.6, light(colour, 0.3)),
            (1, dark(colour, 0.25)),
        )

    def ball(self, colour: str) -> str:
        """A shiny ball."""
        return self.round((0, light(colour, 0.75)), (0.4, colour), (1, dark(colour, 0.5)))

    @property
    def defs(self) -> str:
        """The definitions of all gradients made so far."""
        made = "".join(body.replace("%", f'"{name}"', 1) for body, name in self._made.items())
        return f"<defs>{made}</defs>"


def _stop(colour: str) -> str:
    """A stop's colour; eight hex digits carry an opacity."""
    if len(colour) == 9:
        return f'stop-color="{colour[:7]}" stop-opacity="{int(colour[7:], 16) / 255:.2f}"'
    return f'stop-color="{colour}"'
