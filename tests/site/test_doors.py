"""The two doors: what a request with a token passes through, and what a page does."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from pifa.site.handlers import ApiHandler, Doors

pytestmark = pytest.mark.django_db(transaction=True)


def call(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
    """A GET through the WSGI application."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    seen: list[Any] = []
    body = b"".join(Doors(get_wsgi_application())(environ, lambda *answer: seen.append(answer)))
    return seen[0][0], dict(seen[0][1]), body


def test_the_api_keeps_its_guards_and_its_languages_but_knows_no_session() -> None:
    for language, words in (("zh-hans", "令牌"), ("en", "token")):
        status, headers, body = call("/api/v1/me", accept_language=language)
        assert status.startswith("401")
        assert words in json.loads(body)["detail"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers


def test_a_page_comes_through_all_the_middleware_of_pages() -> None:
    status, headers, body = call("/login/")
    assert status.startswith("200")
    assert b"csrfmiddlewaretoken" in body
    assert "csrftoken" in headers["Set-Cookie"]


def test_making_the_api_door_leaves_the_pages_settings_as_they_were() -> None:
    from django.conf import settings

    before = list(settings.MIDDLEWARE)
    ApiHandler()
    assert before == settings.MIDDLEWARE
    assert "django.contrib.sessions.middleware.SessionMiddleware" in before
