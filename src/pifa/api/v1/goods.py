"""A seller's goods: offers and their life, prices and stock, freight templates, pictures."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, Schema, UploadedFile
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    WHOLE,
    Amount,
    Count,
    Flag,
    Grams,
    Id,
    In,
    Line,
    Out,
    PageOut,
    Paging,
    PathId,
    Price,
    listed,
)
from pifa.api.files import picture_bytes
from pifa.api.routing import Topic
from pifa.api.v1.market import FreightOut, OfferOut, PriceRangeOut, TierOut, offer_data
from pifa.api.v1.staged import StagedPlanIn
from pifa.catalog import commands, queries
from pifa.catalog.rules import FreightZoneTerms, OfferDraft, SkuDraft, Tier, milligrams
from pifa.kernel.paging import read_cursor, write_cursor

topic = Topic()
MANY = 200
"""Offers of one mass verb."""

Pair = tuple[Line, Line]


class TierIn(In):
    """From so many pieces of the offer on, the price a piece."""

    min_quantity: Annotated[int, Field(ge=1, le=2**31 - 1), WHOLE]
    price: Price


class SkuIn(In):
    """A variant: its spec by dimension, its price breaks, stock and grams a piece."""

    code: Line
    tiers: list[TierIn] = Field(max_length=100)
    spec: list[Pair] = Field(default_factory=list, max_length=20)
    stock: Count = 0
    weight_g: Grams = Decimal(0)
    active: Flag = True


class OfferIn(In):
    """An offer as its seller writes it. Without a code a new one gets one."""

    code: Line = ""
    title: Line
    category_id: Id
    skus: list[SkuIn] = Field(max_length=1000)
    unit: Line | None = None
    moq: Count = 1
    multiple: Count = 1
    title_en: Line = ""
    description: Annotated[str, Field(max_length=100_000)] = ""
    attributes: list[Pair] = Field(default_factory=list, max_length=200)
    picture_ids: list[Id] = Field(default_factory=list, max_length=100)
    freight_template_id: Id | None = None
    visibility: Literal["public", "private"] = "public"
    scene: Literal["stock", "custom", "pre_sale"] = "stock"
    staged: StagedPlanIn | None = None


class GoodsQuery(Schema):
    """Which of the own goods."""

    state: Literal["", "draft", "in_review", "online", "offline", "rejected", "taken_down"] = ""
    q: Annotated[str, Field(max_length=100)] = ""
    category_id: PathId | None = None
    visibility: Literal["", "public", "private"] = ""
    sold_out: bool = False
    sort: Literal["changed", "sold", "price_up", "price_down", "code"] = "changed"


class GoodsRowOut(Out):
    """An offer in the seller's list; `verbs` are what may be done with it now."""

    id: int
    code: str
    title: str
    unit: str
    moq: int
    state: str
    state_label: str
    state_reason: str
    visibility: str
    category_id: int
    picture: str
    price: PriceRangeOut
    sku_count: int
    stock: int
    reserved: int
    sold_out_skus: int
    sold: int
    changed_at: datetime
    verbs: list[str]


class GoodsPage(PageOut):
    items: list[GoodsRowOut]
    total: int
    counts: dict[str, int]


class OfferIdsIn(In):
    """Offers of one mass verb: all or none."""

    offer_ids: list[Id] = Field(min_length=1, max_length=MANY)


class GridSkuOut(Out):
    """A SKU with its prices and stock, for mass edits."""

    sku_id: int
    offer_id: int
    offer_code: str
    offer_title: str
    moq: int
    code: str
    spec_text: str
    stock: int
    reserved: int
    active: bool
    tiers: list[TierOut]


class GridPage(PageOut):
    items: list[GridSkuOut]


class SkuPricesIn(In):
    """The price breaks of a SKU from now on."""

    sku_id: Id
    tiers: list[TierIn] = Field(min_length=1, max_length=100)


class PricesIn(In):
    """Price breaks of many SKUs: all or none."""

    skus: list[SkuPricesIn] = Field(min_length=1, max_length=1000)


