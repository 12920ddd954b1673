"""docs/rating.md names every rule, and every place and test that it names is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from pifa.metrics.definitions import METRICS
from pifa.standing.books import book_on
from tests.metrics.world import TODAY

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rating.md").read_text(encoding="utf-8")
TABLE = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in PAGE.partition("| --- | --- | --- | --- |\n")[2].splitlines()
]
PLACE = re.compile(r"`([\w/.-]+\.\w+): ([\w-]+)`")
LINK = re.compile(r"\[`([\w/.-]+\.\w+): [\w-]+`\]\(([\w/.-]+)\)")
RULES = [row[0] for row in TABLE]
HELD = [(row[0], *place) for row in TABLE for place in PLACE.findall(row[2])]
TESTED = [(row[0], *place) for row in TABLE for place in PLACE.findall(row[3])]


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_row_names_a_place_and_a_test() -> None:
    assert all(len(row) == 4 for row in TABLE)
    assert {rule for rule, *_ in HELD} == {rule for rule, *_ in TESTED} == set(RULES)
    assert len(set(RULES)) == len(RULES)


def test_every_rule_of_the_book_and_every_metric_is_in_the_table() -> None:
    book = book_on(TODAY)
    wanted = {step.rule_id for ladder in book.ladders.values() for step in ladder.steps}
    wanted |= {ladder.rule_id for ladder in book.ladders.values()}
    wanted |= {card.rule_id for card in book.scorecards.values()}
    wanted |= {rule.rule_id for rule in book.grants}
    wanted |= set(METRICS)
    assert wanted <= set(re.findall(r"`([\w-]+)`", " ".join(RULES)))


@pytest.mark.parametrize(("rule", "file", "name"), HELD)
def test_the_place_that_holds_a_rule_is_there(rule: str, file: str, name: str) -> None:
    """A function, class or name of a module, an entry of a book or of a table of metrics."""
    text = text_of(ROOT / "src" / "pifa" / file)
    made = rf'^\s*(?:def|class) {name}\b|^{name}\b.*=|\bimport {name}\b|(?:name|rule_id|metric) ?= ?"{name}"'
    assert re.search(made, text, re.MULTILINE), f"{rule}: {file} has no {name}"


@pytest.mark.parametrize(("rule", "file", "name"), TESTED)
def test_the_test_that_holds_a_rule_is_there(rule: str, file: str, name: str) -> None:
    assert re.search(rf"^\s*def {name}\(", text_of(ROOT / file), re.MULTILINE), f"{rule}: {name}"


def test_every_place_and_test_is_linked_to_its_file() -> None:
    for row in TABLE:
        for cell, root in ((row[2], ROOT / "src" / "pifa"), (row[3], ROOT)):
            links = LINK.findall(cell)
            assert len(links) == len(PLACE.findall(cell)), row[0]
            for file, target in links:
                assert (ROOT / "docs" / target).resolve() == root / file, row[0]


def test_every_file_the_page_speaks_of_is_there() -> None:
    """Those named in its text, below the package or the root."""
    told = PAGE.partition("## Every rule")[0]
    for file in re.findall(r"`([\w/]+\.py)(?:: \w+)?`", told) + re.findall(
        r"\]\((\w+\.md)\)", told
    ):
        places = (ROOT / "src" / "pifa" / file, ROOT / file, ROOT / "docs" / file)
        assert any(place.exists() for place in places), file
