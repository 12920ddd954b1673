"""`pifa bench`: measure, and print figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.table import Table

from pifa.bench import checkpoint as checkpoint_bench
from pifa.bench import desk as desk_bench
from pifa.bench import ledger as ledger_bench
from pifa.bench import orders as order_bench
from pifa.bench import reorder as reorder_bench
from pifa.parties.models import Company

POSTGRES_TOOL = Path(__file__).resolve().parents[3] / "tools" / "postgres.py"


_on = click.option(
    "--on",
    type=click.Choice(["both", "sqlite", "postgresql", "here"]),
    default="both",
    show_default=True,
    help="Throw-away databases to measure on, or the empty one of this process.",
)


@click.group(help="Measure, and print figures.")
def group() -> None:
    pass


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--seconds", default=8.0, show_default=True, help="How long each measurement runs.")
@click.option("--clients", default=8, show_default=True, help="Clients that order at once.")
@click.option("--processes", type=int, help="Serving processes (default: one a core).")
def orders(as_json: bool, seconds: float, clients: int, processes: int | None) -> None:
    """Statements per checkout, and orders per second beside a bare raw-SQL server.

    Runs on an empty PostgreSQL: the one of PIFA_DATABASE_URL if that is one, else a throw-away
    one that it starts itself.
    """
    _on_an_empty_postgres()
    figures = order_bench.run(
        seconds=seconds, clients=clients, processes=processes or os.cpu_count() or 1
    )
    if as_json:
        click.echo(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        _show(figures)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--seconds", default=5.0, show_default=True, help="How long each measurement runs.")
@click.option("--clients", type=int, help="Processes that write at once (default: one a core).")
def ledger(as_json: bool, seconds: float, clients: int | None) -> None:
    """Transfers per second beside the same inserts in raw SQL.

    Runs on an empty PostgreSQL: the one of PIFA_DATABASE_URL if that is one, else a throw-away
    one that it starts itself.
    """
    _on_an_empty_postgres()
    figures = ledger_bench.run(seconds=seconds, clients=clients or os.cpu_count() or 1)
    if as_json:
        click.echo(json.dumps(figures, indent=2, ensure_ascii=False))
        return
    table = Table("Pifa /s", "raw SQL /s", "share", "statements", title="Transfers per second")
    table.add_row(
        str(figures["pifa"]["transfers_per_second"]),
        str(figures["raw_sql"]["transfers_per_second"]),
        f"{figures['share']:.0%}",
        str(figures["statements_per_transfer"]),
    )
    console = Console()
    console.print(f"{figures['database']}, {figures['clients']} clients")
    console.print(table)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--file",
    "path",
    default="../shared/data/online_retail.csv.gz",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Invoice lines as the Online Retail set (UCI) has them.",
)
@click.option("--seller", help="Measure the trade of this seller (login) instead of a file.")
@click.option(
    "--on", "days", multiple=True, type=click.DateTime(["%Y-%m-%d"]), help="A day; may be repeated."
)
@click.option("--draws", default=reorder_bench.DRAWS, show_default=True, help="Random draws.")
@click.option("--fit", is_flag=True, help="Find the constants of the prediction again, and print.")
def reorder(
    as_json: bool, path: Path, seller: str | None, days: tuple[Any, ...], draws: int, fit: bool
) -> None:
    """How many of the customers named as due to reorder came within thirty days.

    Beside as many chosen at random, by recency alone and by frequency alone.
    """
    if seller:
        company = Company.objects.filter(login=seller, is_seller=True).first()
        if company is None:
            raise click.ClickException(f"there is no seller with the login {seller!r}")
        customers = reorder_bench.read_seller(company.pk)
    elif path.exists():
        customers = reorder_bench.read_file(path)
    else:
        raise click.ClickException(f"there is no file {path}; name one by --file or a --seller")
    if fit:
        click.echo(json.dumps(reorder_bench.fitted(customers)))
        return
    wanted = [day.date() for day in days] or list(reorder_bench.DAYS)
    figures = reorder_bench.run(customers, wanted, draws)
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        _show_reorder(figures)


def _show_reorder(figures: dict[str, Any]) -> None:
    yardsticks = ("random", "recency", "frequency")
    heads = ("on", "named", "came", "share", *yardsticks, "lift")
    table = Table(*heads, title=f"Due to reorder: bought within {figures['ahead_days']} days")
    for day in figures["days"]:
        shares = [day["precision"], *(day[name]["precision"] for name in yardsticks)]
        table.add_row(
            day["on"],
            str(day["named"]),
            str(day["named_and_came"]),
            *("" if share is None else f"{share:.1%}" for share in shares),
            " ".join(f"{day[name]['lift']:.2f}" for name in yardsticks if day[name]["lift"]),
        )
    Console().print(table)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--history", default=50_000, show_default=True, help="Completed orders.")
@click.option("--awaiting", default=400, show_default=True, help="Orders awaiting receipt.")
@_on
def desk(as_json: bool, history: int, awaiting: int, on: str) -> None:
    """How quick a seller's order desk is after a long history, page by page."""
    if on == "here":
        _on_an_empty_database()
        runs = [desk_bench.run(history=history, awaiting=awaiting)]
    else:
        kinds = ("sqlite", "postgresql") if on == "both" else (on,)
        sizes = ["--history", str(history), "--awaiting", str(awaiting)]
        runs = [
            _elsewhere(kind, ["bench", "desk", "--on", "here", "--json", *sizes]) for kind in kinds
        ]
    if as_json:
        click.echo(
            json.dumps(runs[0] if on == "here" else {"runs": runs}, indent=2, ensure_ascii=False)
        )
        return
    for figures in runs:
        table = Table(
            "page", "median ms", "worst ms", "cpu ms", "statements", title=figures["database"]
        )
        for name, page in figures["pages"].items():
            table.add_row(
                name, *(str(page[key]) for key in ("median_ms", "worst_ms", "cpu_ms", "statements"))
            )
        Console().print(table)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--members", default=checkpoint_bench.MEMBERS, show_default=True, help="Members.")
