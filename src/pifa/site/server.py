"""Serving with granian: one process on SQLite, a process per core on PostgreSQL."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from granian.constants import Interfaces
from granian.server import Server

from pifa.finance.gateways import config

SQLITE_THREADS = 4
"""One writing process; its threads let pages be read while another request writes."""


class NotInStep(Exception):
    """The database lacks tables or columns that this version needs."""


class HalfSetUp(Exception):
    """A payment gateway is set up by halves; its text says what is wrong."""


def check_gateways() -> None:
    """Raise `HalfSetUp` rather than find out when a buyer pays."""
    found = [problem for code in config.NEEDED for problem in config.problems(code)]
    if found:
        raise HalfSetUp("; ".join(found))


def check_in_step() -> None:
    """Raise `NotInStep` where migrations wait, rather than let every page fail."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotInStep


def url_of(address: str, port: int) -> str:
    """Where one finds from this machine what is served on an address."""
    host = "127.0.0.1" if _is_everywhere(address) else address
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_everywhere(address: str) -> bool:
    try:
        return ip_address(address).is_unspecified
    except ValueError:
        return False


def serve(address: str, port: int, workers: int | None = None) -> None:
    """Serve the market until interrupted (SIGINT, SIGTERM); the market's clock stands after it.

    Raises `NotInStep`, `HalfSetUp`.
    """
    check_gateways()
    check_in_step()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PIFA_WORKER_INSIDE", "1")
    if "PIFA_URL" not in os.environ:
        # What is printed and mailed must lead to this market, not to another on the usual port.
        settings.SITE_URL = os.environ["PIFA_URL"] = url_of(address, port)
    on_sqlite = connection.vendor == "sqlite"
    connection.close()
    Server(
        "pifa.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=1 if on_sqlite else workers or os.cpu_count() or 1,
        blocking_threads=SQLITE_THREADS if on_sqlite else 1,
        log_enabled=os.environ.get("PIFA_LOG") is not None,
    ).serve()
