"""Whether there is a demo market here, and how one comes to be: whole, or not at all.

On SQLite it is built in a folder of its own and moved in place when it is complete. On
PostgreSQL it is built where it will stay, under a mark (a row of `kernel.idempotency`) that is
answered at the end; one that was not finished is emptied and begun anew.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pifa.demo import setting
from pifa.kernel import clock, idempotency
from pifa.kernel.collector import without_collector
from pifa.kernel.models import IdempotencyKey

_SCOPE, _KEY = "demo", "market"
_BUILDING = "demo-building"
_MOVED = ("media", "private", "mail", "lake", "sandbox-bank.pem")
_DONE = 201


class Found(Enum):
    """What is in the database that the settings name."""

    NOTHING = "nothing"
    DEMO = "demo"
    UNFINISHED = "unfinished"
    OTHER = "other"


class NotADemo(Exception):
    """The database holds a market that the demo did not build; it is left alone."""


class AlreadyBuilding(Exception):
    """Another process is building a demo market in this home."""


def found() -> Found:
    """Look at the database; nothing is made or changed."""
    if connection.vendor == "sqlite" and not _file().exists():
        return Found.NOTHING
    tables = set(connection.introspection.table_names())
    if IdempotencyKey._meta.db_table not in tables:
        return Found.OTHER if tables - {"django_migrations"} else Found.NOTHING
    mark = IdempotencyKey.objects.filter(scope=_SCOPE, key=_KEY).first()
    if mark is not None:
        return Found.DEMO if mark.status == _DONE else Found.UNFINISHED
    if "parties_company" in tables and _has_rows("parties_company", "parties_user"):
        return Found.OTHER
    return Found.NOTHING


def open_market(seed: int, scale: float, *, reset: bool) -> bool:
    """Bring about a finished demo market; True if it had to be built.

    Raises `NotADemo` rather than touch a market of somebody's own, `AlreadyBuilding`.
    """
    there = found()
    if there is Found.OTHER:
        raise NotADemo
    if there is Found.DEMO and not reset:
        _bring_in_step()
        return False
    with alone():
        if connection.vendor == "sqlite":
            _build_apart(seed, scale)
        else:
            _build_in_place(seed, scale)
    return True


def build_here(seed: int, scale: float) -> None:
    """Migrate this home's database and build the market in it, with a bar that shows how far."""
    from pifa.demo.beside import beside
    from pifa.demo.building import build
    from pifa.demo.showing import bar

    with beside(seed, scale) as other, bar() as progress, without_collector():
        _in_haste()
        progress("migrate", 0, 1)
        call_command("migrate", verbosity=0, interactive=False)
        with clock.frozen(setting.OPENING):
            print_ = idempotency.fingerprint(seed, scale)
            mark = idempotency.claim(_SCOPE, _KEY, print_)
            build(seed, scale, progress, other)
            idempotency.answer(mark, _DONE, {"seed": seed, "scale": scale})
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _in_haste() -> None:
    """A build that is cut off is thrown away: nothing of it has to be on the disk before its end."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-262144")
            cursor.execute("PRAGMA wal_autocheckpoint=50000")


def _build_in_place(seed: int, scale: float) -> None:
    if found() is not Found.NOTHING:
        call_command("flush", verbosity=0, interactive=False)
    _remove_files(Path(settings.HOME))
    build_here(seed, scale)


def _build_apart(seed: int, scale: float) -> None:
    home = Path(settings.HOME)
    apart = home / _BUILDING
    shutil.rmtree(apart, ignore_errors=True)
    apart.mkdir(parents=True)
    database = apart / "pifa.sqlite3"
    environment = {
        **os.environ,
        "PIFA_HOME": str(apart),
        "PIFA_DATABASE_URL": f"sqlite:///{database}",
        "PIFA_SECRET_KEY": settings.SECRET_KEY,
    }
    command = [sys.executable, "-m", "pifa.cli", "demo", "--here"]
    command += ["--seed", str(seed), "--scale", str(scale)]
    connection.close()
    try:
        # A process of its own: settings are read once, and these name another home.
        subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own command
        move_in_place(apart, home, database, _file())
    finally:
        shutil.rmtree(apart, ignore_errors=True)


def move_in_place(apart: Path, home: Path, database: Path, target: Path) -> None:
    """The old market goes, the new one comes; the database last, for it says that all is there."""
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    _remove_files(home)
    for name in _MOVED:
        if (apart / name).exists():
            os.replace(apart / name, home / name)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(database, target)


def _remove_files(home: Path) -> None:
    for name in _MOVED:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _bring_in_step() -> None:
    """A newer version's tables under a market that was built before."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _has_rows(*tables: str) -> bool:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return True
    return False


@contextmanager
def alone() -> Iterator[None]:
    """Build in this home alone; `AlreadyBuilding` if another process does."""
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".demo-lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyBuilding from error
        yield
