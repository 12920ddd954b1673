"""Each morning a seller's figures are brought up to the day, and its keepers hear whom to call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta

from pifa.crm.commands.figures import refresh
from pifa.crm.queries.mornings import NOBODY, TOP, Waiting, waiting
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.models import Deadline
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.messages.models import Notice
from pifa.parties.models import Company, Member

KIND = "crm.morning"
NOTICE = "customers_to_call"
HOUR = timedelta(hours=8)
"""When the market day's list is made, after midnight of the market's zone."""


def expect_mornings(seller_id: int) -> None:
    """From now on the seller's mornings come; under a lock of one of its rows. One statement
    where they come already."""
    subject = _subject(seller_id)
    if not Deadline.objects.filter(kind=KIND, subject=subject, done_at=None).exists():
        deadlines.set_deadline(KIND, subject, _next_morning())


def _prepare(subject: str) -> None:
    refresh(_seller(subject))


@deadlines.handles(KIND, _prepare)
def morning(subject: str) -> None:
    """Tell each keeper what it finds in its list: once a day, and nothing where nobody waits."""
    seller_id, today = _seller(subject), clock.today()
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    told = Notice.objects.filter(company=seller_id, kind=NOTICE, subject=_of_day(today))
    if not told.exists():
        messages.notify_all(list(_notices(seller_id, today)))
    deadlines.set_deadline(KIND, subject, _next_morning())


def _notices(seller_id: int, today: date) -> Iterator[NewNotice]:
    """A keeper hears of its own files. Of those that nobody keeps hear the clerks that keep none;
    where each keeps some, the owners."""
    by_keeper = waiting(seller_id, today)
    nobodys = by_keeper.pop(NOBODY, Waiting())
    rows = Member.objects.filter(company=seller_id, active=True).order_by("pk")
    clerks = {pk: set(roles) for pk, roles in rows.values_list("pk", "roles") if _acts(pk, roles)}
    free = clerks.keys() - by_keeper.keys()
    for pk in sorted(clerks.keys() | by_keeper.keys()):
        if pk in by_keeper:
            found, query = by_keeper[pk], f"?keeper={pk}"
            if not free and Role.OWNER in clerks.get(pk, ()):
                found, query = _both(found, nobodys), ""
        else:
            found, query = nobodys, f"?keeper={NOBODY}" if by_keeper else ""
        if found.any:
            yield NewNotice(
                company_id=seller_id,
                member_id=pk,
                kind=NOTICE,
                subject=_of_day(today),
                params=asdict(found),
                link=f"/seller/followups/{query}",
            )


def _acts(member_id: int, roles: Iterable[str]) -> bool:
    actor = Actor(ActorKind.MEMBER, member_id=member_id, roles=frozenset(map(Role, roles)))
    return actor.has_role(Role.CLERK)


def _both(one: Waiting, other: Waiting) -> Waiting:
    return Waiting(
        one.followups + other.followups,
        one.due + other.due,
        one.slipping + other.slipping,
        min(one.top + other.top, TOP),
    )


def _of_day(today: date) -> str:
    return f"crm:{today.isoformat()}"


def _next_morning() -> datetime:
    now = clock.now()
    today = clock.start_of_day(clock.market_day(now)) + HOUR
    return today if now < today else clock.start_of_day(clock.today() + timedelta(days=1)) + HOUR


def _subject(seller_id: int) -> str:
    return f"company:{seller_id}"


def _seller(subject: str) -> int:
    return int(subject.partition(":")[2])
