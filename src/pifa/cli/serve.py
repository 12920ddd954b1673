"""`pifa serve`: serve the market, its background worker inside."""

from __future__ import annotations

import click

from pifa.site.server import HalfSetUp, NotInStep, serve


@click.command(help="Serve the market.")
@click.option("--address", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", type=int, help="Processes (PostgreSQL only; default: one a core).")
def group(address: str, port: int, workers: int | None) -> None:
    try:
        serve(address, port, workers)
    except NotInStep:
        raise click.ClickException(
            "the database is not in step with this version; bring it there: pifa migrate"
        ) from None
    except HalfSetUp as problem:
        raise click.ClickException(
            f"{problem} (docs/gateways.md; look again with: pifa gateways)"
        ) from None
