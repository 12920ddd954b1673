"""Protection, seals, pipe fittings, drums, glue, fabric."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import circle, dark, ellipse, light, line, num, path, place, poly, rect

_GLOVE = (
    "M-92 96L-96 -20Q-98 -60 -96 -110Q-94 -136 -74 -136Q-54 -136 -54 -110L-50 -46"
    "L-48 -178Q-46 -204 -26 -204Q-6 -204 -6 -178L-2 -52L6 -196Q8 -222 28 -221Q48 -220 47 -194"
    "L44 -48L60 -160Q64 -184 83 -181Q101 -178 98 -154L90 -10Q90 6 100 -4L128 -52"
    "Q142 -72 158 -62Q174 -52 164 -30L112 70Q104 84 98 96Z"
)


def safety_gloves(look: Look) -> str:
    """A pair of work gloves: dipped palm and fingers, knitted back and cuff."""
    c, knit = look.body, look.accent if len(look.tone) > 1 else "#e6e4de"

    def glove(front: bool) -> str:
        cuff = path("M-90 92L96 92L90 232Q0 246 -84 232Z", look.pen.rod(knit), dark(knit, 0.3), 2)
        ribs = "".join(
            line(x, 120, x * 0.96, 228, dark(knit, 0.22), 3, 0.7) for x in range(-76, 90, 14)
        )
        hem = path("M-86 216Q0 232 92 216L90 236Q0 250 -84 236Z", c)
        tone = c if front else mixed(knit)
        hand = path(
            _GLOVE,
            look.pen.slant((0, light(tone, 0.3)), (0.5, tone), (1, dark(tone, 0.25))),
            dark(tone, 0.42),
            3,
        )
        folds = "".join(
            path(d, "none", dark(tone, 0.4), 4, 0.5)
            for d in (
                "M-70 -30Q-20 -10 30 -30",
                "M-66 30Q0 62 84 18",
                "M-50 -40L-48 -10",
                "M44 -40L40 -8",
            )
        )
        dots = ""
        if front:
            for index in range(70):
                x, y = -74 + (index % 10) * 17, -22 + (index // 10) * 16
                dots += circle(x + (y % 3), y, 2.6, light(c, 0.4), "", 0, 0.6)
        else:
            dots = path("M-92 96L-94 70Q0 92 106 70L98 96Z", dark(knit, 0.12))
            for d in (
                "M-96 -70Q-76 -60 -52 -70L-54 -110Q-56 -136 -74 -136Q-94 -136 -96 -110Z",
                "M-49 -130Q-28 -118 -4 -130L-6 -178Q-6 -204 -26 -204Q-46 -204 -48 -178Z",
                "M3 -146Q26 -134 46 -146L47 -194Q48 -220 28 -221Q8 -222 6 -196Z",
                "M54 -118Q76 -104 96 -116L98 -154Q101 -178 83 -181Q64 -184 60 -160Z",
            ):
                dots += path(d, c, dark(c, 0.4), 2)
        return cuff + ribs + hem + hand + folds + dots

    def mixed(colour: str) -> str:
        return dark(colour, 0.04)

    return place(glove(False), -104, 6, 0.92, -10, True) + place(glove(True), 96, 10, 0.96, 8)


def safety_helmet(look: Look) -> str:
    """A hard hat with ridges, a brim and a chin strap."""
    c = look.body
    strap = path("M-150 60Q-120 220 10 226Q110 224 150 60", "none", "#33363c", 12)
    strap += rect(-22, 212, 44, 26, "#1f2126", 6)
    band = path("M-186 40Q0 110 186 40L186 66Q0 138 -186 66Z", "#3a3d43")
    dome = path(
        "M-206 44Q-214 -206 6 -214Q214 -208 212 40Q0 104 -206 44Z",
        look.pen.round((0, light(c, 0.7)), (0.45, c), (1, dark(c, 0.42))),
        dark(c, 0.4),
        2,
    )
    ridge = path(
        "M-36 -214Q-54 -80 -50 76Q0 88 56 76Q56 -90 40 -213Q0 -224 -36 -214Z",
        look.pen.across((0, dark(c, 0.22)), (0.25, light(c, 0.5)), (0.6, c), (1, dark(c, 0.3))),
        dark(c, 0.3),
        2,
    )
    sides = "".join(
        path(d, "none", dark(c, 0.3), 7, 0.6)
        for d in ("M-110 -180Q-150 -70 -146 58", "M112 -180Q156 -70 152 58")
    )
    vents = "".join(rect(x, -60, 26, 9, dark(c, 0.6), 4) for x in (-116, -112, 84, 88))
    brim = path(
        "M-228 40Q-210 26 -200 32Q0 98 204 30Q222 24 238 42Q250 92 120 122Q0 148 -130 122Q-244 92 -228 40Z",
        look.pen.down((0, light(c, 0.3)), (0.5, c), (1, dark(c, 0.35))),
        dark(c, 0.4),
        2,
    )
    shine = path("M-150 -70Q-130 -150 -70 -182", "none", "#ffffff", 15, 0.6)
    return place(strap + band + dome + sides + ridge + vents + brim + shine, 0, 0)


def o_ring(look: Look) -> str:
    """Rubber rings of three sizes, laid together."""
    c, thick = look.body, look.span(22, 40)

    def one(x: float, y: float, r: float, w: float) -> str:
        return (
            ellipse(x, y + w * 0.28, r, r * 0.72, "none", "#1a1d2640", w + 4)
            + ellipse(x, y, r, r * 0.72, "none", dark(c, 0.5), w)
            + ellipse(x, y - w * 0.08, r, r * 0.72, "none", c, w * 0.74)
            + ellipse(x - 1, y - w * 0.2, r, r * 0.72, "none", light(c, 0.34), w * 0.2, 0.85)
        )

    return (
        one(-30, 10, 190, thick) + one(120, 90, 110, thick * 0.82) + one(-60, 20, 80, thick * 0.7)
    )


def pvc_fitting(look: Look) -> str:
    """A pipe tee: a straight run with a branch upwards, sockets with collars."""
    c, r = look.body, look.span(62, 76)
    pipe = look.pen.rod(c, upright=False)
    up = look.pen.rod(c)
    run = rect(-200, 30 - r, 400, 2 * r, pipe)
    branch = rect(-r, -190, 2 * r, 200, up)
    merge = path(f"M{num(-r)} 0Q0 {num(r)} {num(r)} 0L{num(r)} -20L{num(-r)} -20Z", c, "", 0, 0.6)
    collars = rect(-236, 30 - r - 20, 92, 2 * r + 40, pipe, 10, dark(c, 0.3), 2)
    collars += rect(144, 30 - r - 20, 92, 2 * r + 40, pipe, 10, dark(c, 0.3), 2)
    collars += rect(-r - 20, -222, 2 * r + 40, 88, up, 10, dark(c, 0.3), 2)
    mouth = ellipse(0, -220, r + 20, 22, light(c, 0.3), dark(c, 0.3), 2)
    mouth += ellipse(0, -219, r, 15, look.pen.down((0, dark(c, 0.75)), (1, dark(c, 0.35))))
    side = ellipse(-236, 30, 22, r + 20, light(c, 0.35), dark(c, 0.3), 2)
    side += ellipse(-236, 30, 15, r, look.pen.across((0, dark(c, 0.7)), (1, dark(c, 0.35))))
    lines = "".join(
        line(x, 30 - r - 12, x, 30 + r + 12, dark(c, 0.2), 2.5, 0.7) for x in (-158, 158)
    )
    return place(run + branch + merge + collars + mouth + side + lines, 8, 20)


def chemical_drum(look: Look) -> str:
    """A plastic drum with hoops, two bungs and a label."""
    c, r = look.body, look.span(150, 176)
    body = path(
        f"M{num(-r)} -200L{num(-r)} 200A{num(r)} 46 0 0 0 {num(r)} 200L{num(r)} -200Z",
        look.pen.rod(c),
    )
    hoops = ""
    for y in (-176, -70, 74, 186):
        hoops += path(
            f"M{num(-r - 8)} {y}A{num(r + 8)} 46 0 0 0 {num(r + 8)} {y}L{num(r + 8)} {y + 24}"
            f"A{num(r + 8)} 46 0 0 1 {num(-r - 8)} {y + 24}Z",
            look.pen.rod(light(c, 0.08)),
            dark(c, 0.35),
            1.5,
        )
    lid = ellipse(0, -200, r + 6, 50, dark(c, 0.3)) + ellipse(
        0, -208, r, 46, look.pen.slant((0, light(c, 0.4)), (1, dark(c, 0.1))), dark(c, 0.3), 2
    )
    bungs = "".join(
        ellipse(x, y + 5, rx, ry, "#17191d") + ellipse(x, y, rx, ry, look.pen.steel("#4a4f57"))
        for x, y, rx, ry in ((-70, -214, 36, 12), (78, -202, 24, 8))
    )
    label = path("M-84 -22Q0 -2 84 -22L84 76Q0 96 -84 76Z", "#fbfbf8", "#cfd3d8", 2) + path(
        "M-84 -22Q0 -2 84 -22L84 6Q0 26 -84 6Z", "#d8a12f"
    )
    label += "".join(
        path(f"M-64 {y}Q0 {y + 18} {x} {y + 6}", "none", "#a7adb5", 7)
        for y, x in ((26, 60), (46, 40))
    )
    return place(body + hoops + lid + bungs + label, 0, -8)


def adhesive(look: Look) -> str:
    """A squeeze bottle of glue: pointed nozzle, cap, and a drop at the tip."""
    cap, c = look.body, look.accent if len(look.tone) > 1 else "#f3f3f0"
    r = look.span(84, 108)
    body = path(
        f"M{num(-r)} -50Q{num(-r)} -96 -46 -112L46 -112Q{num(r)} -96 {num(r)} -50L{num(r)} 216"
        f"Q{num(r)} 240 {num(r - 24)} 240L{num(24 - r)} 240Q{num(-r)} 240 {num(-r)} 216Z",
        look.pen.rod(c),
        dark(c, 0.25),
        2,
    )
    band = rect(-r, -20, 2 * r, 190, look.pen.rod(cap))
    mark = rect(-r * 0.62, 10, r * 1.24, 44, "#ffffff", 8, "", 0, 0.92)
    mark += "".join(line(-r * 0.5, y, r * 0.34, y, light(cap, 0.65), 7) for y in (84, 108, 132))
    drop = path("M-28 32C-28 18 -8 18 -8 32C-8 42 -28 42 -28 32Z", cap)
    collar = rect(-56, -142, 112, 36, look.pen.rod(cap), 8, dark(cap, 0.35), 2)
    ribs = "".join(line(x, -138, x, -112, dark(cap, 0.35), 3, 0.8) for x in range(-46, 50, 12))
    nozzle = poly(
        [(-34, -142), (34, -142), (9, -238), (-9, -238)],
        look.pen.rod(light(cap, 0.12)),
        dark(cap, 0.35),
        2,
    )
    bead = path(
        "M0 -286Q17 -258 17 -247A17 17 0 0 1 -17 -247Q-17 -258 0 -286Z",
        look.pen.ball("#d9e6ef"),
        "#9fb4c4",
        2,
    )
    return place(body + band + mark + drop + collar + ribs + nozzle + bead, 0, 22, 0.96)


def fabric_roll(look: Look) -> str:
    """A bolt of cloth on a tube, its end falling in folds."""
    c = look.body
    cloth = path(
        "M-180 -70L190 -70L214 150Q190 184 150 158Q110 136 70 168Q30 196 -16 164Q-60 136 -104 170"
        "Q-150 198 -196 160Z",
        look.pen.down((0, dark(c, 0.3)), (0.3, c), (1, light(c, 0.14))),
        dark(c, 0.35),
        2,
    )
    folds = "".join(
        path(f"M{x} -40Q{x + 10} 60 {x + d} 148", "none", dark(c, 0.35), 7, 0.4)
        + path(f"M{x + 16} -40Q{x + 28} 60 {x + d + 18} 146", "none", light(c, 0.5), 7, 0.5)
        for x, d in ((-130, -10), (-40, -4), (56, 6), (130, 16))
    )
    roll = rect(-214, -196, 420, 170, look.pen.rod(c, upright=False), 12)
    weave = "".join(line(-206, y, 200, y, dark(c, 0.25), 1.2, 0.35) for y in range(-186, -34, 9))
    end = ellipse(
        206, -111, 40, 85, look.pen.slant((0, light(c, 0.3)), (1, dark(c, 0.2))), dark(c, 0.4), 2
    )
    wound = "".join(
        ellipse(206, -111, 40 - k * 5, 85 - k * 11, "none", dark(c, 0.3), 2.2, 0.8)
        for k in range(1, 6)
    )
    core = ellipse(206, -111, 13, 27, "#c49a68", "#80603b", 2) + ellipse(
        208, -111, 7, 17, "#4a3826"
    )
    stub = rect(-236, -128, 30, 34, look.pen.rod("#c49a68", upright=False), 6)
    return place(stub + cloth + folds + roll + weave + end + wound + core, 0, 0)


DRAWINGS: dict[str, Drawing] = {
    "safety_gloves": Drawing(safety_gloves, 500, 490, "row", (110, -40), 1.8, lying=True),
    "safety_helmet": Drawing(safety_helmet, 490, 460, "front", (-40, -40), 1.8),
    "o_ring": Drawing(o_ring, 500, 390, "strewn", (120, 60), 2.0),
    "pvc_fitting": Drawing(pvc_fitting, 500, 400, "front", (-160, 40), 2.0),
    "chemical_drum": Drawing(chemical_drum, 380, 520, "row", (0, -190), 1.9),
    "adhesive": Drawing(adhesive, 250, 540, "row", (0, -150), 2.0),
    "fabric_roll": Drawing(fabric_roll, 500, 400, "front", (150, -80), 2.0),
}
