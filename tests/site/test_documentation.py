"""The map of the house leads to what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text()
MAP = TEXT[TEXT.index("## Where is") :]
PLACES = re.findall(r"`([a-z_]+/[\w/]+(?:\.py|/))(?:: ([\w.]+))?", MAP)


def test_the_map_has_places_on_it() -> None:
    assert len(PLACES) > 20


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_a_place_on_the_map_is_there(path: str, name: str) -> None:
    place = ROOT / path if path.startswith("tests/") else ROOT / "src" / "pifa" / path
    assert place.exists()
    if name:
        assert re.search(rf"^(def|class) {name}", place.read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    for link in links:
        assert (page.parent / link).exists(), link


def test_every_decision_is_in_the_index_once() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text()
    for page in folder.glob("0*.md"):
        assert index.count(f"({page.name})") == 1, page.name
        number, title = page.read_text().splitlines()[0].removeprefix("# ").split(" ", 1)
        assert page.name.startswith(number)
        assert title in index
