"""The database under the tests.

`PIFA_DATABASE_URL` chooses it, as for a server: without it SQLite, with `postgresql://…` that
server (`tools/postgres.py run -- pytest …` starts a throw-away one). SQLite tests run on a file,
so that threads (racing buyers, the live server) have connections of their own, as in production.

`make test` proves everything once, on the database where it can go wrong:

- `--database-only`, on PostgreSQL: the life of orders, money and the programme, every race, and every
  page by its links (`tests/site/test_walk.py`). It leaves out what never touches a database, and the
  tests of pages and of the API: they parse and show. What reckons in the lake or in memory and only
  reads rows, or writes them by one command, runs there as far as it races.
- `--beside-postgres`, on SQLite: the rest, and once more what `ON_BOTH` names.

Without either, everything runs on the one database there is (`make test-sqlite`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ON_ONE_DATABASE = ("browser", "web", "api/test_schema.py", "demo")
"""Below `tests/`: what the second pass leaves out as a whole."""
ONLY_RACES = (
    "api",
    "crm",
    "finance/gateways",
    "finance/loans",
    "metrics",
    "posts",
    "rulebook",
    "site/test_private_walk.py",
    "standing",
)
"""Below `tests/`: of these the second pass keeps the tests that commit."""
ON_BOTH = ("kernel", "ledger")
"""Below `tests/`: what writes SQL of its own, or differs by the database it stands on."""
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="run only the tests that PostgreSQL is to prove",
    )
    parser.addoption(
        "--beside-postgres",
        action="store_true",
        help="leave out what a pass with --database-only proves",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "own_clock: the market clock is left to the test")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Not even to collect them: schemathesis takes long to read the description."""
    if not config.getoption("--database-only"):
        return None
    tests = config.rootpath / "tests"
    return True if collection_path in {tests / name for name in ON_ONE_DATABASE} else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = _wanted(config)
    kept = [item for item in items if wanted(item)]
    if left := [item for item in items if not wanted(item)]:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def _wanted(config: pytest.Config) -> Callable[[pytest.Item], bool]:
    tests = config.rootpath / "tests"

    def lies_in(item: pytest.Item, places: tuple[str, ...]) -> bool:
        return any(item.path.is_relative_to(tests / place) for place in places)

    def on_postgres(item: pytest.Item) -> bool:
        if not uses_database(item) or item.get_closest_marker("browser"):
            return False
        races = commits(item) or not lies_in(item, ONLY_RACES)
        return races and not lies_in(item, ON_ONE_DATABASE)

    if config.getoption("--database-only"):
        return on_postgres
    if config.getoption("--beside-postgres"):
        return lambda item: lies_in(item, ON_BOTH) or not on_postgres(item)
    return lambda item: True


def uses_database(item: pytest.Item) -> bool:
    """Whether a test can reach the database: pytest-django blocks it for all others."""
    if item.get_closest_marker("django_db") is not None:
        return True
    if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    from django.test import SimpleTestCase

    owner = getattr(item, "cls", None)
    return isinstance(owner, type) and issubclass(owner, SimpleTestCase)


KEPT = frozenset({"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"})
"""What the layout of a database writes and no test changes: emptying a database leaves it."""


def commits(item: pytest.Item) -> bool:
    """Whether a test's transactions are real ones, as races and workers need them."""
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(
        marker and marker.kwargs.get("transaction")
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Put the SQLite test database in a file of this process, in memory where the machine can.

    Emptying a database after a test that committed costs what the test wrote, not what the market
    has tables: on either database that took longer than most of these tests.
    """
    from django.core.management.commands import flush
    from django.db import connection

    operations = type(connection.ops)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(operations, "sql_flush", _of_written(operations.sql_flush))
        monkeypatch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        if connection.vendor != "sqlite":
            yield
            return
        memory = Path("/dev/shm")
        folder = tempfile.mkdtemp(prefix="pifa-test-", dir=memory if memory.is_dir() else None)
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "market.sqlite3")
        monkeypatch.setattr(
            operations, "execute_sql_flush", _without_triggers(operations.execute_sql_flush)
        )
        yield
    shutil.rmtree(folder, ignore_errors=True)


def _of_written(sql_flush: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Empty only the tables that hold rows."""

    def written(
        operations: Any,
        style: Any,
        tables: list[str],
        *,
        allow_cascade: bool = False,
        **options: Any,
    ) -> list[str]:
        connection = operations.connection
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
            for table in tables
            if table not in KEPT
        )
        with connection.cursor() as cursor:
            cursor.execute(asked)
            found = [name for (name,) in cursor.fetchall()]
            if connection.vendor == "postgresql" and _is_superuser(cursor):
                return ["SET LOCAL session_replication_role = replica"] + [
                    f"DELETE FROM {connection.ops.quote_name(table)}" for table in found
                ]
        cascade = allow_cascade or connection.vendor == "postgresql"
        return sql_flush(operations, style, found, allow_cascade=cascade, **options)

    return written


def _is_superuser(cursor: Any) -> bool:
    """Whether triggers and foreign keys may be laid aside: TRUNCATE takes a file per table."""
    cursor.execute("SELECT current_setting('is_superuser')")
    return bool(cursor.fetchone() == ("on",))


def _without_triggers(flush: Callable[..., Any]) -> Callable[..., Any]:
    """Let the test runner empty append-only tables: SQLite has no TRUNCATE, only DELETE."""

    def execute_sql_flush(operations: Any, sql_list: list[str]) -> None:
        from django.db import transaction

        connection = operations.connection
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            flush(operations, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)

    return execute_sql_flush


@contextmanager
def another_database(folder: Path) -> Iterator[None]:
    """An empty database in the place of this one."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        other = str(folder / "another.sqlite3")
    else:
        other = f"{name}_another"
        _on_the_server(f"DROP DATABASE IF EXISTS {other}", f"CREATE DATABASE {other}")
    connection.settings_dict["NAME"] = other
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        if connection.vendor != "sqlite":
            _on_the_server(f"DROP DATABASE {other}")


def _on_the_server(*statements: str) -> None:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
