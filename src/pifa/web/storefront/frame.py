"""What every storefront page shows around its content: categories, the list's count, the bell."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pifa.catalog import queries as catalog
from pifa.catalog.queries import CategoryNode
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.regions import REGIONS
from pifa.messages import queries as notices
from pifa.parties import queries as parties
from pifa.parties import rules as companies
from pifa.trade import queries as trade
from pifa.web.access import PageRequest, actor_of

REGION_KEY = "region"
REGION_OF_VISITORS = "33"
TOP_SHOWN = 14


def show(
    request: HttpRequest, template: str, *, tab: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page in the storefront's frame; two statements at most for the frame itself."""
    actor = actor_of(request)
    here = context.pop("category_slug", "")
    frame: dict[str, Any] = {
        "tab": tab,
        "nav_categories": [
            (node.label, reverse("storefront:category", args=[node.slug]), node.slug == here)
            for node in main_categories(TOP_SHOWN)
        ],
    }
    if actor and actor.company_id:
        frame["purchase_list_count"] = trade.list_count(actor)
        frame["unread_notices"] = notices.unread_count(actor.company_id, actor.member_id)
    return render(request, template, {**frame, **context}, status=status)


def main_categories(limit: int) -> list[CategoryNode]:
    """Top-level categories for places that hold a few: industrial and consumer by turns, those
    with something below them first."""
    top = sorted(catalog.categories().top, key=lambda node: not node.children)
    sides = [
        [node for node in top if (node.department == "non_consumer") is industrial]
        for industrial in (True, False)
    ]
    by_turns = [node for pair in zip_longest(*sides) for node in pair if node is not None]
    return by_turns[:limit]


def viewer(request: HttpRequest) -> Actor | None:
    """Who looks, for queries that show more to those who may see more."""
    actor = actor_of(request)
    return actor if actor and actor.company_id else None


def region_of(request: HttpRequest) -> str:
    """The region freight is shown for: chosen, else the default address's, else the company's."""
    chosen = request.session.get(REGION_KEY, "")
    if chosen in REGIONS:
        return str(chosen)
    who = viewer(request)
    if who is None:
        return REGION_OF_VISITORS
    if book := parties.addresses(who):
        return book[0].region
    member = cast(PageRequest, request).member
    return member.company.region if member and member.company.region else REGION_OF_VISITORS


def is_member(until: object) -> bool:
    """Whether a seller's paid membership runs today."""
    return isinstance(until, date) and companies.is_member_on(until, clock.today())
