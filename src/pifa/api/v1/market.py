"""What is for sale: categories, offers, shops, what quantities would cost, reviews."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from pifa.api.auth import viewer_of
from pifa.api.fields import (
    Id,
    In,
    Out,
    PageOut,
    PageQuery,
    Paging,
    PathId,
    Pieces,
    Region,
    ShownGrams,
    UnitYuan,
    Yuan,
    listed,
    says,
)
from pifa.api.problems import told
from pifa.api.routing import OPEN, Topic
from pifa.api.v1.company import ShopOut
from pifa.api.v1.staged import StagedPlanOut
from pifa.catalog import queries
from pifa.catalog.rules import grams
from pifa.kernel.errors import DomainError, InvalidInput
from pifa.kernel.regions import REGIONS
from pifa.trade import queries as trade

topic = Topic()
Slug = Annotated[str, Field(max_length=60)]


class RegionOut(Out):
    """A province-level region."""

    code: str
    name: str


class RegionPage(PageOut):
    items: list[RegionOut]


class CategoryOut(Out):
    """A category with those below it."""

    id: int
    slug: str
    name: str
    name_en: str
    medal_system: str
    department: str
    children: list[CategoryOut]


class CategoryPage(PageOut):
    items: list[CategoryOut]


class PriceRangeOut(Out):
    """The lowest and the highest price a piece."""

    low: UnitYuan
    high: UnitYuan


class OfferCardOut(Out):
    """An offer in a list. Of a private offer only related buyers know."""

    id: int
    title: str
    title_en: str
    unit: str
    moq: int
    price: PriceRangeOut
    sold: int
    picture: str
    category_id: int
    visibility: str
    scene: str
    seller_id: int
    seller_name: str
    seller_region: str
    seller_city: str
    shop_name: str
    shop_slug: str


class OfferPage(PageOut):
    items: list[OfferCardOut]


class BrowseQuery(Schema):
    """What is looked for."""

    category: Annotated[str, Field(max_length=60)] | None = Field(
        None, description=says(_("类目的 slug 或编号"))
    )
    q: Annotated[str, Field(max_length=100)] = ""
    sort: Literal["best", "sold", "new", "price_up", "price_down"] = "best"
    seller_id: PathId | None = None


class TierOut(Out):
    """From so many pieces of the offer on, the price a piece."""

    min_quantity: int
    price: UnitYuan


class SkuOut(Out):
    """One variant; `available` can be bought now."""

    id: int
    code: str
    spec: list[tuple[str, str]]
    spec_text: str
    available: int
    weight_g: ShownGrams
    active: bool
    tiers: list[TierOut]

    @staticmethod
    def resolve_weight_g(sku: queries.SkuView) -> Decimal:
        """Grams a piece."""
        return grams(sku.weight_mg)


class PictureOut(Out):
    """A picture of an offer."""

    id: int
    url: str
    width: int
    height: int


class ZoneOut(Out):
    """Freight to some regions; without regions, to everywhere else."""

    regions: list[str]
    first_units: int
    first: Yuan
    step_units: int
    step: Yuan


class FreightOut(Out):
    """How a seller charges freight: free, by grams, by pieces."""

    template_id: int
    name: str
    basis: str
    zones: list[ZoneOut]


class OfferSellerOut(Out):
    """Who sells an offer."""

    id: int
    name: str
    region: str
    city: str
    integrity_grade: str
    member_until: date | None
    shop_name: str
    shop_slug: str


class OfferOut(Out):
    """An offer with its SKUs, price breaks, pictures and freight."""

    id: int
    code: str
    title: str
    title_en: str
    description: str
    attributes: list[tuple[str, str]]
    unit: str
    moq: int
    multiple: int
    visibility: str
    scene: str
    state: str
    state_label: str
    state_reason: str
    sold: int
    price: PriceRangeOut
    created_at: datetime
    changed_at: datetime
    online_at: datetime | None
    category_ids: list[int]
    seller: OfferSellerOut
    skus: list[SkuOut]
    pictures: list[PictureOut]
    freight: FreightOut | None
    staged: StagedPlanOut | None


class LineIn(In):
    """Pieces of a SKU."""

    sku_id: Id
    quantity: Pieces


class QuoteIn(In):
    """Pieces of the offer's SKUs, and where they would go."""

    lines: list[LineIn] = Field(min_length=1, max_length=500)
    region: Region | None = None


class ReasonOut(Out):
    """Why something cannot be done, in words and with its figures."""

    code: str
    detail: str
    figures: dict[str, Any]


class QuotedLineOut(Out):
    """A line's price at the break reached by all lines together."""

    sku_id: int
    quantity: int
    price: UnitYuan
    amount: Yuan


class NextBreakOut(Out):
    """The next price break: from how many pieces, how many more, each SKU's price then."""

    quantity: int
    more: int
    prices: dict[int, UnitYuan]


