"""A sign of life is seen for as long as its process lives, and not a moment longer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from pifa.kernel import alive

pytestmark = pytest.mark.django_db
HOLDER = """
import os, signal
import django
django.setup()
from pifa.kernel.alive import SignOfLife
sign = SignOfLife("somebody")
sign.show()
print("shown", flush=True)
signal.pause()
"""


@pytest.fixture
def sign() -> Iterator[alive.SignOfLife]:
    made = alive.SignOfLife("somebody")
    yield made
    made.end()


def test_a_sign_is_seen_from_its_showing_to_its_end(sign: alive.SignOfLife) -> None:
    assert not alive.lives("somebody")
    sign.show()
    sign.show()
    assert alive.lives("somebody")
    assert alive.lives("somebody"), "asking took it away"
    assert not alive.lives("somebody else")
    sign.end()
    assert not alive.lives("somebody")


def test_a_sign_is_gone_as_soon_as_it_ends() -> None:
    for _ in range(20):
        sign = alive.SignOfLife("somebody")
        sign.show()
        sign.end()
        assert not alive.lives("somebody")


def test_who_asks_is_not_taken_for_who_lives() -> None:
    def ask_often(_: int) -> bool:
        try:
            return any(alive.lives("nobody") for _ in range(100))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as askers:
        assert not any(askers.map(ask_often, range(4)))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a killed session: tests/site/test_tasks")
def test_a_killed_process_lives_no_more() -> None:
    environment = {**os.environ, "PIFA_HOME": str(settings.HOME)}
    environment.pop("PIFA_DATABASE_URL", None)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, env=environment, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "shown\n"
        assert alive.lives("somebody")
    finally:
        holder.kill()
        holder.communicate()
    assert not alive.lives("somebody")
    assert not list((settings.HOME / "signs").iterdir()), "what a killed process left stays behind"
