"""`pifa clock`: show the market's own clock, or move it forward."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from rich.console import Console

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import DomainError


@click.group(help="The market's own clock: show it, move it forward.")
def group() -> None:
    pass


@group.command()
def show() -> None:
    """Print the market's present moment."""
    own = "its own clock" if clock.has_own_clock() else "the wall clock"
    click.echo(f"{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M:%S} ({own})")


@group.command()
@click.option("--days", type=int, default=0)
@click.option("--hours", type=int, default=0)
@click.option("--to", "day", type=click.DateTime(["%Y-%m-%d"]), help="The start of a market day.")
def advance(days: int, hours: int, day: datetime | None) -> None:
    """Move the clock forward; what falls due in between happens in order."""
    target = (
        clock.start_of_day(day.date()) if day else clock.now() + timedelta(days=days, hours=hours)
    )
    try:
        with Console().status("…") as status:
            ran = deadlines.advance_to(
                target,
                lambda at, count: status.update(
                    f"{at.astimezone(clock.zone()):%m-%d %H:%M}  {count}"
                ),
            )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        raise click.ClickException(
            "stopped on the way; the clock stands as far as it got"
        ) from None
    audit.record(SYSTEM, "clock.advance", "market:clock", to=target.isoformat(), ran=ran)
    click.echo(f"{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M:%S}: {ran} deadlines ran")
