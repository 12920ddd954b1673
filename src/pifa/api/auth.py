"""Who calls: a member of a company by its app's token, or staff by a token that soon ends.

Cookies are never looked at, so no page of another site can act for a visitor here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from ninja.security import HttpBearer

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import Forbidden
from pifa.parties import queries as parties
from pifa.parties.models import User

STAFF_PREFIX = "pifa_staff_"
STAFF_TOKEN_LASTS = timedelta(hours=8)
_SALT = "pifa.api.staff"


class BearerToken(HttpBearer):
    """`Authorization: Bearer pifa_…`; without a valid one the answer is 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind a token: one statement."""
        if token.startswith(STAFF_PREFIX):
            return _staff(request, token.removeprefix(STAFF_PREFIX))
        return parties.actor_by_token(token)


class Visitor:
    """Somebody without a token, where none is needed."""


class OptionalBearerToken(BearerToken):
    """A token where one only shows more; one that is not valid is still refused."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if self.header in request.headers else Visitor()


def actor_of(request: HttpRequest) -> Actor:
    """The caller of an endpoint that needs a token."""
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def viewer_of(request: HttpRequest) -> Actor | None:
    """The caller of an endpoint that is open to all; None for a visitor."""
    caller = request.auth  # type: ignore[attr-defined]
    return caller if isinstance(caller, Actor) else None


def staff_of(request: HttpRequest, permission: str) -> Actor:
    """The operator who calls, if its role in the console has the permission; else `Forbidden`."""
    user: User | None = getattr(request, "staff", None)
    if user is None or not user.has_perm(permission):
        raise Forbidden
    return actor_of(request)


def new_staff_token(user: User) -> tuple[str, datetime]:
    """A token for one of the market's staff and when it ends.

    Nothing is kept of it: it ends by itself, with the person's password, or with the work for
    the market. `Forbidden` for anybody else.
    """
    parties.operator_actor(user)
    until = clock.now() + STAFF_TOKEN_LASTS
    said = {"user": user.pk, "until": until.isoformat(), "proof": user.get_session_auth_hash()}
    return STAFF_PREFIX + signing.dumps(said, salt=_SALT), until


def _staff(request: HttpRequest, signed: str) -> Actor | None:
    try:
        said = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    if clock.now() >= datetime.fromisoformat(said["until"]):
        return None
    user = User.objects.filter(pk=said["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), said["proof"]):
        return None
    request.staff = user  # type: ignore[attr-defined]
    return parties.operator_actor(user)
