"""The gallery, the frames and the failures, rendered by the server in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from pifa.web import kit
from pifa.web.kit.templatetags import charts, paging
from pifa.web.kit.templatetags import kit as components
from pifa.web.kit.views import FRAMES

WEB = Path(kit.__file__).parent.parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
FAULTS = ("400", "403", "404", "429", "500", "403_csrf")

pytestmark = pytest.mark.django_db


def english(client: Client, path: str) -> str:
    """A page as an English reader gets it, without the name of the other language."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = client.get(path).content.decode()
    return re.sub(r'<button[^>]*value="zh-hans".*?</button>', "", html)


def test_the_gallery_shows_every_component() -> None:
    sources = "".join(path.read_text("utf-8") for path in WEB.glob("kit/templates/kit/**/*.html"))
    gallery = "".join(
        path.read_text("utf-8") for path in WEB.glob("kit/templates/kit/gallery/*.html")
    )
    tags = {
        name
        for library in (components, paging, charts)
        for name in library.register.tags
        if not name.startswith("end") and name not in ("nav_here",)
    }
    assert len(tags) > 30
    assert {name for name in tags if "{% " + name not in gallery} == set()
    assert "{% nav_here" in sources


def test_the_gallery_in_chinese(client: Client) -> None:
    html = client.get("/design/").content.decode()
    assert '<html lang="zh-hans"' in html
    assert "¥1.23万" in html
    assert "今天 17:00 前" in html


@pytest.mark.parametrize("path", ["/design/", *(f"/design/frame/{name}/" for name in FRAMES)])
def test_english_is_complete(client: Client, path: str) -> None:
    html = english(client, path)
    assert '<html lang="en"' in html
    left = {line.strip()[:80] for line in html.splitlines() if CHINESE.search(line)}
    assert left == set()


def test_nothing_asks_for_inline_styles_or_scripts(client: Client) -> None:
    for path in ("/design/", *(f"/design/frame/{name}/" for name in FRAMES)):
        html = client.get(path).content.decode()
        assert not re.search(
            r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", html
        ), path


def test_the_policy_allows_no_inline_style(client: Client) -> None:
    policy = client.get("/design/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_frame_that_does_not_exist(client: Client) -> None:
    response = client.get("/design/frame/unheard-of/")
    assert response.status_code == 404
    assert "没有找到" in response.content.decode()


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_failure_says_what_was_kept_and_what_to_do(name: str, language: str) -> None:
    """Without any context, as Django renders a 500: nothing else may be needed."""
    with translation.override(language):
        html = get_template(f"{name}.html").render()
    assert ("已保留" if language == "zh-hans" else "Kept") in html
    assert ("怎么办" if language == "zh-hans" else "What to do") in html
    assert '<main class="plain-main"' in html


def test_a_refusal_is_said_in_its_own_words() -> None:
    html = render_to_string("403.html", {"error": "采购员不能提现，请找财务。"})
    assert "<h1>采购员不能提现，请找财务。</h1>" in html


def test_a_form_without_its_token_gets_a_page_that_helps() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/design/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "您填写的内容还在上一页" in response.content.decode()


@pytest.mark.parametrize(
    ("theme", "attribute"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("auto", "")],
)
def test_the_theme_is_kept_without_script(client: Client, theme: str, attribute: str) -> None:
    client.cookies["theme"] = "dark"
    response = client.post("/design/theme/", {"theme": theme, "next": "/design/"})
    assert response.headers["Location"] == "/design/"
    html = client.get("/design/").content.decode()
    assert re.search(r'<html lang="zh-hans"([^>]*?) data-copied', html)[1] == attribute  # type: ignore[index]


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.invalid/", "//elsewhere.invalid", ""])
def test_the_switch_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    response = client.post("/design/theme/", {"theme": "dark", "next": elsewhere})
    assert response.headers["Location"] == "/"


def test_a_theme_nobody_offers_is_not_shown(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="' not in client.get("/design/").content.decode()


def test_the_language_switch_comes_back_to_the_page(client: Client) -> None:
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/design/"})
    assert response.headers["Location"] == "/design/"
    assert '<html lang="en"' in client.get("/design/").content.decode()


def test_messages_stand_at_the_head_of_the_next_page() -> None:
    request = _request_with_messages()
    messages.success(request, "已发货 <12> 单")
    messages.error(request, "没有扣款成功")
    said = {"messages": messages.get_messages(request)}
    html = render_to_string("kit/gallery/frame_plain.html", said, request)
    assert html.index("已发货 &lt;12&gt; 单") < html.index("<h1>")
    assert re.search(r'class="toast toast-bad"[^>]*>.*?没有扣款成功', html, re.DOTALL)


def test_a_part_of_a_page_adds_its_messages_as_toasts() -> None:
    request = _request_with_messages()
    messages.success(request, "已改价")
    messages.error(request, "没有扣款成功")
    said = {"messages": messages.get_messages(request), "oob": True}
    html = render_to_string("kit/toasts.html", said, request)
    assert 'id="toasts"' in html
    assert 'hx-swap-oob="beforeend"' in html
    assert re.search(r'class="toast toast-bad" data-stay', html)
    assert not re.search(r'class="toast toast-ok" data-stay', html)


@pytest.mark.parametrize("frame", ["storefront", "centre", "plain"])
def test_every_frame_says_a_message_once(frame: str) -> None:
    request = _request_with_messages()
    messages.info(request, "价格刚刚变了")
    said = {"messages": messages.get_messages(request), "nav_groups": []}
    html = render_to_string(f"kit/{frame}.html", said, request)
    assert html.count("价格刚刚变了") == 1


def test_the_account_menu_knows_the_company_and_what_it_may_open() -> None:
    request = RequestFactory().get("/")
    user = SimpleNamespace(
        is_authenticated=True, is_staff=False, get_username=lambda: "13800000000"
    )
    company = SimpleNamespace(name="永康长河五金", is_seller=False)
    places = dict.fromkeys(("buyer", "seller", "operator", "console", "sign_out"), "/there/")
    seen = SimpleNamespace(user=user, member=SimpleNamespace(company=company), path=request.path)
    html = render_to_string("kit/account_menu.html", {"request": seen, "places": places})
    assert "永康长河五金" in html
    assert "我要开店" in html
    assert "运营台" not in html
    company.is_seller, user.is_staff = True, True
    html = render_to_string("kit/account_menu.html", {"request": seen, "places": places})
    assert "卖家中心" in html
    assert "运营台" in html


def _request_with_messages() -> HttpRequest:
    from django.contrib.messages.storage.cookie import CookieStorage

    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def test_no_template_of_any_face_brings_inline_styles_or_handlers() -> None:
    found = {
        f"{path.relative_to(WEB)}:{number}"
        for path in WEB.rglob("templates/**/*.html")
        if "/admin/" not in str(path)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"<style\b|\sstyle=[\"']|\son[a-z]+=[\"']|\shx-on", line)
    }
    assert found == set()


def test_too_many_wrong_passwords_get_a_page_that_helps(client: Client) -> None:
    answer = None
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        answer = client.post("/login/", {"username": "13800000000", "password": "wrong"})
    assert answer is not None
    assert answer.status_code == 429
    assert "请过十五分钟再试" in answer.content.decode()
