"""Append-only tables: triggers that refuse changes and deletions, for migrations to install."""

from __future__ import annotations

from typing import Any

from django.db import migrations


class AppendOnly(migrations.RunPython):
    """Makes a table append-only; belongs to a new database as the table itself does."""

    table: str


def append_only(table: str) -> AppendOnly:
    """A migration step that makes a table append-only, on SQLite and PostgreSQL."""

    def install(apps: Any, schema_editor: Any) -> None:
        for statement in install_statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    def remove(apps: Any, schema_editor: Any) -> None:
        for statement in remove_statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    operation = AppendOnly(install, remove)
    operation.table = table
    return operation


def install_statements(vendor: str, table: str) -> list[str]:
    """SQL that installs the triggers of a table."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        (
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN RAISE EXCEPTION ''{table} is append-only'' "
            f"USING ERRCODE = ''restrict_violation''; END'"
        ),
        (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        ),
    ]


def remove_statements(vendor: str, table: str) -> list[str]:
    """SQL that removes the triggers of a table."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_refuse()",
    ]
