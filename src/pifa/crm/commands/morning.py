"""Each morning a seller's figures are brought up to the day, and it hears whom to call."""

from __future__ import annotations

from datetime import datetime, timedelta

from pifa.crm.commands.figures import refresh
from pifa.crm.queries.mornings import waiting
from pifa.kernel import clock, deadlines
from pifa.kernel.models import Deadline
from pifa.messages import commands as messages

KIND = "crm.morning"
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
    """Tell the seller of what its keepers find in the list; nothing to find, nothing told."""
    seller_id = _seller(subject)
    found = waiting(seller_id, clock.today())
    if found.any:
        messages.notify(
            seller_id,
            "customers_to_call",
            f"crm:{clock.today().isoformat()}",
            {
                "followups": found.followups,
                "due": found.due,
                "slipping": found.slipping,
            },
            "/seller/followups/",
        )
    deadlines.set_deadline(KIND, subject, _next_morning())


def _next_morning() -> datetime:
    now = clock.now()
    today = clock.start_of_day(clock.market_day(now)) + HOUR
    return today if now < today else clock.start_of_day(clock.today() + timedelta(days=1)) + HOUR


def _subject(seller_id: int) -> str:
    return f"company:{seller_id}"


def _seller(subject: str) -> int:
    return int(subject.partition(":")[2])
