"""What a broken book is refused for: file, line, reason; and that nothing of it half counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from pifa.rulebook.loading import BookError, load
from tests.rulebook.books import SMALL, refused, shelf
from tests.rulebook.words import WORDS


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


# What is broken: a piece of the sound book, what is put in its place, the piece of the broken
# text that stands in the line to be named, and words of the reason.
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "unknown metric": (
        '"orders_30d", at_least = 3',
        '"order_30d", at_least = 3',
        "order_30d",
        "unknown metric",
    ),
    "unknown metric, nothing near": (
        '"orders_30d", at_least = 3',
        '"zzz", at_least = 3',
        "zzz",
        "unknown metric",
    ),
    "unknown metric of a weight": (
        '"orders_30d", points',
        '"ordres_30d", points',
        "ordres",
        "unknown metric",
    ),
    "unknown key of the book": (
        'source = "nowhere"',
        'source = "x"\nauthor = "y"',
        "author",
        "unknown key",
    ),
    "unknown key of a step": (
        'code = "L1"',
        'code = "L1"\ncolour = "red"',
        "colour",
        "unknown key",
    ),
    "unknown comparison": ("at_least = 9", "atleast = 9", "atleast", "unknown key"),
    "no comparison": (", at_least = 9", "", '"orders_30d" }', "exactly one comparison"),
    "two comparisons": (
        "at_least = 9",
        "at_least = 9, at_most = 99",
        "at_most = 99",
        "exactly one comparison",
    ),
    "a gap between levels": ("rank = 2", "rank = 3", "rank = 3", "not consecutive"),
    "levels from nowhere": ("rank = 0", "rank = 4", "rank = 4", "begin at 0 or 1"),
    "a level below zero": ("rank = 0", "rank = -1", "rank = -1", "begin at 0 or 1"),
    "a level twice": ('code = "L2"', 'code = "L1"', 'code = "L1"\nrank = 2', "twice"),
    "money out of order": (
        'metric = "spend_30d", at_least = "1000.00" },\n    { metric = "disp',
        'metric = "spend_30d", at_least = "999.99" },\n    { metric = "disp',
        '"999.99"',
        "asks less",
    ),
    "count out of order": ("at_least = 9", "at_least = 2", "at_least = 2", "asks less"),
    "above is more than at least": ("at_least = 3", "above = 9", "at_least = 9", "asks less"),
    "a condition that a higher step forgot": (
        '    { metric = "orders_30d", at_least = 9 },\n',
        "",
        '[[ladders.level.steps]]\ncode = "L2"',
        "does not ask for",
    ),
    "a step like the one below": (
        (
            "conditions = [\n"
            '    { metric = "orders_30d", at_least = 3 },\n'
            '    { metric = "spend_30d", at_least = "1000.00" },\n'
            "]\n"
        ),
        "",
        '[[ladders.level.steps]]\ncode = "L1"',
        "the same as",
    ),
    "money as a number": (
        'at_least = "1000.00" },\n]',
        "at_least = 1000 },\n]",
        "at_least = 1000 }",
        "money",
    ),
    "less than a fen": (
        'at_least = "1000.00" },\n]',
        'at_least = "1000.001" },\n]',
        "1000.001",
        "money",
    ),
    "money that is no number": (
        'at_least = "1000.00" },\n]',
        'at_least = "1,000" },\n]',
        "1,000",
        "money",
    ),
    "a count as text": ("at_least = 9", 'at_least = "9"', 'at_least = "9"', "count"),
    "a count as truth": ("at_least = 9", "at_least = true", "at_least = true", "count"),
    "a count below zero": ("at_least = 9", "at_least = -9", "at_least = -9", "count"),
    "a share as a number": ('at_most = "0.0006"', "at_most = 1", "at_most = 1,", "share"),
    "a float": ("base = 10", "base = 10.5", "10.5", "float"),
    "a float in a table": ('note = "anything"', "note = 0.5", "note = 0.5", "float"),
    "a flag as text": ('"member", is = true', '"member", is = "yes"', '"yes"', "true or false"),
    "a flag compared": (
        '"member", is = true',
        '"member", at_least = true',
        "at_least = true",
        "only with is",
    ),
    "wrong unit in an exemption": ("is = 1 } }", 'is = "1" } }', 'is = "1"', "count"),
    "a condition twice": (
        '"spend_30d", at_least = "1000.00" },\n]',
        '"orders_30d", at_least = 4 },\n]',
        "conditions = [\n",
        "twice",
    ),
    "a day that is none": ("2020-01-01", "2020-02-30", "2020-02-30", "not valid TOML"),
    "a day as text": ("2020-01-01", '"2020-01-01"', "effective", "day"),
    "a moment for a day": ("2020-01-01", "2020-01-01T00:00:00", "effective", "day"),
    "another day than the file's": ("2020-01-01", "2020-01-02", "2020-01-02", "file name"),
    "another name than the folder's": ('name = "small"', 'name = "big"', '"big"', "folder"),
    "no title": ('title = "小规则"\n', "", 'name = "small"', "is missing"),
    "an empty title": ('"小规则"', '" "', 'title = " "', "text"),
    "no steps": (
        "[tables.limits]",
        '[ladders.bare]\nrule_id = "B"\nname = "b"\nname_en = "b"\n[tables.limits]',
        "[ladders.bare]",
        "is missing",
    ),
    "steps that are none": (
        "[tables.limits]",
        "[ladders.bare]\nsteps = 5\n[tables.limits]",
        "steps = 5",
        "list of tables",
    ),
    "a hole between bands": ("from = 50", "from = 52", "from = 52", "50 to 51"),
    "overlapping bands": ("from = 50", "from = 49", "from = 49", "two bands"),
    "bands that end early": ("to = 100", "to = 99", "to = 99", "100"),
    "bands beyond the scale": ("to = 100", "to = 101", "to = 101", "100"),
    "a band upside down": ("to = 49", "to = -1", "to = -1", "below"),
    "bands out of rank": (
        "rank = 1, from",
        "rank = 2, from",
        "rank = 2, from",
        "not consecutive",
    ),
    "a base beyond the scale": ("base = 10", "base = 101", "base = 101", "0 and 100"),
    "a weight without effect": ("points = 2", "points = 0", "points = 0", "0"),
    "a weight without a cap": (
        "points = 2, up_to = 40",
        "points = 2",
        "points = 2",
        "is missing",
    ),
    "a weight of a share": (
        '"orders_30d", points',
        '"dispute_rate_90d", points',
        '"dispute_rate_90d", points',
        "cannot be scored",
    ),
    "a weight of every no piece": ("points = 2,", "points = 2, per = 0,", "per = 0", "count"),
    "a weight of every nothing": ('per = "50.00"', 'per = "0.00"', 'per = "0.00"', "money"),
    "a grant for no ladder": ('ladders = ["level"]', 'ladders = ["lever"]', "lever", "no ladder"),
    "a grant from no step": ('from = "L1"', 'from = "L9"', "L9", "no step"),
    "a grant upside down": ('to = "L2"', 'to = "L0"', 'from = "L1"', "lowest to highest"),
    "a benefit given twice": (
        "[tables.limits]",
        (
            '[[tables.benefits.grants]]\ncode = "boost"\nrule_id = "B-2"\nname = "b"\nname_en = "b"\n'
            'source = "b"\nladders = ["level"]\nfrom = "L2"\n[tables.limits]'
        ),
        'from = "L2"',
        "given twice",
    ),
    "an unknown kind of table": ('kind = "grants"', 'kind = "gifts"', "gifts", "kind of table"),
    "a table of no kind": ('kind = "plain"\n', "", "[tables.limits]", "“kind” is missing"),
    "a rate that is none": ('"0.0012"', '"0.12 %"', "0.12 %", "share"),
    "a rate above all": ('"0.0012"', '"1.2"', '"1.2"', "share"),
    "a limit that is no money": ('"500.00"', '"500 yuan"', "500 yuan", "money"),
    "no TOML": ("base = 10", "base = = 10", "= = 10", "not valid TOML"),
    "no end of a text": ('"anything"', '"anything', '"anything', "not valid TOML"),
    "a key twice": ("base = 10", "base = 10\nbase = 11", "base = 11", "not valid TOML"),
    "a ladder of which only a step is written": (
        "[tables.limits]",
        "[[ladders.bare.steps]]\n[tables.limits]",
        "[[ladders.bare.steps]]",
        "“name” is missing",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_book_is_refused_with_its_line_and_reason(case: str, tmp_path: Path) -> None:
    sound, broken, where, reason = BROKEN[case]
    assert sound in SMALL
    text = SMALL.replace(sound, broken, 1)
    problems = refused(shelf(tmp_path, d2020_01_01=text)).problems
    assert {problem.file for problem in problems} == {"small/2020-01-01.toml"}
    first = line_of(text, where)
    found = [problem for problem in problems if reason in problem.message_en]
    assert found, [str(problem.message_en) for problem in problems]
    assert first in {problem.line for problem in found}, [problem.line for problem in found]
    assert all(problem.message != problem.message_en for problem in found)


def test_everything_wrong_is_listed_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("at_least = 9", "at_least = 2").replace("rank = 2", "rank = 5")
    text = text.replace("from = 50", "from = 60").replace('from = "L1"', 'from = "L7"')
    other = SMALL.replace("2020-01-01", "2021-01-01").replace("orders_30d", "order_30d", 1)
    error = refused(shelf(tmp_path, d2020_01_01=text, d2021_01_01=other))
    places = [(problem.file[6:10], problem.line) for problem in error.problems]
    assert places == sorted(places)
    pieces = ("rank = 5", "at_least = 2", "from = 60", "L7")
    assert [line for year, line in places if year == "2020"] == [
        line_of(text, piece) for piece in pieces
    ]
    assert ("2021", line_of(other, "order_30d")) in places
    with translation.override("en"):
        assert "small/2021-01-01.toml:" in str(error)
        assert "5 problems" in str(error)
    assert len(error.as_data()["problems"]) == 5


def test_one_broken_book_keeps_every_other_from_taking_effect(tmp_path: Path) -> None:
    broken = SMALL.replace("2020-01-01", "2021-01-01").replace("base = 10", "base = 500")
    error = refused(shelf(tmp_path, d2020_01_01=SMALL, d2021_01_01=broken))
    assert [problem.file for problem in error.problems] == ["small/2021-01-01.toml"]


def test_two_books_of_one_name_and_day_are_refused(tmp_path: Path) -> None:
    shelf(tmp_path / "a", d2020_01_01=SMALL)
    shelf(tmp_path / "b", d2020_01_01=SMALL)
    (problem,) = refused(tmp_path).problems
    assert (problem.file, problem.line) == ("b/small/2020-01-01.toml", 2)
    assert "a/small/2020-01-01.toml" in problem.message_en


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = shelf(tmp_path, d2020_01_01=SMALL) / "small" / "2020-01-01.toml"
    file.write_bytes(SMALL.encode().replace("小规则".encode(), "小规则".encode("gbk")))
    (problem,) = refused(tmp_path).problems
    assert problem.line == 3
    assert "UTF-8" in problem.message_en


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path / "nowhere").problems
    assert "no such folder" in problem.message_en


@pytest.mark.parametrize("part", [("tables", "credit"), ("ladders", "level")])
def test_a_book_without_a_part_that_is_needed_is_refused(
    part: tuple[str, str], tmp_path: Path
) -> None:
    root = shelf(tmp_path, d2020_01_01=SMALL)
    load(root, WORDS, {"small": [part], "other": [("tables", "elsewhere")]})
    text = SMALL.replace(f"{part[0]}.{part[1]}", f"{part[0]}.renamed")
    if part[0] == "ladders":
        text = text.replace('ladders = ["level"]', 'ladders = ["renamed"]')
    shelf(tmp_path, d2020_01_01=text)
    with pytest.raises(BookError) as caught:
        load(root, WORDS, {"small": [part]})
    (problem,) = caught.value.problems
    assert f"“{part[0]}.{part[1]}” is missing" in problem.message_en
