"""Chargers, tripods, kettles, phone mounts."""

from __future__ import annotations

from pifa.demo.pictures.studio import Drawing, Look
from pifa.demo.pictures.svg import circle, dark, ellipse, light, line, num, path, place, poly, rect


def phone_charger(look: Look) -> str:
    """A plug-in charger with flat pins, its cable and connector beside it."""
    c = look.body
    h = look.span(200, 250)
    lead = path("M-20 140Q0 240 110 220Q210 190 176 60Q160 0 190 -70", "none", dark(c, 0.3), 17)
    lead += path("M-20 140Q0 240 110 220Q210 190 176 60Q160 0 190 -70", "none", light(c, 0.25), 10)
    plug = rect(168, -150, 48, 84, look.pen.rod(c), 10, dark(c, 0.3), 2)
    tip = rect(176, -192, 32, 46, look.pen.rod("#c2c8cf"), 9, "#7c828b", 2) + rect(
        182, -186, 20, 10, "#3b3f46", 4
    )
    pins = "".join(
        place(rect(-10, -66, 20, 70, look.pen.rod("#cfd4da"), 4, "#7c828b", 2), x, 40 - h, 1, a)
        for x, a in ((-116, 0), (-44, 0))
    )
    body = rect(
        -170,
        30 - h,
        180,
        h,
        look.pen.across((0, light(c, 0.3)), (0.5, c), (1, dark(c, 0.2))),
        34,
        dark(c, 0.25),
        3,
    )
    face = rect(-160, 40 - h + h * 0.2, 160, h * 0.76 - 10, "none", 26, dark(c, 0.12), 2)
    port = rect(-114, 2, 68, 22, "#2b2e34", 11) + rect(-100, 9, 40, 8, "#8b919a", 4)
    bolt = poly(
        [
            (x - 80, y - 90)
            for x, y in ((8, -44), (-26, 8), (-4, 8), (-12, 46), (26, -10), (4, -10))
        ],
        "#e0a52e" if c != "#e0a52e" else "#ffffff",
    )
    inlet = rect(-50, 20, 60, 14, dark(c, 0.15), 5)
    end = rect(-42, 30, 44, 116, look.pen.rod(light(c, 0.05)), 9, dark(c, 0.3), 2)
    return place(lead + plug + tip + pins + body + face + inlet + port + bolt + end, 0, 20)


def tripod(look: Look) -> str:
    """A tripod: three sectioned legs, a centre column, a head with a camera plate and handle."""
    c = look.body
    spread = look.span(160, 205)
    parts = []
    for x, foot in ((spread * 0.1, 236), (-spread, 246), (spread, 246)):
        knee = (x * 0.42, 40)
        tip = (x, foot)
        parts.append(line(x * 0.1, -90, knee[0], knee[1], dark(c, 0.3), 27))
        parts.append(line(x * 0.1 - 4, -90, knee[0] - 4, knee[1], light(c, 0.35), 7, 0.7))
        parts.append(line(knee[0], knee[1], (knee[0] + tip[0]) / 2, 140, "#9aa1aa", 18))
        parts.append(line((knee[0] + tip[0]) / 2, 140, tip[0], tip[1], "#c4cad1", 12))
        for px, py in (knee, ((knee[0] + tip[0]) / 2, 140)):
            parts.append(circle(px, py, 16, "#1d1f24") + circle(px, py, 7, "#c8463e"))
        parts.append(ellipse(tip[0], tip[1] + 3, 15, 10, "#1d1f24"))
    brace = line(-spread * 0.3, 12, 0, 50, "#6d737b", 8) + line(
        spread * 0.3, 12, 0, 50, "#6d737b", 8
    )
    column = rect(-12, -150, 24, 210, look.pen.rod("#aeb4bc"), 5)
    crown = path("M-52 -112L52 -112L40 -70L-40 -70Z", look.pen.rod(c), dark(c, 0.5), 2)
    ball = circle(0, -166, 34, look.pen.ball(light(c, 0.2)), dark(c, 0.5), 2)
    knob = circle(46, -166, 18, look.pen.ball("#c8463e"), "#7d2620", 2)
    plate = rect(-66, -218, 132, 24, look.pen.rod(c, upright=False), 6, dark(c, 0.5), 2)
    screw = rect(-8, -238, 16, 22, "#d3d8dd", 3)
    handle = line(-40, -184, -176, -120, "#7c828b", 10) + line(
        -120, -146, -184, -116, "#1d1f24", 23
    )
    return place(
        handle + "".join(parts) + brace + column + crown + ball + knob + plate + screw, 0, 0
    )


