"""A small sound book, and folders made of it and of what is broken in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pifa.rulebook.loading import BookError, load
from tests.rulebook.words import WORDS

SMALL = """\
name = "small"
effective = 2020-01-01
title = "小规则"
title_en = "Small rules"
source = "nowhere"

[ladders.level]
rule_id = "LEVEL"
name = "等级"
name_en = "Level"
source = "here"

[[ladders.level.steps]]
code = "L0"
rank = 0
rule_id = "L-0"
name = "零"
name_en = "Zero"
source = "here"

[[ladders.level.steps]]
code = "L1"
rank = 1
rule_id = "L-1"
name = "一"
name_en = "One"
source = "here"
conditions = [
    { metric = "orders_30d", at_least = 3 },
    { metric = "spend_30d", at_least = "1000.00" },
]

[[ladders.level.steps]]
code = "L2"
rank = 2
rule_id = "L-2"
name = "二"
name_en = "Two"
source = "here"
conditions = [
    { metric = "orders_30d", at_least = 9 },
    { metric = "spend_30d", at_least = "1000.00" },
    { metric = "dispute_rate_90d", at_most = "0.0006", unless = { metric = "disputes_90d", is = 1 } },
]

[tables.credit]
kind = "scorecard"
rule_id = "CREDIT"
name = "分"
name_en = "Score"
source = "here"
base = 10
weights = [
    { metric = "orders_30d", points = 2, up_to = 40 },
    { metric = "spend_30d", points = -1, per = "50.00", up_to = 9 },
]
bands = [
    { rank = 0, from = 0, to = 49, name = "低", name_en = "Low" },
    { rank = 1, from = 50, to = 100, name = "高", name_en = "High" },
]

[tables.benefits]
kind = "grants"

[[tables.benefits.grants]]
code = "boost"
rule_id = "B-1"
name = "加权"
name_en = "Boost"
source = "here"
ladders = ["level"]
from = "L1"
to = "L2"
conditions = [{ metric = "member", is = true }]
value = { fee_rate = "0.0012" }

[tables.limits]
kind = "plain"
per_order_yuan = "500.00"
note = "anything"
"""


def shelf(root: Path, **texts: str) -> Path:
    """A folder with one book for each text, named `small` and by its day."""
    for day, text in texts.items():
        file = root / "small" / f"{day.removeprefix('d').replace('_', '-')}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def refused(root: Path) -> BookError:
    with pytest.raises(BookError) as caught:
        load(root, WORDS)
    return caught.value
