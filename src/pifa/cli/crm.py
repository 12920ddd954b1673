"""`pifa crm`: the figures of customer files, brought up to the day."""

from __future__ import annotations

import click

from pifa.crm.commands import refresh as refresh_files
from pifa.parties.models import Company


@click.group(help="Customer files of sellers.")
def group() -> None:
    pass


@group.command()
@click.option("--seller", help="The seller's 会员名 (login); all sellers unless named.")
def refresh(seller: str | None) -> None:
    """Open the files that are missing, and compute every figure anew as of today.

    Each morning it happens by itself for sellers who use customer files.
    """
    sellers = Company.objects.filter(is_seller=True).order_by("pk")
    if seller:
        sellers = sellers.filter(login=seller)
        if not sellers.exists():
            raise click.ClickException(f"there is no seller with the login {seller!r}")
    for company in sellers:
        click.echo(f"{company.login}: {refresh_files(company.pk)} files")
