"""How staff and companies are called, and found by what they are called."""

from __future__ import annotations

from django.db.models import Q

from pifa.parties.models import User


def person(user: User | None) -> str:
    """One of the market's staff as colleagues call them: the name, else the login; empty for
    nobody."""
    return user.get_full_name() or user.username if user else ""


def called(words: str, company: str = "company") -> Q:
    """Rows whose company has these words in its name or login; all of them where there are none.
    `company` is the way from a row to it."""
    if not (words := words.strip()):
        return Q()
    return Q(**{f"{company}__name__icontains": words}) | Q(
        **{f"{company}__login__icontains": words}
    )