@_on
def checkpoint(as_json: bool, members: int, on: str) -> None:
    """How long a checkpoint of the key-account programme takes, and what follows it."""
    if on == "here":
        _on_an_empty_database()
        runs = [checkpoint_bench.run(members)]
    else:
        kinds = ("sqlite", "postgresql") if on == "both" else (on,)
        asked = ["bench", "checkpoint", "--on", "here", "--json", "--members", str(members)]
        runs = [_elsewhere(kind, asked) for kind in kinds]
    if as_json:
        click.echo(json.dumps(runs[0] if on == "here" else {"runs": runs}, indent=2))
        return
    for figures in runs:
        heads = ("seconds", "cpu_seconds", "followed_seconds", "statements", "members")
        table = Table("checkpoint", *heads, title=figures["database"])
        for name, found in figures["checkpoints"].items():
            cells = (str(found[key]) for key in heads)
            table.add_row(name, *cells)
        Console().print(table)


def _elsewhere(kind: str, arguments: list[str]) -> dict[str, Any]:
    """What our own command prints as JSON when it runs on a throw-away database."""
    command = [sys.executable, "-m", "pifa.cli", *arguments]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PIFA_HOME": home}
        environment.pop("PIFA_DATABASE_URL", None)
        if kind == "postgresql":
            if not POSTGRES_TOOL.exists():
                raise click.ClickException("set PIFA_DATABASE_URL to an empty PostgreSQL database")
            command = [sys.executable, str(POSTGRES_TOOL), "--durable", "run", "--", *command]
        done = subprocess.run(  # noqa: S603 - our own command line, run again
            command, check=False, env=environment, stdout=subprocess.PIPE, text=True
        )
    if done.returncode:
        raise click.ClickException(f"the run on {kind} ended with {done.returncode}")
    figures: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return figures


def _on_an_empty_postgres() -> None:
    if connection.vendor != "postgresql":
        raise SystemExit(_on_a_throw_away_postgres())
    _on_an_empty_database()


def _on_an_empty_database() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    if Company.objects.exists():
        raise click.ClickException("this database has companies in it; the benchmark wants none")


def _on_a_throw_away_postgres() -> int:
    if not POSTGRES_TOOL.exists():
        raise click.ClickException("set PIFA_DATABASE_URL to an empty PostgreSQL database")
    again = [sys.executable, "-m", "pifa.cli", *sys.argv[1:]]
    return subprocess.run(  # noqa: S603 - our own command line, run again
        [sys.executable, str(POSTGRES_TOOL), "--durable", "run", "--", *again], check=False
    ).returncode


def _show(figures: dict[str, Any]) -> None:
    console = Console()
    console.print(
        f"{figures['database']}, {figures['processes']} processes, {figures['clients']} clients"
    )
    counts = Table("sellers", "lines", "statements", title="Statements per checkout")
    for row in figures["statements_per_checkout"]:
        counts.add_row(*(str(row[key]) for key in ("sellers", "lines", "statements")))
    console.print(counts)
    speeds = Table("lines", "Pifa /s", "p99 ms", "raw SQL /s", "share", title="Orders per second")
    for row in figures["orders"]:
        speeds.add_row(
            str(row["lines"]),
            str(row["pifa"]["orders_per_second"]),
            str(row["pifa"]["p99_ms"]),
            str(row["raw_sql"]["orders_per_second"]),
            f"{row['share']:.0%}",
        )
    console.print(speeds)
