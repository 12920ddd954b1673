"""Lists of offers that somebody may see: by category, by words in the title, by shop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from django.db.models import CharField, F, Lookup, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from pifa.catalog.models import Offer, Shop
from pifa.catalog.policies import visible_offers
from pifa.catalog.queries.cards import OfferCard, cards_of
from pifa.catalog.queries.categories import CategoryNode, categories
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.paging import BadCursor, read_cursor, write_cursor

Sort = Literal["best", "sold", "new", "price_up", "price_down"]
"""`best`: by sales, where those of one order of magnitude are equal conditions, under which the
seller's search boost decides. All words are in every title found, so a boost lifts no stranger."""
SORTS: tuple[str, ...] = get_args(Sort)
PAGE_SIZE, MAX_PAGE_SIZE, MAX_PAGES = 40, 100, 100
_MAX_WORDS, _MAX_QUERY = 8, 100
_RUNS = re.compile(r"[a-z0-9.×*#/+-]+|[^\x00-\x7f×]+", re.IGNORECASE)
_TIMES = re.compile(r"(?<=\d)[x×*](?=[\da-z])", re.IGNORECASE)
_FIELDS = {
    "best": ("rank", True),
    "sold": ("sold_quantity", True),
    "new": ("online_at", True),
    "price_up": ("min_price_e4", False),
    "price_down": ("min_price_e4", True),
}


@CharField.register_lookup
class HoldsInOrder(Lookup[str]):
    """The characters stand in the text in this order, whatever lies between, in any case.

    So 不锈钢螺栓 finds 304不锈钢外六角螺栓 without knowing where words end.
    """

    lookup_name = "holds_in_order"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A LIKE pattern with % between the characters."""
        left, params = self.process_lhs(compiler, connection)
        safe = (re.sub(r"([%_\\])", r"\\\1", character) for character in str(self.rhs).upper())
        return f"UPPER({left}) LIKE %s ESCAPE '\\'", (*params, f"%{'%'.join(safe)}%")


@dataclass(frozen=True, slots=True)
class OfferPage:
    """A page of offers. Walk on by `page` (1 …) or by `next_cursor` (none at the end).

    `total` counts all pages; it is None when a cursor was followed.
    """

    items: list[OfferCard]
    total: int | None
    page: int
    pages: int
    size: int
    next_cursor: str | None
    category: CategoryNode | None = None
    trail: tuple[CategoryNode, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopInfo:
    """A shop as its pages show it. `medal_system` and `department` follow the main category."""

    id: int
    company_id: int
    company_name: str
    name: str
    slug: str
    introduction: str
    announcement: str
    mobile_open: bool
    opened_at: datetime
    region: str
    city: str
    integrity_grade: str
    member_since: object
    member_until: object
    main_category_id: int
    medal_system: str
    department: str


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop and a page of its offers."""

    shop: ShopInfo
    offers: OfferPage


