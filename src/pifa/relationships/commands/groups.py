"""Groups of a seller's customers."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.parties import policies as parties_policies
from pifa.parties.text import clean_text
from pifa.relationships import policies
from pifa.relationships.errors import GroupInUse, GroupNameTaken
from pifa.relationships.models import CustomerGroup, Relationship

LONGEST_NAME = 40


def save_group(actor: Actor, name: str, group_id: int | None = None) -> CustomerGroup:
    """Make a group of the actor's company, or give one another name.

    Raises `GroupNameTaken`, `InvalidInput` for a name that is empty or too long, `NotFound`.
    """
    seller_id = _seller(actor)
    name = clean_text(name)
    if not 1 <= len(name) <= LONGEST_NAME:
        reason = _("分组名称需要 1 到 {longest} 个字。").format(longest=LONGEST_NAME)
        raise InvalidInput(field="name", reason=reason)
    with transaction.atomic():
        row = (
            _locked(seller_id, group_id)
            if group_id is not None
            else CustomerGroup(seller_id=seller_id, created_at=clock.now())
        )
        row.name = name
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise GroupNameTaken(name=name) from error
        audit.record(actor, "customer_group.save", f"customer_group:{row.pk}", name=name)
        return row


def delete_group(actor: Actor, group_id: int) -> None:
    """Delete a group with its prices; its customers stay, in no group.

    `GroupInUse` while goods are meant for it alone, `NotFound` for another company's.
    """
    seller_id = _seller(actor)
    with transaction.atomic():
        row = _locked(seller_id, group_id)
        try:
            row.delete()
        except ProtectedError as error:
            raise GroupInUse(name=row.name, offers=len(error.protected_objects)) from error
        audit.record(actor, "customer_group.delete", f"customer_group:{group_id}", name=row.name)


def put_in_group(actor: Actor, relationship_ids: Collection[int], group_id: int | None) -> int:
    """Put customers of the actor's company into a group, or into none; how many were moved.

    A customer leaves the group it was in. `NotFound`, and nothing is moved, if any customer or
    the group is not the company's.
    """
    seller_id = _seller(actor)
    wanted = set(relationship_ids)
    with transaction.atomic():
        if group_id is not None:
            _locked(seller_id, group_id)
        rows = Relationship.objects.filter(pk__in=wanted, seller=seller_id)
        rows = rows.exclude(state=Relationship.State.MERGED).order_by("pk")
        before = dict(rows.select_for_update(no_key=True).values_list("pk", "group_id"))
        if len(before) < len(wanted):
            raise NotFound
        moved = [key for key, group in before.items() if group != group_id]
        Relationship.objects.filter(pk__in=moved).update(group=group_id)
        audit.record_all(
            audit.entry(actor, "relationship.put_in_group", f"relationship:{key}", group=group_id)
            for key in moved
        )
        return len(moved)


def _seller(actor: Actor) -> int:
    return parties_policies.require(actor, policies.ROLES["seller"])


def _locked(seller_id: int, group_id: int) -> CustomerGroup:
    rows = CustomerGroup.objects.select_for_update(no_key=True)
    row = rows.filter(pk=group_id, seller=seller_id).first()
    if row is None:
        raise NotFound
    return row
