"""Tableware, storage, towels, bedding."""

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


def plate(look: Look) -> str:
    """A plate seen from a little above, a painted band on its rim."""
    c, band = look.body, look.accent
    k = look.span(0.5, 0.62)
    r = 245.0
    foot = ellipse(0, 30, r * 0.66, r * k * 0.62, dark(c, 0.4))
    under = ellipse(0, 14, r, r * k, look.pen.rod(dark(c, 0.22)))
    rim = ellipse(
        0,
        0,
        r,
        r * k,
        look.pen.slant((0, light(c, 0.7)), (0.6, c), (1, dark(c, 0.12))),
        dark(c, 0.2),
        2,
    )
    stripe = ellipse(0, 1, r * 0.94, r * k * 0.935, "none", band, 8)
    stripe += ellipse(0, 2, r * 0.87, r * k * 0.86, "none", band, 2.5)
    well = ellipse(
        0,
        10,
        r * 0.68,
        r * k * 0.66,
        look.pen.down((0, dark(c, 0.2)), (0.5, light(c, 0.1)), (1, light(c, 0.6))),
        dark(c, 0.12),
        2,
    )
    flat = ellipse(
        0, 16, r * 0.58, r * k * 0.54, look.pen.slant((0, light(c, 0.5)), (1, dark(c, 0.06)))
    )
    dots = "".join(ellipse(x, y + 1, 9, 6, band) for x, y in ring(18, r * 0.79, r * k * 0.775, 5))
    shine = path(
        f"M-150 {num(-r * k * 0.1)}Q-120 {num(-r * k * 0.42)} -30 {num(-r * k * 0.46)}",
        "none",
        "#ffffff",
        12,
        0.75,
    )
    return foot + under + rim + stripe + dots + well + flat + shine


def bowl(look: Look) -> str:
    """A footed rice bowl with a painted pattern."""
    c, band = look.body, look.accent
    deep = look.span(170, 230)
    foot = path(
        f"M-92 {num(deep - 66)}L92 {num(deep - 66)}L84 {num(deep - 20)}Q0 {num(deep - 2)} -84 {num(deep - 20)}Z",
        look.pen.rod(dark(c, 0.1)),
        dark(c, 0.3),
        2,
    )
    body = path(
        f"M-236 -90Q-222 {num(deep * 0.42)} -92 {num(deep - 60)}Q0 {num(deep - 42)} 92 "
        f"{num(deep - 60)}Q222 {num(deep * 0.42)} 236 -90Z",
        look.pen.across((0, dark(c, 0.22)), (0.3, light(c, 0.6)), (0.6, c), (1, dark(c, 0.3))),
        dark(c, 0.25),
        2,
    )
    lines = path("M-230 -58Q0 24 230 -58", "none", band, 9) + path(
        "M-226 -36Q0 46 226 -36", "none", band, 3
    )
    flowers = ""
    for x, y in ((-120, 34), (0, 56), (120, 34)):
        flowers += "".join(
            circle(x + px, y + py, 15, band, "", 0, 0.9) for px, py in ring(5, 19, 19, -90)
        )
        flowers += circle(x, y, 9, light(band, 0.6))
        flowers += path(f"M{x - 44} {y + 16}Q{x - 24} {y + 30} {x - 10} {y + 34}", "none", band, 6)
        flowers += path(f"M{x + 44} {y + 16}Q{x + 24} {y + 30} {x + 10} {y + 34}", "none", band, 6)
    rim = ellipse(0, -90, 236, 80, light(c, 0.5), dark(c, 0.25), 2)
    inside = ellipse(
        0, -85, 222, 70, look.pen.down((0, dark(c, 0.32)), (0.6, c), (1, light(c, 0.55)))
    )
    edge = ellipse(0, -90, 233, 78, "none", band, 5)
    return place(foot + body + lines + flowers + rim + inside + edge, 0, -20)


