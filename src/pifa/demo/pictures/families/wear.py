"""Clothes and shoes."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import (
    circle,
    dark,
    ellipse,
    is_pale,
    light,
    line,
    num,
    path,
    place,
    poly,
    rect,
)


def _cloth(look: Look, d: str, colour: str = "") -> str:
    """A piece of cloth: a soft light from the left and a fine outline."""
    c = colour or look.body
    fill = look.pen.slant((0, light(c, 0.3)), (0.45, c), (1, dark(c, 0.13)))
    return path(d, fill, dark(c, 0.26 if is_pale(c) else 0.35), 3)


def _folds(look: Look, lines: tuple[str, ...], colour: str = "") -> str:
    c = colour or look.body
    return "".join(path(d, "none", dark(c, 0.3), 5, 0.28) for d in lines)


def t_shirt(look: Look) -> str:
    """A child's short-sleeved T-shirt with a print."""
    c = look.body
    body = _cloth(
        look,
        "M-76 -214Q0 -168 76 -214L126 -190Q196 -140 232 -64L150 -12L134 -46Q128 90 138 216"
        "Q0 234 -138 216Q-128 90 -134 -46L-150 -12L-232 -64Q-196 -140 -126 -190Z",
    )
    back = path("M-76 -214Q0 -232 76 -214Q0 -168 -76 -214Z", dark(c, 0.25))
    collar = path("M-80 -214Q0 -162 80 -214", "none", dark(c, 0.16), 13)
    hems = "".join(
        path(d, "none", dark(c, 0.25), 2.5, 0.8)
        for d in ("M-136 200Q0 218 136 200", "M-224 -70L-146 -24", "M224 -70L146 -24")
    )
    folds = _folds(
        look, ("M-134 -46Q-116 0 -122 60", "M134 -46Q116 0 122 60", "M-60 210Q-40 150 -54 100")
    )
    return body + back + collar + hems + folds + _print(look)


def _print(look: Look) -> str:
    """The picture on a child's shirt: a bear, a star, a sun or stripes."""
    hues = ("#e2704f", "#4f86c0", "#e8b23e", "#5c9e6b", "#9a6fb5")
    hue = hues[int(look.rng.random() * len(hues))]
    choice = int(look.rng.random() * 4)
    if choice == 0:
        ears = circle(-40, -84, 21, hue) + circle(40, -84, 21, hue)
        face = circle(0, -46, 58, hue) + ellipse(0, -28, 27, 20, light(hue, 0.6))
        eyes = circle(-21, -58, 6, "#2b2d32") + circle(21, -58, 6, "#2b2d32")
        return ears + face + eyes + ellipse(0, -36, 9, 6, "#2b2d32")
    if choice == 1:
        tips = [
            (0, -112),
            (18, -68),
            (66, -66),
            (28, -36),
            (42, 10),
            (0, -18),
            (-42, 10),
            (-28, -36),
            (-66, -66),
            (-18, -68),
        ]
        return poly(tips, hue, dark(hue, 0.2), 4)
    if choice == 2:
        rays = "".join(place(line(0, -54, 0, -76, hue, 11), 0, -44, 1, k * 45) for k in range(8))
        return rays + circle(0, -44, 40, hue)
    return "".join(
        path(f"M-131 {y}Q0 {y + 14} 131 {y}", "none", hue, 17, 0.85) for y in (-30, 20, 70, 120)
    )


