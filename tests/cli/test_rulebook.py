"""`pifa rulebook`: it checks, shows and compares, and says what is wrong in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pifa.cli import rulebook
from tests.rulebook.books import SMALL, shelf
from tests.rulebook.words import WORDS


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulebook, "vocabulary", lambda: WORDS)
    monkeypatch.setattr(rulebook, "needed", lambda: {"standing": [("tables", "credit")]})
    monkeypatch.setenv("COLUMNS", "200")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(rulebook.group, [str(word) for word in words])


def test_the_shipped_books_are_sound() -> None:
    done = run("check")
    assert done.exit_code == 0
    assert "standing  2018-01-01" in done.output


def test_everything_wrong_is_printed_with_its_line_and_nothing_takes_effect(
    tmp_path: Path,
) -> None:
    text = SMALL.replace("rank = 2", "rank = 4").replace("at_least = 9", "at_least = 2")
    done = run("check", shelf(tmp_path, d2020_01_01=text))
    assert done.exit_code == 1
    rank = text[: text.index("rank = 4")].count("\n") + 1
    assert f"small/2020-01-01.toml:{rank}: 级别不连续：L2 应为 2，这里是 4。" in done.output
    assert "The ranks are not consecutive: L2 should be 2, here it is 4." in done.output
    assert "2 problems; none of these books takes effect." in done.output
    shown = run("show", "small", "--day", "2020-01-01", "--folder", tmp_path)
    assert shown.exit_code == 1
    assert f"small/2020-01-01.toml:{rank}:" in shown.output


def test_a_book_is_shown_in_words() -> None:
    done = run("show", "standing", "--day", "2026-03-02")
    assert done.exit_code == 0
    for piece in (
        "LEVEL-6",
        "spend 30d ≥ ¥100,000.00",
        "dispute rate 90d ≤ 0.08 %, unless disputes 90d = 1",
        "all of the step below",
        "every ¥50,000.00 spend 30d",
        "90–100",
        "fee_rate 0.0012",
    ):
        assert piece in done.output


def test_a_book_is_shown_as_data(tmp_path: Path) -> None:
    shelf(tmp_path, d2020_01_01=SMALL)
    done = run("show", "small", "--day", "2020-05-01", "--folder", tmp_path, "--json")
    data = json.loads(done.output)
    assert data["effective"] == "2020-01-01"
    assert data["ladders"]["level"]["steps"][1]["code"] == "L1"
    assert len(data["digest"]) == 64


def test_a_day_without_a_book_is_said() -> None:
    done = run("show", "standing", "--day", "2017-12-31")
    assert done.exit_code == 1
    assert "2017-12-31 没有生效的规则“standing”。" in done.output


def test_two_days_are_compared(tmp_path: Path) -> None:
    changed = SMALL.replace("2020-01-01", "2021-01-01").replace("at_least = 9", "at_least = 12")
    shelf(tmp_path, d2020_01_01=SMALL, d2021_01_01=changed)
    done = run("compare", "small", "2020-06-01", "2021-06-01", "--folder", tmp_path)
    assert done.exit_code == 0
    assert "ladders.level.steps.L2.conditions.orders_30d.at_least" in done.output
    same = run("compare", "small", "2020-06-01", "2020-07-01", "--folder", tmp_path)
    assert "no rule differs" in same.output
