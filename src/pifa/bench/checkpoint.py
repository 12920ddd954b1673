"""How long a checkpoint of many members takes: verdicts, tags, freezes, announcements; and how long
it takes after that until benefits and notices have followed.

Members, their sales and their grants are put straight into the tables; a tenth misses each
checkpoint. Two are measured: CHECK-15, which takes the traffic tag, and CHECK-MONTH, which takes
both tags and freezes.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db import connection

from pifa.bench import database
from pifa.kernel import clock, events
from pifa.kernel.actors import SYSTEM
from pifa.programme import commands, shelf
from pifa.programme.commands import checkpoints
from pifa.programme.models import CheckpointRun, SeasonRow

MEMBERS = 100_000
PAIR_DAYS = 10
"""Rows of the projection that each member has within the first fortnight: pairs by day."""

_TARGET = 100_000_000
_COMPANIES = """
    INSERT INTO parties_company (name, login, is_seller, region, city, phone, integrity_grade,
        verified_name, verified_representative, created_at)
    SELECT 'seller', 'seller-' || n, {true}, '', '', '', '', '', '', '2017-01-01 00:00:00+00:00'
    FROM numbers
"""
_MEMBERS = """
    INSERT INTO programme_membership (company_id, season_id, department, month_fen, peak_fen, state,
        member_tag, traffic_tag, approved_at, removed_reason)
    SELECT id, {season}, 'non_consumer', {target}, {target} / 2, 'in_force', {true}, {true},
        '2018-02-20 00:00:00+00:00', ''
    FROM parties_company
"""
_GRANTS = """
    INSERT INTO benefits_grant (company_id, benefit, source, rule_id, reason, value, since)
    SELECT id, '{benefit}', 'programme', 'BENEFIT', '{{}}', '{{}}', '2018-03-01'
    FROM parties_company
"""
_SALES = """
    INSERT INTO metrics_pairday (seller_id, buyer_id, day, orders, paid_fen, refunded_fen, refunds,
        completed)
    SELECT id, {buyer}, '{day}', 1, CASE WHEN id % 10 = 0 THEN {little} ELSE {enough} END, 0, 0, 0
    FROM parties_company
"""


def run(members: int = MEMBERS) -> dict[str, Any]:
    """Measure on the empty database of this process."""
    clock.set_market_clock(clock.start_of_day(date(2018, 2, 1)))
    row = commands.publish(SYSTEM, shelf.find("march-2018").read_text())
    _fill(row, members)
    clock.set_market_clock(clock.start_of_day(date(2018, 4, 1)) + timedelta(hours=1))
    first = _timed(row, "CHECK-15")
    # The peak day is not measured: as if it had been passed by everybody.
    CheckpointRun.objects.filter(season=row, code="CHECK-PEAK").update(
        state=CheckpointRun.State.DONE, ran_at=clock.now()
    )
    last = _timed(row, "CHECK-MONTH")
    return {
        "database": database.describe(),
        "members": members,
        "pair_days": members * PAIR_DAYS,
        "checkpoints": {"CHECK-15": first, "CHECK-MONTH": last},
    }


def _timed(row: SeasonRow, code: str) -> dict[str, Any]:
    asked = Counter[str]()

    def count(execute: Any, sql: str, *given: Any) -> Any:
        asked["statements"] += 1
        return execute(sql, *given)

    with connection.execute_wrapper(count):
        begun, worked = time.perf_counter(), time.process_time()
        result = checkpoints.run(row, code)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    begun = time.perf_counter()
    while events.deliver():
        pass
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "followed_seconds": round(time.perf_counter() - begun, 2),
        "statements": asked["statements"],
        "members": result.members,
        "outcomes": {outcome.value: count for outcome, count in result.outcomes.items()},
    }


def _fill(row: SeasonRow, members: int) -> None:
    season = shelf.season_of(row)
    truth = "1" if connection.vendor == "sqlite" else "true"
    codes = ["member_tag", "traffic_tag", *(rule.code for rule in season.benefits)]
    with connection.cursor() as cursor:
        numbers = (
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers"  # noqa: S608
            f" WHERE n < {int(members)})"
        )
        insert, _, select = _COMPANIES.format(true=truth).partition("SELECT")
        cursor.execute(f"{insert} {numbers} SELECT {select}")
        cursor.execute(_MEMBERS.format(season=row.pk, target=_TARGET, true=truth))
        for code in codes:
            cursor.execute(_GRANTS.format(benefit=code))
        for place in range(PAIR_DAYS):
            cursor.execute(
                _SALES.format(
                    buyer=10**9 + place,
                    day=season.span.first + timedelta(days=place),
                    little=_TARGET // PAIR_DAYS // 10,
                    enough=_TARGET // PAIR_DAYS,
                )
            )
        cursor.execute("ANALYZE")
