"""`pifa rulebook`: check rulebooks, read one, compare two."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.rulebook import loading
from pifa.rulebook.reading.books import Needed
from pifa.rulebook.rules import (
    Book,
    Condition,
    Difference,
    Ladder,
    Op,
    Scorecard,
    Threshold,
    Unit,
    Vocabulary,
    compare,
)

_DAY = click.DateTime(["%Y-%m-%d"])
_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Another folder than the market's own (the setting RULEBOOKS).",
)
_SIGNS = {Op.AT_LEAST: "≥", Op.AT_MOST: "≤", Op.ABOVE: ">", Op.BELOW: "<", Op.IS: "="}


@click.group(help="Check rulebooks, read one, compare two.")
def group() -> None:
    pass


@group.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """Read every book of FOLDER (the market's own if none is given).

    Prints everything that is wrong with file, line and reason, and then exits with 1.
    """
    place = folder or loading.folder()
    try:
        library = loading.load(place, vocabulary(), needed())
    except loading.BookError as error:
        for problem in error.problems:
            click.echo(f"{problem.file}:{problem.line}: {problem.message}")
            click.echo(f"{'':4}{problem.message_en}")
        click.echo(f"{len(error.problems)} problems; none of these books takes effect.")
        raise SystemExit(1) from error
    books = [book for name in library.names for book in library.history(name)]
    for book in books:
        click.echo(f"{book.name}  {book.effective}  {book.digest[:12]}  {book.title_en}")
    click.echo(f"{len(books)} books in {place}, all of them sound.")


@group.command("show")
@click.argument("name")
@click.option("--day", type=_DAY, help="The book in effect on that market day (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_FOLDER
def show(name: str, day: datetime | None, as_json: bool, folder: Path | None) -> None:
    """Print the book NAME as it is in effect on a day."""
    words = vocabulary()
    book = _book(_library(folder, words), name, day.date() if day else clock.today())
    if as_json:
        data = {**book.data, "digest": book.digest}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    console = Console()
    console.print(f"{book.title} · {book.title_en}", highlight=False)
    console.print(f"in effect from {book.effective}, sha256 {book.digest}", highlight=False)
    for ladder in book.ladders.values():
        console.print(_ladder(ladder, words))
    for card in book.scorecards.values():
        console.print(_scorecard(card, words))
    if book.grants:
        console.print(_grants(book, words))


@group.command("compare")
@click.argument("name")
@click.argument("first", type=_DAY)
@click.argument("second", type=_DAY)
@_FOLDER
def compare_days(name: str, first: datetime, second: datetime, folder: Path | None) -> None:
    """Print which rules of NAME differ between the books in effect on two days."""
    library = _library(folder, vocabulary())
    old, new = _book(library, name, first.date()), _book(library, name, second.date())
    differences = compare(old, new)
    if not differences:
        click.echo(f"{name}: no rule differs between {old.effective} and {new.effective}.")
        return
    Console().print(_differences(old, new, differences))


def vocabulary() -> Vocabulary:
    """The metrics that rules may use: those of the floor that rates companies."""
    words: Vocabulary = import_module("pifa.standing.vocabulary").VOCABULARY
    return words


def needed() -> Needed:
    """The ladders and tables that the floor that rates companies cannot do without."""
    parts: Needed = getattr(import_module("pifa.standing.vocabulary"), "NEEDED", {})
    return parts


def _library(folder: Path | None, words: Vocabulary) -> loading.Library:
    try:
        return loading.load(folder or loading.folder(), words, needed())
    except loading.BookError as error:
        raise click.ClickException(str(error)) from error


def _book(library: loading.Library, name: str, day: date) -> Book:
    try:
        return library.on(name, day)
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _ladder(ladder: Ladder, words: Vocabulary) -> Table:
    table = Table("rule", "step", "", "asks", title=f"{ladder.name} · {ladder.name_en}")
    for step in ladder.steps:
        takes_over = ladder.cumulative and not step.alone and step != ladder.steps[0]
        asks = _asked(step.conditions, words)
        table.add_row(
            step.rule_id,
            step.name,
            step.name_en,
            "\n".join([*(["all of the step below"] if takes_over else []), *asks]),
        )
    return table


def _scorecard(card: Scorecard, words: Vocabulary) -> Table:
    table = Table("points", "for", "in all", title=f"{card.name} · {card.name_en}")
    table.add_row(str(card.base), "everybody", "")
    for weight in card.weights:
        word = words[weight.metric]
        table.add_row(
            f"{weight.points:+d}",
            f"every {_written(weight.per, word.unit)} {word.label_en}",
            f"{weight.up_to if weight.points > 0 else -weight.up_to:+d}",
        )
    table.add_section()
    for band in card.bands:
        table.add_row(f"{band.low}–{band.high}", f"{band.name} · {band.name_en}", "")
    return table


def _grants(book: Book, words: Vocabulary) -> Table:
    table = Table("rule", "benefit", "ladders", "ranks", "asks", "value", title="Benefits")
    for grant in book.grants:
        table.add_row(
            grant.rule_id,
            f"{grant.name} · {grant.name_en}",
            "\n".join(grant.ladders),
            f"{grant.low}–{grant.high}",
            "\n".join(_asked(grant.conditions, words)),
            ", ".join(f"{key} {value}" for key, value in grant.value.items()),
        )
    return table


def _differences(old: Book, new: Book, differences: Iterable[Difference]) -> Table:
    table = Table("rule", str(old.effective), str(new.effective), title=f"{old.name}: what differs")
    for difference in differences:
        table.add_row(difference.path, _plain(difference.old), _plain(difference.new))
    return table


def _plain(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or "—"
    return json.dumps(value, ensure_ascii=False, default=str)


def _asked(conditions: Iterable[Condition], words: Vocabulary) -> list[str]:
    return [_condition(condition, words) for condition in conditions]


def _condition(condition: Condition, words: Vocabulary) -> str:
    word = words[condition.metric]
    value = _written(condition.value, word.unit)
    text = f"{word.label_en} {_SIGNS[condition.op]} {value}"
    if condition.unless:
        text += f", unless {_condition(condition.unless, words)}"
    return text


def _written(value: Threshold, unit: Unit) -> str:
    """A threshold for people: yuan, per cent, whole numbers, yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if unit is Unit.FEN:
        return str(Money(int(value)))
    if unit is Unit.RATIO:
        return f"{float(Fraction(value) * 100):g} %"
    return str(value)
