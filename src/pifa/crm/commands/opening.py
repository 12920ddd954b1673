"""Opening files: for customers of the seller's books, and for companies that bought."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q

from pifa.crm.models import CustomerFile, FileFigures
from pifa.kernel import bulk, clock
from pifa.parties import queries as parties
from pifa.relationships.models import Relationship
from pifa.trade.models import Order, Provenance

FEW = 500
"""So many are asked for by name; for more, all orders of the seller are read."""

_DELIVERY = ("consignee", "phone", "mobile", "address")


def open_files(seller_id: int, *, buyer_id: int | None = None) -> list[int]:
    """Open a file for every customer and buyer of a seller without one, under the seller's lock.

    `buyer_id`: for this company only. Names, telephone and address come from the latest order.
    Returns the new files; eight statements at most.
    """
    _join(seller_id)
    rows = _of_customers(seller_id, buyer_id)
    theirs = {row["buyer_id"] for row in rows}
    rows += [row for row in _of_buyers(seller_id, buyer_id) if row["buyer_id"] not in theirs]
    if not rows:
        return []
    _name_apart(seller_id, rows)
    ids: list[int] = bulk.insert(CustomerFile, rows)
    today = clock.today()
    blank = [{"file_id": pk, "seller_id": seller_id, "as_of": today} for pk in ids]
    bulk.insert(FileFigures, blank, returning=None)
    return ids


def _join(seller_id: int) -> None:
    """A buyer's file learns of the relationship that the two have meanwhile."""
    apart = CustomerFile.objects.filter(
        seller=seller_id, relationship=None, buyer__isnull=False, buyer__suppliers__seller=seller_id
    )
    for pk, found in apart.values_list("pk", "buyer__suppliers__pk"):
        if Relationship.objects.filter(pk=found, seller=seller_id, file=None).exists():
            CustomerFile.objects.filter(pk=pk).update(relationship=found)


def _of_customers(seller_id: int, buyer_id: int | None) -> list[dict[str, Any]]:
    rows = Relationship.objects.filter(seller=seller_id, file=None).exclude(
        state=Relationship.State.MERGED
    )
    if buyer_id is not None:
        rows = rows.filter(buyer=buyer_id)
    found = list(
        rows.order_by("pk").values_list("pk", "buyer_id", "buyer__login", "external_key", "name")
    )
    delivery = _deliveries(seller_id, [row[0] for row in found], "customer_id")
    moment = clock.now()
    return [
        _row(seller_id, moment, delivery.get(pk))
        | {
            "relationship_id": pk,
            "buyer_id": buyer_id,
            "code": key or login or str(pk),
            "name": name or key or login or str(pk),
            "account": login or "",
        }
        for pk, buyer_id, login, key, name in found
    ]


def _of_buyers(seller_id: int, buyer_id: int | None) -> list[dict[str, Any]]:
    has = CustomerFile.objects.filter(seller=seller_id, buyer=OuterRef("buyer"))
    bought = Order.objects.filter(
        Q(buyer=buyer_id) if buyer_id else Q(),
        ~Exists(has),
        seller=seller_id,
        provenance=Provenance.MARKET,
        paid_at__isnull=False,
    )
    ids = sorted(set(bought.values_list("buyer_id", flat=True).distinct()) - {None})
    if not ids:
        return []
    links = dict(
        Relationship.objects.filter(seller=seller_id, buyer__in=ids).values_list("buyer_id", "pk")
    )
    cards = parties.cards(ids)
    delivery = _deliveries(seller_id, ids, "buyer_id")
    moment = clock.now()
    return [
        _row(seller_id, moment, delivery.get(pk))
        | {
            "relationship_id": links.get(pk),
            "buyer_id": pk,
            "code": cards[pk].login,
            "name": cards[pk].name,
            "account": cards[pk].login,
        }
        for pk in ids
    ]


def _row(seller_id: int, moment: Any, delivery: tuple[str, ...] | None) -> dict[str, Any]:
    contact, phone, mobile, address = delivery or ("", "", "", "")
    return {
        "seller_id": seller_id,
        "contact": contact,
        "phone": mobile or phone,
        "address": address,
        "created_at": moment,
        "changed_at": moment,
    }


def _deliveries(seller_id: int, ids: Collection[int], by: str) -> dict[int, tuple[str, ...]]:
    """Where the latest order of each went that says so."""
    if not ids:
        return {}
    orders = Order.objects.filter(~Q(consignee="") | ~Q(address=""), seller=seller_id)
    if len(ids) <= FEW:
        orders = orders.filter(**{f"{by}__in": ids})
    wanted = set(ids)
    found: dict[int, tuple[str, ...]] = {}
    for whose, *rest in orders.order_by("placed_at").values_list(by, *_DELIVERY).iterator(2000):
        if whose in wanted:
            found[whose] = tuple(rest)
    return found


def _name_apart(seller_id: int, rows: list[dict[str, Any]]) -> None:
    """No two files of a seller have one code."""
    taken = set(CustomerFile.objects.filter(seller=seller_id).values_list("code", flat=True))
    for row in rows:
        code, number = row["code"][:110], 2
        while row["code"] in taken:
            row["code"] = f"{code} ({number})"
            number += 1
        taken.add(row["code"])
