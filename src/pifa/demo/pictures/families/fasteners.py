"""Bolts, nuts, washers, screws, bearings and belts."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import (
    circle,
    dark,
    ellipse,
    light,
    line,
    num,
    path,
    place,
    poly,
    rect,
    ring,
)


def _thread(left: float, right: float, top: float, foot: float, pitch: float, colour: str) -> str:
    """The turns of a thread between two heights of a standing shank, as slanted shades."""
    parts = []
    y = top
    while y < foot - pitch:
        parts.append(line(left, y + pitch * 0.35, right, y - pitch * 0.1, dark(colour, 0.5), 4))
        low, high = y + pitch * 0.35 + 5, y - pitch * 0.1 + 5
        parts.append(line(left + 4, low, right - 4, high, light(colour, 0.55), 2.5, 0.8))
        y += pitch
    return "".join(parts)


def hex_bolt(look: Look) -> str:
    """A bolt with a hexagonal head, thread to the tip."""
    c, half, long = look.body, look.span(34, 46), look.span(260, 320)
    top, foot = -long / 2 + 20, long / 2 + 60
    shank = rect(-half, top, 2 * half, foot - top - 16, look.pen.rod(c))
    tip = poly(
        [(-half, foot - 16), (half, foot - 16), (half - 12, foot), (12 - half, foot)],
        look.pen.rod(dark(c, 0.12)),
    )
    plain = top + look.span(4, 60)
    turns = _thread(-half - 3, half + 3, plain + 10, foot - 6, 15, c)
    w, h = half * 2.15, 84
    edges = [(-w, light(c, 0.1)), (-w * 0.5, light(c, 0.42)), (w * 0.5, dark(c, 0.22))]
    faces = "".join(
        rect(x, top - h, w if x == -w * 0.5 else w / 2, h, look.pen.soft(shade))
        for x, shade in edges
    )
    crown = path(
        f"M{num(-w)} {num(top - h + 2)}Q{num(-w * 0.75)} {num(top - h - 16)} {num(-w * 0.5)} "
        f"{num(top - h + 2)}Q0 {num(top - h - 30)} {num(w * 0.5)} {num(top - h + 2)}"
        f"Q{num(w * 0.75)} {num(top - h - 16)} {num(w)} {num(top - h + 2)}Z",
        light(c, 0.5),
    )
    lid = ellipse(0, top - h - 5, w * 0.72, 11, look.pen.steel(light(c, 0.2)))
    seams = "".join(
        line(x, top - h + 2, x, top - 2, dark(c, 0.35), 2.5) for x in (-w * 0.5, w * 0.5)
    )
    collar = rect(-w * 0.92, top - 4, w * 1.84, 12, look.pen.rod(dark(c, 0.1)), 5)
    return place(shank + turns + tip + collar + faces + crown + lid + seams, 0, 0, 1, 32)


def hex_nut(look: Look) -> str:
    """A nut seen from above and the front."""
    c, r, h = look.body, 200.0, look.span(90, 130)
    top = [(x, y - h / 2) for x, y in ring(6, r, r * 0.62, 0)]
    low = [(x, y + h) for x, y in top]
    order = ((0, 1, 0.3), (1, 2, 0.02), (2, 3, -0.2))
    sides = ""
    for a, b, shade in order:
        colour = dark(c, shade) if shade > 0 else light(c, -shade)
        sides += poly([top[a], top[b], low[b], low[a]], look.pen.soft(colour), dark(c, 0.4), 2)
    face = poly(top, look.pen.steel(c), light(c, 0.6), 3)
    rim = ellipse(0, -h / 2, r * 0.8, r * 0.48, "none", light(c, 0.55), 5)
    hole = ellipse(0, -h / 2, r * 0.55, r * 0.33, look.pen.down((0, "#22252b"), (1, dark(c, 0.3))))
    turns = "".join(
        path(
            f"M{num(-r * 0.53)} {num(-h / 2 + k)}A{num(r * 0.53)} {num(r * 0.31)} 0 0 1 "
            f"{num(r * 0.53)} {num(-h / 2 + k)}",
            "none",
            light(c, 0.15),
            3,
            0.75 - k / 80,
        )
        for k in (8, 22, 36, 50)
    )
    bevel = ellipse(0, -h / 2, r * 0.55, r * 0.33, "none", light(c, 0.65), 6)
    return place(sides + face + rim + hole + turns + bevel, 0, -10)


def washer(look: Look) -> str:
    """A flat ring."""
    c, r, t = look.body, 225.0, look.span(16, 30)
    hole = look.span(0.44, 0.54)
    rim = ellipse(0, t, r, r * 0.6, look.pen.rod(dark(c, 0.12)))
    d = "".join(
        f"M{num(-a)} 0A{num(a)} {num(b)} 0 1 0 {num(a)} 0A{num(a)} {num(b)} 0 1 0 {num(-a)} 0Z"
        for a, b in ((r, r * 0.6), (r * hole, r * 0.6 * hole))
    )
    inside = ellipse(0, t, r * hole, r * 0.6 * hole, "#f0efec")
    wall = path(
        f"M{num(-r * hole)} 0A{num(r * hole)} {num(r * 0.6 * hole)} 0 0 1 {num(r * hole)} 0"
        f"L{num(r * hole)} {num(t)}A{num(r * hole)} {num(r * 0.6 * hole)} 0 0 0 "
        f"{num(-r * hole)} {num(t)}Z",
        look.pen.rod(dark(c, 0.3)),
    )
    face = path(d, look.pen.steel(c), light(c, 0.5), 3, even_odd=True)
    return rim + inside + wall + face


def self_tapping_screw(look: Look) -> str:
    """A pointed screw with a round head and a cross in it, and one head seen from above."""
    c, half = look.body, look.span(26, 34)
    shank = poly(
        [(-half, -150), (half, -150), (half - 4, 130), (0, 230), (4 - half, 130)],
        look.pen.rod(c),
    )
    turns = ""
    for index in range(13):
        y = -126 + index * 26
        reach = half + 12 if y < 120 else max(6.0, (half + 12) * (226 - y) / 106)
        turns += path(
            f"M{num(-reach)} {num(y + 12)}L{num(reach)} {num(y - 6)}L{num(reach - 7)} {num(y + 5)}"
            f"L{num(7 - reach)} {num(y + 20)}Z",
            look.pen.across((0, dark(c, 0.4)), (0.35, light(c, 0.6)), (1, dark(c, 0.5))),
        )
    head = path("M-92 -150Q-92 -222 0 -226Q92 -222 92 -150Z", look.pen.rod(light(c, 0.06)))
    rim = rect(-92, -156, 184, 12, look.pen.rod(dark(c, 0.15)), 6)
    slot = path("M-26 -224L-12 -196L12 -196L26 -224Z", dark(c, 0.6))
    upright = place(shank + turns + head + rim + slot, -50, 10, 1, 24)
    disc = circle(0, 0, 82, look.pen.ball(c), dark(c, 0.3), 2)
    cross = "".join(
        place(rect(-46, -11, 92, 22, dark(c, 0.62), 8), 0, 0, 1, angle) for angle in (45, 135)
    )
    return upright + place(disc + cross + circle(0, 0, 16, dark(c, 0.75)), 130, 110)


def ball_bearing(look: Look) -> str:
    """Two rings with balls between them, seen from the front."""
    c, cage = look.body, look.accent
    outer, inner = 232.0, look.span(92, 112)
    parts = [
        circle(8, 10, outer, dark(c, 0.5)),
        circle(0, 0, outer, look.pen.steel(c), dark(c, 0.35), 2),
        circle(0, 0, outer - 10, "none", light(c, 0.6), 3),
        circle(0, 0, outer - 52, dark(c, 0.62)),
        circle(0, 0, (outer - 52 + inner + 34) / 2, "none", cage, 22),
    ]
    middle = (outer - 52 + inner + 34) / 2
    count = 9 + int(look.size * 3)
    radius = (outer - 52 - inner - 34) / 2 - 2
    parts += [circle(x, y, radius, look.pen.ball(c)) for x, y in ring(count, middle, middle, 10)]
    parts += [
        circle(0, 0, inner + 34, look.pen.steel(light(c, 0.1)), dark(c, 0.4), 2),
        circle(0, 0, inner, look.pen.slant((0, dark(c, 0.55)), (1, dark(c, 0.2)))),
        circle(4, 5, inner - 9, "#f1f0ed"),
        circle(0, 0, inner, "none", light(c, 0.6), 3),
    ]
    return "".join(parts)


def timing_belt(look: Look) -> str:
    """A toothed endless belt, its teeth inside."""
    c, wide = look.body, look.span(60, 100)
    loop = "M-150 -120A120 120 0 0 0 -150 120L150 90A90 90 0 0 0 150 -90Z"
    back = path(loop, "none", dark(c, 0.4), 30)
    tooth = light(c, 0.35) if not _pale(c) else dark(c, 0.35)
    lower = place(back, wide * 0.35, wide * 0.5)
    sides = "".join(
        place(path(loop, "none", dark(c, 0.05 + 0.02 * k), 28), wide * 0.35 * k / 8, wide * k / 16)
        for k in range(7, 0, -1)
    )
    face = path(loop, "none", light(c, 0.16), 28)
    inner = "M-150 -98A98 98 0 0 0 -150 98L150 68A68 68 0 0 0 150 -68Z"
    teeth = path(inner, "none", tooth, 20, dash="13 13")
    edge = path("M-150 -133A133 133 0 0 0 -150 133", "none", light(c, 0.4), 3, 0.7)
    return place(lower + sides + face + teeth + edge, -12, -18)


def _pale(colour: str) -> bool:
    return int(colour[1:3], 16) > 190


def flange(look: Look) -> str:
    """A disc with a raised face, a bore and bolt holes."""
    c, t = look.body, look.span(26, 44)
    holes = 4 if look.size < 0.4 else 8
    side = ellipse(0, t, 235, 160, look.pen.rod(dark(c, 0.15)))
    face = ellipse(0, 0, 235, 160, look.pen.steel(c), light(c, 0.5), 3)
    bolts = "".join(
        ellipse(x, y, 25, 17, "#2a2d33", dark(c, 0.3), 2) + ellipse(x, y + 4, 18, 10, "#5a5e66")
        for x, y in ring(holes, 178, 121, 22)
    )
    hub = ellipse(0, 4, 120, 82, dark(c, 0.35)) + ellipse(
        0, -8, 120, 82, look.pen.steel(light(c, 0.12)), light(c, 0.5), 2
    )
    turned = "".join(
        ellipse(0, -8, 120 - k, 82 - k * 0.68, "none", dark(c, 0.18), 1.2) for k in (8, 16, 24)
    )
    bore = ellipse(0, -8, 78, 53, look.pen.down((0, "#1f2227"), (1, dark(c, 0.25))))
    return place(side + face + bolts + hub + turned + bore, 0, -12)


def steel_tube(look: Look) -> str:
    """A bundle of round tubes, their open ends in front."""
    c, r = look.body, look.span(50, 58)
    rows = ((-1, (-1.0, 0.0, 1.0)), (0, (-0.5, 0.5)), (1, (0.0,)))
    parts = []
    for level, places in rows:
        for step in places:
            x, y = step * r * 2.06 - 80, 110 - (level + 1) * r * 1.8
            dx, dy = 250, -150
            nx, ny = r * 0.51, r * 0.86
            wall = [(x - nx, y - ny), (x - nx + dx, y - ny + dy)]
            wall += [(x + nx + dx, y + ny + dy), (x + nx, y + ny)]
            parts.append(
                poly(wall, look.pen.slant((0.2, light(c, 0.5)), (0.5, c), (0.75, dark(c, 0.45))))
            )
            parts.append(circle(x, y, r, look.pen.steel(light(c, 0.2)), dark(c, 0.3), 2))
            parts.append(circle(x, y, r * 0.84, look.pen.slant((0, "#23262b"), (1, dark(c, 0.2)))))
    return place("".join(parts), -25, 70)


DRAWINGS: dict[str, Drawing] = {
    "hex_bolt": Drawing(
        hex_bolt, 380, 470, "tumble", (80, -130), 2.0, lying=True, slim=0.45, lean=32
    ),
    "hex_nut": Drawing(hex_nut, 420, 360, "strewn", (40, -50), 1.9),
    "washer": Drawing(washer, 460, 320, "strewn", (110, 40), 1.9),
    "self_tapping_screw": Drawing(
        self_tapping_screw, 430, 480, "tumble", (0, -120), 2.0, lying=True, slim=0.7, lean=20
    ),
    "ball_bearing": Drawing(ball_bearing, 480, 480, "strewn", (120, -110), 2.0),
    "timing_belt": Drawing(timing_belt, 560, 330, "front", (-150, 40), 2.0),
    "flange": Drawing(flange, 480, 370, "front", (110, 30), 1.9),
    "steel_tube": Drawing(steel_tube, 560, 470, "row", (-90, 60), 2.0),
}
