"""A demo market is there whole or not at all, and never in the place of somebody's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from pifa.cli.demo import group
from pifa.demo import opening, setting, showing
from pifa.demo.opening import AlreadyBuilding, Found
from pifa.kernel import idempotency
from pifa.parties.commands import sign_up


def _somebody_signs_up() -> None:
    sign_up(
        company_name="试验建材行",
        login="shiyan",
        person_name="王小明",
        username="wang",
        password=None,
        email="",
        mobile="13812345678",
        region="33",
        city="杭州市",
    )


@pytest.mark.django_db
def test_an_empty_database_holds_nothing() -> None:
    assert opening.found() is Found.NOTHING


@pytest.mark.django_db
def test_a_market_of_somebodys_own_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    _somebody_signs_up()
    assert opening.found() is Found.OTHER
    monkeypatch.setattr(opening, "build_here", lambda *_: pytest.fail("it was built over"))
    for arguments in ([], ["--reset"]):
        result = CliRunner().invoke(group, [*arguments, "--no-serve"])
        assert result.exit_code == 1
        assert "no demo" in result.output


@pytest.mark.django_db
def test_a_market_is_finished_when_its_mark_is_answered() -> None:
    mark = idempotency.claim("demo", "market", "print")
    _somebody_signs_up()
    assert opening.found() is Found.UNFINISHED
    idempotency.answer(mark, 201, {})
    assert opening.found() is Found.DEMO


@pytest.mark.django_db
def test_a_finished_market_is_not_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    idempotency.answer(idempotency.claim("demo", "market", "print"), 201, {})
    monkeypatch.setattr(opening, "_build_apart", lambda *_: pytest.fail("built again"))
    monkeypatch.setattr(opening, "_build_in_place", lambda *_: pytest.fail("built again"))
    result = CliRunner().invoke(group, ["--no-serve", "--port", "8103"])
    assert result.exit_code == 0, result.output
    for word in ("http://127.0.0.1:8103/seller/", "/console/", setting.PASSWORD, setting.BUYER):
        assert word in result.output


@pytest.mark.django_db
def test_a_reset_builds_again(monkeypatch: pytest.MonkeyPatch) -> None:
    idempotency.answer(idempotency.claim("demo", "market", "print"), 201, {})
    built: list[tuple[int, float]] = []
    name = "_build_apart" if connection.vendor == "sqlite" else "_build_in_place"
    monkeypatch.setattr(opening, name, lambda seed, scale: built.append((seed, scale)))
    assert opening.open_market(7, 0.5, reset=True)
    assert built == [(7, 0.5)]


def _files(folder: Path, word: str) -> Path:
    (folder / "media" / "pictures").mkdir(parents=True)
    (folder / "media" / "pictures" / "a.svg").write_text(word)
    (folder / "lake" / "facts").mkdir(parents=True)
    (folder / "lake" / "facts" / word).write_text(word)
    (folder / "sandbox-bank.pem").write_text(word)
    database = folder / "pifa.sqlite3"
    database.write_text(word)
    return database


def test_a_new_market_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    home, apart = tmp_path / "home", tmp_path / "apart"
    home.mkdir()
    apart.mkdir()
    target = _files(home, "old")
    (home / "pifa.sqlite3-wal").write_text("old")
    (home / "secret-key").write_text("kept")
    opening.move_in_place(apart, home, _files(apart, "new"), target)
    assert target.read_text() == "new"
    assert (home / "media" / "pictures" / "a.svg").read_text() == "new"
    assert [path.name for path in (home / "lake" / "facts").iterdir()] == ["new"]
    assert (home / "sandbox-bank.pem").read_text() == "new"
    assert not (home / "pifa.sqlite3-wal").exists()
    assert (home / "secret-key").read_text() == "kept"


def test_two_do_not_build_in_one_home() -> None:
    with opening.alone(), pytest.raises(AlreadyBuilding), opening.alone():
        pytest.fail("both build")


def test_stages_fill_the_bar() -> None:
    assert sum(share for _words, share in showing.STAGES.values()) == 100
