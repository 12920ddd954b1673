"""Courier bags, cartons, bubble wrap, tape, mailer boxes."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import (
    dark,
    ellipse,
    light,
    line,
    num,
    path,
    place,
    poly,
    rect,
)


def _label(look: Look, x: float, y: float, w: float, h: float) -> str:
    """A waybill: ruled lines and a bar code."""
    parts = [rect(x, y, w, h, "#ffffff", 4, "#cfd3d8", 2)]
    bar = x + w * 0.08
    while bar < x + w * 0.9:
        thick = 2 + look.rng.random() * 6
        parts.append(rect(bar, y + h * 0.1, thick, h * 0.3, "#2b2e34"))
        bar += thick + 3 + look.rng.random() * 5
    for row in range(4):
        long = w * (0.5 + 0.34 * look.rng.random())
        parts.append(
            line(
                x + w * 0.09,
                y + h * (0.54 + 0.11 * row),
                x + long,
                y + h * (0.54 + 0.11 * row),
                "#b3b8c0",
                6,
            )
        )
    return "".join(parts)


def courier_bag(look: Look) -> str:
    """A plastic mailing bag: flap with an adhesive strip, waybill, soft creases."""
    c, w, h = look.body, look.span(165, 200), 240.0
    bag = path(
        f"M{num(-w)} {num(-h + 70)}L{num(w)} {num(-h + 70)}Q{num(w + 8)} 0 {num(w - 2)} {num(h)}"
        f"Q0 {num(h + 10)} {num(-w + 3)} {num(h - 3)}Q{num(-w - 7)} 20 {num(-w)} {num(-h + 70)}Z",
        look.pen.slant((0, light(c, 0.3)), (0.5, c), (1, dark(c, 0.18))),
        dark(c, 0.28),
        2,
    )
    flap = path(
        f"M{num(-w)} {num(-h + 72)}L{num(-w + 18)} {num(-h)}L{num(w - 18)} {num(-h)}L{num(w)} "
        f"{num(-h + 72)}Q0 {num(-h + 84)} {num(-w)} {num(-h + 72)}Z",
        look.pen.down((0, dark(c, 0.1)), (1, light(c, 0.2))),
        dark(c, 0.3),
        2,
    )
    strip = poly(
        [(-w + 22, -h + 18), (w - 22, -h + 18), (w - 14, -h + 46), (14 - w, -h + 46)], "#e4c46b"
    )
    strip += line(24 - w, -h + 24, w - 24, -h + 24, "#f6e4ae", 4)
    creases = ""
    for _ in range(6):
        x = (look.rng.random() * 1.7 - 0.85) * w
        y = -60 + look.rng.random() * 230
        bend = look.rng.random() * 60 - 30
        creases += path(
            f"M{num(x)} {num(y)}q{num(bend)} 34 {num(bend * 0.4)} 78", "none", dark(c, 0.3), 4, 0.22
        )
        creases += path(
            f"M{num(x + 7)} {num(y)}q{num(bend)} 34 {num(bend * 0.4)} 78", "none", "#ffffff", 5, 0.5
        )
    seams = line(-w + 12, -h + 90, -w + 14, h - 14, dark(c, 0.25), 2.5, 0.6)
    seams += line(w - 12, -h + 90, w - 14, h - 14, dark(c, 0.25), 2.5, 0.6)
    label = _label(look, -w * 0.6, -60, w * 1.2, 190)
    return bag + flap + strip + creases + seams + label


def carton(look: Look) -> str:
    """A closed corrugated box with tape over its seam and the this-way-up arrows."""
    c, h = look.body, look.span(170, 260)
    top = -h / 2 - 20
    front = [(-230, top + 70), (40, top + 150), (40, top + 150 + h), (-230, top + 70 + h)]
    side = [(40, top + 150), (236, top + 50), (236, top + 50 + h), (40, top + 150 + h)]
    lid = [(-230, top + 70), (-30, top - 20), (236, top + 50), (40, top + 150)]
    faces = poly(front, look.pen.soft(c), dark(c, 0.3), 2)
    faces += poly(side, look.pen.soft(dark(c, 0.2)), dark(c, 0.35), 2)
    faces += poly(lid, look.pen.slant((0, light(c, 0.35)), (1, light(c, 0.12))), dark(c, 0.25), 2)
    seam = line(-130, top + 25, 138, top + 100, dark(c, 0.4), 3)
    tape = poly(
        [(-148, top + 33), (-112, top + 17), (156, top + 91), (120, top + 109)],
        "#e9d9a6",
        "",
        0,
        0.85,
    )
    tape += poly(
        [(120, top + 109), (156, top + 91), (156, top + 151), (120, top + 169)],
        "#d8c58c",
        "",
        0,
        0.9,
    )
    ink = dark(c, 0.62)
    arrows = ""
    for x in (-170, -110):
        y = top + 120 + h * 0.3 + (x + 230) * 0.296
        arrows += poly([(x, y + 8), (x + 18, y - 24), (x + 36, y + 18)], ink)
        arrows += poly(
            [(x + 12, y + 12), (x + 25, y + 15), (x + 25, y + 62), (x + 12, y + 58)], ink
        )
    arrows += poly(
        [
            (-176, top + 205 + h * 0.3),
            (-68, top + 236 + h * 0.3),
            (-68, top + 244 + h * 0.3),
            (-176, top + 213 + h * 0.3),
        ],
        ink,
    )
    return place(faces + seam + tape + arrows, 0, -10)


def mailer_box(look: Look) -> str:
    """A one-piece mailer box with its lid open."""
    c, h = look.body, look.span(80, 120)
    inside = light(c, 0.25)
    back = [(-170, -40), (170, -40), (190, -190), (-190, -190)]
    lid = poly(back, look.pen.soft(inside), dark(c, 0.3), 2)
    tuck = poly(
        [(-190, -190), (190, -190), (172, -232), (-172, -232)], look.pen.soft(c), dark(c, 0.3), 2
    )
    ears = poly(
        [(-190, -190), (-170, -40), (-214, -70), (-226, -160)], dark(c, 0.18), dark(c, 0.35), 2
    )
    ears += poly(
        [(190, -190), (170, -40), (214, -70), (226, -160)], dark(c, 0.22), dark(c, 0.35), 2
    )
    floor = poly(
        [(-170, -40), (170, -40), (226, 90), (-226, 90)],
        look.pen.down((0, dark(c, 0.42)), (1, dark(c, 0.18))),
    )
    left = poly(
        [(-170, -40), (-226, 90), (-226, 60), (-174, -58)],
        look.pen.soft(dark(c, 0.1)),
        dark(c, 0.35),
        2,
    )
    right = poly(
        [(170, -40), (226, 90), (226, 60), (174, -58)],
        look.pen.soft(dark(c, 0.1)),
        dark(c, 0.35),
        2,
    )
    paper = path(
        "M-150 -10Q-110 -46 -60 -22Q-20 -50 30 -24Q90 -50 150 -12L186 74Q90 96 0 78Q-100 96 -188 74Z",
        look.pen.down((0, "#fbf7f2"), (1, "#e3ddd3")),
    )
    folds = "".join(
        path(f"M{x} {y}q30 26 -8 62", "none", "#c9c1b4", 3, 0.8)
        for x, y in ((-100, -14), (-20, -20), (60, -16), (120, 0), (-140, 20))
    )
    front = poly(
        [(-226, 72), (226, 72), (214, 72 + h), (-214, 72 + h)], look.pen.soft(c), dark(c, 0.32), 2
    )
    slot = rect(-36, 84, 72, 12, dark(c, 0.5), 6)
    flutes = "".join(line(x, 73, x + 8, 79, dark(c, 0.35), 2) for x in range(-214, 214, 14))
    return place(
        lid + tuck + ears + floor + left + right + paper + folds + front + slot + flutes, 0, 20
    )


def bubble_wrap(look: Look) -> str:
    """A roll of bubble wrap, its end unrolled in front."""
    c = look.body
    sheet = path(
        "M-200 40L190 40L236 220Q40 236 -236 220Z",
        look.pen.down((0, dark(c, 0.12)), (1, light(c, 0.4))),
        dark(c, 0.25),
        2,
    )
    dots = ""
    for row in range(6):
        y = 84 + row * 25
        reach = 205 + (y - 40) * 0.19
        count = 14
        for index in range(count):
            x = -reach + (index + (0.5 if row % 2 else 0.15)) * 2 * reach / count
            dots += ellipse(x, y, 11.5, 8.5, look.pen.ball(light(c, 0.25)), dark(c, 0.2), 1)
    roll = rect(-200, -190, 400, 250, look.pen.rod(light(c, 0.2), upright=False), 20)
    bumps = ""
    for row, (y, flat) in enumerate(
        ((-150, 7), (-122, 10), (-92, 12), (-60, 13), (-28, 12), (2, 10), (30, 7))
    ):
        for index in range(14):
            x = -184 + (index + (0.5 if row % 2 else 0)) * 27
            bumps += ellipse(
                x, y, 11.5, flat * 0.82, look.pen.ball(light(c, 0.3)), dark(c, 0.18), 1
            )
    end = ellipse(
        200, -65, 46, 125, look.pen.slant((0, light(c, 0.6)), (1, dark(c, 0.15))), dark(c, 0.3), 2
    )
    layers = "".join(
        ellipse(200, -65, 46 - k * 6, 125 - k * 16, "none", dark(c, 0.25), 2, 0.8)
        for k in range(1, 5)
    )
    core = ellipse(200, -65, 15, 42, "#b58a5a") + ellipse(202, -65, 10, 31, "#4e3a27")
    return place(sheet + dots + roll + bumps + end + layers + core, -8, -10)


def packing_tape(look: Look) -> str:
    """A roll of tape with its end hanging out."""
    c, t = look.body, look.span(70, 120)
    side = path(
        f"M-210 0A210 130 0 0 1 210 0L210 {num(t)}A210 130 0 0 1 -210 {num(t)}Z",
        look.pen.across((0, dark(c, 0.35)), (0.25, light(c, 0.5)), (0.55, c), (1, dark(c, 0.42))),
    )
    tail = path(
        f"M196 {num(t * 0.1)}Q250 20 252 90L252 {num(t + 110)}Q240 {num(t + 60)} 190 {num(t + 30)}Z",
        look.pen.down((0, light(c, 0.3)), (1, dark(c, 0.1))),
        dark(c, 0.3),
        2,
        0.92,
    )
    face = ellipse(
        0, 0, 210, 130, look.pen.slant((0, light(c, 0.55)), (1, dark(c, 0.08))), dark(c, 0.3), 2
    )
    wound = "".join(
        ellipse(0, 0, 210 - k * 14, 130 - k * 9.3, "none", dark(c, 0.22), 2, 0.55)
        for k in range(1, 6)
    )
    core = ellipse(0, 0, 128, 77, "#c49a68", "#8d6a41", 2)
    hole = ellipse(0, 3, 112, 66, look.pen.down((0, "#6f5233"), (1, "#d9b687")), "#8d6a41", 2)
    floor = path("M-96 36A112 66 0 0 0 96 36A130 60 0 0 0 -96 36Z", "#efece6")
    return place(tail + side + face + wound + core + hole + floor, -18, -50)


DRAWINGS: dict[str, Drawing] = {
    "courier_bag": Drawing(courier_bag, 420, 500, "fan", (20, -110), 1.9),
    "carton": Drawing(carton, 490, 470, "front", (60, -40), 1.8),
    "mailer_box": Drawing(mailer_box, 470, 440, "front", (0, 60), 1.8),
    "bubble_wrap": Drawing(bubble_wrap, 500, 450, "row", (40, 60), 2.1),
    "packing_tape": Drawing(packing_tape, 500, 400, "front", (-100, 20), 1.9),
}