class QuoteOut(Out):
    """What quantities cost, and what stands against ordering them."""

    quantity: int
    lines: list[QuotedLineOut]
    goods: Yuan
    freight: Yuan | None
    can_be_ordered: bool
    problems: list[ReasonOut]
    next_break: NextBreakOut | None


class ReviewOut(Out):
    """What a buyer said; its name is masked."""

    stars: int
    body: str
    answer: str
    at: datetime
    buyer: str


class ReviewPage(PageOut):
    items: list[ReviewOut]


@topic.reads("/regions", RegionPage, _("省份代码"), auth=OPEN)
def regions(request: HttpRequest) -> object:
    return listed([{"code": code, "name": name} for code, name in REGIONS.items()])


@topic.reads("/categories", CategoryPage, _("类目树"), auth=OPEN)
def categories(request: HttpRequest) -> object:
    return listed(queries.categories().top)


@topic.reads("/offers", OfferPage, _("浏览与搜索货品"), auth=OPEN)
def browse(request: HttpRequest, wanted: Query[BrowseQuery], page: Paging) -> object:
    return queries.browse(
        _category(wanted.category),
        wanted.q,
        wanted.sort,
        viewer=viewer_of(request),
        seller_id=wanted.seller_id,
        size=page.size,
        cursor=page.cursor,
    )


@topic.reads("/offers/{offer_id}", OfferOut, _("货品详情"), auth=OPEN)
def offer(request: HttpRequest, offer_id: PathId) -> dict[str, Any]:
    return offer_data(queries.offer_page(offer_id, viewer_of(request)))


@topic.reads(
    "/offers/{offer_id}/quote",
    QuoteOut,
    _("按数量报价"),
    _("起批量、倍数和阶梯价按货品的所有规格合计。不改变任何东西。"),
    auth=OPEN,
    method="POST",
)
def quote(request: HttpRequest, offer_id: PathId, wanted: QuoteIn) -> dict[str, Any]:
    quantities = _quantities(wanted.lines)
    viewer = viewer_of(request)
    priced = queries.offer_page(offer_id, viewer).priced(quantities)
    reasons: list[DomainError] = list(priced.problems)
    freight = None
    if wanted.region is not None and priced.lines:
        goods = queries.checkout_goods([line.sku_id for line in priced.lines], viewer)
        try:
            freight = goods.freight(
                {line.sku_id: line.quantity for line in priced.lines}, _region(wanted.region)
            )
        except DomainError as error:
            reasons.append(error)
    return {
        "quantity": priced.quantity,
        "lines": priced.lines,
        "goods": priced.goods,
        "freight": freight,
        "can_be_ordered": not reasons,
        "problems": [told(reason) for reason in reasons],
        "next_break": priced.next_break,
    }


@topic.reads("/offers/{offer_id}/reviews", ReviewPage, _("货品评价"), auth=OPEN)
def offer_reviews(request: HttpRequest, offer_id: PathId, page: Paging) -> object:
    found = queries.offer_page(offer_id, viewer_of(request))
    return trade.seller_reviews(found.seller.id, offer_id, page.cursor, page.size)


@topic.reads("/shops/{slug}", ShopOut, _("店铺资料"), auth=OPEN)
def shop(request: HttpRequest, slug: Slug) -> object:
    return queries.shop_info(slug)


@topic.reads("/shops/{slug}/offers", OfferPage, _("店铺的货品"), auth=OPEN)
def shop_offers(
    request: HttpRequest, slug: Slug, wanted: Query[BrowseQuery], page: Paging
) -> object:
    found = queries.shop_info(slug)
    only_here = wanted.model_copy(update={"seller_id": found.company_id})
    return browse(request, only_here, PageQuery(cursor=page.cursor, size=page.size))


@topic.reads("/shops/{slug}/reviews", ReviewPage, _("店铺评价"), auth=OPEN)
def shop_reviews(request: HttpRequest, slug: Slug, page: Paging) -> object:
    seller_id = queries.shop_info(slug).company_id
    return trade.seller_reviews(seller_id, cursor=page.cursor, size=page.size)


def offer_data(view: queries.OfferView) -> dict[str, Any]:
    """An offer as an answer."""
    own = {name: getattr(view, name) for name in OfferOut.model_fields if name != "category_ids"}
    return own | {"category_ids": [node.id for node in view.trail]}


def _category(wanted: str | None) -> int | str | None:
    if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        return int(wanted)
    return wanted or None


def _quantities(lines: list[LineIn]) -> dict[int, int]:
    """Pieces by SKU; a SKU named twice wants both."""
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.sku_id] = wanted.get(line.sku_id, 0) + line.quantity
    return wanted


def _region(code: str) -> str:
    if code not in REGIONS:
        raise InvalidInput("region", reason=_("没有代码为 {code} 的省份。").format(code=code))
    return code
