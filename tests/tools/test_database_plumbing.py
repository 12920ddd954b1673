"""The tests' own ground: what the plugins promise, every test relies on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM
from pifa.kernel.models import AuditEntry
from tests.plugins.clock import NINE_ON_MONDAY, MarketClock


def _in_a_thread() -> tuple[int, bool]:
    try:
        return AuditEntry.objects.count(), clock.now() == NINE_ON_MONDAY + timedelta(days=2)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", [1, 2])
def test_append_only_tables_start_empty_and_keep_their_guard(_round: int) -> None:
    assert not AuditEntry.objects.exists()
    audit.record(SYSTEM, "test.happened", "test:1")
    with pytest.raises(DatabaseError):
        AuditEntry.objects.update(action="test.denied")
    with pytest.raises(DatabaseError):
        AuditEntry.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_another_thread_sees_the_same_rows_and_the_same_time(market_clock: MarketClock) -> None:
    audit.record(SYSTEM, "test.happened", "test:1")
    assert market_clock.forward(days=2) == clock.now()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_in_a_thread).result() == (1, True)


@pytest.mark.django_db
def test_the_clock_stands_and_can_still_be_frozen_elsewhere() -> None:
    assert clock.now() == NINE_ON_MONDAY
    assert clock.today().isoformat() == "2026-03-02"
    with clock.frozen(NINE_ON_MONDAY - timedelta(days=1)):
        assert clock.now() == NINE_ON_MONDAY - timedelta(days=1)
    assert clock.now() == NINE_ON_MONDAY
