"""The benchmark of orders: statements, orders per second, and the share of a bare server.

Both servers run under granian on the same PostgreSQL, one after the other in the same run, with
as many processes as the market is served with, and are driven by the same clients. Each order's
rows are counted in every table, so that it shows that both wrote the same.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from pifa.bench import database, load, statements
from pifa.bench.market import BenchMarket, build

LINES = (4, 20)
PIFA = "pifa.site.wsgi:application"
RAW = "pifa.bench.raw_server:application"
START_SECONDS = 30
WARM_UP_SECONDS = 3.0
ROUNDS = 3
"""The round with the middle share is told, and the shares of all."""


def run(*, seconds: float, clients: int, processes: int) -> dict[str, Any]:
    """All figures of one run, on the database of this process, which was empty before."""
    market = build()
    figures: dict[str, Any] = {
        "database": database.describe(),
        "processes": processes,
        "clients": clients,
        "seconds": seconds,
        "statements_per_checkout": statements.count(market),
        "orders": [],
    }
    for lines in LINES:
        rounds = sorted(
            (_round(market, lines, seconds, clients, processes) for _ in range(ROUNDS)),
            key=lambda figures: float(figures["share"]),
        )
        middle = rounds[len(rounds) // 2]
        shares = [figures["share"] for figures in rounds]
        figures["orders"].append({"lines": lines, **middle, "shares": shares})
    return figures


def _round(
    market: BenchMarket, lines: int, seconds: float, clients: int, processes: int
) -> dict[str, Any]:
    """Both servers, one right after the other: a machine's speed changes from minute to minute."""
    pifa = _measure(PIFA, market, lines, seconds, clients, processes)
    raw = _measure(RAW, market, lines, seconds, clients, processes)
    share = pifa["orders_per_second"] / raw["orders_per_second"]
    return {"pifa": pifa, "raw_sql": raw, "share": round(share, 3)}


def _measure(
    target: str, market: BenchMarket, lines: int, seconds: float, clients: int, processes: int
) -> dict[str, Any]:
    with _serving(target, processes) as port:
        load.run(port, market.as_data(), lines=lines, seconds=WARM_UP_SECONDS, clients=clients)
        before = _rows()
        figures: dict[str, Any] = load.run(
            port, market.as_data(), lines=lines, seconds=seconds, clients=clients
        )
    written = {table: count - before.get(table, 0) for table, count in _rows().items()}
    orders = max(written["trade_order"], 1)
    figures["rows_per_order"] = {
        table: round(count / orders, 2) for table, count in sorted(written.items()) if count
    }
    return figures


@contextmanager
def _serving(target: str, processes: int) -> Iterator[int]:
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(processes), "--blocking-threads", "1"),
        *("--no-ws", "--log-level", "error", target),
    ]
    environment = {**os.environ, "PIFA_WORKER_INSIDE": "0"}
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _rows() -> dict[str, int]:
    """Rows in every table of ours."""
    tables = [
        model._meta.db_table for model in apps.get_models() if model.__module__.startswith("pifa.")
    ]
    with connection.cursor() as cursor:
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = int(cursor.fetchone()[0])
        return counts
