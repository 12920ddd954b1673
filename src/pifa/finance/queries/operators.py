"""What waits for operators: flagged notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.finance import policies, words
from pifa.finance.models import GatewayNotice, Payment
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class FlaggedNotice:
    """A notice that waits for an operator: genuine, and nothing was posted for it."""

    id: int
    gateway: str
    at: datetime
    verdict: str
    verdict_label: str
    payment_number: str
    subject: str | None
    payload: dict[str, str]
    repeats: int


def flagged_notices(
    actor: Actor, cursor: int | None = None, page_size: int = PAGE_SIZE
) -> list[FlaggedNotice]:
    """Notices that wait for an operator, oldest first, after a given id. Operators only."""
    policies.works_for_the_market(actor)
    if cursor is not None and cursor < 0:
        raise InvalidInput(field="cursor", reason=str(cursor))
    rows = GatewayNotice.objects.filter(flagged=True, cleared_at=None, pk__gt=cursor or 0)
    found = list(rows.order_by("pk")[:page_size])
    numbers = {row.payment_number for row in found}
    subjects = dict(
        Payment.objects.filter(number__in=numbers).values_list("number", "payable__subject")
    )
    return [
        FlaggedNotice(
            id=row.pk,
            gateway=row.gateway,
            at=row.at,
            verdict=row.verdict,
            verdict_label=words.verdict(row.verdict),
            payment_number=row.payment_number,
            subject=subjects.get(row.payment_number),
            payload={str(name): str(value) for name, value in row.payload.items()},
            repeats=row.repeats,
        )
        for row in found
    ]