def mug(look: Look) -> str:
    """A mug with its handle, steam above the drink."""
    c = look.body
    h = look.span(270, 330)
    top, foot = -h / 2 + 20, h / 2 + 20
    handle = path(
        f"M120 {num(top + 56)}Q236 {num(top + 40)} 232 {num(top + 132)}Q228 {num(top + 230)} 116 {num(top + 224)}",
        "none",
        dark(c, 0.34),
        42,
    )
    handle += path(
        f"M122 {num(top + 54)}Q230 {num(top + 42)} 227 {num(top + 132)}Q222 {num(top + 222)} 116 {num(top + 218)}",
        "none",
        light(c, 0.1),
        27,
    )
    body = path(
        f"M-150 {num(top)}L-138 {num(foot - 26)}Q-134 {num(foot)} -104 {num(foot + 4)}Q0 "
        f"{num(foot + 22)} 104 {num(foot + 4)}"
        f"Q134 {num(foot)} 138 {num(foot - 26)}L150 {num(top)}Z",
        look.pen.rod(c),
        dark(c, 0.25),
        2,
    )
    rim = ellipse(0, top, 150, 42, light(c, 0.5), dark(c, 0.25), 2)
    inside = ellipse(0, top + 4, 136, 33, look.pen.down((0, dark(c, 0.4)), (1, light(c, 0.35))))
    drink = path(
        f"M-124 {num(top + 14)}A126 27 0 0 1 124 {num(top + 14)}A130 30 0 0 1 -124 {num(top + 14)}Z",
        look.pen.slant((0, "#8a5733"), (1, "#4f2e19")),
    )
    steam = "".join(
        path(f"M{x} {num(top - 30)}q-22 -28 0 -56q22 -28 0 -56", "none", "#b9bec6", 8, 0.5)
        for x in (-44, 8, 58)
    )
    leaf = "#ffffff" if not _near_white(c) else "#c9705a"
    heart = path(
        "M-20 70C-34 32 -86 40 -68 82Q-54 108 -20 130Q14 108 28 82C46 40 -6 32 -20 70Z",
        leaf,
        "",
        0,
        0.85,
    )
    return place(handle + body + rim + inside + drink + steam + heart, -28, 24)


def _near_white(colour: str) -> bool:
    return min(int(colour[k : k + 2], 16) for k in (1, 3, 5)) > 200


def storage_box(look: Look) -> str:
    """A translucent storage box with a lid, side latches and folded things inside."""
    c = look.body
    h = look.span(200, 260)
    top, foot = -h / 2 + 10, h / 2 + 30
    inner = ""
    hues = ("#d98a7a", "#7fa3c7", "#e3c069", "#8fb58c", "#b79ac4")
    for index in range(4):
        y = foot - 30 - index * (h - 50) / 4
        tall = (h - 50) / 4 - 6
        inner += rect(-184, y - tall, 176, tall, hues[index % 5], 11, "", 0, 0.75)
        inner += rect(6, y - tall, 170, tall, hues[(index + 2) % 5], 11, "", 0, 0.75)
    sides = (
        f"M-232 {num(top)}L232 {num(top)}L206 {num(foot)}Q204 {num(foot + 16)} 186 "
        f"{num(foot + 16)}L-186 {num(foot + 16)}Q-204 {num(foot + 16)} -206 {num(foot)}Z"
    )
    body = path(
        sides,
        look.pen.across((0, dark(c, 0.12)), (0.2, light(c, 0.4)), (1, dark(c, 0.14))),
        dark(c, 0.35),
        3,
        0.62,
    )
    frame = path(
        sides,
        "none",
        dark(c, 0.35),
        4,
    )
    panel = rect(-150, top + 60, 300, h - 90, "none", 18, "#ffffff", 5, 0.75)
    lid = path(
        f"M-246 {num(top - 34)}Q-244 {num(top - 56)} -220 {num(top - 58)}L220 {num(top - 58)}"
        f"Q244 {num(top - 56)} 246 {num(top - 34)}L246 {num(top + 6)}L-246 {num(top + 6)}Z",
        look.pen.soft(c),
        dark(c, 0.4),
        3,
    )
    lid += line(-210, top - 40, 210, top - 40, light(c, 0.6), 6, 0.8)
    latch = "".join(
        rect(x, top - 26, 54, 72, look.pen.soft(dark(c, 0.3)), 9, dark(c, 0.55), 2)
        + line(x + 14, top + 30, x + 40, top + 30, light(c, 0.3), 5)
        for x in (-214, 160)
    )
    wheels = "".join(
        circle(x, foot + 24, 17, "#3a3e45") + circle(x, foot + 24, 6, "#b6bcc4")
        for x in (-164, 164)
    )
    return place(wheels + inner + body + frame + panel + lid + latch, 0, 0)


