"""Two doors into one Django: pages with all their middleware, the API with what it needs.

An API request carries a token, not a session: it has no cookie, no form, no messages. Walking
it through the pages' middleware costs as much as its own statements' preparation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings

API_PREFIX = "/api/v1/"
API_PAGE = "/api/v1/docs"
"""A page for people, with the frame of pages: it needs what they need."""

StartResponse = Callable[..., Any]


class ApiHandler(WSGIHandler):
    """Django's handler with `settings.API_MIDDLEWARE` in place of `MIDDLEWARE`."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=settings.API_MIDDLEWARE):
            super().load_middleware(is_async)


def content_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The pages' content security policy without a nonce, written once and not for each answer."""
    policy = build_policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(HEADER, policy)
        return response

    return middleware


class Doors:
    """The WSGI application: chooses the handler by the path."""

    def __init__(self, pages: WSGIHandler) -> None:
        self._pages, self._api = pages, ApiHandler()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        api = path.startswith(API_PREFIX) and path != API_PAGE
        answer: Iterable[bytes] = (self._api if api else self._pages)(environ, start_response)
        return answer
