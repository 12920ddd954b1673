"""Units behind figures, in the reader's language."""

from __future__ import annotations

from django.utils.translation import override

from pifa.web.kit.formats import UNITS, unit_text


def test_a_unit_is_said_in_the_readers_language() -> None:
    with override("zh-hans"):
        assert unit_text("卷") == "卷"
    with override("en"):
        assert unit_text("卷") == "\u00a0rolls"
        assert unit_text("kg") == "\u00a0kg"


def test_every_unit_has_an_english_word() -> None:
    with override("en"):
        for unit in UNITS:
            assert str(unit).isascii()
