"""`pifa report`: figures of a seller's trade."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from pifa.kernel.money import Money

if TYPE_CHECKING:
    from pifa.trade.queries.repeat_purchase import Repeat


@click.group(help="Figures of a seller's trade.")
def group() -> None:
    pass


_DAY = click.DateTime(["%Y-%m-%d"])
_GRAINS = click.Choice(["day", "week", "month"])


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
        click.echo(json.dumps(_plain(asdict(report)), ensure_ascii=False, indent=2))
        return
    click.echo(f"{name}  {report.since} – {report.until}")
    click.echo(f"  sales          {report.sales.decimal:>18,.2f}")
    click.echo(f"  orders         {report.orders:>18,}")
    click.echo(f"  cancellations  {report.cancellations:>18,}")
    click.echo(f"    worth        {report.cancelled.decimal:>18,.2f}")
    click.echo(f"  buyers         {report.buyers:>18,}")
    click.echo(f"    two or more  {report.repeat_buyers:>18,}")


@group.command()
@click.option("--seller", required=True, help="The seller's login name or id.")
@click.option("--from", "since", type=_DAY, required=True, help="First market day.")
@click.option("--to", "until", type=_DAY, required=True, help="Last market day, included.")
@click.option("--include-declared", is_flag=True, help="Count imported past trade too.")
@click.option("--by", type=_GRAINS, help="Length of a piece; the window decides if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def repeat(
    seller: str,
    since: datetime,
    until: datetime,
    include_declared: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Buyers who buy again: rate, new and returning buyers, orders a buyer, the best of them."""
    from pifa.kernel.errors import DomainError
    from pifa.trade.queries import repeat_purchase
    from pifa.trade.spans import Grain

    seller_id, name = _seller(seller)
    grain = Grain(by) if by else None
    try:
        report = repeat_purchase.repeat(
            seller_id, since.date(), until.date(), include_declared, grain
        )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(_plain(asdict(report)), ensure_ascii=False, indent=2))
        return
    click.echo(f"{name}  {report.since} – {report.until}")
    click.echo(f"  buyers         {report.whole.buyers:>18,}   before {report.before.buyers:,}")
    click.echo(
        f"    two or more  {report.whole.repeat_buyers:>18,}"
        f"   before {report.before.repeat_buyers:,}"
    )
    click.echo(f"    rate         {_rate(report.whole):>18}   before {_rate(report.before)}")
    click.echo(f"    new          {report.new:>18,}")
    click.echo(f"    returning    {report.returning:>18,}")
    click.echo(f"  orders         {report.orders:>18,}   of nobody known {report.unnamed_orders:,}")
    click.echo("  orders a buyer")
    for band in report.bands:
        high = "+" if band.high is None else f"–{band.high}" if band.high > band.low else ""
        click.echo(f"    {f'{band.low}{high}':<12} {band.buyers:>18,}")
    click.echo("  by " + report.grain + "                  buyers        new  returning")
    for point in report.points:
        click.echo(
            f"    {point.since}      {point.buyers:>10,} {point.new:>10,} {point.returning:>10,}"
        )


def _rate(of: Repeat) -> str:
    """219/991 (22.1%), or a dash without buyers."""
    if not of.buyers:
        return "—"
    return f"{of.repeat_buyers}/{of.buyers} ({of.repeat_buyers / of.buyers:.1%})"


def _plain(value: Any) -> Any:
    """Figures as JSON holds them: days and moments in ISO form, money (which `asdict` has taken
    apart into its fen) in yuan as text."""
    if isinstance(value, dict):
        if value.keys() == {"fen"}:
            return str(Money(value["fen"]).decimal)
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _seller(wanted: str) -> tuple[int, str]:
    from pifa.parties.models import Company

    companies = Company.objects.filter(login=wanted) or (
        Company.objects.filter(pk=int(wanted)) if wanted.isdigit() else Company.objects.none()
    )
    found = companies.values_list("pk", "name").first()
    if found is None:
        raise click.ClickException(f"no company has the login or id {wanted!r}")
    return found
