"""Who looks at a page, for which company, and what happens when a rule refuses.

`request.actor` is the member acting for the company chosen in the session (one statement,
only when asked for). Decorators guard pages; a `DomainError` becomes a page or a message in
the reader's language, never a trace.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import DomainError, Forbidden, InvalidInput, NotFound
from pifa.parties import queries as parties
from pifa.parties.models import Member

COMPANY_KEY = "company"
View = Callable[..., HttpResponseBase]


class PageRequest(HttpRequest):
    """A request as pages see it: with the member and the actor behind it."""

    member: Member | None
    actor: Actor | None


class AccessMiddleware:
    """Puts `member` and `actor` on the request and turns refusals into answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = cast(PageRequest, request)
        page.member = cast(Member, SimpleLazyObject(lambda: member_of(request)))
        page.actor = cast(Actor, SimpleLazyObject(lambda: actor_of(request)))
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not _is_api(request):
            told = render(request, "405.html", status=405)
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a rule's refusal; other errors are left to Django."""
        if _is_api(request):
            return None
        if isinstance(error, ValueError | DataError) and _holds_nul(request):
            error = InvalidInput(reason=_("内容里有无法保存的字符，请删去后再试。"))
        if not isinstance(error, DomainError):
            return None
        if isinstance(error, NotFound):
            return render(request, "404.html", {"error": error}, status=404)
        if isinstance(error, Forbidden):
            return render(request, "403.html", {"error": error}, status=403)
        if request.method == "POST" and (back := _where_from(request)):
            messages.error(request, str(error))
            # A fragment's request would follow a redirect and put a whole page into the fragment.
            by_htmx = request.headers.get("HX-Request") == "true"
            return HttpResponseClientRedirect(back) if by_htmx else redirect(back)
        return render(request, "400.html", {"error": error}, status=error.status)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def member_of(request: HttpRequest) -> Member | None:
    """The membership the signed-in person acts under, or none."""
    if not request.user.is_authenticated:
        return None
    return parties.member_for(request.user.pk, request.session.get(COMPANY_KEY))


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor behind a request: a member of a company, an operator, or nobody."""
    if not request.user.is_authenticated:
        return None
    member = cast(PageRequest, request).member
    if member:
        return parties.actor_for(member)
    return parties.operator_actor(request.user) if request.user.is_staff else None


def buyer_page(view: View) -> View:
    """Only for members of a company; others are asked to sign in."""
    return _guarded(view, lambda actor: actor is not None and actor.company_id is not None)


def seller_page(*roles: Role) -> Callable[[View], View]:
    """Only for members of a selling company who hold one of the roles (any role without)."""

    def decorate(view: View) -> View:
        def may(actor: Actor | None) -> bool:
            return actor is not None and actor.company_id is not None

        guarded = _guarded(view, may)

        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            page = cast(PageRequest, request)
            if page.actor and page.actor.company_id:
                if not page.member or not page.member.company.is_seller:
                    return redirect("seller:open")
                if roles and not page.actor.has_role(*roles):
                    raise Forbidden()
            return guarded(request, *args, **kwargs)

        return wrapper

    return decorate


def _guarded(view: View, may: Callable[[Actor | None], bool]) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may(actor_of(request)):
            raise Forbidden()
        return view(request, *args, **kwargs)

    return wrapper


def _holds_nul(request: HttpRequest) -> bool:
    """Whether an address or a form has the one character that PostgreSQL keeps in no text."""
    sent = [*request.GET.lists(), *request.POST.lists()]
    return "\x00" in request.path or any("\x00" in text for _name, had in sent for text in had)


def _where_from(request: HttpRequest) -> str | None:
    back = request.headers.get("Referer", "")
    allowed = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if allowed else None
