"""Bags, toys, sports and pet goods."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import circle, dark, ellipse, light, line, num, path, place, poly, rect


def backpack(look: Look) -> str:
    """A backpack from the front: handle, two pockets with zips, straps at the sides."""
    c = look.body
    r = look.span(70, 110)
    straps = path("M-130 -170Q-226 -60 -190 170", "none", dark(c, 0.5), 26)
    straps += path("M130 -170Q226 -60 190 170", "none", dark(c, 0.5), 26)
    handle = path("M-44 -214Q-44 -262 0 -262Q44 -262 44 -214", "none", dark(c, 0.45), 18)
    body = path(
        f"M-166 {num(-226 + r)}Q-166 -226 {num(r - 166)} -226L{num(166 - r)} -226Q166 -226 166 {num(r - 226)}"
        "L174 190Q174 240 124 240L-124 240Q-174 240 -174 190Z",
        look.pen.across((0, dark(c, 0.25)), (0.3, light(c, 0.18)), (0.65, c), (1, dark(c, 0.35))),
        dark(c, 0.5),
        3,
    )
    zip_line = path(
        f"M-150 -20L-150 {num(-206 + r)}Q-150 -206 {num(r - 150)} -206L{num(150 - r)} -206Q150 "
        f"-206 150 {num(r - 206)}L150 -20",
        "none",
        dark(c, 0.55),
        7,
    )
    upper = path(
        "M-118 -110Q-118 -136 -92 -136L92 -136Q118 -136 118 -110L118 -20L-118 -20Z",
        look.pen.soft(light(c, 0.06)),
        dark(c, 0.45),
        3,
    )
    lower = path(
        "M-136 20Q-136 2 -112 2L112 2Q136 2 136 20L142 186Q142 214 112 214L-112 214Q-142 214 -142 186Z",
        look.pen.soft(light(c, 0.1)),
        dark(c, 0.45),
        3,
    )
    zips = line(-112, -104, 112, -104, dark(c, 0.6), 7) + line(-128, 36, 128, 36, dark(c, 0.6), 7)
    pulls = (
        rect(66, -106, 10, 34, "#c9ced5", 4)
        + rect(-92, 34, 10, 36, "#c9ced5", 4)
        + rect(146, -60, 9, 32, "#c9ced5", 4)
    )
    badge = rect(-36, 96, 72, 42, dark(c, 0.55), 8) + line(-20, 117, 20, 117, light(c, 0.5), 6)
    return place(
        straps + handle + body + zip_line + upper + lower + zips + pulls + badge, 0, 8, 0.97
    )


def handbag(look: Look) -> str:
    """A lady's handbag with two handles, a flap and a clasp."""
    c = look.body
    far = path("M-110 -60Q-110 -232 0 -232Q110 -232 110 -60", "none", dark(c, 0.45), 17)
    top, foot = look.span(150, 190), look.span(190, 224)
    body = path(
        f"M{num(-top)} -66L{num(top)} -66Q{num(top + 20)} 60 {num(foot)} 190Q{num(foot)} 212 {num(foot - 24)} 212"
        f"L{num(24 - foot)} 212Q{num(-foot)} 212 {num(-foot)} 190Q{num(-top - 20)} 60 {num(-top)} -66Z",
        look.pen.slant((0, light(c, 0.28)), (0.5, c), (1, dark(c, 0.28))),
        dark(c, 0.45),
        3,
    )
    flap = path(
        f"M{num(-top)} -72L{num(top)} -72Q{num(top)} 30 {num(top - 50)} 46Q0 76 "
        f"{num(50 - top)} 46Q{num(-top)} 30 {num(-top)} -72Z",
        look.pen.down((0, light(c, 0.3)), (1, dark(c, 0.12))),
        dark(c, 0.45),
        3,
    )
    stitch = path(
        f"M{num(14 - top)} -60Q{num(14 - top)} 24 {num(58 - top)} 34Q0 60 {num(top - 58)} 34"
        f"Q{num(top - 14)} 24 {num(top - 14)} -60",
        "none",
        light(c, 0.5),
        3,
        0.8,
        dash="11 8",
    )
    clasp = rect(-26, 34, 52, 44, look.pen.steel("#d9b564"), 8, "#8d6f30", 2) + circle(
        0, 56, 8, "#8d6f30"
    )
    near = path("M-118 -44Q-118 -210 0 -210Q118 -210 118 -44", "none", dark(c, 0.3), 20)
    near += path("M-118 -44Q-118 -210 0 -210Q118 -210 118 -44", "none", light(c, 0.12), 8, 0.7)
    rings = "".join(circle(x, -40, 17, "none", "#d0ab57", 8) for x in (-118, 118))
    return place(far + body + flap + stitch + clasp + near + rings, 0, 10)


