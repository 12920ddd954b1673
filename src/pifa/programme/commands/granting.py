"""What members hold by their tags becomes grants in the register of benefits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from django.db.models import QuerySet

from pifa.benefits import commands as benefits
from pifa.benefits.rules import Held, Terms
from pifa.kernel import clock
from pifa.programme import shelf
from pifa.programme.models import Membership, SeasonRow
from pifa.programme.rules.checkpoints import Tags
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


def end_traffic(season: Season, companies: QuerySet[Any, Any]) -> None:
    """End what comes with the traffic tag for companies that a statement names; for many at once."""
    codes = [TRAFFIC_TAG, *(rule.code for rule in season.benefits if rule.tag is Tag.TRAFFIC)]
    benefits.end_all(SOURCE, clock.today(), codes, companies)


def end_everything(season: Season, companies: QuerySet[Any, Any]) -> None:
    """End all that a membership brings, for companies that a statement names; for many at once."""
    codes = [MEMBER_TAG, TRAFFIC_TAG, *(rule.code for rule in season.benefits)]
    benefits.end_all(SOURCE, clock.today(), codes, companies)


def restore_traffic(row: SeasonRow, season: Season, members: Iterable[tuple[int, str]]) -> None:
    """Give companies, each with its department, again what comes with the traffic tag."""
    grants: dict[Held, Terms] = {}
    for company_id, department in members:
        grants |= dict(_grants(company_id, row, season, department, Tags(True, True)))
    benefits.open_all(SOURCE, clock.today(), grants)


def _grants(
    company_id: int, row: SeasonRow, season: Season, department: str, tags: Tags
) -> Iterator[tuple[Held, Terms]]:
    reason = {"zh": row.title, "en": row.title_en, "season": row.code}
    for tag in tags_held(tags):
        yield Held(company_id, _TAGS[tag]), Terms({}, "BENEFIT-TAGS", reason)
    for rule in benefits_of(season, department, tags):
        value = {**rule.value, **({"awaits": rule.awaits} if rule.awaits else {})}
        yield Held(company_id, rule.code), Terms(value, rule.rule_id, reason)
