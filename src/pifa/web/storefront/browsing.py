"""Finding goods: home, categories, search, shops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.catalog import queries as catalog
from pifa.catalog.queries import OfferCard, OfferPage
from pifa.kernel.actors import Actor
from pifa.relationships import queries as relationships
from pifa.standing import queries as standing
from pifa.web.shared.forms import typed_words
from pifa.web.shared.regions import place_name
from pifa.web.storefront.frame import is_member, main_categories, show, viewer

SORTS = ("best", "sold", "new", "price_up", "price_down")
HOME_OF_A_KIND = 2
HOME_READ = 100
HOME_OFFERS = 10
HOME_GROUPS = 8


def tiles(
    cards: Sequence[OfferCard], medals: Mapping[int, int] | None = None
) -> list[dict[str, Any]]:
    """Offer cards as the kit's `offer_card` takes them.

    One statement for the medals of their sellers, where they are not known.
    """
    if medals is None:
        medals = standing.medals_of({card.seller_id for card in cards}) if cards else {}
    return [_tile(card, medals.get(card.seller_id)) for card in cards]


def _tile(card: OfferCard, medal: int | None) -> dict[str, Any]:
    return {
        "title": card.shown_title,
        "url": reverse("storefront:offer", args=[card.id]),
        "picture": card.picture,
        "price": card.price.low,
        "upper_price": card.price.high,
        "unit": card.unit,
        "moq": card.moq,
        "place": place_name(card.seller_region, card.seller_city),
        "seller": card.shop_name or card.seller_name,
        "medal": medal,
        "tags": [_("私域")] if card.visibility == "private" else [],
    }


def home(request: HttpRequest) -> HttpResponse:
    """The front page: where to begin, what sells, what is new."""
    who = viewer(request)
    best, newest = _mixed("best", who), _mixed("new", who)
    shown = tiles([*best, *newest])
    return show(
        request,
        "storefront/home.html",
        tab="home",
        groups=main_categories(HOME_GROUPS),
        best=shown[: len(best)],
        newest=shown[len(best) :],
    )


def _mixed(sort: str, who: Actor | None) -> list[OfferCard]:
    """The first offers of a sort, at most two a category: a shelf of one kind tempts nobody."""
    shown: list[OfferCard] = []
    seen: Counter[int] = Counter()
    for card in catalog.browse(sort=sort, viewer=who, size=HOME_READ).items:
        seen[card.category_id] += 1
        if seen[card.category_id] <= HOME_OF_A_KIND and len(shown) < HOME_OFFERS:
            shown.append(card)
    return shown


def categories(request: HttpRequest) -> HttpResponse:
    """All categories with what is below them."""
    groups = catalog.categories().top
    return show(request, "storefront/categories.html", tab="categories", groups=groups)


def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The offers of a category and of everything below it."""
    node = catalog.categories().find(slug)
    found = _found(request, category=slug)
    trail = catalog.categories().trail(node.id)
    return show(
        request,
        "storefront/results.html",
        tab="categories",
        category_slug=trail[0].slug,
        heading=node.label,
        node=node,
        crumbs=[(_("首页"), reverse("storefront:home"))]
        + [(step.label, reverse("storefront:category", args=[step.slug])) for step in trail],
        **_listing(request, found),
    )


def search(request: HttpRequest) -> HttpResponse:
    """Offers whose titles hold the words; without words, everything."""
    words = typed_words(request)
    found = _found(request, q=words)
    heading = _("“%(words)s”的搜索结果") % {"words": words} if words else _("全部货品")
    return show(
        request,
        "storefront/results.html",
        search_query=words,
        heading=heading,
        crumbs=[(_("首页"), reverse("storefront:home")), (_("搜索"), request.path)],
        **_listing(request, found),
    )


def shop(request: HttpRequest, slug: str) -> HttpResponse:
    """A shop: who it is, and its offers."""
    words = typed_words(request)
    page = catalog.shop_page(
        slug, viewer(request), q=words, sort=_sort(request), page=_page(request)
    )
    medals = standing.medals_of([page.shop.company_id])
    return show(
        request,
        "storefront/shop.html",
        shop=page.shop,
        can_ask=_can_ask(request, page.shop.company_id),
        is_member=is_member(page.shop.member_until),
        place=place_name(page.shop.region, page.shop.city),
        medal=medals.get(page.shop.company_id),
        shop_query=words,
        **_listing(request, page.offers, medals),
    )


def _can_ask(request: HttpRequest, seller_id: int) -> bool:
    """Whether the reader is a buyer that this seller does not know yet."""
    who = viewer(request)
    if who is None or who.company_id == seller_id:
        return False
    return not relationships.related(seller_id, who.company_id)


def _found(request: HttpRequest, *, category: str | None = None, q: str = "") -> OfferPage:
    return catalog.browse(category, q, _sort(request), _page(request), viewer(request))


def _sort(request: HttpRequest) -> str:
    wanted = request.GET.get("sort", "best")
    return wanted if wanted in SORTS else "best"


def _page(request: HttpRequest) -> int:
    wanted = request.GET.get("page", "1")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 7 else 1


def _listing(
    request: HttpRequest, found: OfferPage, medals: Mapping[int, int] | None = None
) -> dict[str, Any]:
    sort = _sort(request)
    labels = {
        "best": _("综合排序"),
        "sold": _("销量优先"),
        "new": _("最新上架"),
        "price_up": _("价格从低到高"),
        "price_down": _("价格从高到低"),
    }

    def address(**changes: Any) -> str:
        query = request.GET.copy()
        for name, value in changes.items():
            query[name] = str(value)
        return f"{request.path}?{query.urlencode()}"

    return {
        "tiles": tiles(found.items, medals),
        "total": found.total,
        "sorts": [
            (label, address(sort=key, page=1), None, key == sort) for key, label in labels.items()
        ],
        "previous": address(page=found.page - 1) if found.page > 1 else None,
        "next": address(page=found.page + 1) if found.page < found.pages else None,
        "page_words": _("第 %(page)d / %(pages)d 页") % {"page": found.page, "pages": found.pages},
    }
