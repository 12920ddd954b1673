"""`pifa bank`: the bank's book beside ours."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pifa.finance import queries
from pifa.finance.queries import Reconciliation
from pifa.kernel.actors import SYSTEM


@click.group("bank")
def group() -> None:
    """Compare the bank's book with ours."""


@group.command("reconcile")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def reconcile(as_json: bool) -> None:
    """Compare payments, refunds, payouts and lines entry by entry.

    Lists every difference with its number, and then exits with 1.
    """
    found = queries.reconciliation(SYSTEM)
    if as_json:
        click.echo(json.dumps(_as_data(found), indent=2, ensure_ascii=False))
    elif found.agrees:
        click.echo(
            f"The bank's book and ours agree: {found.bank} at the bank, {found.suspense} of it"
            " in suspense."
        )
    else:
        Console().print(_as_table(found))
        click.echo(f"At the bank {found.bank}, in our ledger {found.ledger}.")
    if not as_json:
        for row in found.elsewhere:
            click.echo(
                f"Not compared: {row.ours} with {row.method}, {row.on_the_way} of refunds on their"
                " way; the provider's own statement tells."
            )
    if not found.agrees:
        raise SystemExit(1)


def _as_data(found: Reconciliation) -> dict[str, Any]:
    return {
        "bank_fen": found.bank.fen,
        "ledger_fen": found.ledger.fen,
        "suspense_fen": found.suspense.fen,
        "difference_fen": found.difference.fen,
        "agrees": found.agrees,
        "not_compared": [
            {
                "method": row.method,
                "ours_fen": row.ours.fen,
                "refunds_on_the_way_fen": row.on_the_way.fen,
            }
            for row in found.elsewhere
        ],
        "differences": [
            {
                "name": row.name,
                "number": row.number,
                "kind": row.kind,
                "way": row.way,
                "bank_fen": row.bank.fen,
                "ours_fen": row.ours.fen,
            }
            for row in found.entries
        ],
    }


def _as_table(found: Reconciliation) -> Table:
    table = Table(title="The bank's book and ours")
    # A number that is cut off cannot be looked up: a narrow screen breaks it instead.
    for name in ("number", "belongs to", "kind", "way"):
        table.add_column(name, overflow="fold")
    for name in ("bank", "ours", "difference"):
        table.add_column(name, justify="right")
    for row in found.entries:
        figures = (str(row.bank), str(row.ours), str(row.difference))
        table.add_row(row.name, row.number, row.kind, row.way, *figures)
    return table
