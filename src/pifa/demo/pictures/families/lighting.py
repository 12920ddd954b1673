"""Bulbs, downlights, high-bay lights, street lights."""

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


def led_bulb(look: Look) -> str:
    """A bulb with a frosted globe, a white neck and a threaded cap, shining."""
    glow = look.body
    r = look.span(128, 150)
    halo = circle(
        0, -90, r + 105, look.pen.halo((0, light(glow, 0.1)), (0.6, glow + "70"), (1, glow + "00"))
    )
    globe = path(
        f"M-86 60C-92 10 {num(-r)} -20 {num(-r)} -92A{num(r)} {num(r)} 0 0 1 {num(r)} -92"
        f"C{num(r)} -20 92 10 86 60Z",
        look.pen.round((0, "#ffffff"), (0.55, light(glow, 0.4)), (1, dark(glow, 0.16))),
        dark(glow, 0.22),
        2,
    )
    neck = poly([(-88, 58), (88, 58), (56, 150), (-56, 150)], look.pen.rod("#eceef0"), "#b9bec5", 2)
    fins = "".join(
        line(x, 66, x * 0.66, 144, "#c3c8ce", 3, 0.8) for x in (-66, -44, -22, 0, 22, 44, 66)
    )
    cap = ""
    for index in range(4):
        y = 150 + index * 19
        cap += rect(-52, y, 104, 18, look.pen.rod("#c5cad1"), 9)
    foot = poly([(-40, 226), (40, 226), (18, 250), (-18, 250)], look.pen.rod("#3d4148"))
    foot += ellipse(0, 250, 16, 6, "#b08d4a")
    shine = path("M-84 -150Q-62 -196 -16 -206", "none", "#ffffff", 14, 0.9)
    return place(halo + globe + neck + fins + cap + foot + shine, 0, -10)


def downlight(look: Look) -> str:
    """A recessed ceiling light: rim, deep reflector, lit lens, and spring clips."""
    c = look.body
    deep = look.span(0.62, 0.74)
    clips = ""
    for side in (-1, 1):
        clips += path(
            f"M{side * 150} -70L{side * 236} -190L{side * 250} -176L{side * 186} -60Z",
            look.pen.steel("#b9bfc7"),
            "#70767f",
            2,
        )
        clips += circle(side * 160, -84, 16, "none", "#70767f", 7)
    can = path("M-140 -60L-128 -190Q0 -230 128 -190L140 -60Z", look.pen.rod("#8b9199"))
    fins = "".join(line(x, -70, x * 0.92, -196, "#5c6169", 4) for x in range(-110, 120, 22))
    rim = ellipse(0, 24, 232, 152, dark(c, 0.3)) + ellipse(
        0, 8, 232, 152, look.pen.slant((0, light(c, 0.4)), (1, dark(c, 0.14))), dark(c, 0.25), 2
    )
    cone = ellipse(
        0,
        8,
        232 * deep + 12,
        152 * deep + 8,
        look.pen.down((0, "#5b6068"), (0.6, "#c9cdd2"), (1, "#f2f3f4")),
    )
    glow = ellipse(0, 0, 118, 76, look.pen.halo((0, "#ffffff"), (0.6, "#fff6dc"), (1, "#ffe7a8")))
    lens = ellipse(0, 0, 84, 54, "#fffdf6", "#ffe9b5", 4)
    return place(clips + can + fins + rim + cone + glow + lens, 0, 30)


def high_bay_light(look: Look) -> str:
    """A round factory light: hook, driver, ring of fins, and the lit face below."""
    c = look.body
    hook = path("M0 -180L0 -214A26 26 0 1 1 -26 -240", "none", "#6a7078", 14)
    hook += path("M0 -180L0 -214A26 26 0 1 1 -26 -240", "none", "#c6cbd1", 6)
    driver = rect(-74, -182, 148, 74, look.pen.rod(light(c, 0.1)), 14)
    driver += ellipse(0, -180, 74, 17, light(c, 0.25))
    body = path(
        "M-110 -112L110 -112Q150 -60 226 -20L226 40A226 96 0 0 1 -226 40L-226 -20Q-150 -60 -110 -112Z",
        look.pen.rod(c),
    )
    fins = ""
    for index in range(19):
        x = -216 + index * 24
        fins += path(
            f"M{num(x * 0.48)} -108Q{num(x * 0.7)} -60 {num(x)} 30", "none", dark(c, 0.62), 5
        )
        fins += path(
            f"M{num(x * 0.48 + 4)} -108Q{num(x * 0.7 + 4)} -60 {num(x + 5)} 30",
            "none",
            light(c, 0.35),
            2,
            0.7,
        )
    rim = ellipse(0, 46, 232, 100, look.pen.rod(light(c, 0.12)), dark(c, 0.5), 2)
    face = ellipse(0, 52, 204, 84, look.pen.halo((0, "#ffffff"), (0.7, "#fff7e0"), (1, "#ffe9b0")))
    dots = "".join(
        ellipse(x, y + 52, 10, 5.5, "#ffffff", "#ecc873", 2)
        for rx, ry, count in ((168, 67, 22), (118, 46, 15), (66, 25, 9))
        for x, y in ring(count, rx, ry)
    )
    beam = poly(
        [(-190, 70), (190, 70), (270, 250), (-270, 250)],
        look.pen.down((0, "#fff3c4a0"), (1, "#fff3c400")),
    )
    return place(beam + hook + driver + body + fins + rim + face + dots, 0, 0)


def street_light(look: Look) -> str:
    """A street light: a curved pole with the lamp head at its end, lit from below."""
    c = look.body
    tilt = look.span(-4, 8)
    pole = path("M-190 262L-190 -60Q-188 -200 -60 -206", "none", "#6d737b", 26)
    pole += path("M-194 262L-194 -60Q-192 -196 -60 -202", "none", "#c2c7cd", 8, 0.8)
    foot = rect(-226, 236, 74, 26, look.pen.rod("#5d636b"), 5)
    beam = poly(
        [(-20, -150), (190, -150), (262, 240), (-110, 240)],
        look.pen.down((0, "#fff1b8c0"), (1, "#fff1b800")),
    )
    head = path(
        "M-76 -222Q-60 -246 -10 -248L150 -244Q226 -236 240 -196Q236 -176 200 -172L-40 -172Q-76 -176 -76 -222Z",
        look.pen.down((0, light(c, 0.45)), (0.5, c), (1, dark(c, 0.4))),
        dark(c, 0.5),
        2,
    )
    ribs = "".join(line(x, -242, x + 4, -196, dark(c, 0.35), 4, 0.7) for x in range(0, 120, 17))
    lamp = rect(-20, -176, 214, 24, look.pen.down((0, "#fff6d6"), (1, "#ffd978")), 9, "#c9a748", 2)
    leds = "".join(ellipse(x, -164, 7, 5, "#ffffff") for x in range(-4, 190, 18))
    return place(beam + pole + foot + place(head + ribs + lamp + leds, 0, 0, 1, tilt), 0, 0)


DRAWINGS: dict[str, Drawing] = {
    "led_bulb": Drawing(led_bulb, 400, 520, "row", (0, 130), 1.9),
    "downlight": Drawing(downlight, 500, 420, "front", (60, 50), 1.8),
    "high_bay_light": Drawing(high_bay_light, 520, 500, "row", (70, 10), 1.8),
    "street_light": Drawing(street_light, 500, 530, "row", (80, -170), 2.0),
}
