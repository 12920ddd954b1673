"""Regions in the reader's language are the kernel's regions, each once."""

from __future__ import annotations

from django.utils import translation

from pifa.kernel.regions import REGIONS
from pifa.web.shared.regions import place_name, region_choices, region_name, region_words


def test_they_are_the_kernels_regions() -> None:
    assert dict(region_choices()) == REGIONS


def test_a_place_in_both_languages() -> None:
    assert place_name("33", "义乌") == "浙江义乌"
    assert region_name("99") == ""
    with translation.override("en"):
        assert place_name("33", "Yiwu") == "Zhejiang Yiwu"


def test_customer_files_name_regions_freely() -> None:
    with translation.override("en"):
        assert region_words("云南") == "Yunnan"
        assert region_words("United Kingdom") == "United Kingdom"
        assert region_words("") == ""
