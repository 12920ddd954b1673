"""The only writers of grants. They are called by the floors that decide on benefits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from pifa.benefits import rules
from pifa.benefits.events import GrantsChanged
from pifa.benefits.models import Grant
from pifa.benefits.rules import Changes, Held, Terms
from pifa.kernel import bulk
from pifa.kernel.events import emit

AT_ONCE = 500
"""Companies named by one statement or one event."""


@transaction.atomic
def sync(
    source: str,
    day: date,
    wanted: Mapping[Held, Terms],
    companies: Collection[int] | None = None,
) -> Changes:
    """Let exactly the wanted grants of a source be held from a market day on.

    With `companies` only theirs are touched. What is no longer wanted ends with the day before;
    what stays stays. Announces `GrantsChanged` for each benefit. Running it again with the
    same grants changes nothing.
    """
    rows = Grant.objects.select_for_update().filter(source=source, until=None).order_by("pk")
    if companies is not None:
        rows = rows.filter(company__in=list(companies))
    held = {Held(row.company_id, row.benefit): row for row in rows}
    found = rules.changes({key: _terms(row) for key, row in held.items()}, wanted)
    ended = [held[key] for key in found.ended]
    for begin in range(0, len(ended), AT_ONCE):
        part = ended[begin : begin + AT_ONCE]
        # One that began later than the day (days are rated anew) was held on no day.
        Grant.objects.filter(pk__in=[row.pk for row in part if row.since <= day]).update(until=day)
        Grant.objects.filter(pk__in=[row.pk for row in part if row.since > day]).delete()
    bulk.insert(
        Grant,
        [_row(source, day, key, wanted[key]) for key in found.opened],
        returning=None,
    )
    _announce(found, day)
    return found


def _terms(row: Grant) -> Terms:
    return Terms(row.value, row.rule_id, row.reason)


def _row(source: str, day: date, key: Held, terms: Terms) -> dict[str, object]:
    return {
        "company_id": key.company_id,
        "benefit": key.benefit,
        "source": source,
        "rule_id": terms.rule_id,
        "reason": dict(terms.reason),
        "value": dict(terms.value),
        "since": day,
    }


def _announce(found: Changes, day: date) -> None:
    touched: dict[str, set[int]] = defaultdict(set)
    for key in (*found.ended, *found.opened):
        touched[key.benefit].add(key.company_id)
    events = []
    for benefit, companies in sorted(touched.items()):
        ids = sorted(companies)
        events += [
            GrantsChanged(
                benefit=benefit,
                company_ids=tuple(ids[begin : begin + AT_ONCE]),
                day=day.isoformat(),
            )
            for begin in range(0, len(ids), AT_ONCE)
        ]
    emit(*events)


@transaction.atomic
def end_all(
    source: str, day: date, benefits: Collection[str], companies: QuerySet[Any, Any]
) -> list[int]:
    """End benefits of a source with the day before, for companies that a statement names.

    For many at once: two statements, whatever their number; the companies' ids are returned. None
    of the grants may begin later than the day.
    """
    ids = sorted(set(companies.values_list(flat=True)))
    if not ids:
        return []
    rows = Grant.objects.filter(
        source=source, until=None, benefit__in=list(benefits), company__in=companies
    )
    rows.update(until=day)
    _announce_of(benefits, ids, day)
    return ids


@transaction.atomic
def open_all(source: str, day: date, wanted: Mapping[Held, Terms]) -> None:
    """Let grants of a source be held from a day on; those that are held already stay as they are.
    One statement, whatever their number."""
    rows = [_row(source, day, key, terms) for key, terms in sorted(wanted.items(), key=_by_key)]
    bulk.insert(Grant, rows, returning=None, ignore_conflicts=True)
    _announce(Changes((), tuple(sorted(wanted))), day)


def _by_key(pair: tuple[Held, Terms]) -> Held:
    return pair[0]


def _announce_of(benefits: Collection[str], ids: list[int], day: date) -> None:
    keys = (Held(company_id, benefit) for benefit in benefits for company_id in ids)
    _announce(Changes(tuple(keys), ()), day)