def kettle(look: Look) -> str:
    """An electric kettle on its base: spout, lid with knob, handle, water gauge."""
    c = look.body
    trim = "#2f3238"
    base = ellipse(0, 226, 176, 30, look.pen.rod(trim)) + rect(
        -160, 196, 320, 26, look.pen.rod(trim), 12
    )
    lead = path("M150 224Q230 240 250 200", "none", trim, 11)
    handle = path("M112 -150Q236 -160 232 -40Q228 100 132 130", "none", trim, 38)
    handle += path("M116 -154Q224 -158 222 -40Q218 90 132 122", "none", "#6b7078", 7, 0.8)
    spout = path(
        "M-112 -120Q-190 -150 -206 -186L-150 -184Q-120 -160 -90 -150Z",
        look.pen.slant((0, light(c, 0.4)), (1, dark(c, 0.15))),
        dark(c, 0.4),
        2,
    )
    belly = look.span(146, 172)
    body = path(
        f"M-108 -162L108 -162Q{num(belly)} 40 {num(belly - 8)} 196L{num(8 - belly)} 196Q{num(-belly)} 40 -108 -162Z",
        look.pen.rod(c),
        dark(c, 0.35),
        2,
    )
    ring_low = rect(8 - belly, 172, 2 * belly - 16, 28, look.pen.rod(trim), 8)
    lid = path(
        "M-104 -162Q-96 -208 0 -210Q96 -208 104 -162Z", look.pen.rod(dark(c, 0.1)), dark(c, 0.4), 2
    )
    knob = rect(-24, -240, 48, 34, look.pen.rod(trim), 12)
    gauge = rect(34, -60, 26, 170, "#dfeaf0", 13, "#8c959e", 3) + rect(38, 10, 18, 96, "#8fc0dc", 9)
    switch = rect(140, 138, 52, 22, "#c8463e", 8)
    return place(
        lead + base + handle + spout + body + ring_low + lid + knob + gauge + switch, -14, 4
    )


def phone_mount(look: Look) -> str:
    """A car phone holder gripping a phone, on a short arm with a suction cup."""
    c = look.body
    cup = path("M-96 236Q-90 176 0 172Q90 176 96 236Z", look.pen.rod(c), dark(c, 0.5), 2)
    cup += ellipse(0, 236, 108, 17, dark(c, 0.55))
    lever = rect(-14, 160, 96, 19, look.pen.rod(light(c, 0.12)), 9)
    arm = line(0, 180, 0, 118, dark(c, 0.5), 38) + line(-6, 180, -6, 118, light(c, 0.3), 8, 0.7)
    joint = circle(0, 118, 32, look.pen.ball(c), dark(c, 0.5), 2)
    phone = rect(-98, -246, 196, 344, "#15171b", 26, "#565b63", 5)
    screen = rect(-86, -234, 172, 320, look.pen.slant((0, "#dcebe2"), (1, "#b9d4df")), 17)
    roads = path("M-74 -44Q-10 -70 10 -140Q20 -194 74 -212", "none", "#ffffff", 19)
    roads += path("M-56 76Q-30 0 78 -18", "none", "#ffffff", 13)
    route = path("M-42 86Q-30 -40 2 -110Q20 -150 58 -174", "none", "#3d7fd0", 12)
    pin = path("M60 -214Q32 -246 46 -226A22 22 0 1 1 74 -226Z", "#d4583c")
    pin += circle(60, -238, 8, "#ffffff")
    clamp = ""
    for side in (-1, 1):
        clamp += path(
            f"M{side * 40} -20L{side * 118} -20Q{side * 126} -90 {side * 96} -96L{side * 86} -84"
            f"Q{side * 104} -76 {side * 100} 20L{side * 86} 36L{side * 96} 48Q{side * 130} 40 {side * 124} -4Z",
            look.pen.rod(c),
            dark(c, 0.5),
            3,
        )
    foot = path("M-66 92L66 92L54 122L-54 122Z", look.pen.rod(c), dark(c, 0.5), 2)
    foot += rect(-70, 84, 34, 22, look.pen.rod(c), 7) + rect(36, 84, 34, 22, look.pen.rod(c), 7)
    return place(
        lever
        + cup
        + arm
        + joint
        + phone
        + screen
        + roads
        + route
        + place(pin, 0, 40)
        + clamp
        + foot,
        0,
        0,
        1,
        look.span(-5, 5),
    )


DRAWINGS: dict[str, Drawing] = {
    "phone_charger": Drawing(phone_charger, 450, 520, "row", (-80, -110), 1.8),
    "tripod": Drawing(tripod, 440, 510, "row", (0, -130), 2.1),
    "kettle": Drawing(kettle, 490, 500, "row", (40, -70), 1.8),
    "phone_mount": Drawing(phone_mount, 300, 520, "row", (40, 30), 2.0),
}
