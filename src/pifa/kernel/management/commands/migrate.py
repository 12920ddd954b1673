"""`migrate` as Django has it, but for an empty database, which is laid out at once."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from pifa.kernel import fresh


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if self._means_all(options) and fresh.is_empty(connection):
            fresh.lay_out(connection, verbosity=options["verbosity"])
            if options["verbosity"]:
                self.stdout.write(self.style.SUCCESS("The tables are made."))
            return
        super().handle(*args, **options)

    @staticmethod
    def _means_all(options: dict[str, Any]) -> bool:
        """Whether nothing narrower was asked for than to bring the database in step."""
        narrower = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "prune")
        return not any(options.get(name) for name in narrower)
