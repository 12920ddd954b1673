"""The server as a process: it answers, stops when asked, and then the market's clock stands."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from pifa.site.server import url_of

PATIENCE_SECONDS = 90
OWN_CLOCK = (
    "INSERT INTO kernel_marketclock (id, market_at, real_at, running)"
    " VALUES (1, '2026-06-30 00:00:00', '2026-06-30 00:00:00', 0)"
)


@pytest.fixture
def home(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """An empty home and the environment of a server that lives in it, on SQLite."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIFA_")}
    return tmp_path, {**kept, "PIFA_HOME": str(tmp_path)}


def pifa(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pifa.cli", *words],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8103"),
        ("0.0.0.0", "http://127.0.0.1:8103"),
        ("::", "http://127.0.0.1:8103"),
        ("::1", "http://[::1]:8103"),
        ("market.example", "http://market.example:8103"),
    ],
)
def test_codes_and_mails_lead_to_where_it_is_served(address: str, url: str) -> None:
    assert url_of(address, 8103) == url


def test_tables_that_are_missing_are_named_before_a_page_fails(
    home: tuple[Path, dict[str, str]],
) -> None:
    _folder, environment = home
    server = pifa(environment, "serve", "--port", str(free_port()))
    said, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 1
    assert "pifa migrate" in said
    assert "Traceback" not in said


def test_it_serves_until_it_is_told_to_stop_and_the_clock_stands(
    home: tuple[Path, dict[str, str]],
) -> None:
    folder, environment = home
    migrating = pifa(environment, "migrate")
    migrating.communicate(timeout=PATIENCE_SECONDS)
    assert migrating.returncode == 0
    database = folder / "pifa.sqlite3"
    with contextlib.closing(sqlite3.connect(database)) as tables:
        tables.execute(OWN_CLOCK)
        tables.commit()

    port = free_port()
    server = pifa(environment, "serve", "--port", str(port))
    try:
        assert "<html" in _page(f"http://127.0.0.1:{port}/", server)
        server.send_signal(signal.SIGINT)
        said, _ = server.communicate(timeout=PATIENCE_SECONDS)
    finally:
        server.kill()
    assert (server.returncode, said) == (0, "")
    with contextlib.closing(sqlite3.connect(database)) as tables:
        (row,) = tables.execute("SELECT running, market_at FROM kernel_marketclock").fetchall()
    assert row[0] == 0
    assert row[1] > "2026-06-30 00:00:00"


def _page(address: str, server: subprocess.Popen[str]) -> str:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address) as page:
            text: str = page.read().decode()
            return text
        time.sleep(0.2)
    raise AssertionError(f"no answer; the server said: {server.communicate()[0]}")
