"""Collection codes: whom one pays by them, and what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

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
    """Money that came by a collection code; `refunded` is what of it went back."""

    id: int
    number: str
    amount: Money
    refunded: Money
    note: str
    at: datetime

    @property
    def left(self) -> Money:
        """What can still be sent back."""
        return self.amount - self.refunded


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
    rows = _arrived(policies.handles_money(actor))
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    page = cut(list(rows.order_by("-pk")[: limit + 1]), limit, lambda row: (row.pk,))
    return Page([_view(row) for row in page.items], page.next_cursor)


def collected_one(actor: Actor, number: str) -> CollectedView:
    """One of them; `NotFound` for what did not come to the actor's company. One statement."""
    row = _arrived(policies.handles_money(actor)).filter(number=number).first()
    if row is None:
        raise NotFound
    return _view(row)


def _arrived(company_id: int) -> QuerySet[Collection]:
    rows = Collection.objects.filter(code__company=company_id, payable__state="settled")
    return rows.select_related("payable")


def _view(row: Collection) -> CollectedView:
    came, back = Money(row.payable.settled_fen), Money(row.payable.refunded_fen)
    return CollectedView(row.pk, row.number, came, back, row.note, row.at)


def public_name(company_id: int) -> str:
    """What strangers are shown of a company: its shop's name, or its own."""
    try:
        return catalog.shop_info(company_id).name
    except NotFound:
        return Company.objects.values_list("name", flat=True).get(pk=company_id)
