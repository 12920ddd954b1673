"""What a seller's clerks see of its imports: they hold names of its customers."""

from __future__ import annotations

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.parties.policies import require
from pifa.trade.models import ImportBatch, ImportRejection

SHOWN = 50


def batches(actor: Actor) -> list[ImportBatch]:
    """The imports of the actor's company, the latest first."""
    return list(
        ImportBatch.objects.filter(seller=require(actor, Role.CLERK)).order_by("-id")[:SHOWN]
    )


def batch(actor: Actor, batch_id: int) -> ImportBatch:
    """One import of the actor's company; `NotFound` for others."""
    found = ImportBatch.objects.filter(seller=require(actor, Role.CLERK), pk=batch_id).first()
    if found is None:
        raise NotFound
    return found


def rejections(actor: Actor, batch_id: int, size: int = 100) -> list[ImportRejection]:
    """The first rows of an import that were refused or taken with a warning, refused ones first;
    `NotFound` for others' imports. The sheet to download has every refused row."""
    rows = ImportRejection.objects.filter(batch=batch(actor, batch_id).pk)
    return list(rows.order_by("is_warning", "row", "pk")[:size])
