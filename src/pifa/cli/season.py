"""`pifa season`: check a season's file, publish it, see what a checkpoint would come to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import click
from django.core.management import call_command
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pifa.demo.season import play as script
from pifa.demo.season.page import CHECKPOINTS
from pifa.demo.season.page import page as story_page
from pifa.demo.season.told import STATES, Ending, Language, Told
from pifa.kernel import clock
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.parties.models import Company
from pifa.programme import commands, shelf
from pifa.programme.commands import checkpoints
from pifa.programme.models import SeasonRow
from pifa.programme.reading import Read
from pifa.programme.rules.season import Season

_MONTH = click.option(
    "--month",
    type=click.DateTime(["%Y-%m"]),
    help="The month for which a template is read.",
)


@click.group(help="Seasons of the key-account programme.")
def group() -> None:
    pass


@group.command()
@click.argument("file")
@_MONTH
def check(file: str, month: datetime | None) -> None:
    """Read FILE (or one that comes with Pifa, by its name) and say all that is wrong with it.

    Prints file, line, reason and remedy, and then exits with 1. A sound season is printed with its
    calendar.
    """
    read = _read(file, month)
    if read.season is None:
        for problem in read.problems:
            click.echo(f"{problem.file}:{problem.line}: {problem.message}")
            click.echo(f"{'':4}{problem.message_en}")
        click.echo(f"{len(read.problems)} problems; this season cannot be published.")
        raise SystemExit(1)
    _show(read.season)


@group.command()
@click.argument("file")
@_MONTH
def publish(file: str, month: datetime | None) -> None:
    """Publish FILE: from now on its calendar runs by itself. Its rules never change any more."""
    read = _read(file, month)
    try:
        row = commands.publish(SYSTEM, read.text, month.date() if month else None)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{row.code}  {row.first_day} … {row.last_day}  {row.digest[:12]}")


@group.command("list")
def list_() -> None:
    """The seasons that are published, with their checkpoints."""
    table = Table("season", "days", "members", "checkpoints")
    for row in SeasonRow.objects.order_by("first_day"):
        runs = row.runs.order_by("position")
        shown = ", ".join(f"{run.code} {run.state}" for run in runs)
        days = f"{row.first_day} … {row.last_day}"
        table.add_row(row.code, days, str(row.memberships.count()), shown)
    Console().print(table)


@group.command()
@click.argument("season")
@click.argument("checkpoint")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each member.")
def dry(season: str, checkpoint: str, as_json: bool) -> None:
    """What CHECKPOINT of SEASON would come to as facts stand now; nothing is changed."""
    try:
        judged = checkpoints.dry_run(shelf.row_of(season), checkpoint)
    except (DomainError, KeyError) as error:
        raise click.ClickException(f"{season} {checkpoint}: {error}") from error
    if as_json:
        for one in judged:
            found = {
                "company": one.company_id,
                "measured": str(Money(one.judgement.measured_fen).decimal),
                "asked": str(Money(one.judgement.asked_fen).decimal),
                "missing": str(Money(one.judgement.missing_fen).decimal),
                "outcome": one.judgement.outcome.value,
            }
            click.echo(json.dumps(found))
        return
    for outcome, members in sorted(Counter(one.judgement.outcome for one in judged).items()):
        click.echo(f"{outcome.value:14}{members:>8,}")


@group.command()
@click.argument("season", type=click.Choice(["march-2018"]))
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the market that it was played in, in this folder, which must be empty.",
)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the story as one HTML page, for the screen and for paper.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="Of the story.")
@click.option("--here", is_flag=True, hidden=True, help="Play in this home, as it is.")
def play(season: str, home: Path | None, page: Path | None, lang: Language, here: bool) -> None:
    """Play SEASON through in a fresh database of its own, and tell its story day by day.

    Thirteen sellers behave differently: steady, late, building up by trade credit or by invitations,
    failing the peak, ending below the month, caught brushing, returning, lapsed, with an exception,
    failing a rehearsal first, kept out by every gate, infringing.
    """
    if here:
        _play(page, lang)
        return
    if home is not None and home.exists() and any(home.iterdir()):
        raise click.ClickException(f"{home} is not empty")
    with ExitStack() as kept:
        place = str(home) if home else kept.enter_context(tempfile.TemporaryDirectory())
        environment = {**os.environ, "PIFA_HOME": place}
        environment.pop("PIFA_DATABASE_URL", None)
        command = [sys.executable, "-m", "pifa.cli", "season", "play", season, "--here"]
        command += ["--lang", lang, *(["--page", str(page.resolve())] if page else [])]
        done = subprocess.run(command, check=False, env=environment)  # noqa: S603 - our own command
    if done.returncode:
        raise SystemExit(done.returncode)


def _play(page: Path | None, lang: Language) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    if Company.objects.exists():
        raise click.ClickException("this database has companies in it; a season wants none")
    console = Console(highlight=False)
    story: list[Told] = []

    def tell(told: Told) -> None:
        today = clock.market_day(told.at)
        if not story or today != clock.market_day(story[-1].at):
            console.rule(today.isoformat(), align="left")
        story.append(told)
        console.print(
            f"  {told.at.astimezone(clock.zone()):%H:%M}  {_said(told, lang)}", markup=False
        )

    endings = script.play(tell)
    console.print(_endings(endings, lang))
    if page:
        page.write_text(story_page(story, endings, lang), encoding="utf-8")
        console.print(f"The story is in {page}", markup=False)


def _said(told: Told, lang: Language) -> str:
    said = told.said
    figures = ""
    if said.reached is not None:
        figures = f"  {Money(said.reached)} / {Money(said.asked)}"
    held = " ".join(rule for rule in said.rules if not rule.startswith("!"))
    return f"{told.who}  {said.words.of(lang)}{figures}  {held}".rstrip()


_PASSED = {"": "", "kept": "✓", "renewed": "✓"}
"""Of outcomes; any other is a ✗, and the state tells what it cost."""


def _endings(endings: list[Ending], lang: Language) -> Table:
    table = Table(*(title[lang] for title in _TITLES), box=SIMPLE_HEAD, padding=(0, 1))
    for code in CHECKPOINTS:
        table.add_column(code.removeprefix("CHECK-"), justify="center", no_wrap=True)
    for title in _ENDS:
        table.add_column(title[lang], no_wrap=True)
    for one in endings:
        name, how = script.SELLERS[one.who]
        checks = (_PASSED.get(one.outcomes.get(code, ""), "✗") for code in CHECKPOINTS)
        until = one.frozen_until.isoformat() if one.frozen_until else ""
        table.add_row(name, how.of(lang), *checks, STATES[one.state].of(lang), until)
    table.columns[0].no_wrap = True
    table.columns[1].overflow = "fold"
    return table


_TITLES: tuple[dict[Language, str], ...] = (
    {"zh": "商家", "en": "seller"},
    {"zh": "角色", "en": "plays"},
)
_ENDS: tuple[dict[Language, str], ...] = (
    {"zh": "结果", "en": "ends"},
    {"zh": "冻结至", "en": "frozen until"},
)


def _read(file: str, month: datetime | None) -> Read:
    path: str | Path = file
    try:
        return shelf.read(path, month.date() if month else None)
    except DomainError as error:
        raise click.ClickException(f"there is no file {file}: {error}") from error


def _show(season: Season) -> None:
    table = Table("what", "first", "last", "runs", title=f"{season.code}  {season.title_en}")

    def row(what: str, first: date, last: date, runs: str = "") -> None:
        table.add_row(what, first.isoformat(), last.isoformat(), runs)

    for one in season.rounds:
        row(
            f"{one.name_en}: rehearsal sign-up",
            one.rehearsal_signup.first,
            one.rehearsal_signup.last,
        )
        row(f"{one.name_en}: rehearsal", one.rehearsal.first, one.rehearsal.last)
        row(f"{one.name_en}: enrolment", one.enrolment.first, one.enrolment.last)
    row("season", season.span.first, season.span.last)
    for each in season.checkpoints:
        row(each.code, each.span.first, each.span.last, f"{each.runs_on} {each.runs_at:%H:%M}")
    console = Console()
    console.print(table)
    console.print(
        f"{len(season.departments)} departments, {len(season.entry)} conditions of entry,"
        f" {len(season.markers)} markers, {len(season.benefits)} benefits,"
        f" {len(season.tracks)} tracks: sound."
    )
