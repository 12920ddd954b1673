"""The private channel: posts and their readers, groups of customers, their prices, audiences."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    WHOLE,
    Count,
    Id,
    In,
    Line,
    Out,
    PageOut,
    Paging,
    PathId,
    Price,
    Text,
    listed,
)
from pifa.api.routing import Topic
from pifa.api.v1.market import OfferCardOut, OfferOut, TierOut, offer_data
from pifa.catalog import commands as goods
from pifa.catalog import queries as catalog
from pifa.catalog.commands import QuickListing
from pifa.catalog.commands.quick import USUAL_STOCK, USUAL_UNIT
from pifa.catalog.rules import MAX_PICTURES, Tier
from pifa.posts import commands, queries
from pifa.posts.rules import MOST_OFFERS, MOST_PICTURES, PostDraft
from pifa.relationships import commands as relationships
from pifa.relationships import queries as groups_of

topic = Topic()
MOST_GROUPS = 200
MOST_SKUS = 500
GroupIds = Annotated[list[Id], Field(max_length=MOST_GROUPS)]


class PostIn(In):
    """Words, goods, pictures, and groups by id; no groups: every customer."""

    words: Annotated[str, Field(max_length=2000)] = ""
    offer_ids: list[Id] = Field(default_factory=list, max_length=MOST_OFFERS)
    picture_ids: list[Id] = Field(default_factory=list, max_length=MOST_PICTURES)
    group_ids: GroupIds = Field(default_factory=list)


class PostIdOut(Out):
    """The post that was published."""

    id: int


class PostOut(Out):
    """A post with those of its goods that the reader may see; `groups`, `readers` and
    `recalled_at` are for its seller."""

    id: int
    seller_id: int
    seller_name: str
    words: str
    posted_at: datetime
    goods: list[OfferCardOut]
    pictures: list[str]
    groups: list[str]
    readers: int
    recalled_at: datetime | None


class PostPage(PageOut):
    items: list[PostOut]


class PostReaderOut(Out):
    """A customer as its seller calls it, and when it first saw the post."""

    name: str
    at: datetime


class PostReadersOut(Out):
    items: list[PostReaderOut]


class GroupIn(In):
    """The name of a group."""

    name: Line


class GroupOut(Out):
    """A group of customers; it exists for its seller alone."""

    id: int
    name: str
    customers: int


class GroupsOut(Out):
    items: list[GroupOut]


class MembersIn(In):
    """Customers by the ids of their relationships."""

    relationship_ids: list[Id] = Field(max_length=MOST_SKUS)


class MovedOut(Out):
    """How many were moved."""

    moved: int


class BreakIn(In):
    """From so many pieces of the offer on, the price a piece."""

    min_quantity: Annotated[int, Field(ge=1, le=2**31 - 1), WHOLE]
    price: Price


class GroupSkuIn(In):
    """What the group pays for a SKU; no breaks: the prices for all."""

    sku_id: Id
    tiers: list[BreakIn] = Field(max_length=100)


class GroupPricesIn(In):
    """Prices by SKU; those that are not named stay."""

    skus: list[GroupSkuIn] = Field(max_length=MOST_SKUS)


class GroupSkuOut(Out):
    sku_id: int
    tiers: list[TierOut]


class GroupPricesOut(Out):
    items: list[GroupSkuOut]


class PricedOut(Out):
    """How many SKUs were set."""

    changed: int


class AudienceIn(In):
    """Groups by id; none: every customer."""

    group_ids: GroupIds


class AudienceOut(Out):
    group_ids: list[int]


class QuickIn(In):
    """Goods for customers alone; without a template freight is free."""

    title: Line
    price: Price
    description: Text = ""
    picture_ids: list[Id] = Field(default_factory=list, max_length=MAX_PICTURES)
    freight_template_id: Id | None = None
    unit: Line = USUAL_UNIT
    stock: Count = USUAL_STOCK


@topic.reads("/posts", PostPage, _("供应商的动态"), _("自己作为客户能看到的，新的在前。"))
def feed(
    request: HttpRequest, page: Paging, seller_id: Annotated[PathId | None, Query()] = None
) -> object:
    actor = actor_of(request)
    return queries.feed(actor, seller_id=seller_id, cursor=page.cursor, size=page.size)


@topic.reads("/posts/own", PostPage, _("自己发的动态"))
def own_posts(request: HttpRequest, page: Paging) -> object:
    return queries.own_posts(actor_of(request), cursor=page.cursor, size=page.size)


@topic.reads("/posts/{post_id}", PostOut, _("一条动态"))
def post(request: HttpRequest, post_id: PathId) -> object:
    return queries.post(actor_of(request), post_id)


@topic.reads("/posts/{post_id}/readers", PostReadersOut, _("谁看过这条动态"))
def readers(request: HttpRequest, post_id: PathId) -> object:
    found = queries.readers(actor_of(request), post_id)
    return {"items": [{"name": name, "at": at} for name, at in found]}


@topic.writes("POST", "/posts", PostIdOut, _("发布动态"), status=201)
def publish(request: HttpRequest, draft: PostIn) -> dict[str, int]:
    told = PostDraft(draft.words, draft.offer_ids, draft.picture_ids, draft.group_ids)
    return {"id": commands.publish(actor_of(request), told)}


@topic.writes("POST", "/posts/{post_id}/recall", None, _("撤回动态"))
def recall(request: HttpRequest, post_id: PathId) -> None:
    commands.recall(actor_of(request), post_id)


@topic.writes("POST", "/posts/{post_id}/read", None, _("动态已读"))
def note_read(request: HttpRequest, post_id: PathId) -> None:
    actor = actor_of(request)
    commands.note_read(actor, [queries.post(actor, post_id).id])


@topic.reads("/customer-groups", GroupsOut, _("客户分组"))
def groups(request: HttpRequest) -> object:
    return listed(groups_of.groups(actor_of(request)))


@topic.writes("POST", "/customer-groups", GroupOut, _("建立客户分组"), status=201)
def make_group(request: HttpRequest, wanted: GroupIn) -> object:
    actor = actor_of(request)
    return groups_of.group(actor, relationships.save_group(actor, wanted.name).pk)


@topic.writes("PUT", "/customer-groups/{group_id}", GroupOut, _("客户分组改名"))
def rename_group(request: HttpRequest, group_id: PathId, wanted: GroupIn) -> object:
    actor = actor_of(request)
    return groups_of.group(actor, relationships.save_group(actor, wanted.name, group_id).pk)


@topic.writes("DELETE", "/customer-groups/{group_id}", None, _("删除客户分组"))
def delete_group(request: HttpRequest, group_id: PathId) -> None:
    relationships.delete_group(actor_of(request), group_id)


@topic.writes(
    "POST",
    "/customer-groups/{group_id}/members",
    MovedOut,
    _("把客户放进分组"),
    _("客户离开原来的分组。"),
)
def put_in_group(request: HttpRequest, group_id: PathId, wanted: MembersIn) -> dict[str, int]:
    actor = actor_of(request)
    return {"moved": relationships.put_in_group(actor, wanted.relationship_ids, group_id)}


@topic.reads("/customer-groups/{group_id}/prices", GroupPricesOut, _("分组的价格"))
def group_prices(request: HttpRequest, group_id: PathId) -> dict[str, Any]:
    found = catalog.group_prices(actor_of(request), group_id)
    return {"items": [{"sku_id": key, "tiers": tiers} for key, tiers in found.items()]}


@topic.writes(
    "PUT",
    "/customer-groups/{group_id}/prices",
    PricedOut,
    _("改分组的价格"),
    _("全部成功或全部不改；没有阶梯就是公开价。"),
)
def set_group_prices(
    request: HttpRequest, group_id: PathId, wanted: GroupPricesIn
) -> dict[str, int]:
    prices = {
        sku.sku_id: [Tier(tier.min_quantity, tier.price) for tier in sku.tiers]
        for sku in wanted.skus
    }
    return {"changed": goods.set_group_prices(actor_of(request), group_id, prices)}


@topic.reads("/goods/{offer_id}/audience", AudienceOut, _("货品给哪些分组看"))
def audience(request: HttpRequest, offer_id: PathId) -> dict[str, Any]:
    return {"group_ids": catalog.offer_audience(actor_of(request), offer_id)}


@topic.writes(
    "PUT",
    "/goods/{offer_id}/audience",
    AudienceOut,
    _("设置货品给哪些分组看"),
    _("空列表：全部客户。只有仅私域的货品可以设置。"),
)
def set_audience(request: HttpRequest, offer_id: PathId, wanted: AudienceIn) -> dict[str, Any]:
    actor = actor_of(request)
    goods.set_audience(actor, offer_id, wanted.group_ids)
    return {"group_ids": catalog.offer_audience(actor, offer_id)}


@topic.writes(
    "POST",
    "/goods/quick",
    OfferOut,
    _("快速上架给客户"),
    _("只要标题、价格、图片、详情和运费；类目用店铺主营类目，马上对客户销售，不用审核。"),
    status=201,
)
def list_quickly(request: HttpRequest, wanted: QuickIn) -> dict[str, Any]:
    actor = actor_of(request)
    offer_id = goods.list_quickly(actor, QuickListing(**dict(wanted)))
    return offer_data(catalog.offer_page(offer_id, actor))


@topic.writes(
    "POST",
    "/goods/{offer_id}/list-privately",
    None,
    _("私域上架"),
    _("仅私域的草稿不用审核就对客户销售；改为公开时要先审核。"),
)
def list_privately(request: HttpRequest, offer_id: PathId) -> None:
    goods.list_privately(actor_of(request), offer_id)
