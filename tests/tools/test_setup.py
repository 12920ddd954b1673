"""The set-up: clear words for an old Python, and no work where nothing changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import setup


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A source folder of its own; the commands that the set-up would run, each a success."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    (tmp_path / "requirements").mkdir()
    for kind in ("runtime", "dev"):
        (tmp_path / "requirements" / f"{kind}.txt").write_text(f"{kind}==1\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "pifa"\n')
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "pifa").touch()
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "BIN", tmp_path / ".venv" / "bin")
    monkeypatch.setattr(subprocess, "run", run)
    return ran


def _set_up(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["setup.py", *arguments])
    return setup.main()


def _installed(commands: list[list[str]]) -> list[str]:
    found = [Path(command[-1]).name for command in commands if "--require-hashes" in command]
    commands.clear()
    return found


def test_parts_are_installed_once_and_again_when_the_lock_changes(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _set_up(monkeypatch) == 0
    assert _installed(commands) == ["runtime.txt"]
    assert _set_up(monkeypatch) == 0
    assert _installed(commands) == []
    (setup.ROOT / "requirements" / "runtime.txt").write_text("runtime==2\n")
    assert _set_up(monkeypatch) == 0
    assert _installed(commands) == ["runtime.txt"]


def test_what_the_tests_need_serves_the_market_too(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _set_up(monkeypatch, "--dev") == 0
    assert _installed(commands) == ["dev.txt"]
    assert _set_up(monkeypatch) == 0
    assert _installed(commands) == []


def test_a_failed_installation_is_tried_again(
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(
            subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1)
        )
        broken.setattr(setup, "_make_environment", lambda: None)
        assert _set_up(broken) == 1
    assert "pip could not install" in capsys.readouterr().err
    assert _set_up(monkeypatch) == 0
    assert _installed(commands) == ["runtime.txt"]


def test_an_old_python_is_told_what_to_do(
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    assert _set_up(monkeypatch) == 1
    told = capsys.readouterr().err
    assert "needs Python 3.11 or newer" in told
    assert "3.10.2" in told
    assert "PYTHON=" in told
    assert commands == []
