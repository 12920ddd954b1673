"""Pictures are proven, written anew, stored once a seller; drawings come from inside only."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pifa.catalog import commands, queries
from pifa.catalog.models import Picture
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden
from pifa.kernel.pictures import PictureError
from tests.catalog import market

pytestmark = pytest.mark.django_db

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600"><circle r="9"/></svg>'


def jpeg(note: bytes = b"") -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (60, 40), "green")
    exif = Image.Exif()
    exif[0x010E] = note.decode()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def seller() -> Actor:
    return market.actor(market.seller())


def test_what_else_was_in_the_file_is_gone(seller: Actor) -> None:
    data = jpeg(b"secret place") + b"<script>alert(1)</script>"
    picture = Picture.objects.get(pk=commands.add_picture(seller, data))
    kept = picture.file.read()
    assert b"secret place" not in kept
    assert b"<script>" not in kept
    assert (picture.width, picture.height) == (60, 40)
    name = str(picture.file.name)
    assert name.startswith(f"pictures/{seller.company_id}/")
    assert queries.picture_url(name) == f"/media/{name}"


def test_the_same_picture_is_stored_once_a_seller(seller: Actor) -> None:
    first = commands.add_picture(seller, jpeg())
    assert commands.add_picture(seller, jpeg()) == first
    other = market.actor(market.seller())
    assert commands.add_picture(other, jpeg()) != first


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", DRAWING.encode(), jpeg()[:200]])
def test_what_is_no_picture_is_refused_and_nothing_is_stored(seller: Actor, data: bytes) -> None:
    with pytest.raises(PictureError):
        commands.add_picture(seller, data)
    assert not Picture.objects.exists()


def test_only_those_who_keep_goods_add_pictures() -> None:
    for who in (market.operator(), market.actor(market.seller(), Role.FINANCE)):
        with pytest.raises(Forbidden):
            commands.add_picture(who, jpeg())


def test_a_drawing_of_the_house_is_kept_as_it_is(seller: Actor) -> None:
    assert seller.company_id is not None
    picture = Picture.objects.get(pk=commands.add_drawn_picture(seller.company_id, DRAWING))
    assert (picture.width, picture.height) == (800, 600)
    assert picture.file.read().decode() == DRAWING
    assert commands.add_drawn_picture(seller.company_id, DRAWING) == picture.pk
    with pytest.raises(ValueError, match="viewBox"):
        commands.add_drawn_picture(seller.company_id, "<svg/>")
