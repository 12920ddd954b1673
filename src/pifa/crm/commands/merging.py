"""Two files of one customer become one, and two again; and what a claim does to files.

What hangs on a merged file (tags, prices, notes) stays where it is and is shown in the file it
leads to; orders move. So taking a merge back is exact.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pifa.crm.commands.figures import refresh_files
from pifa.crm.commands.files import append
from pifa.crm.commands.opening import open_files
from pifa.crm.errors import MembersStay, MergeGone
from pifa.crm.models import CustomerFile, FileFigures, FileMerge, FileNote
from pifa.crm.policies import may_keep
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import NotFound
from pifa.parties.models import Company
from pifa.relationships import commands as relationships
from pifa.relationships.models import Relationship
from pifa.trade.past.customers import hand_over

FILLED = (
    "account",
    "contact",
    "phone",
    "other_contacts",
    "keeper_id",
    "address",
    "usual_specs",
    "daily_usage",
    "usage_unit",
    "next_action",
    "next_day",
)
"""Fields that the kept file takes over where it has nothing; those of a pair go together."""

_PAIRS = {"usage_unit": "daily_usage", "next_day": "next_action"}


@transaction.atomic
def merge(actor: Actor, gone_id: int, kept_id: int) -> FileMerge:
    """Merge one file into another: its orders, tags, prices and notes are the other's now.

    Raises `MembersStay` where a company stands behind the one that goes. Where the other is of a
    company that only bought, the seller notes it, so that past orders have somewhere to go. Clerks.
    """
    gone, kept = _both(actor, gone_id, kept_id)
    if gone.buyer_id is not None:
        raise MembersStay(name=gone.name)
    assert gone.relationship_id is not None  # it is of somebody
    if kept.relationship_id is None:
        assert kept.buyer_id is not None  # so is this
        kept.relationship_id = relationships.know(actor, kept.buyer_id)
    led = relationships.combine(actor, gone.relationship_id, kept.relationship_id)
    orders = hand_over(gone.relationship_id, kept.relationship_id)
    filled = _fill(kept, gone)
    files = _lead(gone, kept)
    row = FileMerge.objects.create(
        kept=kept,
        gone=gone,
        moved={"orders": orders, "files": files, "relationships": led},
        filled=filled,
        by_id=actor.member_id,
        at=clock.now(),
    )
    append(actor, kept.pk, FileNote.Kind.MERGED, f"{gone.name} ({gone.code})")
    audit.record(actor, "crm.merge", f"file:{kept.pk}", gone=gone.pk, orders=len(orders))
    refresh_files(kept.seller_id, [kept.pk])
    return row


@transaction.atomic
def undo_merge(actor: Actor, merge_id: int) -> FileMerge:
    """Take a merge back: what moved goes back, what was filled in and is as filled in is emptied.

    Later merges into the same file stay. `MergeGone` when it was undone, or its file went on
    into another. Clerks.
    """
    seller_id = may_keep(actor)
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    row = (
        FileMerge.objects.select_related("kept", "gone")
        .filter(pk=merge_id, kept__seller=seller_id)
        .first()
    )
    if row is None:
        raise NotFound
    kept, gone = row.kept, row.gone
    if row.undone_at or kept.merged_into_id or gone.merged_into_id != kept.pk:
        raise MergeGone
    assert gone.relationship_id is not None
    assert kept.relationship_id is not None
    moved = row.moved
    relationships.part(actor, gone.relationship_id, kept.relationship_id, moved["relationships"])
    hand_over(kept.relationship_id, gone.relationship_id, moved["orders"])
    _empty(kept, row.filled)
    _forget(actor, kept)
    CustomerFile.objects.filter(pk=gone.pk).update(merged_into=None)
    CustomerFile.objects.filter(pk__in=moved["files"], merged_into=kept).update(merged_into=gone)
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    append(actor, kept.pk, FileNote.Kind.PARTED, f"{gone.name} ({gone.code})")
    audit.record(actor, "crm.undo_merge", f"file:{kept.pk}", gone=gone.pk)
    refresh_files(seller_id, [kept.pk, gone.pk])
    return row


@transaction.atomic
def follow_claim(seller_id: int, old_id: int, relationship_id: int, buyer_id: int) -> None:
    """A company took a noted customer over: one file is left for it, with what both held."""
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    open_files(seller_id)
    rows = CustomerFile.objects.filter(seller=seller_id, merged_into=None)
    of_buyer = rows.filter(buyer=buyer_id).first()
    noted = rows.filter(relationship=old_id).first()
    kept = rows.filter(relationship=relationship_id).first() or of_buyer or noted
    if kept is None:
        return
    for other in {noted, of_buyer} - {None, kept}:
        assert other is not None
        # A member's file leads on only when the member stands behind the other.
        other.buyer_id = None
        CustomerFile.objects.filter(pk=other.pk).update(buyer=None, merged_into=kept)
        _fill(kept, other)
        _lead(other, kept)
        append(SYSTEM, kept.pk, FileNote.Kind.MERGED, f"{other.name} ({other.code})")
    if kept.buyer_id != buyer_id:
        kept.buyer_id = buyer_id
        kept.save(update_fields=["buyer"])
    refresh_files(seller_id, [kept.pk])


def _both(actor: Actor, gone_id: int, kept_id: int) -> tuple[CustomerFile, CustomerFile]:
    seller_id = may_keep(actor)
    # Held first: a file is merged once, and its orders are those of the moment.
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    rows = CustomerFile.objects.filter(seller=seller_id, merged_into=None)
    found = {row.pk: row for row in rows.filter(pk__in=(gone_id, kept_id))}
    if len(found) < 2:
        raise NotFound
    return found[gone_id], found[kept_id]


def _fill(kept: CustomerFile, gone: CustomerFile) -> dict[str, Any]:
    """Let the kept file take over what it has not; the fields as they are filled in."""
    empty = {name for name in FILLED if getattr(kept, name) in ("", None)}
    empty -= {name for name, lead in _PAIRS.items() if lead not in empty}
    filled = {name: getattr(gone, name) for name in empty if getattr(gone, name) not in ("", None)}
    if gone.written_purchases:
        kept.written_purchases = [*kept.written_purchases, *gone.written_purchases]
    kept.written_fen += gone.written_fen
    for name, value in filled.items():
        setattr(kept, name, value)
    kept.changed_at = clock.now()
    kept.save()
    plain = {
        name: value.isoformat() if name == "next_day" else value for name, value in filled.items()
    }
    return plain | {
        "written_fen": gone.written_fen,
        "written_purchases": gone.written_purchases,
    }


def _empty(kept: CustomerFile, filled: dict[str, Any]) -> None:
    """Undo `_fill`; a field that somebody changed since stays as it is."""
    for name, value in filled.items():
        now = getattr(kept, name)
        if name == "written_fen":
            kept.written_fen = max(now - value, 0)
        elif name == "written_purchases":
            for text in value:
                if text in kept.written_purchases:
                    kept.written_purchases.remove(text)
        elif (now.isoformat() if name == "next_day" and now else now) == value:
            setattr(kept, name, None if name in ("keeper_id", "daily_usage", "next_day") else "")
    if not kept.next_action or kept.next_day is None:
        kept.next_action, kept.next_day = "", None
    if kept.daily_usage is None:
        kept.usage_unit = ""
    kept.changed_at = clock.now()
    kept.save()


def _forget(actor: Actor, kept: CustomerFile) -> None:
    """A file of a company that only bought is no more than that again, if nothing came to it."""
    noted = kept.relationship
    if kept.buyer_id is None or noted is None or noted.state != Relationship.State.NOTED:
        return
    CustomerFile.objects.filter(pk=kept.pk).update(relationship=None)
    if not relationships.forget(actor, noted.pk):
        CustomerFile.objects.filter(pk=kept.pk).update(relationship=noted)


def _lead(gone: CustomerFile, kept: CustomerFile) -> list[int]:
    """Let a file, and what leads to it, lead to another; those that led to it."""
    led = list(CustomerFile.objects.filter(merged_into=gone).values_list("pk", flat=True))
    CustomerFile.objects.filter(pk__in=[gone.pk, *led]).update(merged_into=kept)
    FileFigures.objects.filter(file=gone).delete()
    return led