def plush_bear(look: Look) -> str:
    """A sitting teddy bear with a ribbon."""
    c = look.body
    pale = light(c, 0.5)
    fur = look.pen.round((0, light(c, 0.35)), (0.6, c), (1, dark(c, 0.26)))
    rim = dark(c, 0.32)
    legs = ellipse(-124, 176, 74, 62, fur, rim, 3) + ellipse(124, 176, 74, 62, fur, rim, 3)
    soles = ellipse(-142, 186, 42, 40, pale, rim, 2) + ellipse(142, 186, 42, 40, pale, rim, 2)
    pads = "".join(circle(x + dx, 164, 9, c) for x in (-142, 142) for dx in (-20, 0, 20))
    torso = ellipse(0, 110, 124, 126, fur, rim, 3) + ellipse(0, 128, 76, 82, pale, "", 0, 0.8)
    arms = place(ellipse(0, 0, 42, 92, fur, rim, 3), -130, 76, 1, 34) + place(
        ellipse(0, 0, 42, 92, fur, rim, 3), 130, 76, 1, -34
    )
    ears = "".join(
        circle(x, -196, 50, fur, rim, 3) + circle(x, -192, 28, pale) for x in (-104, 104)
    )
    head = ellipse(0, -112, 146, 128, fur, rim, 3)
    snout = ellipse(0, -74, 62, 48, pale, rim, 2)
    nose = ellipse(0, -96, 22, 16, look.pen.ball("#2b2523"))
    mouth = path("M0 -80L0 -62M-26 -56Q-12 -44 0 -62Q12 -44 26 -56", "none", "#2b2523", 5)
    eyes = "".join(
        circle(x, -136, 13, "#1f1b1a") + circle(x - 4, -141, 4, "#ffffff") for x in (-56, 56)
    )
    hue = ("#c8463e", "#3f6fb0", "#d99a2b", "#5b9a63")[int(look.rng.random() * 4)]
    bow = path("M0 16Q-60 -26 -72 10Q-70 52 0 20Q70 52 72 10Q60 -26 0 16Z", hue, dark(hue, 0.3), 3)
    bow += circle(0, 17, 15, dark(hue, 0.12), dark(hue, 0.35), 2)
    return legs + soles + pads + torso + arms + ears + head + snout + nose + mouth + eyes + bow


def _brick(look: Look, x: float, y: float, studs: int, c: str) -> str:
    """A toy brick seen a little from above; (x, y) is the left foot of its front."""
    w, h, deep = studs * 62.0, 66.0, 38.0
    front = rect(x, y - h, w, h, look.pen.soft(c), 4, dark(c, 0.32), 2)
    top = poly(
        [(x, y - h), (x + w, y - h), (x + w + deep, y - h - 26), (x + deep, y - h - 26)],
        light(c, 0.22),
        dark(c, 0.3),
        2,
    )
    side = poly(
        [(x + w, y - h), (x + w + deep, y - h - 26), (x + w + deep, y - 26), (x + w, y)],
        dark(c, 0.22),
        dark(c, 0.4),
        2,
    )
    knobs = ""
    for index in range(studs):
        cx, cy = x + 31 + deep / 2 + index * 62, y - h - 13
        knobs += rect(cx - 20, cy - 15, 40, 15, look.pen.rod(c)) + ellipse(
            cx, cy, 20, 7, dark(c, 0.15)
        )
        knobs += ellipse(cx, cy - 15, 20, 8, light(c, 0.38), dark(c, 0.25), 1.5)
    return front + side + top + knobs


