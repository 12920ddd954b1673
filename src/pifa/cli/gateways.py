"""`pifa gateways`: which payment gateways are set up, and what is missing."""

from __future__ import annotations

import click

from pifa.finance.gateways import config


@click.command("gateways")
def group() -> None:
    """Say of each gateway whether it is on; exits with 1 if one is set up by halves.

    Ids and keys are read as the market would read them; nobody is asked and no key is shown.
    """
    halves = 0
    for code in config.NEEDED:
        found = config.problems(code)
        halves += bool(found)
        if found:
            click.echo(f"{code}: not usable")
            for problem in found:
                click.echo(f"  {problem}")
        else:
            click.echo(f"{code}: {'on' if config.is_on(code) else 'off'}")
    click.echo(f"sandbox: {'on' if config.sandbox_is_on() else 'off'}")
    if halves:
        raise SystemExit(1)
