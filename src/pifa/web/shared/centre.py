"""A centre: a side's frame with its navigation, and how its pages are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise

from pifa.kernel.actors import Actor
from pifa.messages import queries as messages
from pifa.web.access import PageRequest, View

Words = str | Promise
Side = Literal["buyer", "seller"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of the navigation. `also` are names of pages under it; `badge` counts what waits."""

    label: Words
    name: str
    badge: int | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Links under a common title."""

    title: Words
    items: Sequence[NavItem] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Centre:
    """The buyer's or the seller's centre.

    `side` is also the namespace of its addresses. `navigation` is asked once a page.
    """

    side: Side
    label: Words
    navigation: Callable[[Actor], Sequence[NavGroup]]
    guard: Callable[[View], View]

    def url(self, name: str, *args: object) -> str:
        """The address of one of this centre's pages, or of another face's by its full name."""
        return reverse(name if ":" in name else f"{self.side}:{name}", args=args)

    def show(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Render a page in this centre's frame."""
        actor = actor_on(request)
        assert actor.company_id is not None
        match = request.resolver_match
        here = match.url_name if match else ""
        frame = {
            "centre": self,
            "nav_groups": [
                (group.title, [self._link(item, here or "") for item in group.items])
                for group in self.navigation(actor)
            ],
            "unread_notices": messages.unread_count(actor.company_id, actor.member_id),
        }
        return render(request, template, {**frame, **context}, status=status)

    def _link(self, item: NavItem, here: str) -> tuple[Words, str, int | None, bool]:
        active = here == item.name or here in item.also
        return (item.label, self.url(item.name), item.badge, active)


def actor_on(request: HttpRequest) -> Actor:
    """The member behind a page that a guard let through."""
    return cast(Actor, cast(PageRequest, request).actor)
