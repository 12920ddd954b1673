"""`pifa report`: figures of a seller's trade."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime

import click

from pifa.kernel.money import Money


@click.group(help="Figures of a seller's trade.")
def group() -> None:
    pass


_DAY = click.DateTime(["%Y-%m-%d"])


@group.command()
@click.option("--seller", required=True, help="The seller's login name or id.")
@click.option("--from", "since", type=_DAY, required=True, help="First market day.")
@click.option("--to", "until", type=_DAY, required=True, help="Last market day, included.")
@click.option("--include-declared", is_flag=True, help="Count imported past trade too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sales(
    seller: str, since: datetime, until: datetime, include_declared: bool, as_json: bool
) -> None:
    """Sales, orders, cancellations, buyers and repeat buyers of a seller."""
    from pifa.kernel.errors import DomainError
    from pifa.trade.queries import reports

    seller_id, name = _seller(seller)
    try:
        report = reports.sales(seller_id, since.date(), until.date(), include_declared)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        figures = {key: _plain(value) for key, value in asdict(report).items()}
        for key in ("sales", "cancelled"):
            figures[key] = str(getattr(report, key).decimal)
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    click.echo(f"{name}  {report.since} – {report.until}")
    click.echo(f"  sales          {report.sales.decimal:>18,.2f}")
    click.echo(f"  orders         {report.orders:>18,}")
    click.echo(f"  cancellations  {report.cancellations:>18,}")
    click.echo(f"    worth        {report.cancelled.decimal:>18,.2f}")
    click.echo(f"  buyers         {report.buyers:>18,}")
    click.echo(f"    two or more  {report.repeat_buyers:>18,}")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value.decimal) if isinstance(value, Money) else value


def _seller(wanted: str) -> tuple[int, str]:
    from pifa.parties.models import Company

    companies = Company.objects.filter(login=wanted) or (
        Company.objects.filter(pk=int(wanted)) if wanted.isdigit() else Company.objects.none()
    )
    found = companies.values_list("pk", "name").first()
    if found is None:
        raise click.ClickException(f"no company has the login or id {wanted!r}")
    return found