def towel(look: Look) -> str:
    """A folded stack's top towel: terry with woven bands, a second one rolled on it."""
    c = look.body
    fold = ""
    count = 2 + int(look.size * 1.99)
    for index in range(count):
        y = 170 - index * 74
        tone = c if index % 2 == 0 else light(c, 0.22)
        fold += rect(
            -226,
            y - 66,
            452,
            66,
            look.pen.down((0, light(tone, 0.3)), (0.5, tone), (1, dark(tone, 0.22))),
            31,
            dark(tone, 0.25),
            2,
        )
        fold += path(f"M-206 {y - 33}L190 {y - 33}", "none", dark(tone, 0.3), 3, 0.7)
        fold += path(f"M190 {y - 62}Q222 {y - 33} 190 {y - 4}", "none", dark(tone, 0.25), 3, 0.8)
        fold += "".join(
            rect(x, y - 65, 15, 64, light(tone, 0.45), 0, "", 0, 0.75) for x in (-140, -116)
        )
    top = 170 - count * 74
    roll = rect(-190, top - 102, 370, 108, look.pen.rod(light(c, 0.08), upright=False), 54)
    terry = "".join(
        circle(-150 + (k * 37) % 300, top - 92 + (k * 23) % 86, 3, dark(c, 0.22), "", 0, 0.5)
        for k in range(46)
    )
    bands = rect(-96, top - 102, 15, 108, light(c, 0.5), 0, "", 0, 0.8) + rect(
        -70, top - 102, 8, 108, light(c, 0.5), 0, "", 0, 0.8
    )
    end = ellipse(172, top - 48, 38, 54, light(c, 0.26), dark(c, 0.3), 2)
    spiral = path(
        f"M172 {top - 48}q9 -14 -6 -20q-22 4 -14 30q12 26 32 6q16 -36 -10 -58q-34 -8 -36 38",
        "none",
        dark(c, 0.35),
        4,
    )
    return place(fold + roll + terry + bands + end + spiral, 0, 10)


def bedding_set(look: Look) -> str:
    """A made bed: headboard, two pillows, a quilt turned down over the sheet."""
    c, pale = look.body, look.accent if len(look.tone) > 1 else light(look.body, 0.6)
    wood = "#b08d68"
    board = rect(-236, -216, 472, 220, look.pen.soft(wood), 26, dark(wood, 0.35), 3)
    board += "".join(line(x, -196, x, -40, dark(wood, 0.2), 4, 0.6) for x in (-118, 0, 118))
    base = poly(
        [(-236, 170), (236, 170), (236, 214), (-236, 214)],
        look.pen.soft(dark(wood, 0.1)),
        dark(wood, 0.4),
        2,
    )
    sheet = path(
        "M-222 -60L222 -60L240 176L-240 176Z",
        look.pen.down((0, pale), (1, dark(pale, 0.15))),
        dark(pale, 0.25),
        2,
    )
    pillows = ""
    for x in (-110, 110):
        pillows += path(
            f"M{x - 96} -100Q{x - 108} -140 {x - 84} -142Q{x} -156 {x + 84} -142Q{x + 108} -140 {x + 96} -100"
            f"Q{x + 104} -40 {x + 84} -36Q{x} -22 {x - 84} -36Q{x - 104} -40 {x - 96} -100Z",
            look.pen.round((0, light(c, 0.5)), (0.6, c), (1, dark(c, 0.2))),
            dark(c, 0.3),
            3,
        )
        pillows += path(f"M{x - 60} -100Q{x} -84 {x + 56} -104", "none", dark(c, 0.3), 4, 0.4)
    quilt = path(
        "M-236 10Q0 -16 236 10L254 176Q256 206 226 208Q120 190 0 208Q-130 190 -226 208Q-256 206 -254 176Z",
        look.pen.down((0, light(c, 0.22)), (0.6, c), (1, dark(c, 0.22))),
        dark(c, 0.35),
        3,
    )
    turned = path("M-236 10Q0 -16 236 10L240 52Q0 30 -240 52Z", pale, dark(pale, 0.3), 2)
    pattern = ""
    style = int(look.rng.random() * 3)
    if style == 0:
        pattern = "".join(
            path(f"M{num(x)} 46Q{num(x * 1.03)} 120 {num(x * 1.08)} 198", "none", pale, 8, 0.6)
            for x in range(-210, 230, 42)
        )
    elif style == 1:
        pattern = "".join(
            circle(-210 + (k % 9) * 52 + (k // 9 % 2) * 26, 76 + (k // 9) * 34, 7, pale, "", 0, 0.8)
            for k in range(33)
        )
    folds = "".join(
        path(d, "none", dark(c, 0.35), 6, 0.35)
        for d in ("M-120 60Q-100 120 -130 190", "M60 56Q90 120 70 196", "M170 60Q190 130 180 186")
    )
    return place(board + sheet + pillows + base + quilt + turned + pattern + folds, 0, 0)


DRAWINGS: dict[str, Drawing] = {
    "plate": Drawing(plate, 500, 330, "front", (-110, 40), 2.0),
    "bowl": Drawing(bowl, 490, 380, "front", (0, 0), 1.9),
    "mug": Drawing(mug, 440, 480, "row", (70, 20), 1.9),
    "storage_box": Drawing(storage_box, 500, 370, "front", (-160, -80), 2.0),
    "towel": Drawing(towel, 470, 420, "row", (90, -50), 2.0),
    "bedding_set": Drawing(bedding_set, 510, 440, "front", (-90, -50), 1.9),
}
