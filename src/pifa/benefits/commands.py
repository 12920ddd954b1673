"""The only writers of grants. They are called by the floors that decide on benefits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction

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
