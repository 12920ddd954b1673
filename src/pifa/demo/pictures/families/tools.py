"""Hand tools, drill bits, door handles and chairs."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import circle, dark, ellipse, light, line, num, path, place, poly, rect


def wrench(look: Look) -> str:
    """A combination wrench: an open jaw at one end, a ring at the other."""
    c, half = look.body, look.span(24, 32)
    edge = dark(c, 0.35)
    jaw = (
        "M-40 -130C-105 -150 -112 -225 -66 -262L-44 -196L-12 -176L30 -190L52 -252"
        "C104 -222 104 -146 40 -128Z"
    )
    shaft = rect(-half, -150, half * 2, 320, look.pen.rod(c), 6, edge, 2)
    groove = rect(-half * 0.45, -80, half * 0.9, 170, dark(c, 0.16), half * 0.45)
    shine = line(-half * 0.3, -74, -half * 0.3, 84, light(c, 0.55), 3, 0.8)
    head = path(jaw, look.pen.steel(c), edge, 3)
    big = (
        "M-74 190A74 74 0 1 0 74 190A74 74 0 1 0 -74 190Z"
        "M-38 190L-26 163L0 152L26 163L38 190L26 217L0 228L-26 217Z"
    )
    eye = path(big, look.pen.steel(c), edge, 3, even_odd=True)
    rim = circle(0, 190, 62, "none", light(c, 0.55), 3, 0.8)
    return place(shaft + groove + shine + head + eye + rim, 0, 20, 0.98, 38)


def screwdriver(look: Look) -> str:
    """A screwdriver with a ribbed two-colour handle and a crossed tip."""
    c, grip, steel = look.body, look.accent, "#c3c9d1"
    half = look.span(44, 54)
    blade = rect(-12, -20, 24, 250, look.pen.rod(steel))
    tip = path("M-12 228L-12 244L-6 266L6 266L12 244L12 228Z", look.pen.rod(dark(steel, 0.45)))
    tip += line(0, 240, 0, 266, "#1e2025", 3)
    collar = poly([(-30, -34), (30, -34), (20, 0), (-20, 0)], look.pen.rod(grip))
    handle = path(
        f"M{num(-half)} -220Q{num(-half)} -256 0 -258Q{num(half)} -256 {num(half)} -220"
        f"L{num(half + 4)} -110Q{num(half - 16)} -66 30 -34L-30 -34"
        f"Q{num(16 - half)} -66 {num(-half - 4)} -110Z",
        look.pen.rod(c),
    )
    ribs = "".join(
        rect(x - 7, -214, 14, 116, look.pen.rod(grip), 7) for x in (-half * 0.62, 0, half * 0.62)
    )
    cap = path(
        f"M{num(-half)} -226Q{num(-half)} -256 0 -258Q{num(half)} -256 {num(half)} -226Z",
        look.pen.rod(grip),
    )
    return place(blade + tip + collar + handle + ribs + cap, 0, 0, 1, 34)


def pliers(look: Look) -> str:
    """Combination pliers, half open."""
    c, steel = look.body, "#9aa1ab"

    def half(flip: bool) -> str:
        jaw = path(
            "M0 -6C-44 -26 -62 -64 -58 -112C-56 -160 -46 -196 -34 -222Q-20 -230 0 -230Z",
            look.pen.steel(steel),
            dark(steel, 0.4),
            3,
        )
        arm = path(
            "M-34 -20C-10 20 60 60 96 140C112 180 116 220 108 262L60 262"
            "C64 214 50 178 24 146C-10 104 -52 62 -58 20Z",
            look.pen.across((0, light(c, 0.25)), (0.6, c), (1, dark(c, 0.35))),
            dark(c, 0.4),
            2,
        )
        band = path("M38 122C66 152 80 196 82 250", "none", dark(c, 0.42), 12, 0.75)
        return place(jaw + arm + band, flip=flip)

    teeth = "".join(line(-12, y, 12, y, dark(steel, 0.6), 4) for y in range(-218, -142, 12))
    teeth += line(0, -228, 0, -20, dark(steel, 0.65), 4)
    hole = ellipse(0, -108, 15, 32, "#3a3e45", dark(steel, 0.4), 3)
    rivet = circle(0, -12, 44, look.pen.steel(light(steel, 0.1)), dark(steel, 0.45), 3)
    rivet += circle(0, -12, 18, look.pen.ball(steel))
    return place(half(False) + half(True) + teeth + hole + rivet, 0, 0, 0.96, look.span(-14, 14))


def drill_bit(look: Look) -> str:
    """A twist drill with its two flutes winding up."""
    c, half = look.body, look.span(30, 42)
    body = rect(-half, -150, half * 2, 330, look.pen.rod(c))
    point = poly([(-half, 178), (half, 178), (0, 232)], look.pen.rod(dark(c, 0.2)))
    flutes = ""
    for index in range(4):
        y = -144 + index * 76
        flutes += path(
            f"M{num(-half)} {y + 62}C{num(-half * 0.2)} {y + 70} {num(half * 0.3)} {y + 8} "
            f"{num(half)} {y}L{num(half)} {y + 26}C{num(half * 0.4)} {y + 40} "
            f"{num(-half * 0.1)} {y + 88} {num(-half)} {y + 84}Z",
            look.pen.across((0, dark(c, 0.7)), (0.6, dark(c, 0.42)), (1, dark(c, 0.6))),
        )
        flutes += path(
            f"M{num(-half)} {y + 90}C{num(-half * 0.1)} {y + 94} {num(half * 0.4)} {y + 46} "
            f"{num(half)} {y + 32}",
            "none",
            light(c, 0.6),
            4,
            0.85,
        )
    shank = rect(-half, -262, half * 2, 122, look.pen.rod(light(c, 0.18)), 5)
    ring = rect(-half, -160, half * 2, 10, dark(c, 0.35))
    return place(body + flutes + point + shank + ring, 0, 14, 1, 36)


def door_handle(look: Look) -> str:
    """A lever on a long plate with a keyhole, bolt beside it."""
    c, r = look.body, look.span(4, 40)
    edge = dark(c, 0.4)
    plate = rect(-150, -230, 120, 460, look.pen.steel(c), r, edge, 2)
    plate += rect(-140, -220, 100, 440, "none", max(2.0, r - 8), light(c, 0.35), 2)
    rose = circle(-90, -110, 50, look.pen.steel(light(c, 0.1)), edge, 3)
    droop = look.span(0, 26)
    lever = path(
        f"M-118 -136L130 -136Q196 -136 216 {num(-112 + droop)}Q220 {num(-86 + droop)} 196 "
        f"{num(-88 + droop)}Q170 -92 130 -86L-118 -84Q-130 -110 -118 -136Z",
        look.pen.down((0, light(c, 0.5)), (0.4, c), (1, dark(c, 0.4))),
        edge,
        2,
    )
    shade = path("M-30 -70L120 -72Q60 -50 -30 -50Z", "#1a1d26", "", 0, 0.14)
    cylinder = circle(-90, 100, 36, look.pen.steel(light(c, 0.2)), edge, 3)
    key = circle(-90, 92, 9, "#17191d") + poly(
        [(-96, 94), (-84, 94), (-80, 122), (-100, 122)], "#17191d"
    )
    screws = "".join(circle(-90, y, 9, look.pen.ball(c), edge, 1) for y in (-200, 200))
    return place(plate + screws + shade + rose + lever + cylinder + key, -10, 0)


def chair(look: Look) -> str:
    """A dining chair from the front and a little from the side."""
    c = look.body
    wood = look.rng.random() < 0.5
    leg = "#a8794c" if wood else "#34373d"

    def post(x1: float, y1: float, x2: float, y2: float) -> str:
        return line(x1, y1, x2, y2, dark(leg, 0.3), 20) + line(x1 - 3, y1, x2 - 3, y2, leg, 12)

    behind = post(-98, 40, -128, 226) + post(120, 30, 150, 214)
    back = path(
        "M-118 -214Q-112 -252 -60 -254L66 -258Q116 -258 122 -218L136 20L-122 34Z",
        look.pen.slant((0, light(c, 0.25)), (0.6, c), (1, dark(c, 0.25))),
        dark(c, 0.35),
        2,
    )
    seams = "".join(
        path(f"M{x} -248Q{x - 6} -120 {x - 4} 20", "none", dark(c, 0.3), 4, 0.6)
        for x in (-62, 0, 62)
    )
    seat = path(
        "M-152 44Q-150 20 -114 18L132 10Q164 12 172 38L190 84Q192 112 150 116"
        "L-146 124Q-182 122 -176 92Z",
        look.pen.down((0, light(c, 0.3)), (0.55, c), (1, dark(c, 0.35))),
        dark(c, 0.4),
        2,
    )
    piping = path("M-174 92Q0 78 188 82", "none", dark(c, 0.3), 4, 0.7)
    front = post(-150, 118, -176, 250) + post(158, 112, 190, 242)
    return place(behind + back + seams + front + seat + piping, -4, 0)


DRAWINGS: dict[str, Drawing] = {
    "wrench": Drawing(wrench, 420, 500, "fan", (-110, 150), 2.0, lying=True, slim=0.42, lean=38),
    "screwdriver": Drawing(
        screwdriver, 400, 480, "fan", (90, -130), 2.0, lying=True, slim=0.42, lean=34
    ),
    "pliers": Drawing(pliers, 300, 530, "fan", (0, -110), 2.1, lying=True, slim=0.75, lean=0),
    "drill_bit": Drawing(
        drill_bit, 400, 470, "fan", (-60, 90), 2.2, lying=True, slim=0.38, lean=36
    ),
    "door_handle": Drawing(door_handle, 440, 480, "grid", (-60, -90), 2.0),
    "chair": Drawing(chair, 420, 510, "row", (0, -60), 1.8),
}
