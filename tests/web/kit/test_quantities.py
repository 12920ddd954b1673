"""− and + without script."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from pifa.web.kit.quantities import apply_step


@pytest.mark.parametrize(
    ("posted", "after"),
    [
        ("sku_1=100&step=sku_1:100", "200"),
        ("sku_1=100&step=sku_1:-100", "0"),
        ("sku_1=30&step=sku_1:-100", "0"),
        ("sku_1=&step=sku_1:10", "10"),
        ("sku_1=100", "100"),
    ],
)
def test_the_button_changes_its_field(posted: str, after: str) -> None:
    assert apply_step(QueryDict(posted))["sku_1"] == after


@pytest.mark.parametrize(
    "posted", ["sku_1=5&step=sku_2:1", "sku_1=5&step=sku_1:x", "sku_1=five&step=sku_1:1", "step=:1"]
)
def test_a_step_that_makes_no_sense_changes_nothing(posted: str) -> None:
    data = QueryDict(posted)
    assert apply_step(data) == data


def test_other_fields_stay() -> None:
    data = apply_step(QueryDict("sku_1=5&sku_2=7&step=sku_1:1"))
    assert (data["sku_1"], data["sku_2"], "step" in data) == ("6", "7", False)
