"""What a seller sees of its imports."""

from __future__ import annotations

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties.policies import require
from pifa.trade.models import ImportBatch

SHOWN = 50


def batches(actor: Actor) -> list[ImportBatch]:
    """The imports of the actor's company, the latest first."""
    return list(ImportBatch.objects.filter(seller=require(actor)).order_by("-id")[:SHOWN])


def batch(actor: Actor, batch_id: int) -> ImportBatch:
    """One import of the actor's company; `NotFound` for others."""
    found = ImportBatch.objects.filter(seller=require(actor), pk=batch_id).first()
    if found is None:
        raise NotFound
    return found
