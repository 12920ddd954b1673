"""Cable, sockets, switches, cameras, resistors, capacitors."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import circle, dark, ellipse, light, line, num, path, place, rect


def cable(look: Look) -> str:
    """A coil of insulated wire, its bare copper end sticking out."""
    c, turns = look.body, 9
    parts = []
    for index in range(turns):
        y = 92 - index * 18
        parts.append(ellipse(0, y, 212, 116, "none", dark(c, 0.45), 24))
        parts.append(ellipse(0, y - 2, 212, 116, "none", c, 18))
        parts.append(
            path(
                f"M-196 {num(y + 44)}A212 116 0 0 0 120 {num(y + 96)}",
                "none",
                light(c, 0.55),
                4,
                0.7,
            )
        )
    top = -56
    for inner in (0.88, 0.76, 0.64):
        parts.append(ellipse(0, top, 212 * inner, 116 * inner, "none", dark(c, 0.45), 23))
        parts.append(ellipse(0, top - 2, 212 * inner, 116 * inner, "none", light(c, 0.06), 17))
        d = (
            f"M{num(-190 * inner)} {num(top - 60 * inner)}A{num(212 * inner)} "
            f"{num(116 * inner)} 0 0 1 {num(140 * inner)} {num(top - 92 * inner)}"
        )
        parts.append(path(d, "none", light(c, 0.55), 4, 0.75))
    tail = "M150 -20Q236 0 240 -110"
    end = path(tail, "none", dark(c, 0.45), 26) + path(tail, "none", c, 19)
    copper = line(240, -122, 240, -176, "#8e5528", 13) + line(238, -124, 238, -176, "#e2a06a", 7)
    for x, angle in ((-150, 32), (150, -32)):
        parts.append(
            place(rect(-15, -78, 30, 190, "#f2f2ef", 6, "#c3c6ca", 2, 0.96), x, 30, 1, angle)
        )
    return place("".join(parts) + end + copper, -10, 0)


def _plate(look: Look) -> str:
    """The square front of a flush-mounted socket or switch."""
    c, r = look.body, look.span(8, 30)
    depth = rect(-212, -200, 436, 436, dark(c, 0.34), r)
    face = rect(
        -220,
        -220,
        440,
        440,
        look.pen.slant((0, light(c, 0.5)), (1, dark(c, 0.06))),
        r,
        dark(c, 0.22),
        2,
    )
    return depth + face + rect(-206, -206, 412, 412, "none", max(3.0, r - 8), dark(c, 0.12), 2)


def _slot(x: float, y: float, angle: float, w: float = 20, h: float = 62) -> str:
    hole = rect(-w / 2, -h / 2, w, h, "#24262b", 4) + rect(-w / 2, h / 2 - 8, w, 8, "#6c7077", 3)
    return place(hole, x, y, 1, angle)


def wall_socket(look: Look) -> str:
    """A five-hole socket: two pins above, three pins below."""
    c = look.body
    well = rect(-150, -160, 300, 320, look.pen.soft(dark(c, 0.05)), 24, dark(c, 0.2), 2)
    two = _slot(-48, -82, 0) + _slot(48, -82, 0)
    three = _slot(0, 38, 0, 20, 56) + _slot(-56, 104, 32) + _slot(56, 104, -32)
    return place(_plate(look) + well + two + three, 0, -8)


def wall_switch(look: Look) -> str:
    """A switch with one to three rockers, one of them pressed."""
    c = look.body
    count = 1 + int(look.size * 2.99)
    wide = 372 / count
    pressed = int(look.rng.random() * count)
    parts = [_plate(look)]
    for index in range(count):
        x = -186 + index * wide
        on = index == pressed
        stops = ((0, dark(c, 0.16)), (0.5, c), (1, light(c, 0.5)))
        if not on:
            stops = ((0, light(c, 0.6)), (0.5, light(c, 0.1)), (1, dark(c, 0.2)))
        parts.append(rect(x + 3, -186, wide - 6, 372, look.pen.down(*stops), 10, dark(c, 0.3), 3))
        parts.append(line(x + 16, 0, x + wide - 16, 0, dark(c, 0.14), 3, 0.8))
        parts.append(rect(x + wide / 2 - 22, 138, 44, 10, "#d4583c" if on else dark(c, 0.3), 5))
    return place("".join(parts), 0, -8)


def cctv_camera(look: Look) -> str:
    """A bullet camera under a sunshade, on a wall bracket."""
    c = look.body
    wall = rect(186, -150, 44, 260, look.pen.rod(dark(c, 0.08)), 12)
    screws = "".join(circle(208, y, 9, "#8b9199") for y in (-124, 84))
    arm = path("M196 -20L120 40Q90 64 60 52", "none", dark(c, 0.42), 40)
    arm += path("M196 -24L120 36Q90 58 60 46", "none", light(c, 0.15), 22)
    joint = circle(62, 46, 36, look.pen.ball(c), dark(c, 0.4), 2)
    body = rect(-200, -126, 330, 168, look.pen.rod(c, upright=False), 30)
    rear = rect(96, -116, 46, 148, look.pen.rod(dark(c, 0.2), upright=False), 14)
    hood = path(
        "M-250 -136Q-244 -168 -200 -170L132 -164Q160 -160 164 -128L164 -116L-250 -116Z",
        look.pen.down((0, light(c, 0.6)), (1, dark(c, 0.12))),
        dark(c, 0.3),
        2,
    )
    face = ellipse(-198, -42, 50, 84, "#23262c", "#0f1114", 3)
    leds = "".join(
        ellipse(-198 + dx, -42 + dy, 6, 8, "#7c2730")
        for dx, dy in (
            (-26, -40),
            (0, -62),
            (24, -42),
            (-28, 36),
            (0, 60),
            (24, 40),
            (-36, 0),
            (33, 0),
        )
    )
    lens = ellipse(-202, -42, 25, 38, look.pen.ball("#2f4d7a"), "#0c0d10", 4)
    lens += ellipse(-210, -56, 6, 10, "#d9e8ff", "", 0, 0.9)
    lead = path("M140 -30Q180 60 186 170Q186 220 150 226", "none", "#33363c", 11)
    return place(
        lead + wall + screws + arm + joint + rear + body + hood + face + leds + lens,
        0,
        16,
        1,
        look.span(-6, 4),
    )


_BANDS = ("#6b3d1f", "#1f2024", "#c2322c", "#e07b26", "#e6c52f", "#3d8b4a", "#2f5fae", "#7a4a9c")


def resistor(look: Look) -> str:
    """A resistor with rounded ends, colour rings and two leads."""
    c = look.body
    leads = line(-258, 0, 258, 0, "#7c828b", 15) + line(-258, -3, 258, -3, "#dfe3e7", 6)
    body = path(
        "M-160 -30Q-160 -74 -122 -76Q-84 -76 -74 -56L74 -56Q84 -76 122 -76Q160 -74 160 -30L160 30"
        "Q160 74 122 76Q84 76 74 56L-74 56Q-84 76 -122 76Q-160 74 -160 30Z",
        look.pen.down((0, light(c, 0.25)), (0.25, light(c, 0.6)), (0.55, c), (1, dark(c, 0.42))),
        dark(c, 0.4),
        2,
    )
    rings = ""
    for x, half in ((-122, 76), (-52, 56), (-14, 56), (24, 56), (122, 76)):
        colour = _BANDS[int(look.rng.random() * len(_BANDS))] if x < 100 else "#b8923c"
        shade = look.pen.down(
            (0, colour), (0.25, light(colour, 0.4)), (0.55, colour), (1, dark(colour, 0.4))
        )
        rings += rect(x - 12, -half, 24, 2 * half, shade)
    return place(leads + body + rings, 0, 0, 1, -24)


def capacitor(look: Look) -> str:
    """An electrolytic capacitor: sleeve with the minus stripe, scored metal top, two leads."""
    c, r = look.body, look.span(92, 124)
    legs = ""
    for x, long in ((-r * 0.42, 262), (r * 0.42, 240)):
        legs += line(x, 120, x, long, "#7c828b", 13) + line(x - 2, 120, x - 2, long, "#dfe3e7", 5)
    body = path(
        f"M{num(-r)} -190L{num(-r)} 120A{num(r)} {num(r * 0.32)} 0 0 0 {num(r)} 120L{num(r)} -190Z",
        look.pen.rod(c),
    )
    stripe = path(
        f"M{num(r * 0.3)} {num(-180 + r * 0.28)}L{num(r * 0.3)} {num(120 + r * 0.3)}"
        f"A{num(r)} {num(r * 0.32)} 0 0 0 {num(r * 0.82)} {num(120 + r * 0.19)}L{num(r * 0.82)} {num(-180 + r * 0.2)}Z",
        light(c, 0.72),
        "",
        0,
        0.92,
    )
    minus = "".join(rect(r * 0.44, y, r * 0.24, 11, dark(c, 0.3), 4) for y in (-100, -36, 28, 92))
    lip = ellipse(0, -190, r, r * 0.34, dark(c, 0.25))
    top = ellipse(0, -194, r * 0.9, r * 0.3, look.pen.steel("#c9ced5"), "#8d939c", 2)
    cross = line(-r * 0.5, -194, r * 0.5, -194, "#7d838c", 4) + line(
        0, -194 - r * 0.2, 0, -194 + r * 0.2, "#7d838c", 4
    )
    groove = path(
        f"M{num(-r)} -150A{num(r)} {num(r * 0.32)} 0 0 0 {num(r)} -150",
        "none",
        dark(c, 0.6),
        6,
        0.6,
    )
    return place(legs + body + stripe + minus + groove + lip + top + cross, 0, -10)


DRAWINGS: dict[str, Drawing] = {
    "cable": Drawing(cable, 480, 440, "front", (100, -60), 1.9),
    "wall_socket": Drawing(wall_socket, 440, 450, "grid", (0, 60), 1.8),
    "wall_switch": Drawing(wall_switch, 440, 450, "grid", (60, 90), 1.8),
    "cctv_camera": Drawing(cctv_camera, 500, 420, "front", (-150, -40), 2.0),
    "resistor": Drawing(resistor, 500, 320, "tumble", (0, 0), 1.8, lying=True, slim=1, lean=-24),
    "capacitor": Drawing(capacitor, 290, 540, "row", (10, -130), 2.0),
}
