"""`pifa ledger`: prove the books."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from pifa.ledger import queries
from pifa.ledger.rules import AccountKind, Discrepancy


@click.group("ledger")
def group() -> None:
    """Prove the ledger."""


@group.command("check")
def check() -> None:
    """Prove that balances equal their postings and every subject's money equals its state.

    Prints every row that does not, and then exits with 1.
    """
    rows = queries.check()
    balances = queries.market_balances()
    if rows:
        Console().print(_as_table(rows))
        click.echo(f"{len(rows)} rows do not agree.")
        raise SystemExit(1)
    held = balances[AccountKind.ESCROW]
    paid_in = balances[AccountKind.GATEWAY]
    click.echo(
        f"The books agree: {queries.count_postings():,} postings, {paid_in} at gateways,"
        f" {held} in escrow."
    )


def _as_table(rows: list[Discrepancy]) -> Table:
    table = Table("proof", "subject", "figure", title="Ledger check")
    for name in ("should be", "is", "difference"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.code,
            row.subject,
            row.what,
            str(row.expected),
            str(row.found),
            str(row.difference),
        )
    return table
