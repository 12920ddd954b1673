"""What a page's reader gets when a rule refuses, and who is let in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.db import DataError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.parties.models import Member, User
from pifa.web.access import COMPANY_KEY, AccessMiddleware, actor_of, seller_page
from tests.parties.people import company

pytestmark = pytest.mark.django_db
BACK = "http://testserver/list/"


def posted(referer: str = BACK, **headers: str) -> HttpRequest:
    request = RequestFactory().post("/list/", headers={"referer": referer, **headers})
    request.session = SessionStore()
    request.user = User()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def refused(request: HttpRequest, error: Exception) -> HttpResponse | None:
    return AccessMiddleware(lambda _request: HttpResponse()).process_exception(request, error)


def test_a_refusal_leads_back_to_the_page_and_says_why() -> None:
    request = posted()
    answer = refused(request, InvalidInput(reason="数量不能为零"))
    assert answer is not None
    assert (answer.status_code, answer.headers["Location"]) == (302, BACK)
    assert [str(message) for message in get_messages(request)] == ["数量不能为零"]


def test_a_part_of_a_page_that_was_asked_for_becomes_the_whole_page_again() -> None:
    answer = refused(posted(**{"HX-Request": "true"}), InvalidInput(reason="数量不能为零"))
    assert answer is not None
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, BACK)
    assert answer.content == b""


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_nobody_is_led_to_another_site(elsewhere: str) -> None:
    answer = refused(posted(elsewhere), InvalidInput(reason="数量不能为零"))
    assert answer is not None
    assert answer.status_code == 422
    assert "Location" not in answer.headers
    assert "数量不能为零" in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(NotFound(), 404), (Forbidden(), 403)])
def test_what_is_not_there_or_not_allowed_has_its_own_page(error: Exception, status: int) -> None:
    answer = refused(posted(), error)
    assert answer is not None
    assert answer.status_code == status


def test_mistakes_of_ours_are_not_dressed_up() -> None:
    assert refused(posted(), RuntimeError("a bug")) is None


def test_a_page_of_sellers_asks_for_the_role() -> None:
    view: Callable[[HttpRequest], object] = seller_page(Role.FINANCE)(
        lambda request: HttpResponse("in")
    )
    clerk = company("角色试验厂", seller=True)
    member = Member.objects.get(pk=clerk.member_id or 0)
    member.roles = [Role.CLERK.value]
    member.save()
    request = posted()
    request.user = member.user
    middleware = AccessMiddleware(lambda given: view(given))  # type: ignore[arg-type,return-value]
    with pytest.raises(Forbidden):
        middleware(request)
    member.roles = [Role.FINANCE.value]
    member.save()
    again = posted()
    again.user = member.user
    assert middleware(again).content == b"in"


def test_a_session_names_no_company_that_the_person_does_not_belong_to() -> None:
    mine, other = company("本公司厂"), company("别家公司厂")
    request = posted()
    request.user = User.objects.get(pk=mine.user_id or 0)
    request.session[COMPANY_KEY] = other.company_id
    AccessMiddleware(lambda _request: HttpResponse())(request)
    assert actor_of(request) is None


def test_who_left_the_company_is_out_at_once() -> None:
    actor = company("离职试验厂", seller=True)
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id or 0))
    page = "/buyer/notices/"
    assert client.get(page).status_code == 200
    Member.objects.filter(pk=actor.member_id or 0).update(active=False)
    assert client.get(page).status_code == 403


def test_somebody_who_guesses_passwords_is_locked_out_for_that_name() -> None:
    company("锁定试验厂")
    client = Client()
    for _try in range(8):
        answer = client.post("/login/", {"username": "victim", "password": "wrong"})
    assert answer.status_code == 429
    assert client.post("/login/", {"username": "other", "password": "x"}).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(target: str) -> None:
    actor = company("登录试验厂")
    user = User.objects.get(pk=actor.user_id or 0)
    user.set_password("long-enough-word-7")
    user.save()
    answer = Client().post(
        f"/login/?next={target}",
        {"username": user.username, "password": "long-enough-word-7", "next": target},
    )
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]


def test_a_form_without_its_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/", {"username": "a", "password": "b"}).status_code == 403


@pytest.mark.parametrize("error", [ValueError("NUL (0x00)"), DataError("NUL (0x00)")])
def test_a_character_no_database_keeps_is_told(error: Exception) -> None:
    request = posted()
    request.GET = QueryDict("q=a%00b")
    answer = refused(request, error)
    assert answer is not None
    assert answer.status_code == 302
    assert "无法保存的字符" in str(next(iter(get_messages(request))))
    assert refused(posted(), error) is None


def test_an_address_that_only_takes_a_form_says_so_to_who_opens_it(client: Client) -> None:
    client.force_login(User.objects.get(pk=company(seller=True).user_id or 0))
    answer = client.get(reverse("seller:customer_act"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "再点一次按钮" in answer.content.decode()
