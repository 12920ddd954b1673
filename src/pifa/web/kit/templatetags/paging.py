"""Pages of a list: `{% load paging %}`, `{% pagination page %}` or `{% cursor_pages … %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context

register = template.Library()


@register.inclusion_tag("kit/tags/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], *, parameter: str = "page") -> dict[str, Any]:
    """Numbered pages of Django's paginator; the other parameters of the address are kept."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": [
            (number, _address(context, **{parameter: number}) if isinstance(number, int) else "")
            for number in numbers
        ],
        "previous": _address(context, **{parameter: page.number - 1}),
        "next": _address(context, **{parameter: page.number + 1}),
    }


@register.inclusion_tag("kit/tags/cursor_pages.html", takes_context=True)
def cursor_pages(
    context: Context,
    *,
    previous: str = "",
    next: str = "",
    parameter: str = "cursor",
) -> dict[str, Any]:
    """Earlier and later by cursor: the cursors (empty where there is no more)."""
    return {
        "previous": _address(context, **{parameter: previous}) if previous else "",
        "next": _address(context, **{parameter: next}) if next else "",
        "first": _address(context, **{parameter: None}) if previous else "",
    }


def _address(context: Context, **changes: Any) -> str:
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "?" + "&".join(f"{name}={value}" for name, value in changes.items() if value)
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path
