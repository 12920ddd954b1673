"""Jars, bottles, snacks, tea, notebooks."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import circle, dark, ellipse, light, line, num, path, place, poly, rect


def face_cream(look: Look) -> str:
    """An open jar of cream, a swirl on top, the lid leaning against it."""
    c, gold = look.body, look.accent
    h = look.span(150, 200)
    top = 170 - h
    lid = ellipse(128, 96, 92, 96, look.pen.rod(dark(gold, 0.15)), dark(gold, 0.4), 2)
    lid += ellipse(112, 92, 92, 96, look.pen.steel(gold), dark(gold, 0.35), 2)
    lid += ellipse(112, 92, 72, 76, "none", light(gold, 0.5), 3, 0.8)
    body = path(
        f"M-220 {num(top)}L-214 150Q-212 176 -180 180Q-70 198 40 180Q72 176 74 150L80 {num(top)}Z",
        look.pen.rod(c),
        dark(c, 0.25),
        2,
    )
    glass = path(
        f"M-198 {num(top + 34)}L-192 140Q-190 156 -170 160Q-70 174 30 160Q50 156 52 140L58 {num(top + 34)}Z",
        look.pen.across((0, dark(c, 0.14)), (0.3, light(c, 0.7)), (1, dark(c, 0.1))),
        "",
        0,
        0.8,
    )
    label = rect(-128, top + 62, 116, 46, "none", 4, gold, 3) + line(
        -108, top + 78, -32, top + 78, gold, 6
    )
    label += line(-94, top + 94, -46, top + 94, gold, 3)
    neck = rect(-206, top - 34, 272, 38, look.pen.rod(light(c, 0.3)), 5, dark(c, 0.25), 2)
    neck += line(-204, top - 16, 64, top - 16, dark(c, 0.25), 3, 0.7)
    mouth = ellipse(-70, top - 34, 136, 40, light(c, 0.5), dark(c, 0.25), 2)
    cream = ellipse(-70, top - 36, 118, 32, look.pen.slant((0, "#ffffff"), (1, "#ece5da")))
    swirl = path(
        f"M-170 {num(top - 40)}Q-150 {num(top - 84)} -70 {num(top - 80)}Q-6 {num(top - 74)} 22 {num(top - 42)}"
        f"Q-60 {num(top - 14)} -170 {num(top - 40)}Z",
        look.pen.round((0, "#ffffff"), (1, "#e6ddcf")),
    )
    swirl += path(
        f"M-124 {num(top - 60)}Q-70 {num(top - 104)} -30 {num(top - 76)}Q-58 {num(top - 128)} -92 {num(top - 96)}",
        "#fffdf9",
        "#ddd2c0",
        4,
    )
    return place(lid + body + glass + label + neck + mouth + cream + swirl, 6, -10)


def shampoo(look: Look) -> str:
    """A bottle with a pump."""
    c, pale = look.body, look.accent
    r, shoulder = look.span(104, 130), look.span(-90, -60)
    body = path(
        f"M-52 {num(shoulder - 50)}Q{num(-r)} {num(shoulder - 40)} {num(-r)} "
        f"{num(shoulder + 30)}L{num(-r)} 206Q{num(-r)} 240 {num(34 - r)} 240"
        f"L{num(r - 34)} 240Q{num(r)} 240 {num(r)} 206L{num(r)} {num(shoulder + 30)}Q{num(r)} "
        f"{num(shoulder - 40)} 52 {num(shoulder - 50)}Z",
        look.pen.rod(c),
        dark(c, 0.35),
        2,
    )
    collar = rect(-48, shoulder - 86, 96, 42, look.pen.rod("#f1f1ef"), 7, "#b9bec5", 2)
    ribs = "".join(
        line(x, shoulder - 82, x, shoulder - 48, "#c7ccd2", 3) for x in range(-38, 44, 11)
    )
    stem = rect(-13, shoulder - 128, 26, 46, look.pen.rod("#e3e5e8"))
    pump = path(
        f"M-52 {num(shoulder - 164)}L40 {num(shoulder - 164)}Q52 {num(shoulder - 164)} 52 "
        f"{num(shoulder - 150)}L52 {num(shoulder - 126)}"
        f"L-36 {num(shoulder - 126)}Q-80 {num(shoulder - 128)} -118 {num(shoulder - 100)}L-130 "
        f"{num(shoulder - 122)}Q-96 {num(shoulder - 160)} -52 {num(shoulder - 164)}Z",
        look.pen.down((0, "#ffffff"), (1, "#cfd3d8")),
        "#a9afb7",
        2,
    )
    label = rect(-r * 0.7, shoulder + 70, r * 1.4, 170, pale, 12, "", 0, 0.95)
    leaf = path("M0 0Q-44 -30 0 -84Q44 -30 0 0Z", c) + path("M0 -4L0 -66", "none", pale, 4)
    mark = (
        place(leaf, 0, shoulder + 162, 0.86)
        + place(leaf, 0, shoulder + 164, 0.62, -48)
        + place(leaf, 0, shoulder + 164, 0.62, 48)
    )
    words = line(-r * 0.4, shoulder + 190, r * 0.4, shoulder + 190, dark(c, 0.1), 9) + line(
        -r * 0.26, shoulder + 214, r * 0.26, shoulder + 214, dark(c, 0.1), 5
    )
    shine = line(-r + 22, shoulder + 40, -r + 22, 190, "#ffffff", 9, 0.4)
    return place(body + shine + label + mark + words + collar + ribs + stem + pump, 8, 10)


def _nut(look: Look, x: float, y: float, scale: float, angle: float) -> str:
    """An almond."""
    shell = path(
        "M0 -44C34 -26 40 20 0 46C-40 20 -34 -26 0 -44Z", look.pen.ball("#b9783f"), "#6f4220", 2.5
    )
    veins = "".join(
        path(f"M{d} -26Q{d * 1.7} 4 {d} 30", "none", "#6f4220", 2, 0.6) for d in (-14, -5, 5, 14)
    )
    return place(shell + veins, x, y, scale, angle)


def nuts_snack(look: Look) -> str:
    """A pouch of nuts with a window, a few nuts lying in front."""
    c, pale = look.body, look.accent
    w = look.span(158, 186)
    bag = path(
        f"M{num(-w)} -226L{num(w)} -226Q{num(w - 16)} 0 {num(w + 10)} 186Q{num(w)} 214 "
        f"{num(w - 20)} 214Q0 226 {num(20 - w)} 214"
        f"Q{num(-w)} 214 {num(-w - 10)} 186Q{num(16 - w)} 0 {num(-w)} -226Z",
        look.pen.across(
            (0, dark(c, 0.3)),
            (0.2, light(c, 0.3)),
            (0.55, c),
            (0.85, light(c, 0.12)),
            (1, dark(c, 0.35)),
        ),
        dark(c, 0.4),
        2,
    )
    seal = path(
        f"M{num(-w)} -226L{num(w)} -226L{num(w - 2)} -186L{num(2 - w)} -186Z",
        look.pen.soft(dark(c, 0.15)),
    )
    seal += "".join(
        line(x, -222, x, -190, light(c, 0.4), 3, 0.6) for x in range(int(-w) + 8, int(w), 12)
    )
    notch = line(-w + 8, -168, w - 8, -168, light(c, 0.45), 4, 0.8)
    band = path(
        f"M{num(-w + 10)} -128Q0 -104 {num(w - 10)} -128L{num(w - 12)} -40Q0 -16 {num(12 - w)} -40Z",
        pale,
    )
    words = line(-80, -86, 80, -86, dark(c, 0.15), 15) + line(-50, -54, 50, -54, dark(c, 0.15), 7)
    window = ellipse(0, 80, w * 0.66, 92, "#4a2f1a", pale, 9)
    inside = ""
    for row, (y, reach) in enumerate(((20, 0.3), (54, 0.5), (88, 0.54), (122, 0.44), (148, 0.24))):
        count = 3 + (row in (1, 2, 3)) + (row == 2)
        for k in range(count):
            x = (k / (count - 1) * 2 - 1) * w * reach
            inside += _nut(look, x, y, 0.66, look.rng.random() * 180)
    loose = "".join(
        _nut(look, x, y, 0.95, angle)
        for x, y, angle in ((-150, 216, 68), (-74, 234, 110), (140, 224, 98), (196, 204, 40))
    )
    return place(bag + seal + notch + band + words + window + inside + loose, -4, -8)


def tea_tin(look: Look) -> str:
    """A round tea tin with its lid on, loose leaves and a cup in front."""
    c, gold = look.body, look.accent
    r = look.span(112, 136)
    body = path(
        f"M{num(-r)} -150L{num(-r)} 160A{num(r)} 34 0 0 0 {num(r)} 160L{num(r)} -150Z",
        look.pen.rod(c),
    )
    lid = path(
        f"M{num(-r - 6)} -216L{num(-r - 6)} -136A{num(r + 6)} 34 0 0 0 {num(r + 6)} -136L{num(r + 6)} -216Z",
        look.pen.rod(dark(c, 0.12)),
        dark(c, 0.45),
        2,
    )
    top = ellipse(
        0, -216, r + 6, 34, look.pen.slant((0, light(c, 0.4)), (1, dark(c, 0.1))), gold, 4
    )
    bands = "".join(
        path(f"M{num(-r)} {y}A{num(r)} 34 0 0 0 {num(r)} {y}", "none", gold, 7) for y in (-112, 140)
    )
    label = path(
        f"M{num(-r * 0.62)} -58Q0 -34 {num(r * 0.62)} -58L{num(r * 0.62)} 96Q0 120 {num(-r * 0.62)} 96Z",
        "#f6efdc",
        gold,
        5,
    )
    leaf = path("M0 0C-30 -22 -30 -66 0 -92C30 -66 30 -22 0 0Z", "#5d8a4d") + line(
        0, 0, 0, -74, "#e7f0dd", 3
    )
    sprig = place(leaf, 0, 76, 0.9) + place(leaf, -4, 78, 0.72, -52) + place(leaf, 4, 78, 0.72, 52)
    leaves = ""
    for k in range(26):
        x = -236 + look.rng.random() * 200
        leaves += place(
            path("M-15 0Q0 -11 15 0Q0 7 -15 0Z", ("#3f5a36", "#58733f", "#2f4429")[k % 3]),
            x,
            196 + look.rng.random() * 34,
            1,
            look.rng.random() * 180,
        )
    cup = path(
        "M84 128Q88 216 140 224L176 224Q228 216 232 128Z", look.pen.rod("#f6f4ef"), "#c9c4ba", 2
    )
    cup += ellipse(158, 128, 74, 20, "#fdfcfa", "#c9c4ba", 2) + ellipse(
        158, 131, 63, 14, look.pen.slant((0, "#d9a441"), (1, "#a8722a"))
    )
    cup += "".join(
        path(f"M{x} 96q-14 -20 0 -38q14 -20 0 -38", "none", "#b9bec6", 6, 0.5) for x in (138, 176)
    )
    return place(body + bands + label + sprig + lid + top + leaves + cup, 0, 0)


def notebook(look: Look) -> str:
    """A bound notebook with an elastic band, a ribbon and a pen."""
    c = look.body
    pages = poly([(-150, 208), (176, 208), (190, 224), (-136, 224)], "#efe9dc", "#c9c2b2", 2)
    pages += poly([(176, -216), (190, -202), (190, 224), (176, 208)], "#f7f3ea", "#c9c2b2", 2)
    pages += "".join(
        line(179 + k * 3, -210 + k * 3, 179 + k * 3, 210 + k * 3, "#d8d1c2", 1.2) for k in range(4)
    )
    ribbon = path("M-60 210L-60 262L-48 248L-36 262L-36 210Z", "#c8463e")
    cover = rect(
        -166,
        -226,
        342,
        438,
        look.pen.slant((0, light(c, 0.28)), (0.5, c), (1, dark(c, 0.25))),
        18,
        dark(c, 0.45),
        2,
    )
    spine = rect(-166, -226, 44, 438, dark(c, 0.28), 14) + line(
        -118, -224, -118, 208, dark(c, 0.45), 3, 0.8
    )
    if look.size > 0.6:
        spine += "".join(
            circle(-146, y, 9, "#24262b")
            + path(f"M-146 {y}Q-186 {y - 18} -176 {y + 8}", "none", "#b9bfc7", 7)
            for y in range(-196, 200, 30)
        )
    frame = rect(-66, -150, 176, 92, "none", 6, light(c, 0.45), 4)
    frame += line(-38, -116, 82, -116, light(c, 0.5), 7) + line(-18, -90, 62, -90, light(c, 0.5), 4)
    band = rect(132, -227, 16, 440, dark(c, 0.55))
    barrel = rect(-12, -170, 24, 286, look.pen.rod("#3f444c"), 9) + rect(
        -12, -60, 24, 12, "#d8b871"
    )
    pen = (
        barrel
        + poly([(-12, 114), (12, 114), (3, 152), (-3, 152)], look.pen.rod("#d8b871"))
        + rect(9, -160, 8, 80, "#d8b871", 4)
    )
    return place(ribbon + pages + cover + spine + frame + band, -10, 0) + place(
        pen, 206, 70, 0.95, 14
    )


DRAWINGS: dict[str, Drawing] = {
    "face_cream": Drawing(face_cream, 470, 360, "front", (-60, -30), 1.9),
    "shampoo": Drawing(shampoo, 300, 520, "row", (0, -120), 2.0),
    "nuts_snack": Drawing(nuts_snack, 430, 480, "row", (0, 70), 1.9),
    "tea_tin": Drawing(tea_tin, 490, 490, "row", (60, 60), 1.8),
    "notebook": Drawing(notebook, 470, 510, "fan", (40, -90), 1.9),
}
