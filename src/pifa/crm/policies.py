"""Who keeps customer files: the seller's clerks; its members read them, nobody else does."""

from __future__ import annotations

from pifa.crm.models import CustomerFile
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.parties import policies as parties


def may_read(actor: Actor) -> int:
    """The seller whose files a member may read; `Forbidden` for operators and strangers."""
    return parties.require(actor)


def may_keep(actor: Actor) -> int:
    """The seller whose files a clerk may change."""
    return parties.require(actor, Role.CLERK)


def own_file(actor: Actor, file_id: int, *, lock: bool = False) -> CustomerFile:
    """A file of the clerk's company, to be changed; to others it does not exist (`NotFound`).

    A merged file is not changed either: what it leads to is.
    """
    seller_id = may_keep(actor)
    rows = CustomerFile.objects.select_for_update(no_key=True) if lock else CustomerFile.objects
    row = rows.filter(pk=file_id, seller_id=seller_id, merged_into=None).first()
    if row is None:
        raise NotFound
    return row
