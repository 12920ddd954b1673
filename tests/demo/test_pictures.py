"""Pictures: every kind is drawn in every view, the same each time, safe to show."""

from __future__ import annotations

import hashlib
import re
from random import Random

import pytest
from defusedxml.ElementTree import fromstring

from pifa.demo.pictures import DRAWINGS, VIEWS, PictureParams, View, draw
from pifa.demo.vocabulary import kinds, make_offers

ALLOWED = {
    "svg", "defs", "linearGradient", "radialGradient", "stop", "g", "path", "rect", "ellipse",
    "text",
}  # fmt: skip
NAMESPACE = "{http://www.w3.org/2000/svg}"
EVERY = [(name, view) for name in DRAWINGS for view in VIEWS]


def test_every_kind_has_a_drawing_and_no_drawing_is_idle() -> None:
    assert {kind.drawing for kind in kinds()} == set(DRAWINGS)


@pytest.mark.parametrize(("name", "view"), EVERY)
def test_a_picture_is_sound_and_safe(name: str, view: View) -> None:
    for size in (0.0, 1.0):
        params = PictureParams(view, 5, (("#3366aa", "#ddccbb"), ("#f4f4f0",)), size, "M8")
        svg = draw(name, params)
        root = fromstring(svg)
        assert root.get("viewBox") == "0 0 800 800"
        for element in root.iter():
            assert element.tag.removeprefix(NAMESPACE) in ALLOWED
            for attribute in element.attrib:
                assert "href" not in attribute
                assert not attribute.lower().startswith("on")
        assert not re.search(r"script|foreignObject|href|@import|data:|javascript", svg)
        assert "nan" not in svg
        assert "inf" not in svg
        assert len(svg) < 120_000


@pytest.mark.parametrize("name", list(DRAWINGS))
def test_gradients_are_defined_once_and_belong_to_their_picture(name: str) -> None:
    for view in VIEWS:
        svg = draw(name, PictureParams(view, 77))
        defined = re.findall(r'id="([^"]+)"', svg)
        assert len(defined) == len(set(defined))
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(defined)
    other = draw(name, PictureParams("single", 78))
    assert not set(re.findall(r'id="([^"]+)"', other)) & set(defined)


def test_the_same_params_give_the_same_picture_and_others_another() -> None:
    def digest(seed: int, size: float, colour: str) -> str:
        drawn = "".join(
            draw(name, PictureParams(view, seed, ((colour,),), size)) for name, view in EVERY
        )
        return hashlib.sha256(drawn.encode()).hexdigest()

    first = digest(1, 0.5, "#aa5533")
    assert first == digest(1, 0.5, "#aa5533")
    assert len({first, digest(2, 0.5, "#aa5533"), digest(1, 0.9, "#aa5533")}) == 3
    assert first != digest(1, 0.5, "#3355aa")


@pytest.mark.parametrize("name", list(DRAWINGS))
def test_views_of_a_thing_differ_and_show_its_colour(name: str) -> None:
    drawn = {view: draw(name, PictureParams(view, 3, (("#a1b2c3",),))) for view in VIEWS}
    assert len(set(drawn.values())) == len(VIEWS)
    other = draw(name, PictureParams("single", 3, (("#c31b22",),)))
    if name != "building_blocks":  # bricks of one colour are shown in the usual four
        assert other != drawn["single"]


def test_offers_of_a_kind_have_different_pictures_that_can_be_drawn() -> None:
    rng, titles = Random(11), set[str]()
    for kind in kinds():
        main = set()
        for offer in make_offers(rng, kind, 4, titles):
            assert [picture.params.view for picture in offer.pictures] == list(VIEWS)
            assert all(picture.alt == offer.title for picture in offer.pictures)
            for picture in offer.pictures:
                assert re.fullmatch(r"[ -~]{0,12}", picture.params.mark), kind.key
            main.add(draw(offer.pictures[0].drawing, offer.pictures[0].params))
        assert len(main) == 4, kind.key


def test_a_mark_is_escaped() -> None:
    svg = draw("hex_bolt", PictureParams("detail", 1, mark='<b>&"'))
    assert "&lt;b&gt;&amp;" in svg
    assert fromstring(svg) is not None


def test_an_unknown_drawing_is_refused() -> None:
    with pytest.raises(KeyError):
        draw("perpetuum_mobile", PictureParams())
