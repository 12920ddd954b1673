"""The command `pifa`: everything an operator does from a shell."""

from __future__ import annotations

import os
from importlib import import_module

import click

_GROUPS = {
    "bank": "Compare the bank's book with ours.",
    "bench": "Measure, and print figures.",
    "clock": "The market's own clock: show it, move it forward.",
    "crm": "Customer files of sellers.",
    "demo": "An invented market to try: build it and serve it.",
    "docs": "Write the generated pages of the documentation.",
    "explain": "Why a company stands where it stands.",
    "facts": "The lake of facts: close days, rebuild, check.",
    "gateways": "Which payment gateways are set up, and what is missing.",
    "goods": "Bring goods in from a sheet, or write them out.",
    "import": "Bring a seller's past trade in.",
    "ledger": "Prove the ledger.",
    "loan": "What a loan costs, instalment by instalment.",
    "rate": "Rate every company on a market day.",
    "report": "Figures of a seller's trade.",
    "rulebook": "Check rulebooks, read one, compare two.",
    "season": "Seasons of the key-account programme: check, publish, try a checkpoint.",
    "serve": "Serve the market.",
    "migrate": "Bring the database in step with the code.",
}


class _Lazy(click.Group):
    """Loads a command's module only when it is called, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _GROUPS:
            return None
        if not ctx.resilient_parsing:
            _set_up()
        module = import_module(f"pifa.cli.{'imports' if cmd_name == 'import' else cmd_name}")
        command: click.Command = module.group
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_GROUPS.items()))


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pifa.site.settings")
    django.setup()


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Pifa (批发): an open wholesale marketplace."""
