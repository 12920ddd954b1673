"""Which kept files have an address, and which never do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def kept() -> Path:
    """A picture of goods, and beside it what nobody may fetch by address."""
    media = Path(settings.MEDIA_ROOT)
    for name, text in (
        ("pictures/bolt.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("imports/1-rejected.csv", "王**,100****0000"),
        ("../private/licences/1.jpg", "licence"),
        ("../secret-key", "key"),
    ):
        path = media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return media


def test_a_picture_is_served_as_what_it_is(kept: Path) -> None:
    answer = Client().get("/media/pictures/bolt.svg")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "way",
    [
        "/media/imports/1-rejected.csv",
        "/media/pictures/../imports/1-rejected.csv",
        "/media/pictures/%2e%2e/imports/1-rejected.csv",
        "/media/pictures/x/../../imports/1-rejected.csv",
        "/media/pictures/..%2fimports/1-rejected.csv",
        "/media/pictures//imports/1-rejected.csv",
        "/media/pictures/../../private/licences/1.jpg",
        "/media/pictures/../../secret-key",
        "/media/pictures/",
    ],
)
def test_no_way_leads_from_the_pictures_to_other_files(kept: Path, way: str) -> None:
    answer = Client().get(way)
    assert answer.status_code in (400, 404)
    assert not {"100****0000", "licence", "key"} & set(answer.content.decode().split(","))


def test_a_browser_that_asks_for_an_icon_gets_one() -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/static/kit/icon.svg")
