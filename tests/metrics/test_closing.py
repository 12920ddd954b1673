"""Days are closed once, proven, found when they are missing, and made anew from the outbox."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction

from pifa.cli import main
from pifa.kernel import clock, events
from pifa.kernel.models import OutboxEvent
from pifa.metrics import commands, engine, lake, proving, queries
from pifa.metrics.errors import (
    DayNotOver,
    DaysMissing,
    FactsDiffer,
    FactsIncomplete,
    ProjectionsDiffer,
)
from pifa.metrics.models import Fact, LakeDay, PairDay
from pifa.parties.events import LoggedIn, PenaltyGiven
from pifa.parties.models import Company
from pifa.trade.events import DisputeOpened, DisputeRuled, OrderPaid, RefundEnded, RefundPaid
from tests.metrics.world import ONE, TODAY, at, figures_of

pytestmark = pytest.mark.django_db

SELLER, BUYER = 7, 8
YESTERDAY = TODAY - ONE


@pytest.fixture(autouse=True)
def _companies() -> None:
    # Whom the notices of the same events go to.
    for company_id in (SELLER, BUYER):
        Company.objects.create(
            pk=company_id, name="试验企业", login=f"company-{company_id}", created_at=clock.now()
        )


def paid(number: str, fen: int, day: date) -> None:
    """An order is paid at noon of a day, and told."""
    with clock.frozen(at(day)):
        events.emit(
            OrderPaid(
                number=number, buyer_id=BUYER, seller_id=SELLER, paid_fen=fen,
                channel="public", scene="stock", ship_by="",
            )
        )  # fmt: skip


def told() -> None:
    events.deliver()


def some_days() -> None:
    for ago in (40, 5, 3, 1):
        paid(f"{ago}", ago * 100, TODAY - ago * ONE)
    with clock.frozen(at(TODAY - 3 * ONE)):
        events.emit(LoggedIn(member_id=1, company_id=SELLER))
        events.emit(
            RefundPaid(
                number="5", buyer_id=BUYER, seller_id=SELLER, refund="R5", amount_fen=100,
                after_receipt=False,
            )
        )  # fmt: skip
    told()


def hashes() -> dict[date, str]:
    return dict(LakeDay.objects.values_list("day", "sha256"))


def test_what_is_told_becomes_figures() -> None:
    some_days()
    assert [row.day for row in commands.heal()] == [TODAY - ago * ONE for ago in range(40, 0, -1)]
    rows = {row["company_id"]: figures_of(row) for row in engine.measure(TODAY).to_pylist()}
    assert rows[SELLER]["sales_30d"] == 900 - 100
    assert rows[SELLER]["last_backend_login"] == 3
    assert rows[BUYER]["orders_30d"] == 3
    assert rows[BUYER]["completed_90d"] == 0
    assert set(rows) == {SELLER, BUYER}


def test_today_so_far_is_tomorrow_s_view() -> None:
    some_days()
    paid("now", 11_00, TODAY)
    told()
    assert queries.figures([SELLER], TODAY)[SELLER]["sales_30d"] == 800
    assert queries.figures([SELLER], TODAY + ONE)[SELLER]["sales_30d"] == 800 + 11_00


def test_a_dispute_is_followed_from_the_outbox() -> None:
    some_days()
    of: dict[str, Any] = {"number": "5", "buyer_id": BUYER, "seller_id": SELLER}
    with clock.frozen(at(TODAY - 2 * ONE)):
        events.emit(DisputeOpened(**of, refund="R1"), DisputeOpened(**of, refund="R2"))
    with clock.frozen(at(YESTERDAY)):
        events.emit(DisputeRuled(**of, refund="R1", verdict="seller", amount_fen=0))
        events.emit(RefundEnded(**of, refund="R1", by="operator"))
        events.emit(RefundEnded(**of, refund="R2", by="buyer"))
    told()
    assert queries.figures([SELLER], YESTERDAY)[SELLER]["disputes_90d"] == 2
    now = queries.figures([SELLER, BUYER], TODAY)
    assert now[SELLER]["disputes_90d"] == 0
    assert now[BUYER]["disputes_lost_90d"] == 1


def test_a_day_closed_twice_is_the_same_file() -> None:
    some_days()
    first = commands.close_day(YESTERDAY)
    path = lake.path_of(YESTERDAY)
    stamp = path.stat().st_mtime_ns
    assert commands.close_day(YESTERDAY) == first
    assert path.stat().st_mtime_ns == stamp
    assert commands.rebuild(YESTERDAY) == first
    assert lake.digest(path) == first.sha256


def test_a_day_that_is_not_over_is_not_closed() -> None:
    for day in (TODAY, TODAY + ONE):
        with pytest.raises(DayNotOver):
            commands.close_day(day)
        with pytest.raises(DayNotOver):
            commands.rebuild(day)


def test_a_day_waits_for_its_events() -> None:
    some_days()
    paid("late", 100, TODAY - 2 * ONE)
    paid("now", 100, TODAY)
    with pytest.raises(FactsIncomplete) as refused:
        commands.close_day(YESTERDAY)
    assert refused.value.figures["waiting"] == 1
    assert refused.value.figures["since"] == f"{TODAY - 2 * ONE} 12:00"
    commands.close_day(TODAY - 3 * ONE)
    told()
    assert commands.close_day(YESTERDAY).rows == 1


def test_an_event_that_makes_no_fact_keeps_nobody_waiting() -> None:
    some_days()
    OutboxEvent.objects.create(name="offer.published", payload={}, happened_at=at(YESTERDAY))
    assert commands.close_day(YESTERDAY).rows == 1


def test_a_missing_day_is_found_named_and_rebuilt_the_same() -> None:
    some_days()
    commands.heal()
    before = hashes()
    gone, cut, spoiled = (TODAY - ago * ONE for ago in (5, 3, 1))
    lake.path_of(gone).unlink()
    lake.path_of(cut).write_bytes(lake.path_of(cut).read_bytes()[:-7])
    content = bytearray(lake.path_of(spoiled).read_bytes())
    content[len(content) // 2] ^= 1
    lake.path_of(spoiled).write_bytes(content)

    assert commands.missing_days() == [gone, cut]
    with pytest.raises(DaysMissing) as refused:
        engine.measure(TODAY)
    assert refused.value.figures["days"] == f"{gone}, {cut}"
    faults = {fault.day: fault.what for fault in proving.check()}
    assert faults == {gone: "missing", cut: "missing", spoiled: "spoiled"}

    assert [row.day for row in commands.heal()] == [gone, cut]
    commands.rebuild(spoiled)
    assert hashes() == before
    assert proving.check() == []
    engine.measure(TODAY)


def test_days_before_the_market_are_not_missing() -> None:
    some_days()
    commands.heal()
    assert commands.missing_days(TODAY - 400 * ONE, YESTERDAY) == []


def test_projections_that_differ_are_named_and_mended() -> None:
    some_days()
    row = PairDay.objects.filter(day=YESTERDAY)
    row.update(paid_fen=101, orders=2)
    with pytest.raises(ProjectionsDiffer) as refused:
        commands.close_day(YESTERDAY)
    assert refused.value.figures["count"] == 1
    assert refused.value.figures["rows"] == f"{YESTERDAY} 7–8: orders 1/2, paid_fen 100/101"
    assert not LakeDay.objects.filter(day=YESTERDAY).exists()
    assert not lake.path_of(YESTERDAY).exists()
    commands.rebuild(YESTERDAY)
    assert row.get().paid_fen == 100
    row.delete()
    assert [fault.what for fault in proving.check(YESTERDAY)] == ["metrics.projections_differ"]


def test_facts_are_never_changed_and_follow_the_outbox() -> None:
    some_days()
    row = Fact.objects.get(key="paid:1")
    with pytest.raises(DatabaseError), transaction.atomic():
        Fact.objects.filter(pk=row.pk).update(amount_fen=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Fact.objects.filter(pk=row.pk).delete()
    OutboxEvent.objects.filter(name="order.paid", payload__number="1").update(
        payload={"number": "1", "buyer_id": BUYER, "seller_id": SELLER, "paid_fen": 99}
    )
    with pytest.raises(FactsDiffer) as refused:
        commands.rebuild(YESTERDAY)
    assert refused.value.figures["keys"] == "paid:1"


def test_facts_that_the_table_lacks_are_found_and_brought_in() -> None:
    some_days()
    commands.heal()
    paid("silent", 7_00, YESTERDAY)
    # As a market has them that is older than its facts: delivered, and nobody listened.
    OutboxEvent.objects.filter(delivered_at=None).update(delivered_at=at(TODAY))
    [fault] = proving.check()
    assert (fault.day, fault.what) == (YESTERDAY, "metrics.facts_differ")
    assert "paid:silent" in fault.detail
    commands.rebuild(YESTERDAY)
    assert proving.check() == []
    assert queries.figures([SELLER], TODAY)[SELLER]["sales_30d"] == 800 + 7_00


def test_an_older_market_is_brought_in_at_once() -> None:
    """Events that were delivered before there were facts; the result is as if there had been."""
    some_days()
    with clock.frozen(at(TODAY - 4 * ONE)):
        events.emit(PenaltyGiven(penalty_id=3, company_id=SELLER, points=6, reason="…"))
    paid("now", 11_00, TODAY)
    OutboxEvent.objects.update(delivered_at=at(TODAY))
    with transaction.atomic():
        commands.backfill()
        whole = hashes(), queries.figures([SELLER, BUYER], TODAY + ONE)
        assert whole[1][SELLER]["penalty_points"] == 6
        assert whole[1][SELLER]["sales_30d"] == 800 + 11_00
        transaction.set_rollback(True)
    OutboxEvent.objects.update(delivered_at=None)
    told()
    commands.heal()
    assert (hashes(), queries.figures([SELLER, BUYER], TODAY + ONE)) == whole
    assert commands.backfill() == []


def test_a_close_that_breaks_off_leaves_a_day_that_is_missing(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_days()

    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    # The file is in its place, what tells of it is not yet committed.
    monkeypatch.setattr(LakeDay.objects, "bulk_create", power_cut)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        commands.close_day(YESTERDAY)
    monkeypatch.undo()
    assert commands.missing_days(YESTERDAY) == [YESTERDAY]
    commands.close_day(YESTERDAY)
    assert commands.missing_days(YESTERDAY) == []
    assert list((lake / ".apart").iterdir()) == []


def test_the_command_line_closes_checks_and_mends() -> None:
    some_days()
    run = CliRunner().invoke
    assert run(main, ["facts", "close", "--day", f"{TODAY}"]).exit_code == 1
    closed = run(main, ["facts", "close"])
    assert len(closed.output.splitlines()) == 40
    assert run(main, ["facts", "close"]).output == "Every day up to yesterday is closed.\n"
    assert run(main, ["facts", "check"]).output == "The lake is whole.\n"
    lake.path_of(YESTERDAY).unlink()
    found = run(main, ["facts", "check"])
    assert found.exit_code == 1
    assert f"{YESTERDAY}" in found.output
    assert run(main, ["facts", "rebuild", f"{YESTERDAY}"]).exit_code == 0
    assert run(main, ["facts", "check"]).exit_code == 0
    assert run(main, ["facts", "backfill"]).output.startswith("0 days closed")


def test_the_engine_reaches_nothing_outside_the_lake(tmp_path: Path) -> None:
    import duckdb

    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for statement in (
        f"SELECT * FROM read_csv('{secret}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "ATTACH 'other.db'",
    ):
        with engine.session("64MB", 1) as database, pytest.raises(duckdb.Error):
            database.execute(statement)


def test_a_penalty_counts_in_its_year_and_leaves_with_it() -> None:
    given = date(2025, 12, 30)
    for number, day in ((1, given), (2, date(2026, 1, 2))):
        with clock.frozen(at(day)):
            events.emit(
                PenaltyGiven(penalty_id=number, company_id=SELLER, points=number, reason="…")
            )
    told()
    points = {
        day: queries.figures([SELLER], day)[SELLER]["penalty_points"]
        for day in (given + ONE, date(2026, 1, 1), date(2026, 1, 3), TODAY)
    }
    assert list(points.values()) == [1, 0, 2, 2]


def test_signs_are_forgotten_after_their_reach() -> None:
    day = TODAY - timedelta(days=400)
    with clock.frozen(at(day)):
        events.emit(LoggedIn(member_id=1, company_id=SELLER))
    told()
    assert queries.figures([SELLER], TODAY)[SELLER]["last_backend_login"] == 400
    assert queries.figures([SELLER], TODAY + ONE)[SELLER]["last_backend_login"] is None
    commands.heal()
    rows = engine.measure(TODAY).to_pylist()
    assert [row["last_backend_login"] for row in rows] == [400]
