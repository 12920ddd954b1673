"""Tables with room in their pages for rows that are changed all at once, for migrations to install.

PostgreSQL writes a changed row anew. Where its page has room, no index has to be written with it.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations


class Roomy(migrations.RunPython):
    """Leaves room in a table's pages; belongs to a new database as the table itself does."""

    table: str


def roomy(table: str, percent: int) -> Roomy:
    """A migration step after which a table's pages are filled to so many percent; SQLite has no such
    thing, and nothing is done there."""

    def install(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} SET (fillfactor = {int(percent)})")

    def remove(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} RESET (fillfactor)")

    operation = Roomy(install, remove)
    operation.table = table
    return operation
