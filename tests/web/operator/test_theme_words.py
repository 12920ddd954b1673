"""The console's theme speaks Chinese: neither it nor Django brings all of its words."""

from __future__ import annotations

from pathlib import Path

import pytest
import unfold
from django.urls import reverse
from django.utils import translation

from tests.web.operator.staff import staff
from tools.translations import CHINESE, extract

THEME = Path(unfold.__file__).parent
PARTS_WE_USE = ("contrib/filters",)
"""Of the theme's contributed parts; the others are not installed."""


def test_every_word_of_the_theme_has_chinese() -> None:
    english = set()
    with translation.override("zh-hans"):
        for use in extract(THEME):
            place = use.path.relative_to(THEME).as_posix()
            if place.startswith("contrib/") and not place.startswith(PARTS_WE_USE):
                continue
            words = (
                translation.ngettext(use.key.message, use.plural, 2)
                if use.plural
                else translation.gettext(use.key.message)
            )
            if not CHINESE.search(words):
                english.add(use.key.message)
    assert english == set()


@pytest.mark.django_db
def test_the_search_box_is_in_the_readers_language() -> None:
    client = staff()
    assert "搜索功能与数据" in client.get(reverse("admin:index")).content.decode()
    client.cookies["django_language"] = "en"
    assert "Search apps and models" in client.get(reverse("admin:index")).content.decode()
