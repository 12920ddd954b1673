"""`pifa demo`: an invented market to try, built once and served."""

from __future__ import annotations

import subprocess

import click

from pifa.demo import opening, setting, showing
from pifa.site.server import serve


@click.command(help="An invented market to try: build it (once) and serve it.")
@click.option("--reset", is_flag=True, help="Begin afresh: the demo's data is removed.")
@click.option("--seed", default=setting.SEED, show_default=True, help="Same seed, same market.")
@click.option("--address", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Build only.")
@click.option("--scale", default=1.0, show_default=True, help="A smaller market, from 0.1 on.")
@click.option("--here", is_flag=True, hidden=True, help="Build in this home, as it is.")
def group(
    reset: bool, seed: int, address: str, port: int, no_serve: bool, scale: float, here: bool
) -> None:
    if here:
        opening.build_here(seed, scale)
        return
    try:
        opening.open_market(seed, scale, reset=reset)
    except opening.NotADemo:
        raise click.ClickException(
            "this database holds a market that is no demo, and stays as it is;"
            " choose another place: PIFA_HOME=… pifa demo"
        ) from None
    except opening.AlreadyBuilding:
        raise click.ClickException("another `pifa demo` is building a market here") from None
    except (KeyboardInterrupt, subprocess.CalledProcessError):
        raise click.ClickException("the market was not finished; run it again") from None
    showing.invitation(address, port)
    if not no_serve:
        serve(address, port)