def browse(
    category: int | str | None = None,
    q: str = "",
    sort: str = "best",
    page: int = 1,
    viewer: Actor | None = None,
    *,
    seller_id: int | None = None,
    size: int = PAGE_SIZE,
    cursor: str | None = None,
) -> OfferPage:
    """Offers the viewer may see, of a category (id or slug) and all below it, by title words.

    An unknown sort is the usual one; a page out of range is the nearest. `NotFound` for an
    unknown category, `BadCursor` for a cursor of another list. Three statements at most, and two
    more where the viewer has prices of its own (`cards_of`); sorted by the prices for all.
    """
    tree = categories() if category is not None else None
    found = Offer.objects.filter(visible_offers(viewer), state=Offer.State.ONLINE)
    if tree is not None and category is not None:
        found = found.filter(category_id__in=tree.ids_within(category))
    if seller_id is not None:
        found = found.filter(seller_id=seller_id)
    found = found.filter(_by_words(q))
    node = tree.find(category) if tree is not None and category is not None else None
    trail = tree.trail(node.id) if tree is not None and node is not None else ()
    sort = sort if sort in _FIELDS else "best"
    size = min(max(size, 1), MAX_PAGE_SIZE)
    if cursor:
        return _after(found, sort, size, cursor, node, trail, viewer)
    total = found.count()
    pages = min(max(-(-total // size), 1), MAX_PAGES)
    page = min(max(page, 1), pages)
    shown = _ordered(found, sort)[(page - 1) * size : page * size]
    rows = cards_of(shown, viewer) if total else []
    more = page * size < total
    return OfferPage(
        rows, total, page, pages, size, _cursor(rows, sort) if more else None, node, trail
    )


def shop_page(
    shop: str | int,
    viewer: Actor | None = None,
    *,
    q: str = "",
    sort: str = "best",
    page: int = 1,
    category: int | str | None = None,
) -> ShopPage:
    """A shop by slug (or by its company's id) with the offers the viewer may see; `NotFound`."""
    info = shop_info(shop)
    offers = browse(category, q, sort, page, viewer, seller_id=info.company_id)
    return ShopPage(info, offers)


def shop_info(shop: str | int) -> ShopInfo:
    """A shop by slug or by its company's id; `NotFound`. One statement."""
    by = Q(slug=shop.replace("\0", "")) if isinstance(shop, str) else Q(company_id=shop)
    row = Shop.objects.filter(by).select_related("company", "main_category").first()
    if row is None:
        raise NotFound
    company, main = row.company, row.main_category
    return ShopInfo(
        id=row.pk,
        company_id=company.pk,
        company_name=company.name,
        name=row.name,
        slug=row.slug,
        introduction=row.introduction,
        announcement=row.announcement,
        mobile_open=row.mobile_open,
        opened_at=row.opened_at,
        region=company.region,
        city=company.city,
        integrity_grade=company.integrity_grade,
        member_since=company.member_since,
        member_until=company.member_until,
        main_category_id=main.pk,
        medal_system=main.medal_system,
        department=main.department,
    )


def words_of(q: str) -> list[str]:
    """What is looked for one by one: runs of Latin letters and digits, runs of other script.

    M8x30, M8×30 and M8*30 are the same size: it is looked for as M8 and 30.
    """
    return _RUNS.findall(_TIMES.sub(" ", q[:_MAX_QUERY]))[:_MAX_WORDS]


def _by_words(q: str) -> Q:
    condition = Q()
    for word in words_of(q):
        if word.isascii():
            condition &= Q(title__icontains=word) | Q(title_en__icontains=word)
        else:
            condition &= Q(title__holds_in_order=word)
    return condition


def _ordered(offers: QuerySet[Offer], sort: str) -> QuerySet[Offer]:
    field, falling = _FIELDS[sort]
    return offers.order_by(F(field).desc() if falling else F(field).asc(), "-id")


def _cursor(rows: list[OfferCard], sort: str) -> str | None:
    return write_cursor(sort, rows[-1].id) if rows else None


def _after(
    offers: QuerySet[Offer],
    sort: str,
    size: int,
    cursor: str,
    node: CategoryNode | None,
    trail: tuple[CategoryNode, ...],
    viewer: Actor | None,
) -> OfferPage:
    """The page after the row that a cursor names; its place is read from the row itself."""
    made_for, last_id = read_cursor(cursor, str, int)
    field, falling = _FIELDS[sort]
    place = Offer.objects.filter(pk=last_id).values_list(field, flat=True).first()
    if made_for != sort or place is None:
        raise BadCursor
    beyond = Q(**{f"{field}__{'lt' if falling else 'gt'}": place})
    offers = offers.filter(beyond | Q(**{field: place, "id__lt": last_id}))
    rows = cards_of(_ordered(offers, sort)[: size + 1], viewer)
    shown = rows[:size]
    following = _cursor(shown, sort) if len(rows) > size else None
    return OfferPage(shown, None, 1, 1, size, following, node, trail)