def building_blocks(look: Look) -> str:
    """Toy bricks of several colours, built up like a wall with a tower."""
    tones = look.tone if len(look.tone) > 2 else ("#d9403a", "#f0b92f", "#3f7fc4", "#4fa35e")
    shift = int(look.size * 3.99)
    plan = (
        (-236, 214, 3),
        (-46, 214, 4),
        (-205, 148, 2),
        (-77, 148, 3),
        (112, 148, 1),
        (-174, 82, 2),
        (14, 82, 2),
        (-143, 16, 1),
        (16, 16, 2),
        (-143, -50, 1),
        (46, -50, 1),
        (-143, -116, 1),
    )
    parts = [
        _brick(look, x, y, studs, tones[(index + shift) % len(tones)])
        for index, (x, y, studs) in enumerate(plan)
    ]
    return place("".join(parts), 6, -8)


def toy_truck(look: Look) -> str:
    """A tipper truck toy: cab, tilted bed, big wheels."""
    c, bed = look.body, look.accent
    tilt = look.span(-16, -2)
    frame = rect(-222, 84, 436, 34, look.pen.soft("#4a4f57"), 10)
    tray = path("M-226 -90L56 -90L28 70L-190 70Z", look.pen.soft(bed), dark(bed, 0.42), 4) + path(
        "M-236 -106L66 -106L62 -80L-232 -80Z", light(bed, 0.18), dark(bed, 0.42), 3
    )
    ribs = "".join(
        line(x, -74, x * 0.86 - 6, 62, dark(bed, 0.3), 8, 0.6) for x in (-170, -110, -50, 10)
    )
    cab = path(
        "M74 92L74 -96Q74 -118 98 -118L160 -118Q182 -118 190 -98L224 -14Q230 0 230 20L230 92Z",
        look.pen.soft(c),
        dark(c, 0.42),
        4,
    )
    window = path(
        "M104 -84L152 -84Q160 -84 164 -74L188 -16L104 -16Z",
        look.pen.slant((0, "#e9f5fb"), (1, "#9cc3d8")),
        dark(c, 0.45),
        3,
    )
    bits = line(104, 20, 104, 88, dark(c, 0.35), 3) + rect(118, 22, 28, 9, dark(c, 0.5), 4)
    bits += circle(216, 48, 13, "#ffe9a6", "#c59a2e", 3) + rect(196, 74, 42, 18, "#d4d8dd", 6)
    wheels = ""
    for x in (-160, -40, 150):
        wheels += circle(x, 126, 66, look.pen.round((0, "#5a5e66"), (1, "#1d1f24")))
        wheels += circle(x, 126, 54, "none", "#14161a", 6, 0.8)
        wheels += circle(x, 126, 32, look.pen.ball(light(c, 0.2)), dark(c, 0.4), 3) + circle(
            x, 126, 9, "#3a3e45"
        )
    return place(frame + place(tray + ribs, 0, 0, 1, tilt) + cab + window + bits + wheels, 0, -10)


