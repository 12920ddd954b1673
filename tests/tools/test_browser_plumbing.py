"""The browser fixtures must see what a user would suffer from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from playwright.sync_api import Page

from tests.plugins.browser import Complaints

PAGE = """<!doctype html><html lang="zh-Hans"><head><title>试</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>批发</h1>{body}</main></body></html>"""
BODIES = {
    "clean": "<p>一切正常</p>",
    "throws": "<p>坏</p><script>missing()</script>",
    "elsewhere": '<p>远</p><img alt="远" src="http://198.51.100.7/far.png">',
    "unnamed": '<p>图</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">',
}


def show(request: HttpRequest, name: str) -> HttpResponse:
    answer = HttpResponse(PAGE.format(body=BODIES[name]))
    # The site's policy would forbid the very faults that these pages are made of.
    answer._csp_exempt = True  # type: ignore[attr-defined]
    return answer


urlpatterns = [path("<str:name>", show)]

pytestmark = pytest.mark.urls(__name__)


def test_a_clean_page_passes_on_a_phone_and_on_a_desk(
    phone: Page, desktop: Page, axe: Callable[[Page], None], complaints: Complaints
) -> None:
    for page, width in ((phone, 390), (desktop, 1440)):
        page.goto("/clean")
        assert page.evaluate("window.innerWidth") == width
        assert page.evaluate("navigator.language") == "zh-CN"
        assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"
        axe(page)
    assert complaints.outstanding() == []


@pytest.mark.parametrize(
    ("name", "words"), [("throws", "missing is not defined"), ("elsewhere", "asked another host")]
)
def test_a_fault_is_heard(desktop: Page, complaints: Complaints, name: str, words: str) -> None:
    desktop.goto(f"/{name}")
    heard = complaints.outstanding()
    complaints.forgive(".")
    assert any(words in complaint for complaint in heard)


def test_axe_finds_a_picture_without_words(desktop: Page, axe: Callable[[Page], None]) -> None:
    desktop.goto("/unnamed")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(desktop)