class SkuStockIn(In):
    """The stock of a SKU, what orders have reserved included."""

    sku_id: Id
    stock: Count


class StocksIn(In):
    """The stock of many SKUs: all or none."""

    skus: list[SkuStockIn] = Field(min_length=1, max_length=1000)


class ChangedOut(Out):
    """How many offers (prices) or SKUs (stock) were changed."""

    changed: int


class ZoneIn(In):
    """Freight to some regions; without regions, to everywhere else."""

    regions: list[Annotated[str, Field(pattern=r"^[0-9]{2}$")]] = Field(
        default_factory=list, max_length=40
    )
    first_units: Count
    first: Amount
    step_units: Count
    step: Amount


class FreightIn(In):
    """A freight template: free, by grams, by pieces."""

    name: Line
    basis: Literal["free", "weight", "pieces"]
    zones: list[ZoneIn] = Field(default_factory=list, max_length=40)


class FreightPage(PageOut):
    items: list[FreightOut]


class TemplateIdOut(Out):
    """The template's id."""

    template_id: int


class PictureIdOut(Out):
    """The picture's id, for `picture_ids` of an offer."""

    picture_id: int


@topic.reads("/goods", GoodsPage, _("自己的货品"))
def list_goods(request: HttpRequest, wanted: Query[GoodsQuery], page: Paging) -> dict[str, Any]:
    number = read_cursor(page.cursor, int)[0] if page.cursor else 1
    found = queries.goods(
        actor_of(request),
        state=wanted.state,
        q=wanted.q,
        category_id=wanted.category_id,
        visibility=wanted.visibility,
        sold_out=wanted.sold_out,
        sort=wanted.sort,
        page=number,
        size=page.size,
    )
    more = found.page < found.pages
    return {
        "items": found.items if found.page == number else [],
        "total": found.total,
        "counts": found.counts,
        "next_cursor": write_cursor(found.page + 1) if more else None,
    }


@topic.writes(
    "POST", "/goods", OfferOut, _("新建货品"), _("是草稿，提交审核后才销售。"), status=201
)
def create_offer(request: HttpRequest, new: OfferIn) -> dict[str, Any]:
    actor = actor_of(request)
    return offer_data(queries.offer_page(commands.save_offer(actor, _draft(new)), actor))


@topic.reads("/goods/skus", GridPage, _("SKU 的价格与库存"))
def sku_grid(
    request: HttpRequest, offer_ids: Annotated[list[PathId], Query(min_length=1, max_length=MANY)]
) -> object:
    return listed(queries.sku_grid(actor_of(request), offer_ids))


@topic.writes("PUT", "/goods/prices", ChangedOut, _("批量改价"), _("全部成功或全部不改。"))
def set_prices(request: HttpRequest, wanted: PricesIn) -> dict[str, int]:
    prices = {sku.sku_id: _tiers(sku.tiers) for sku in wanted.skus}
    return {"changed": commands.set_prices(actor_of(request), prices)}


@topic.writes("PUT", "/goods/stock", ChangedOut, _("批量改库存"), _("全部成功或全部不改。"))
def set_stock(request: HttpRequest, wanted: StocksIn) -> dict[str, int]:
    stocks = {sku.sku_id: sku.stock for sku in wanted.skus}
    return {"changed": commands.set_stock(actor_of(request), stocks)}


@topic.writes("POST", "/goods/submit", None, _("提交货品审核"), _("全部成功或全部不提交。"))
def submit_offers(request: HttpRequest, wanted: OfferIdsIn) -> None:
    commands.submit_offers(actor_of(request), wanted.offer_ids)


@topic.writes(
    "POST", "/goods/online", None, _("上架货品"), _("审核过的货品。全部成功或全部不上架。")
)
def put_online(request: HttpRequest, wanted: OfferIdsIn) -> None:
    commands.put_many_online(actor_of(request), wanted.offer_ids)


