"""A folder of books: which day has which, and what differs between two."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from pifa.rulebook.loading import Library, NoBook, load
from pifa.rulebook.rules import compare
from tests.rulebook.books import SMALL, shelf
from tests.rulebook.words import WORDS


def test_a_sound_book_is_read(tmp_path: Path) -> None:
    book = load(shelf(tmp_path, d2020_01_01=SMALL), WORDS).on("small", date(2020, 1, 1))
    assert book.digest == sha256(SMALL.encode()).hexdigest()
    assert book.text == SMALL
    assert [step.code for step in book.ladders["level"].steps] == ["L0", "L1", "L2"]
    assert book.ladders["level"].steps[1].conditions[1].value == 1_000_00
    assert book.scorecards["credit"].weights[1].per == 50_00
    assert (book.grants[0].low, book.grants[0].high) == (1, 2)
    assert book.tables["limits"] == {
        "kind": "plain",
        "per_order_yuan": "500.00",
        "note": "anything",
    }


def years(tmp_path: Path) -> Library:
    texts = {f"d{year}_01_01": SMALL.replace("2020-", f"{year}-") for year in (2021, 2020, 2022)}
    return load(shelf(tmp_path, **texts), WORDS)


def test_a_day_is_ruled_by_the_latest_book_of_it_or_before(tmp_path: Path) -> None:
    library = years(tmp_path)
    assert [book.effective.year for book in library.history("small")] == [2020, 2021, 2022]
    assert library.on("small", date(2020, 12, 31)).effective.year == 2020
    assert library.on("small", date(2021, 1, 1)).effective.year == 2021
    assert library.on("small", date(2040, 1, 1)).effective.year == 2022
    with pytest.raises(NoBook):
        library.on("small", date(2019, 12, 31))
    with pytest.raises(NoBook):
        library.on("big", date(2022, 1, 1))


def test_books_are_compared_rule_by_rule(tmp_path: Path) -> None:
    changed = SMALL.replace("2020-01-01", "2021-01-01").replace("at_least = 9", "at_least = 12")
    changed = changed.replace('{ metric = "orders_30d", at_least = 3 },\n', "", 1).replace(
        'metric = "spend_30d", points = -1', 'metric = "refunds_90d", points = -1'
    ).replace('per = "50.00"', "per = 3")  # fmt: skip
    library = load(shelf(tmp_path, d2020_01_01=SMALL, d2021_01_01=changed), WORDS)
    old, new = library.history("small")
    assert compare(old, old) == ()
    assert compare(new, new) == ()
    found = {difference.path: (difference.old, difference.new) for difference in compare(old, new)}
    steps = "ladders.level.steps"
    assert found == {
        "effective": (date(2020, 1, 1), date(2021, 1, 1)),
        f"{steps}.L1.conditions.orders_30d": ({"metric": "orders_30d", "at_least": 3}, None),
        f"{steps}.L2.conditions.orders_30d.at_least": (9, 12),
        "tables.credit.weights.spend_30d": (
            {"metric": "spend_30d", "points": -1, "per": "50.00", "up_to": 9}, None,
        ),
        "tables.credit.weights.refunds_90d": (
            None, {"metric": "refunds_90d", "points": -1, "per": 3, "up_to": 9},
        ),
    }  # fmt: skip
