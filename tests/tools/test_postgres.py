"""The throw-away PostgreSQL: real, handed to a command, and gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools import postgres

ASK = """
import os, sys, psycopg
url = os.environ["PIFA_DATABASE_URL"]
with psycopg.connect(url) as connection:
    (version,) = connection.execute("SHOW server_version_num").fetchone()
print(url, version)
sys.exit(7)
"""


def _run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k != "PIFA_TEST_POSTGRES_URL"}
    return subprocess.run(
        [sys.executable, postgres.__file__, "run", "--", *command],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_gets_a_server_and_hands_on_its_exit_code() -> None:
    done = _run(sys.executable, "-c", ASK)
    assert done.returncode == 7, done.stderr
    url, version = done.stdout.split()
    assert int(version) >= 140000
    folder = Path(url.split("host=")[1])
    assert not folder.exists()


def test_a_server_that_is_named_is_used_as_it_is() -> None:
    given = "postgresql://someone@database.invalid/market"
    done = _run(
        sys.executable,
        "-c",
        "import os; print(os.environ['PIFA_DATABASE_URL'])",
        PIFA_TEST_POSTGRES_URL=given,
    )
    assert (done.returncode, done.stdout.strip()) == (0, given)


def test_no_command_is_a_mistake() -> None:
    assert _run().returncode == 2
