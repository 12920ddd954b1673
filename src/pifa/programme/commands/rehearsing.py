"""Rehearsals are counted as orders come, and settled when their days are over: `REHEARSE-*`."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pifa.kernel import clock
from pifa.kernel.events import emit
from pifa.metrics import queries as metrics
from pifa.programme import shelf
from pifa.programme.events import RehearsalMoved
from pifa.programme.models import Rehearsal, SeasonRow
from pifa.programme.queries import figures
from pifa.programme.rules.rehearsal import Progress
from pifa.programme.states import REHEARSAL, RehearsalState

COUNTED = (RehearsalState.OPEN, RehearsalState.PASSED, RehearsalState.FAILED)


@transaction.atomic
def recount(seller_id: int) -> None:
    """Count a seller's rehearsals anew after something happened to one of its orders.

    One statement for who rehearses nothing. A settled rehearsal changes by rulings alone: what is
    paid or refunded later is outside of its days.
    """
    rows = Rehearsal.objects.filter(company=seller_id, state__in=COUNTED)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        rehearsal = Rehearsal.objects.select_for_update(no_key=True).get(pk=pk)
        count(rehearsal)


@transaction.atomic
def settle(row: SeasonRow, round_code: str) -> int:
    """End the rehearsals of a round whose days are over: who has not passed has failed. How many
    were settled. Raises `FactsIncomplete` while facts of its days are missing."""
    season = shelf.season_of(row)
    metrics.require_complete(season.round(round_code).rehearsal.last)
    open_ones = Rehearsal.objects.filter(
        season=row, round=round_code, state__in=COUNTED, settled_at=None
    )
    settled = 0
    for pk in list(open_ones.order_by("pk").values_list("pk", flat=True)):
        rehearsal = Rehearsal.objects.select_for_update(no_key=True).get(pk=pk)
        rehearsal.settled_at = clock.now()
        rehearsal.save(update_fields=["settled_at"])
        count(rehearsal)
        settled += 1
    return settled


def count(rehearsal: Rehearsal) -> None:
    """Count a locked rehearsal as it stands now, and move it where it belongs."""
    season = shelf.season_of(rehearsal.season)
    found = figures.rehearsal_progress(season, season.round(rehearsal.round), rehearsal.company_id)
    verb = _verb(rehearsal, found)
    if verb is None:
        return
    move = REHEARSAL.check(rehearsal.state, verb)
    rehearsal.state = RehearsalState(str(move.target))
    rehearsal.numbers = _numbers(found)
    if rehearsal.state == RehearsalState.PASSED:
        rehearsal.passed_at = clock.now()
    rehearsal.save(update_fields=["state", "numbers", "passed_at"])
    emit(
        RehearsalMoved(
            company_id=rehearsal.company_id,
            season=rehearsal.season.code,
            round=rehearsal.round,
            state=rehearsal.state,
        )
    )


def _verb(rehearsal: Rehearsal, found: Progress) -> str | None:
    """What has to happen to a rehearsal; None where it is where it belongs."""
    settled = rehearsal.settled_at is not None
    match RehearsalState(rehearsal.state), found.passed:
        case ((RehearsalState.OPEN | RehearsalState.FAILED), True):
            return "pass"
        case RehearsalState.PASSED, False:
            return "fail" if settled else "reopen"
        case RehearsalState.OPEN, False:
            return "fail" if settled else None
        case _:
            return None


def _numbers(found: Progress) -> dict[str, Any]:
    known = {answer.asked.condition.metric: answer.view.value for answer in found.answers}
    return figures.kept(known, known)
