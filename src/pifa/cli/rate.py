"""`pifa rate`: the rating of a day."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.progress import Progress

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--day", type=_DAY, help="The market day to rate (default: today).")
@click.option("--from", "first", type=_DAY, help="Rate every day from this one on, in order.")
def group(day: datetime | None, first: datetime | None) -> None:
    """Rate every company on a market day by the rules of that day.

    Prints the canonical digest: the same facts and rules give the same. A day that was rated
    before is rated again, and changes only where its facts or rules have.
    """
    from pifa.kernel import clock
    from pifa.kernel.errors import DomainError
    from pifa.metrics import commands as facts
    from pifa.standing import commands
    from pifa.standing.commands.rating import Result

    last = day.date() if day else clock.today()
    begin = first.date() if first else last
    if begin > last:
        raise click.UsageError("--from lies after the day to rate.")
    days = [begin + timedelta(days=at) for at in range((last - begin).days + 1)]
    with Progress(console=Console(stderr=True), transient=True, disable=len(days) < 2) as shown:
        task = shown.add_task("Rating", total=len(days))

        def done(result: Result) -> None:
            shown.advance(task)
            state = f"{result.moved:,} moved" if result.changed else "as before"
            click.echo(f"{result.day}  {result.digest}  {result.companies:,} companies  {state}")

        try:
            for one in facts.heal():
                made = f"{one.day}  was missing in the lake: made from the database"
                click.echo(f"{made}, {one.rows:,} facts", err=True)
            commands.rate_days(days, done)
        except DomainError as error:
            raise click.ClickException(str(error)) from error
