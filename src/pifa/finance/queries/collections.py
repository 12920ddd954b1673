"""Collection codes: whom one pays by them, and what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.benefits import queries as benefits
from pifa.benefits.labels import COLLECTION_CODE
from pifa.catalog import queries as catalog
from pifa.finance import policies
from pifa.finance.models import Collection, CollectionCode
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties.models import Company


@dataclass(frozen=True, slots=True)
class CodeView:
    """A company's collection code; without a token it has none. `granted`: it takes money now."""

    token: str | None
    made_at: datetime | None
    granted: bool
    name: str


@dataclass(frozen=True, slots=True)
class CollectedView:
    """Money that came by a collection code."""

    id: int
    number: str
    amount: Money
    note: str
    at: datetime


def collection_code(company_id: int) -> CodeView:
    """A company's own code and whether it takes money."""
    code = CollectionCode.objects.filter(company=company_id, ended_at=None).first()
    return CodeView(
        token=code.token if code else None,
        made_at=code.made_at if code else None,
        granted=benefits.grant_of(company_id, COLLECTION_CODE) is not None,
        name=public_name(company_id),
    )


def collection_page(token: str) -> CodeView:
    """What anybody learns of a code: whom it pays, and whether it can. `NotFound` for a dead one."""
    code = CollectionCode.objects.filter(token=token, ended_at=None).first()
    if code is None:
        raise NotFound
    return collection_code(code.company_id)


def collected(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[CollectedView]:
    """What came to the actor's company by its codes, newest first; owner or finance role. One
    statement."""
    company_id = policies.handles_money(actor)
    rows = Collection.objects.filter(code__company=company_id, payable__state="settled")
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    found = rows.select_related("payable").order_by("-pk")[: limit + 1]
    page = cut(list(found), limit, lambda row: (row.pk,))
    items = [
        CollectedView(row.pk, row.number, Money(row.payable.settled_fen), row.note, row.at)
        for row in page.items
    ]
    return Page(items, page.next_cursor)


def public_name(company_id: int) -> str:
    """What strangers are shown of a company: its shop's name, or its own."""
    try:
        return catalog.shop_info(company_id).name
    except NotFound:
        return Company.objects.values_list("name", flat=True).get(pk=company_id)
