"""An operator lets a day be rated now, without waiting for the night."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from pifa.kernel import audit, events
from pifa.kernel.actors import Actor
from pifa.metrics import commands as facts
from pifa.parties import policies
from pifa.standing.commands.rating import Result, rate


def rate_by_hand(actor: Actor, day: date) -> Result:
    """Rate a day as the nightly run does, on the word of an operator. Raises what `rate` raises.

    Events that wait are delivered and days closed first, so that facts count and nobody waits.
    """
    policies.require_operator(actor)
    events.deliver(limit=100_000)
    facts.heal()
    with transaction.atomic():
        result = rate(day)
        audit.record(
            actor,
            "standing.rate",
            f"day:{day.isoformat()}",
            digest=result.digest,
            changed=result.changed,
            moved=result.moved,
        )
    return result
