"""A new database has the tables that an old one has after all migrations."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cache, partial
from inspect import unwrap
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tests.plugins.database import another_database

# A renamed column keeps the check that PostgreSQL named after the old one.
POSTGRES = {
    "column": """
        SELECT table_name || '.' || column_name, concat_ws(' ', data_type,
               character_maximum_length, numeric_precision, numeric_scale, datetime_precision,
               is_nullable, is_identity, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraint": """
        SELECT conrelid::regclass || '.' || CASE
               WHEN conname ~ '_(check|not_null)$' THEN pg_get_constraintdef(oid)
               ELSE conname END, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "room": "SELECT relname, reloptions FROM pg_class WHERE relkind = 'r' AND reloptions IS NOT NULL",
    "trigger": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def described() -> dict[tuple[str, str], Any]:
    """Columns, constraints, indexes and triggers; the order of a table's columns is nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            return {
                (kind, name): parts(sql) if kind == "table" else sql
                for kind, name, sql in cursor.fetchall()
            }
        found = {}
        for kind, statement in POSTGRES.items():
            cursor.execute(statement)
            found.update({(kind, name): words for name, words in cursor.fetchall()})
        return found


def parts(create_table: str) -> list[str]:
    """What stands between the outer brackets of a CREATE TABLE, sorted."""
    found, part, depth = [], "", 0
    for letter in create_table.partition("(")[2]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.append(part.strip())
            part = ""
        elif depth >= 0:
            part += letter
    return sorted([*found, part.strip()])


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Migrations make thirty thousand classes: let nobody look for rubbish among them, nor ask for
    each of their keys anew which models a setting may replace."""
    monkeypatch.setattr(
        apps,
        "get_swappable_settings_name",
        cache(partial(unwrap(Apps.get_swappable_settings_name), apps)),
    )
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("in_haste")
@pytest.mark.django_db(transaction=True)
def test_a_new_database_has_the_tables_that_migrations_make(tmp_path: Path) -> None:
    new, applied = described(), set(MigrationRecorder(connection).applied_migrations())

    with another_database(tmp_path):
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        old, step_by_step = described(), set(MigrationRecorder(connection).applied_migrations())

    assert old
    assert new == old
    assert applied == step_by_step


@pytest.mark.django_db(transaction=True)
def test_a_database_with_a_table_in_it_is_never_laid_out_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []
    monkeypatch.setattr("pifa.kernel.fresh.lay_out", lambda *args, **kwargs: called.append(args))
    with another_database(tmp_path):
        call_command("migrate", "contenttypes", verbosity=0)
        assert not called
        with connection.cursor() as cursor:
            assert "django_content_type" in connection.introspection.table_names(cursor)
        call_command("migrate", plan=True, verbosity=0)
    assert not called


@pytest.mark.parametrize(
    "create_table",
    [
        'CREATE TABLE "a" ("b" integer NOT NULL, CHECK ("b" IN (1, 2)))',
        'CREATE TABLE "a" (CHECK ("b" IN (1, 2)), "b" integer NOT NULL)',
    ],
)
def test_the_parts_of_a_table(create_table: str) -> None:
    assert parts(create_table) == ['"b" integer NOT NULL', 'CHECK ("b" IN (1, 2))']
