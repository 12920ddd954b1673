"""`pifa migrate`: bring the database in step with the code."""

from __future__ import annotations

import click
from django.core.management import call_command


@click.command(help="Bring the database in step with the code.")
def group() -> None:
    call_command("migrate", verbosity=1, interactive=False)
