"""The pages drawn from the code are in step with it, and say what a stranger asks."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from pifa.cli.docs import PAGES, group, repository, state_tables


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_in_step_with_the_code(name: str) -> None:
    assert (repository() / "docs" / name).read_text("utf-8") == PAGES[name](), "run `pifa docs`"


def test_every_verb_of_every_table_is_on_the_page() -> None:
    page = PAGES["states.md"]()
    assert {"order", "refund"} <= {table.name for _app, table in state_tables()}
    for _app, table in state_tables():
        for item in table.transitions:
            assert f"| `{item.verb}` | {item.label} |" in page


def test_the_check_fails_on_a_page_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PAGES, "states.md", lambda: "another page\n")
    result = CliRunner().invoke(group, ["--check"])
    assert result.exit_code == 1
    assert "docs/states.md" in result.output
    assert (repository() / "docs" / "states.md").read_text("utf-8") != "another page\n"
