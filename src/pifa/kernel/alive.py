"""A sign of life: a lock that ends with the process that holds it, whatever ends the process.

No clock and no patience is involved. On PostgreSQL it is an advisory lock of a session of its
own, so that every server sees it; on SQLite a lock on a file beside the database.
"""

from __future__ import annotations

import fcntl
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

_IS_FREE = (
    "SELECT CASE WHEN pg_try_advisory_lock_shared(hashtextextended(%s, 0))"
    " THEN pg_advisory_unlock_shared(hashtextextended(%s, 0)) ELSE false END"
)
"""Takes the lock and lets it go at once, so that who asks within a transaction keeps nobody waiting.

The lock is shared: two that ask at one moment do not take each other for a sign.
"""


class SignOfLife:
    """Shows that whoever has this name lives, from `show` to `end` or the end of the process.

    A name is never used again after its end.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._session: BaseDatabaseWrapper | None = None
        self._file: IO[bytes] | None = None

    def show(self) -> None:
        """Hold the lock; may be called again and again, so that a lost session is noticed."""
        if connection.vendor == "postgresql":
            self._show_by_session()
        elif self._file is None:
            path = _path(self.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def _show_by_session(self) -> None:
        if self._session is not None and not self._session.is_usable():
            self.end()
        if self._session is None:
            session = connection.copy()
            session.inc_thread_sharing()
            with session.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [self.name])
            self._session = session

    def end(self) -> None:
        """Let the lock go, with its session or its file."""
        if self._session is not None:
            # The server notices a closed session only some moments later. A lost one holds nothing.
            with suppress(Error), self._session.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [self.name])
            self._session.close()
            self._session = None
        if self._file is not None:
            _path(self.name).unlink(missing_ok=True)
            self._file.close()
            self._file = None


def lives(name: str) -> bool:
    """Whether a name is shown by a living process."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_IS_FREE, [name, name])
            return not cursor.fetchone()[0]
    try:
        file = _path(name).open("rb")
    except FileNotFoundError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    _path(name).unlink(missing_ok=True)
    return False


def _path(name: str) -> Path:
    home: Path = settings.HOME
    return home / "signs" / sha256(name.encode()).hexdigest()[:32]
