"""The channel's frame: where one is, what is unread, and whose pages may be opened at all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.posts import queries as posts
from pifa.relationships import queries as relationships
from pifa.web.shared.centre import actor_on


def show(
    request: HttpRequest, template: str, *, tab: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the channel; two statements for the frame itself."""
    actor = actor_on(request)
    frame = {
        "tab": tab,
        "unread_posts": posts.unread(actor),
        "asked": relationships.waiting_for_buyer(company_of(actor)),
    }
    return render(request, template, {**frame, **context}, status=status)


def company_of(actor: Actor) -> int:
    """The company a member acts for; the guard of the pages has shown that there is one."""
    assert actor.company_id is not None
    return actor.company_id


def require_supplier(actor: Actor, seller_id: int) -> None:
    """`NotFound` unless the actor's company is related to the seller (or is it)."""
    own = company_of(actor)
    if own != seller_id and not relationships.related(seller_id, own):
        raise NotFound
