"""Who is really there: a name with its password, counted and locked when wrong too often."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.http import HttpRequest

from pifa.kernel.actors import Actor
from pifa.kernel.errors import Forbidden
from pifa.parties.errors import PasswordNotRight, TooManyAttempts, WrongPassword
from pifa.parties.models import User


def signed_person(request: HttpRequest, username: str, password: str) -> User:
    """The active person with this name and password; `WrongPassword`.

    Wrong ones are counted for name and address; after too many it is `TooManyAttempts`, even with
    the right one. Not to be called within a transaction that a refusal rolls back.
    """
    user = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        request.axes_locked_out = False  # type: ignore[attr-defined]  # answered here, not by a page
        raise TooManyAttempts
    if not isinstance(user, User):
        raise WrongPassword
    return user


def confirm(request: HttpRequest, actor: Actor, password: str) -> None:
    """Whoever acts enters its own password again; `PasswordNotRight`, `TooManyAttempts`."""
    user = User.objects.filter(pk=actor.user_id or 0).first()
    if user is None:
        raise Forbidden
    try:
        signed_person(request, user.get_username(), password)
    except WrongPassword as error:
        raise PasswordNotRight(field="password") from error