def trousers(look: Look) -> str:
    """A child's trousers with an elastic waist and cuffs."""
    c = look.body
    legs = _cloth(
        look,
        "M-124 -216L124 -216Q150 -40 148 90L140 206L36 212L10 -40Q0 -60 -10 -40L-36 212L-140 206"
        "L-148 90Q-150 -40 -124 -216Z",
    )
    waist = path(
        "M-126 -238L126 -238L128 -192Q0 -176 -128 -192Z",
        look.pen.rod(dark(c, 0.06)),
        dark(c, 0.35),
        2,
    )
    gathers = "".join(line(x, -232, x, -194, dark(c, 0.3), 3, 0.6) for x in range(-112, 118, 14))
    cuffs = rect(-144, 200, 112, 38, look.pen.rod(dark(c, 0.14)), 10) + rect(
        32, 200, 112, 38, look.pen.rod(dark(c, 0.14)), 10
    )
    ribs = "".join(
        line(x, 206, x, 232, dark(c, 0.35), 2.5, 0.6)
        for x in (*range(-136, -36, 11), *range(40, 140, 11))
    )
    pockets = path("M-122 -170Q-84 -150 -74 -188", "none", dark(c, 0.35), 5) + path(
        "M122 -170Q84 -150 74 -188", "none", dark(c, 0.35), 5
    )
    cord = path("M-8 -206Q-40 -150 -22 -120M8 -206Q36 -160 24 -126", "none", "#f3f1ec", 7)
    fly = path("M0 -190L0 -52", "none", dark(c, 0.3), 3, 0.7)
    folds = _folds(
        look, ("M-90 40Q-60 60 -34 40", "M90 40Q60 60 34 40", "M-100 130Q-70 146 -44 132")
    )
    return legs + waist + gathers + cuffs + ribs + pockets + fly + folds + cord


def baby_romper(look: Look) -> str:
    """A baby's one-piece: short sleeves, leg openings and snaps at the crotch."""
    c = look.body
    body = _cloth(
        look,
        "M-66 -206Q0 -168 66 -206L108 -186Q176 -138 200 -70L134 -30L120 -60Q110 20 132 96Q120 150 84 178"
        "Q52 196 46 222L-46 222Q-52 196 -84 178Q-120 150 -132 96Q-110 20 -120 -60L-134 -30L-200 -70"
        "Q-176 -138 -108 -186Z",
    )
    lap = path(
        "M-66 -206Q0 -170 66 -206L108 -186Q60 -120 0 -126Q-60 -120 -108 -186Z",
        light(c, 0.28),
        dark(c, 0.2),
        3,
    )
    neck = path("M-66 -206Q0 -224 66 -206Q0 -168 -66 -206Z", dark(c, 0.22))
    trim = dark(c, 0.22)
    edges = path("M-132 96Q-120 150 -84 178Q-52 196 -46 222", "none", trim, 11)
    edges += path("M132 96Q120 150 84 178Q52 196 46 222", "none", trim, 11)
    edges += line(-196, -70, -136, -34, trim, 10) + line(196, -70, 136, -34, trim, 10)
    snaps = "".join(circle(x, 206, 9, "#ffffff", "#a9afb7", 3) for x in (-30, 0, 30))
    heart = path(
        "M0 10C-16 -34 -74 -22 -54 20Q-40 46 0 68Q40 46 54 20C74 -22 16 -34 0 10Z",
        "#e58a86",
        "",
        0,
        0.9,
    )
    folds = _folds(look, ("M-120 -60Q-96 -20 -104 30", "M120 -60Q96 -20 104 30"))
    return body + lap + neck + edges + snaps + heart + folds


def dress(look: Look) -> str:
    """A sleeveless dress with a belt and a wide skirt."""
    c = look.body
    wide = look.span(170, 220)
    skirt = _cloth(
        look,
        f"M-66 -50Q-130 80 {num(-wide)} 232Q{num(-wide / 2)} 262 0 250Q{num(wide / 2)} 262 "
        f"{num(wide)} 232Q130 80 66 -50Z",
    )
    pleats = "".join(
        path(f"M{x} -40Q{num(x * 1.7)} 90 {num(x * wide / 68)} 244", "none", dark(c, 0.35), 5, 0.35)
        + path(
            f"M{x + 6} -40Q{num(x * 1.7 + 12)} 90 {num(x * wide / 68 + 18)} 244",
            "none",
            light(c, 0.4),
            5,
            0.3,
        )
        for x in (-48, -26, -4, 20, 44)
    )
    top = _cloth(
        look,
        "M-84 -236L-50 -250Q-46 -196 0 -180Q46 -196 50 -250L84 -236Q82 -190 104 -160Q78 -110 70 -46"
        "L-70 -46Q-78 -110 -104 -160Q-82 -190 -84 -236Z",
    )
    darts = _folds(look, ("M-44 -60Q-52 -100 -70 -120", "M44 -60Q52 -100 70 -120", "M0 -176L0 -60"))
    belt = rect(-76, -62, 152, 28, look.pen.rod(dark(c, 0.35)), 6) + rect(
        -20, -66, 40, 36, "none", 7, "#d8b871", 6
    )
    return skirt + pleats + top + darts + belt