def yoga_mat(look: Look) -> str:
    """A half-unrolled exercise mat."""
    c = look.body
    sheet = poly(
        [(-210, -20), (110, -120), (250, 60), (-60, 190)],
        look.pen.slant((0, light(c, 0.22)), (1, dark(c, 0.06))),
        dark(c, 0.3),
        2,
    )
    edge = poly([(250, 60), (-60, 190), (-60, 202), (250, 72)], dark(c, 0.35))
    lines = "".join(
        line(-150 + k * 30, 20 + k * 30, 158 + k * 25 - 10, -74 + k * 28, light(c, 0.5), 3, 0.6)
        for k in range(5)
    )
    r = look.span(58, 76)
    # The roll lies along the sheet's far left edge, from (-210, -20) to (-60, 190).
    ends = []
    for x, y in ((108, -126), (-214, -28)):
        ends.append((x, y - r * 0.72))
    (x2, y2), (x1, y1) = ends
    nx, ny = 0.30 * r, 0.95 * r
    body = poly(
        [(x1 - nx, y1 - ny), (x2 - nx, y2 - ny), (x2 + nx, y2 + ny), (x1 + nx, y1 + ny)],
        look.pen.down((0, light(c, 0.4)), (0.4, c), (1, dark(c, 0.4))),
    )
    far = ellipse(x2, y2, r * 0.62, r, dark(c, 0.2))
    end = ellipse(x1, y1, r * 0.66, r, light(c, 0.3), dark(c, 0.4), 2)
    spiral = "".join(
        ellipse(x1 + k * 0.6, y1, (r - k * 9) * 0.66, r - k * 9, "none", dark(c, 0.38), 4)
        for k in range(1, 7)
        if r - k * 9 > 5
    )
    strap = path(
        f"M{num(x1 + 120 - nx)} {num(y1 - 36 - ny)}Q{num(x1 + 160)} {num(y1 - 40)} "
        f"{num(x1 + 120 + nx)} {num(y1 - 36 + ny)}",
        "none",
        dark(c, 0.6),
        15,
    )
    return place(edge + sheet + lines + far + body + strap + end + spiral, -14, 20)


def pet_bowl(look: Look) -> str:
    """A feeding bowl full of kibble, a bone on its front."""
    c = look.body
    body = path(
        "M-180 -70L180 -70L236 120Q240 150 206 152Q0 186 -206 152Q-240 150 -236 120Z",
        look.pen.across((0, dark(c, 0.2)), (0.3, light(c, 0.4)), (0.6, c), (1, dark(c, 0.3))),
        dark(c, 0.35),
        2,
    )
    foot = path("M-226 138Q0 190 226 138L220 160Q0 206 -220 160Z", dark(c, 0.5))
    rim = ellipse(0, -70, 186, 62, "#c9cfd6", "#8d949d", 3) + ellipse(0, -66, 164, 50, "#7b828b")
    food = ""
    for row in range(6):
        for index in range(9):
            x = -124 + index * 31 + (row % 2) * 15 + look.rng.random() * 8
            y = -40 - row * 13 + look.rng.random() * 7
            if (x / 158) ** 2 + ((y + 72) / 52) ** 2 < 1 or (row > 3 and abs(x) < 90):
                food += ellipse(x, y, 18, 13, look.pen.ball("#a5703f"), "#6f4723", 1.5)
    bone = rect(-50, 30, 100, 30, "#fdfcf8", 6)
    bone += "".join(circle(x, y, 21, "#fdfcf8") for x in (-54, 54) for y in (30, 60))
    return place(foot + body + rim + food + place(bone, 0, 0, 1, -6), 0, 0)


DRAWINGS: dict[str, Drawing] = {
    "backpack": Drawing(backpack, 420, 520, "row", (60, -110), 1.9),
    "handbag": Drawing(handbag, 470, 470, "row", (0, -20), 1.9),
    "plush_bear": Drawing(plush_bear, 420, 490, "row", (0, -90), 1.8),
    "building_blocks": Drawing(building_blocks, 520, 450, "row", (-60, 60), 1.8),
    "toy_truck": Drawing(toy_truck, 500, 340, "front", (150, 40), 2.0),
    "yoga_mat": Drawing(yoga_mat, 520, 440, "front", (-190, -60), 2.0),
    "pet_bowl": Drawing(pet_bowl, 480, 350, "front", (40, -50), 1.9),
}
