"""`pifa loan`: what a loan costs, instalment by instalment."""

from __future__ import annotations

import json
import re
from datetime import datetime
from fractions import Fraction
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pifa.finance.loans.rules import Basis, Instalment, Method, Rate, schedule
from pifa.kernel.money import Money, total

_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,18})?)(%?)(?:/(day|year))?")
_WIDTH = 100
# A plain number of 1 or more is almost surely a percentage whose sign was forgotten.
_ADVICE = "write 4.35% or 0.0435 for a year, 0.03%/day or 0.0003/day for a day"


class _RateType(click.ParamType[Rate]):
    name = "rate"

    def convert(self, value: Any, param: Any, ctx: Any) -> Rate:
        if isinstance(value, Rate):
            return value
        found = _RATE.fullmatch(str(value).replace(" ", ""))
        if found is None:
            self.fail(f"{value!r} is no rate: {_ADVICE}", param, ctx)
        number, percent, unit = found.groups()
        rate = Fraction(number) / (100 if percent else 1)
        if rate >= 1:
            self.fail(f"{value!r} is 100 % or more: {_ADVICE}", param, ctx)
        return Rate(rate, by_day=unit == "day")


class _Yuan(click.ParamType[Money]):
    name = "yuan"

    def convert(self, value: Any, param: Any, ctx: Any) -> Money:
        if isinstance(value, Money):
            return value
        try:
            return Money.yuan(str(value).replace(",", "").removeprefix("¥"))
        except ValueError:
            self.fail(f"{value!r} is no amount: write 100000 or 100000.50", param, ctx)


@click.group("loan")
def group() -> None:
    """What a loan costs."""


@group.command("schedule")
@click.option("--principal", type=_Yuan(), required=True, help="In yuan.")
@click.option(
    "--rate", type=_RateType(), required=True, help="By the year: 4.35% or 0.0435; or 0.03%/day."
)
@click.option("--periods", type=click.IntRange(1, 360), required=True, help="Months.")
@click.option(
    "--method", type=click.Choice([each.value for each in Method]), default="equal-principal"
)
@click.option(
    "--basis",
    type=click.Choice([*(each.value for each in Basis), "actual"]),
    default="30/360",
    help="30/360: monthly rests. actual/360 (or actual), actual/365: needs --drawn-on.",
)
@click.option("--drawn-on", type=click.DateTime(["%Y-%m-%d"]), help="The day of drawdown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(
    principal: Money,
    rate: Rate,
    periods: int,
    method: str,
    basis: str,
    drawn_on: datetime | None,
    as_json: bool,
) -> None:
    """Every instalment: what is owed, principal, interest, and what is owed afterwards."""
    kind = Basis.ACTUAL_360 if basis == "actual" else Basis(basis)
    try:
        rows = schedule(
            principal, rate, periods, Method(method), kind, drawn_on.date() if drawn_on else None
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(as_data(rows), indent=2))
    else:
        console = Console()
        # A figure cut short is none: where the window is narrower, lines wrap.
        console.width = max(console.width, _WIDTH)
        console.print(_as_table(rows))


def as_data(rows: tuple[Instalment, ...]) -> dict[str, Any]:
    """A schedule with amounts in yuan as texts of two decimals."""
    return {
        "principal": str(total(row.principal for row in rows).decimal),
        "interest": str(total(row.interest for row in rows).decimal),
        "payment": str(total(row.payment for row in rows).decimal),
        "instalments": [
            {
                "number": row.number,
                "due_on": row.due_on.isoformat() if row.due_on else None,
                "days": row.days,
                "opening": str(row.opening.decimal),
                "principal": str(row.principal.decimal),
                "interest": str(row.interest.decimal),
                "payment": str(row.payment.decimal),
                "closing": str(row.closing.decimal),
            }
            for row in rows
        ],
    }


def _as_table(rows: tuple[Instalment, ...]) -> Table:
    table = Table("no.", "due", title="Schedule (yuan)")
    for name in ("days", "owed", "principal", "interest", "payment", "still owed"):
        table.add_column(name, justify="right")
    for row in rows:
        amounts = (row.opening, row.principal, row.interest, row.payment, row.closing)
        due = row.due_on.isoformat() if row.due_on else ""
        table.add_row(
            str(row.number), due, str(row.days), *(f"{amount.decimal:,}" for amount in amounts)
        )
    table.add_section()
    sums = [total(getattr(row, name) for row in rows) for name in ("principal", "interest")]
    words = [f"{each.decimal:,}" for each in (*sums, sums[0] + sums[1])]
    table.add_row("", "", "", "", *words, "")
    return table