def _collar(c: str) -> str:
    stand = path("M-56 -224Q0 -240 56 -224L40 -196Q0 -186 -40 -196Z", dark(c, 0.2))
    left = poly([(-58, -228), (0, -184), (-44, -130), (-84, -200)], light(c, 0.3), dark(c, 0.3), 3)
    return stand + left + place(left, 0, 0, 1, 0, True)


def shirt(look: Look) -> str:
    """A man's shirt: pointed collar, placket with buttons, breast pocket, long sleeves."""
    c = look.body
    sleeve = "M-128 -196Q-196 -168 -214 -60L-236 176L-166 190L-120 -20Z"
    sleeves = _cloth(look, sleeve) + place(_cloth(look, sleeve), 0, 0, 1, 0, True)
    cuff = poly(
        [(-240, 168), (-160, 184), (-166, 228), (-246, 212)], light(c, 0.16), dark(c, 0.35), 3
    )
    cuffs = cuff + place(cuff, 0, 0, 1, 0, True)
    body = _cloth(
        look,
        "M-70 -216L-132 -194Q-124 -60 -136 224Q-70 252 0 236Q70 252 136 224Q124 -60 132 -194L70 -216Q0 -190 -70 -216Z",
    )
    placket = rect(-17, -186, 34, 424, light(c, 0.14), 3, dark(c, 0.25), 2)
    buttons = "".join(circle(0, y, 8.5, "#ffffff", "#989ea6", 2.5) for y in range(-140, 220, 58))
    pocket = path("M42 -90L106 -90L106 -24L74 -8L42 -24Z", light(c, 0.1), dark(c, 0.3), 3)
    folds = _folds(
        look, ("M-100 60Q-70 110 -84 190", "M100 70Q76 120 86 190", "M-128 -60Q-104 -30 -106 20")
    )
    return place(sleeves + cuffs + body + placket + buttons + pocket + folds + _collar(c), 0, 0)


def blouse(look: Look) -> str:
    """A woman's blouse: bow at the neck, puffed sleeves with narrow cuffs, waisted."""
    c = look.body
    sleeve = "M-104 -204Q-190 -190 -222 -60Q-246 40 -220 96Q-196 118 -164 104Q-120 20 -104 -60Z"
    sleeves = _cloth(look, sleeve) + place(_cloth(look, sleeve), 0, 0, 1, 0, True)
    cuff = rect(-222, 92, 62, 30, light(c, 0.2), 8, dark(c, 0.3), 3)
    cuffs = cuff + place(cuff, 0, 0, 1, 0, True)
    body = _cloth(
        look,
        "M-60 -214L-112 -200Q-120 -90 -92 10Q-108 120 -140 214Q-70 240 0 226Q70 240 140 214Q108 120 92 10"
        "Q120 -90 112 -200L60 -214Q0 -190 -60 -214Z",
    )
    neck = path("M-60 -214Q0 -236 60 -214Q0 -180 -60 -214Z", dark(c, 0.28))
    band = path("M-64 -212Q0 -172 64 -212", "none", light(c, 0.3), 18)
    bow = path(
        "M0 -176Q-70 -226 -92 -178Q-90 -130 0 -170Q90 -130 92 -178Q70 -226 0 -176Z",
        light(c, 0.24),
        dark(c, 0.3),
        3,
    )
    tails = path(
        "M-6 -170Q-40 -90 -52 -20L-14 -32Q-2 -100 6 -168Q20 -90 52 -26L74 -56Q34 -110 8 -170Z",
        light(c, 0.18),
        dark(c, 0.3),
        3,
    )
    knot = ellipse(0, -172, 17, 15, light(c, 0.1), dark(c, 0.35), 3)
    gathers = _folds(
        look,
        (
            "M-150 -170Q-190 -90 -196 80",
            "M150 -170Q190 -90 196 80",
            "M-60 30Q-70 130 -84 216",
            "M60 30Q70 130 84 216",
            "M0 20L0 220",
        ),
    )
    return sleeves + cuffs + body + gathers + neck + band + tails + bow + knot


