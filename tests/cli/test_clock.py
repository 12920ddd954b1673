"""`pifa clock`: it tells the time, moves it, and refuses in plain words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from pifa.cli.clock import group
from pifa.kernel import clock
from pifa.kernel.models import AuditEntry
from tests.plugins.clock import NINE_ON_MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.own_clock]


def test_it_shows_and_moves_the_markets_own_clock() -> None:
    clock.set_market_clock(NINE_ON_MONDAY)
    shown = CliRunner().invoke(group, ["show"])
    assert shown.output == "2026-03-02 09:00:00 (its own clock)\n"
    moved = CliRunner().invoke(group, ["advance", "--days", "2", "--hours", "3"])
    assert "2026-03-04 12:00:00: 0 deadlines ran" in moved.output
    assert clock.now() == NINE_ON_MONDAY + timedelta(days=2, hours=3)
    assert AuditEntry.objects.get().action == "clock.advance"


def test_back_it_does_not_go() -> None:
    clock.set_market_clock(NINE_ON_MONDAY)
    refused = CliRunner().invoke(group, ["advance", "--to", "2026-03-01"])
    assert refused.exit_code == 1
    assert "只能向前" in refused.output
    assert clock.now() == NINE_ON_MONDAY


def test_the_wall_clock_is_left_alone() -> None:
    refused = CliRunner().invoke(group, ["advance", "--days", "1"])
    assert refused.exit_code == 1
    assert "真实时间" in refused.output
