"""Serving with granian: one process on SQLite, a process per core on PostgreSQL."""

from __future__ import annotations

import os

from django.db import connection
from granian.constants import Interfaces
from granian.server import Server

SQLITE_THREADS = 4
"""One writing process; its threads let pages be read while another request writes."""


def serve(address: str, port: int, workers: int | None = None) -> None:
    """Serve the market until interrupted."""
    os.environ.setdefault("PIFA_WORKER_INSIDE", "1")
    on_sqlite = connection.vendor == "sqlite"
    connection.close()
    Server(
        "pifa.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1 if on_sqlite else workers or os.cpu_count() or 1,
        blocking_threads=SQLITE_THREADS if on_sqlite else 1,
        log_enabled=os.environ.get("PIFA_LOG") is not None,
    ).serve()
