"""A real Chromium over the live server.

`phone` and `desktop` are pages (390 and 1440 px wide) at the live server's address, in Chinese,
in the market's time zone; `browse(…)` opens others. A page that logs an error, throws, or asks
another host for anything fails its test, unless the test forgave it with
`complaints.forgive("…")`. `axe(page)` asserts that axe finds nothing; `sign_in(page, user)` signs
a user in without typing.

Opening a window costs Chromium as much as two pages do: tests that ask for the same kind of page
share one, and it is emptied between them.

Chromium is `$CHROMIUM` or the first found on the path; the headless shell, which Debian packages
beside it, draws no window and asks less of the machine. Where there is none the tests are skipped
with one line; with `CI` set they fail instead.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

    from pifa.parties.models import User

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
HOW_TO_GET_IT = (
    "no Chromium: install one (Debian: apt install chromium fonts-noto-cjk)"
    " or set CHROMIUM to its path"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
A_PHONE = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Mobile Safari/537.36"
)
FOLDER = Path(__file__).parents[1] / "browser"
REMEMBER_COLOURS = """(() => {
    const colour = axe.commons.color.Color.prototype
    const parse = colour.parseString
    const known = new Map()
    colour.parseString = function (words) {
        if (!known.has(words)) {
            parse.call(this, words)
            known.set(words, [this.r, this.g, this.b, this.alpha])
        }
        [this.r, this.g, this.b, this.alpha] = known.get(words)
        return this
    }
})()"""
"""Axe reads the words of every colour anew for every text above it: a third of all its time."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # A test there may ask for its page only when it runs (`request.getfixturevalue`).
        if "chromium" in getattr(item, "fixturenames", ()) or item.path.is_relative_to(FOLDER):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if isinstance(report.longrepr, tuple) and report.longrepr[2].endswith(HOW_TO_GET_IT):
        # One place for all of them, so that the summary says it in one line.
        report.longrepr = ("tests", None, f"Skipped: {HOW_TO_GET_IT}")  # type: ignore[assignment]
    return report


class BrowserTestsLast:
    """Chromium's driver keeps an event loop running; nothing else shall run beside it."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(BrowserTestsLast(), "browser-tests-last")


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all browser tests of this process."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_IT, pytrace=False)
        pytest.skip(HOW_TO_GET_IT)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as monkeypatch:
        # The driver's event loop runs in this thread between its calls, and Django would refuse
        # the ORM there. No coroutine of ours runs in it, so the refusal guards nothing here.
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
            yield browser
            browser.close()


class Complaints:
    """What the browser complained of while a test ran."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._heard: list[str] = []
        self._forgiven: list[re.Pattern[str]] = []

    def forgive(self, pattern: str) -> None:
        """Expect complaints that contain this regular expression (an answer 404 asked for)."""
        self._forgiven.append(re.compile(pattern))

    def listen(self, page: Page) -> None:
        """Hear a page's errors, and its requests to anyone but the live server."""
        page.on("pageerror", lambda error: self._heard.append(f"{page.url}: threw {error}"))
        page.on("console", lambda message: self._console(page.url, message))
        page.on("request", lambda request: self._request(page.url, request.url))

    def outstanding(self) -> list[str]:
        """The complaints nobody forgave."""
        return [
            heard
            for heard in self._heard
            if not any(pattern.search(heard) for pattern in self._forgiven)
        ]

    def _console(self, at: str, message: Any) -> None:
        if message.type == "error":
            where = message.location.get("url", "")
            self._heard.append(f"{at}: console: {message.text} ({where})")

    def _request(self, at: str, url: str) -> None:
        if not url.startswith((self._home, "data:", "blob:", "about:")):
            self._heard.append(f"{at}: asked another host: {url}")


@pytest.fixture
def complaints(live_server: LiveServer) -> Iterator[Complaints]:
    """The browser's complaints in this test; any that is left fails it."""
    heard = Complaints(live_server.url)
    yield heard
    outstanding = heard.outstanding()
    if outstanding:
        pytest.fail("The browser complained:\n" + "\n".join(outstanding), pytrace=False)


class Contexts:
    """The contexts of this process, by the options that they were opened with."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}
        self._taken: list[tuple[str, BrowserContext]] = []

    def take(self, options: dict[str, Any]) -> BrowserContext:
        """A context with nothing in it, that no other page of this test has."""
        kind = json.dumps(options, sort_keys=True)
        idle = self._idle.setdefault(kind, [])
        context = idle.pop() if idle else self._opened(options)
        self._taken.append((kind, context))
        return context

    def give_back(self, home: str) -> None:
        """Empty what was taken of all that pages at this address left there."""
        while self._taken:
            kind, context = self._taken.pop()
            window, *pages = context.pages
            for page in pages:
                page.close()
            context.clear_cookies()
            context.clear_permissions()
            session = context.new_cdp_session(window)
            session.send("Network.clearBrowserCache")
            session.send("Storage.clearDataForOrigin", {"origin": home, "storageTypes": "all"})
            session.detach()
            self._idle[kind].append(context)

    def _opened(self, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**options)
        context.set_default_timeout(10_000)
        # The first page of a process waits until all views and templates are read.
        context.set_default_navigation_timeout(30_000)
        context.new_page()  # an empty one, so that the window stays when a test's pages close
        return context


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Contexts:
    """The contexts that the tests of this process share."""
    return Contexts(chromium)


@pytest.fixture
def browse(
    contexts: Contexts, live_server: LiveServer, complaints: Complaints
) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own: `browse(width=1280, height=800, locale="en-US")`."""
    usual = {
        "base_url": live_server.url,
        "reduced_motion": "reduce",
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }

    def opened(width: int, height: int, **options: Any) -> Page:
        context = contexts.take(usual | {"viewport": {"width": width, "height": height}} | options)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield opened
    contexts.give_back(live_server.url)


@pytest.fixture
def phone(browse: Callable[..., Page]) -> Page:
    """A page on a phone, 390 by 844, with touch, that says of itself that it is one."""
    return browse(
        390, 844, is_mobile=True, has_touch=True, device_scale_factor=2, user_agent=A_PHONE
    )


@pytest.fixture
def desktop(browse: Callable[..., Page]) -> Page:
    """A page on a desk, 1440 by 900."""
    return browse(1440, 900)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe finds no violation on a page as it stands."""
    from axe_playwright_python.base import AXE_SCRIPT, AxeResults

    # What passed is not asked for: writing it out takes as long as the checks.
    options = {"resultTypes": ["violations"]}
    script = f"if (!window.axe) {{ {AXE_SCRIPT}; {REMEMBER_COLOURS} }}"

    def check(page: Page) -> None:
        page.evaluate(script)
        results = AxeResults(page.evaluate("options => axe.run(document, options)", options))
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page, User], None]:
    """Sign a user in on a page's context, by the session cookie."""
    from django.conf import settings
    from django.test import Client

    def signed_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )

    return signed_in
