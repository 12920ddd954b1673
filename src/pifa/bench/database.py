"""What is measured on: two servers compare only where commits are worth the same."""

from __future__ import annotations

import sqlite3

from django.db import connection


def describe() -> str:
    """The server's version, and whether a commit is on the disk when it is answered."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    shown = []
    with connection.cursor() as cursor:
        for name in ("server_version", "fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            shown.append(cursor.fetchone()[0])
    version, *durable = shown
    return f"PostgreSQL {version}, commits {'durable' if durable == ['on', 'on'] else 'hasty'}"
