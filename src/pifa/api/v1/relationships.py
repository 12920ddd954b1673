"""Who knows whom: a seller's customers, a buyer's suppliers, claims of customer files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from pifa.api.auth import actor_of
from pifa.api.fields import Id, In, Line, Out, PageOut, Paging, PathId
from pifa.api.routing import Topic
from pifa.kernel.paging import Page
from pifa.parties.policies import require
from pifa.relationships import commands, queries
from pifa.relationships.models import Relationship

topic = Topic()
State = Literal["noted", "requested", "granted", "revoked"]


class RelationshipOut(Out):
    """A seller and a customer. A customer that is no member has no `buyer_id`."""

    id: int
    side: Literal["buyer", "seller"]
    seller_id: int
    buyer_id: int | None
    name: str
    external_key: str | None
    region: str
    state: str
    requested_by: str
    since: datetime


class RelationshipPage(PageOut):
    items: list[RelationshipOut]


class RequestIn(In):
    """The other company, and as what one asks."""

    company_id: Id
    side: Literal["buyer", "seller"] = "buyer"


class ClaimIn(In):
    """A code from a seller."""

    code: Line


class ClaimCodeOut(Out):
    """A code to hand to the customer: shown this once, valid 30 days."""

    code: str


@topic.reads("/customers", RelationshipPage, _("客户"), _("自己作为卖家的客户，含导入的。"))
def customers(
    request: HttpRequest,
    page: Paging,
    state: Annotated[State | None, Query()] = None,
    q: Annotated[str, Query(max_length=100)] = "",
) -> object:
    actor = actor_of(request)
    found = queries.customers(actor, state=state, words=q, cursor=page.cursor, size=page.size)
    return _page(found, require(actor))


@topic.reads("/suppliers", RelationshipPage, _("供应商"), _("自己作为买家的关系。"))
def suppliers(
    request: HttpRequest, page: Paging, state: Annotated[State | None, Query()] = None
) -> object:
    actor = actor_of(request)
    found = queries.suppliers(actor, state=state, cursor=page.cursor, size=page.size)
    return _page(found, require(actor))


@topic.reads("/relationships/{relationship_id}", RelationshipOut, _("一个关系"))
def relationship(request: HttpRequest, relationship_id: PathId) -> dict[str, Any]:
    actor = actor_of(request)
    return _data(queries.relationship(actor, relationship_id), require(actor))


@topic.writes(
    "POST",
    "/relationships",
    RelationshipOut,
    _("向企业申请建立关系"),
    _("对方已经申请时即为同意。建立后买家可见卖家的私域货品。"),
    status=201,
)
def ask_relationship(request: HttpRequest, asked: RequestIn) -> dict[str, Any]:
    actor = actor_of(request)
    return _data(commands.request(actor, asked.company_id, asked.side), require(actor))


@topic.writes("POST", "/relationships/{relationship_id}/grant", RelationshipOut, _("同意建立关系"))
def grant_relationship(request: HttpRequest, relationship_id: PathId) -> dict[str, Any]:
    actor = actor_of(request)
    return _data(commands.grant(actor, relationship_id), require(actor))


@topic.writes(
    "POST",
    "/relationships/{relationship_id}/revoke",
    RelationshipOut,
    _("解除、拒绝或撤回"),
    _("已下的订单不受影响。"),
)
def revoke_relationship(request: HttpRequest, relationship_id: PathId) -> dict[str, Any]:
    actor = actor_of(request)
    return _data(commands.revoke(actor, relationship_id), require(actor))


@topic.writes(
    "POST",
    "/customers/{relationship_id}/claim-code",
    ClaimCodeOut,
    _("生成认领码"),
    _("交给导入的客户，由其企业认领历史订单。"),
    status=201,
    secret=True,
)
def issue_claim(request: HttpRequest, relationship_id: PathId) -> dict[str, str]:
    return {"code": commands.issue_claim(actor_of(request), relationship_id)}


@topic.writes("POST", "/claims", RelationshipOut, _("用认领码认领客户档案"), status=201)
def claim(request: HttpRequest, given: ClaimIn) -> dict[str, Any]:
    actor = actor_of(request)
    return _data(commands.claim(actor, given.code), require(actor))


def _page(found: Page[Relationship], company_id: int) -> dict[str, Any]:
    items = [_data(row, company_id) for row in found.items]
    return {"items": items, "next_cursor": found.next_cursor}


def _data(row: Relationship, company_id: int) -> dict[str, Any]:
    """A relationship from one side; the seller's own key is no business of the buyer's."""
    selling = row.seller_id == company_id
    return {
        "id": row.pk,
        "side": "seller" if selling else "buyer",
        "seller_id": row.seller_id,
        "buyer_id": row.buyer_id,
        "name": row.name if selling else row.seller.name,
        "external_key": row.external_key if selling else None,
        "region": row.region if selling else row.seller.region,
        "state": row.state,
        "requested_by": row.requested_by,
        "since": row.since,
    }
