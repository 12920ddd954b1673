"""What is there in a process that only started, as a command from a shell finds it."""

from __future__ import annotations

import subprocess
import sys

_ASK = (
    "import django; django.setup(); from pifa.kernel import deadlines; print(*deadlines._handlers)"
)


def test_whoever_moves_the_clock_can_run_the_night() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", _ASK], capture_output=True, text=True, check=True
    )
    assert {"standing.rate", "standing.rate_anew"} <= set(answer.stdout.split())
