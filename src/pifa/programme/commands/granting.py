"""What members hold by their tags becomes grants in the register of benefits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from django.db.models import Q

from pifa.benefits import commands as benefits
from pifa.benefits.rules import Held, Terms
from pifa.kernel import clock
from pifa.programme import shelf
from pifa.programme.models import Membership, SeasonRow, Verdict
from pifa.programme.rules.checkpoints import PASSED, Outcome, Tags
from pifa.programme.rules.giving import MEMBER_TAG, TRAFFIC_TAG, benefits_of, tags_held
from pifa.programme.rules.season import Season, Tag

SOURCE: Final = "programme"

AT_ONCE = 500

_TAGS = {Tag.MEMBER: MEMBER_TAG, Tag.TRAFFIC: TRAFFIC_TAG}


def sync(companies: Collection[int]) -> None:
    """Let companies hold from today what their memberships bring, and nothing else of this source.

    Some statements for every five hundred of them.
    """
    wanted = sorted(set(companies))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        rows = Membership.objects.filter(company__in=some, member_tag=True)
        grants: dict[Held, Terms] = {}
        for row in rows.select_related("season").order_by("season__first_day", "pk"):
            tags = Tags(row.member_tag, row.traffic_tag)
            season = shelf.season_of(row.season)
            grants |= dict(_grants(row.company_id, row.season, season, row.department, tags))
        benefits.sync(SOURCE, clock.today(), grants, some)


def follow(row: SeasonRow, code: str, first_id: int, last_id: int) -> int:
    """Let grants follow the verdicts of a checkpoint that lie between two ids; how many companies
    gained or lost something. A run tells of its verdicts in parts, so that it need not wait."""
    given = Verdict.objects.filter(
        run__season=row, run__code=code, pk__range=(first_id, last_id), superseded=False
    )
    as_before = Q(outcome__in=PASSED, had_traffic=True) | Q(
        outcome=Outcome.TRAFFIC_LOST, had_traffic=False
    )
    companies = list(given.exclude(as_before).values_list("membership__company", flat=True))
    sync(companies)
    return len(companies)


def _grants(
    company_id: int, row: SeasonRow, season: Season, department: str, tags: Tags
) -> Iterator[tuple[Held, Terms]]:
    reason = {"zh": row.title, "en": row.title_en, "season": row.code}
    for tag in tags_held(tags):
        yield Held(company_id, _TAGS[tag]), Terms({}, "BENEFIT-TAGS", reason)
    for rule in benefits_of(season, department, tags):
        value = {**rule.value, **({"awaits": rule.awaits} if rule.awaits else {})}
        yield Held(company_id, rule.code), Terms(value, rule.rule_id, reason)
