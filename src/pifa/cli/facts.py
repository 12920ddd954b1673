"""`pifa facts`: close days into the lake, rebuild them, prove what is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from rich.console import Console
from rich.table import Table

from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.metrics import commands, proving
from pifa.metrics.commands import ClosedDay
from pifa.metrics.lake import days as days_between

P = ParamSpec("P")
T = TypeVar("T")

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("facts", help="The lake of facts: close days, rebuild, check.")
def group() -> None:
    pass


def _refusing(command: Callable[P, T]) -> Callable[P, T]:
    """Say what the market refuses, and exit with 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            raise click.ClickException(str(error)) from error

    return wrapped


@group.command()
@click.option("--day", type=_DAY, help="One market day (default: every one that is missing).")
@_refusing
def close(day: datetime | None) -> None:
    """Write days that are over to the lake, proven equal to the projections."""
    closed = [commands.close_day(day.date())] if day else commands.heal()
    for row in closed:
        click.echo(_line(row))
    if not closed:
        click.echo("Every day up to yesterday is closed.")


@group.command()
@click.argument("first", type=_DAY)
@click.argument("last", type=_DAY, required=False)
@_refusing
def rebuild(first: datetime, last: datetime | None) -> None:
    """Make the days FIRST … LAST (FIRST alone) anew from the database."""
    for day in days_between(first.date(), (last or first).date()):
        click.echo(_line(commands.rebuild(day)))


@group.command()
@click.option("--from", "first", type=_DAY, help="First market day (default: the first of all).")
@click.option("--to", "last", type=_DAY, help="Last market day (default: yesterday).")
@_refusing
def check(first: datetime | None, last: datetime | None) -> None:
    """Look into every day: there, as written, as the outbox and the projections say.

    Prints every day that is not, and then exits with 1; `pifa facts rebuild` mends it.
    """
    faults = proving.check(_date(first), _date(last))
    if not faults:
        click.echo("The lake is whole.")
        return
    table = Table("day", "fault", "detail", title="Facts check")
    for fault in faults:
        table.add_row(fault.day.isoformat(), fault.what, fault.detail)
    Console().print(table)
    click.echo(f"{len(faults)} faults in {len({fault.day for fault in faults})} days.")
    raise SystemExit(1)


@group.command()
@_refusing
def backfill() -> None:
    """Make all facts from the outbox and close every day up to yesterday."""
    started = clock.now()
    closed = commands.backfill()
    rows = sum(row.rows for row in closed)
    click.echo(f"{len(closed)} days closed, {rows:,} facts, as of {started:%Y-%m-%d %H:%M} UTC.")


def _line(row: ClosedDay) -> str:
    return f"{row.day}  {row.rows:>9,} facts  {row.sha256}"


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