@topic.writes("POST", "/goods/offline", None, _("下架货品"), _("全部成功或全部不下架。"))
def take_offline(request: HttpRequest, wanted: OfferIdsIn) -> None:
    commands.take_many_offline(actor_of(request), wanted.offer_ids)


@topic.reads("/goods/{offer_id}", OfferOut, _("自己的一个货品"), _("含停用的 SKU。"))
def own_offer(request: HttpRequest, offer_id: PathId) -> dict[str, Any]:
    actor = actor_of(request)
    queries.own_offer(actor, offer_id)
    return offer_data(queries.offer_page(offer_id, actor))


@topic.writes(
    "PUT",
    "/goods/{offer_id}",
    OfferOut,
    _("修改一个货品"),
    _("没有写进来的 SKU 会停用；在售货品改了标题、详情、类目或图片会重新审核。"),
)
def change_offer(request: HttpRequest, offer_id: PathId, draft: OfferIn) -> dict[str, Any]:
    actor = actor_of(request)
    commands.save_offer(actor, _draft(draft), offer_id)
    return offer_data(queries.offer_page(offer_id, actor))


@topic.writes("POST", "/goods/{offer_id}/withdraw", None, _("撤回货品审核"))
def withdraw_offer(request: HttpRequest, offer_id: PathId) -> None:
    commands.withdraw_offer(actor_of(request), offer_id)


@topic.writes(
    "POST",
    "/pictures",
    PictureIdOut,
    _("上传图片"),
    _("JPG、PNG、WebP 或 GIF；重新编码后保存，同样的图片得到同样的编号。"),
    status=201,
)
def add_picture(
    request: HttpRequest,
    picture: File[UploadedFile],
) -> dict[str, int]:
    return {"picture_id": commands.add_picture(actor_of(request), picture_bytes(picture))}


@topic.reads("/freight-templates", FreightPage, _("列出运费模板"))
def freight_templates(request: HttpRequest) -> object:
    return listed(queries.freight_templates(actor_of(request)))


@topic.writes("POST", "/freight-templates", TemplateIdOut, _("新建运费模板"), status=201)
def create_freight_template(request: HttpRequest, new: FreightIn) -> dict[str, int]:
    return {"template_id": _save_template(request, new, None)}


@topic.writes(
    "PUT",
    "/freight-templates/{template_id}",
    TemplateIdOut,
    _("修改运费模板"),
    _("已下的订单保持原来的运费。"),
)
def change_freight_template(
    request: HttpRequest, template_id: PathId, changed: FreightIn
) -> dict[str, int]:
    return {"template_id": _save_template(request, changed, template_id)}


@topic.writes("DELETE", "/freight-templates/{template_id}", None, _("删除运费模板"))
def delete_freight_template(request: HttpRequest, template_id: PathId) -> None:
    commands.delete_freight_template(actor_of(request), template_id)


def _save_template(request: HttpRequest, wanted: FreightIn, template_id: int | None) -> int:
    zones = [
        FreightZoneTerms(
            frozenset(zone.regions), zone.first_units, zone.first, zone.step_units, zone.step
        )
        for zone in wanted.zones
    ]
    return commands.save_freight_template(
        actor_of(request), wanted.name, wanted.basis, zones, template_id
    )


def _tiers(tiers: list[TierIn]) -> tuple[Tier, ...]:
    return tuple(Tier(tier.min_quantity, tier.price) for tier in tiers)


def _draft(wanted: OfferIn) -> OfferDraft:
    skus = tuple(
        SkuDraft(
            code=sku.code,
            tiers=_tiers(sku.tiers),
            spec=tuple(sku.spec),
            stock=sku.stock,
            weight_mg=milligrams(sku.weight_g),
            active=sku.active,
        )
        for sku in wanted.skus
    )
    apart = {"skus", "attributes", "picture_ids", "staged"}
    plain = wanted.model_dump(exclude=apart, exclude_none=True)
    return OfferDraft(
        skus=skus,
        attributes=tuple(wanted.attributes),
        picture_ids=tuple(wanted.picture_ids),
        staged=wanted.staged.plan() if wanted.staged else None,
        **plain,
    )