def sneaker(look: Look) -> str:
    """A running shoe from the side: laces, stripe, thick sole."""
    c, stripe = look.body, look.accent
    sole = path(
        "M-236 92Q-250 150 -206 160L190 162Q250 160 246 112Q240 92 200 92Z",
        look.pen.down((0, "#ffffff"), (1, "#d5d8dc")),
        "#a9aeb5",
        2,
    )
    tread = path(
        "M-222 150L-206 172L196 174Q230 172 240 146Q220 160 190 162L-206 160Z", dark(stripe, 0.3)
    )
    upper = path(
        "M-232 96Q-248 20 -226 -70Q-216 -112 -176 -104Q-146 -74 -96 -82Q-70 -92 -58 -122Q-30 -132 -6 -104"
        "Q60 -28 150 -4Q238 18 242 100Z",
        look.pen.slant((0, light(c, 0.35)), (0.5, c), (1, dark(c, 0.16))),
        dark(c, 0.35),
        3,
    )
    lining = path(
        "M-222 -78Q-212 -110 -176 -104Q-146 -74 -96 -82Q-70 -92 -58 -122L-48 -126Q-56 -64 -106 -56Q-170 -50 -222 -78Z",
        dark(c, 0.45),
    )
    toe = path("M150 -4Q238 18 242 100L140 100Q120 40 150 -4Z", light(c, 0.16), dark(c, 0.3), 2.5)
    heel = path("M-232 96Q-248 20 -230 -56Q-196 -20 -180 96Z", stripe, dark(stripe, 0.3), 2.5)
    flash = path("M-150 84Q-40 70 40 -20L76 2Q10 92 -120 96Z", stripe, dark(stripe, 0.25), 2)
    tongue = path(
        "M-58 -122Q-52 -168 -22 -160Q4 -150 16 -92Q-12 -112 -58 -122Z",
        light(c, 0.2),
        dark(c, 0.3),
        3,
    )
    laces = ""
    for index in range(5):
        x, y = -34 + index * 30, -96 + index * 22
        laces += line(x - 20, y + 26, x + 16, y - 8, "#fdfdfc", 10) + line(
            x - 20, y + 26, x + 16, y - 8, "#b9bec5", 2, 0.6
        )
    mesh = "".join(
        circle(x, y, 3, dark(c, 0.3), "", 0, 0.5) for y in (46, 60, 74) for x in range(70, 136, 13)
    )
    return place(tread + sole + tongue + upper + lining + heel + flash + toe + mesh + laces, 0, 0)


DRAWINGS: dict[str, Drawing] = {
    "t_shirt": Drawing(t_shirt, 480, 480, "grid", (0, -90), 1.9, lying=True),
    "trousers": Drawing(trousers, 330, 500, "row", (0, -150), 2.0, lying=True),
    "baby_romper": Drawing(baby_romper, 420, 460, "grid", (0, -110), 1.9, lying=True),
    "dress": Drawing(dress, 440, 530, "row", (0, -130), 2.0, lying=True),
    "shirt": Drawing(shirt, 500, 500, "row", (20, -140), 1.9, lying=True),
    "blouse": Drawing(blouse, 470, 490, "row", (0, -130), 1.9, lying=True),
    "sneaker": Drawing(sneaker, 510, 350, "front", (0, -20), 2.0),
}
