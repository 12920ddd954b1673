"""Who is related to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.relationships.models import CustomerGroup, Relationship

_STATE = Relationship.State


def related(seller_id: int, buyer_id: int | None) -> bool:
    """Whether a granted relationship joins the two."""
    if buyer_id is None:
        return False
    return Relationship.objects.filter(
        seller_id=seller_id, buyer_id=buyer_id, state=_STATE.GRANTED
    ).exists()


def visible_sellers(buyer_id: int | None) -> set[int]:
    """The sellers whose private goods a buyer may see."""
    if buyer_id is None:
        return set()
    rows = Relationship.objects.filter(buyer_id=buyer_id, state=_STATE.GRANTED)
    return set(rows.values_list("seller_id", flat=True))


def relationship_ids(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The relationship of each (seller, buyer) that has one, whatever its state: one statement."""
    wanted = set(pairs)
    rows = Relationship.objects.filter(
        seller_id__in={seller for seller, _ in wanted}, buyer_id__in={buyer for _, buyer in wanted}
    ).values_list("seller_id", "buyer_id", "id")
    return {
        (seller_id, buyer_id): found
        for seller_id, buyer_id, found in rows
        if (seller_id, buyer_id) in wanted
    }


def customer_names(seller_id: int, ids: Iterable[int]) -> dict[int, str]:
    """What a seller calls its customers, by their id here; its own key where it noted no name."""
    rows = Relationship.objects.filter(seller_id=seller_id, pk__in=set(ids))
    return {
        key: name or external or ""
        for key, name, external in rows.values_list("pk", "name", "external_key")
    }


def relationship(actor: Actor, relationship_id: int) -> Relationship:
    """A relationship of the actor's company, on either side; else `NotFound`."""
    company_id = parties.require(actor)
    row = (
        Relationship.objects.filter(
            Q(seller_id=company_id) | Q(buyer_id=company_id) & ~Q(state=_STATE.NOTED)
        )
        .exclude(state=_STATE.MERGED)
        .select_related("seller", "buyer")
        .filter(pk=relationship_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def customers(
    actor: Actor,
    *,
    state: str | None = None,
    words: str = "",
    group_id: int | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[Relationship]:
    """The customers of the actor's company, newest first, with the buying company loaded.

    `group_id` keeps those of a group; `state` is one of `Relationship.State` but not merged;
    `words` are looked for in name, the seller's own key and the company's name.
    """
    company_id = parties.require(actor)
    rows = Relationship.objects.filter(seller_id=company_id).select_related("buyer", "group")
    if group_id is not None:
        rows = rows.filter(group=group_id)
    if words:
        rows = rows.filter(
            Q(name__icontains=words)
            | Q(external_key__icontains=words)
            | Q(buyer__name__icontains=words)
        )
    return _page(rows, state, cursor, size)


def suppliers(
    actor: Actor,
    *,
    state: str | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[Relationship]:
    """The sellers that the actor's company asked, was asked by or is related to, newest first;
    what a seller only noted of it is none of its business."""
    company_id = parties.require(actor)
    rows = Relationship.objects.filter(buyer_id=company_id).exclude(state=_STATE.NOTED)
    rows = rows.select_related("seller")
    return _page(rows, state, cursor, size)


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of a seller's customers, and how many are in it."""

    id: int
    name: str
    customers: int


def groups(actor: Actor) -> list[GroupView]:
    """The groups of the actor's company, by name; one statement."""
    rows = CustomerGroup.objects.filter(seller=parties.require(actor)).order_by("name", "pk")
    counted = rows.annotate(customers=Count("members"))
    return [GroupView(*row) for row in counted.values_list("pk", "name", "customers")]


def group(actor: Actor, group_id: int) -> GroupView:
    """A group of the actor's company; else `NotFound`."""
    for found in groups(actor):
        if found.id == group_id:
            return found
    raise NotFound


def waiting_for(company_id: int) -> int:
    """How many requests wait for a company's answer, on either side."""
    return (
        Relationship.objects.filter(state=_STATE.REQUESTED)
        .filter(
            Q(seller_id=company_id, requested_by="buyer")
            | Q(buyer_id=company_id, requested_by="seller")
        )
        .count()
    )


def waiting_for_buyer(company_id: int) -> int:
    """How many sellers asked a company for a relationship and wait for its answer."""
    rows = Relationship.objects.filter(buyer_id=company_id, state=_STATE.REQUESTED)
    return rows.filter(requested_by="seller").count()


def _page(
    rows: QuerySet[Relationship], state: str | None, cursor: str | None, size: int | None
) -> Page[Relationship]:
    rows = rows.filter(state=state) if state else rows.exclude(state=_STATE.MERGED)
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    return cut(list(rows.order_by("-id")[: size + 1]), size, lambda row: (row.pk,))
