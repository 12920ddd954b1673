"""Settings read from the environment, each in a process of its own."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_TELL = (
    "import json; from pifa.site import settings as s; print(json.dumps({"
    "'hosts': s.ALLOWED_HOSTS, 'database': s.DATABASES['default'], 'key': s.SECRET_KEY,"
    "'cookies': [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY],"
    "'tls': [s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.SECURE_PROXY_SSL_HEADER]}))"
)


def settings(home: Path, **environment: str) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIFA_")}
    said = subprocess.run(
        [sys.executable, "-c", _TELL],
        env={**kept, "PIFA_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_without_any_this_machine_only_is_served_from_one_folder(tmp_path: Path) -> None:
    home = tmp_path / "a home #1?"
    found = settings(home)
    assert found["hosts"] == ["127.0.0.1", "localhost", "[::1]"]
    assert found["database"]["NAME"] == str(home / "pifa.sqlite3")
    assert found["cookies"] == [False, False, True]
    assert found["tls"] == [False, False, None]


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = settings(tmp_path)["key"]
    assert len(key) > 50
    assert settings(tmp_path)["key"] == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_behind_tls_cookies_travel_only_there(tmp_path: Path) -> None:
    found = settings(tmp_path, PIFA_HTTPS="1", PIFA_HOSTS="pifa.example, www.pifa.example")
    assert found["hosts"] == ["pifa.example", "www.pifa.example"]
    assert found["cookies"] == [True, True, True]
    assert found["tls"] == [True, True, ["HTTP_X_FORWARDED_PROTO", "https"]]


@pytest.mark.parametrize(
    ("url", "name"),
    [("sqlite:///here.db", "here.db"), ("sqlite:////srv/pifa.db", "/srv/pifa.db")],
)
def test_a_database_in_a_file(tmp_path: Path, url: str, name: str) -> None:
    assert settings(tmp_path, PIFA_DATABASE_URL=url)["database"]["NAME"] == name


def test_a_database_on_a_server(tmp_path: Path) -> None:
    found = settings(
        tmp_path, PIFA_DATABASE_URL="postgresql://me:p%40ss@db.example:5433/market?host=%2Frun%2Fpg"
    )["database"]
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("me", "p@ss", "market")
    assert (found["HOST"], found["PORT"]) == ("/run/pg", "5433")
