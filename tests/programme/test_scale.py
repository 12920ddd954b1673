"""A checkpoint's run costs as many statements for few members as for many, and says the same as
the ORM would."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from pifa.bench import checkpoint as bench
from pifa.benefits.models import Grant
from pifa.programme.commands import checkpoints, judging
from pifa.programme.models import CheckpointRun, Freeze, Membership, SeasonRow, Verdict
from pifa.programme.rules.checkpoints import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.own_clock]


def measured(members: int) -> dict[str, Any]:
    with transaction.atomic():
        found: dict[str, Any] = bench.run(members)["checkpoints"]
        _check_rows(members)
        transaction.set_rollback(True)
    return found


def _check_rows(members: int) -> None:
    missed = members // 10
    assert Verdict.objects.filter(run__code="CHECK-15", outcome="traffic_lost").count() == missed
    assert Freeze.objects.count() == missed
    assert Membership.objects.filter(state="removed").count() == missed
    assert Membership.objects.filter(state="renewed", traffic_tag=True).count() == members - missed
    lost = Grant.objects.exclude(until=None)
    assert lost.values("company").distinct().count() == missed
    kept = Grant.objects.filter(until=None, benefit="traffic_tag")
    assert kept.count() == members - missed


def test_a_run_costs_no_more_statements_for_more_members() -> None:
    """CHECK-SCALE."""
    few, many = measured(20), measured(300)
    for code in ("CHECK-15", "CHECK-MONTH"):
        assert few[code]["statements"] == many[code]["statements"] <= 35
        assert many[code]["members"] == 300
    assert many["CHECK-15"]["outcomes"] == {"kept": 270, "traffic_lost": 30}
    assert many["CHECK-MONTH"]["outcomes"] == {"renewed": 270, "frozen": 30}


def test_verdicts_in_one_statement_are_those_of_the_orm() -> None:
    """The twin of `judging.write`."""
    bench.run(30)
    row = SeasonRow.objects.get()
    Verdict.objects.all().delete()
    Membership.objects.update(state="in_force", member_tag=True, traffic_tag=True)
    run = CheckpointRun.objects.get(season=row, code="CHECK-15")
    judged = checkpoints.dry_run(row, "CHECK-15")
    assert {one.judgement.outcome for one in judged} == {Outcome.KEPT, Outcome.TRAFFIC_LOST}
    kept, ids = judging.write(run, iter(judged))
    assert kept == judged
    columns = [
        field.attname for field in Verdict._meta.concrete_fields if field.name not in ("id", "at")
    ]
    fast = list(Verdict.objects.order_by("membership").values(*columns))
    moments = set(Verdict.objects.values_list("at", flat=True))
    assert sorted(ids) == sorted(Verdict.objects.values_list("pk", flat=True))
    Verdict.objects.all().delete()
    for one in judged:
        Verdict.objects.create(
            run=run,
            membership_id=one.membership_id,
            measured_fen=one.judgement.measured_fen,
            target_fen=one.judgement.target_fen,
            asked_fen=one.judgement.asked_fen,
            outcome=one.judgement.outcome.value,
            had_traffic=one.had_traffic,
            at=moments.copy().pop(),
        )
    assert list(Verdict.objects.order_by("membership").values(*columns)) == fast
    assert set(Verdict.objects.values_list("at", flat=True)) == moments
