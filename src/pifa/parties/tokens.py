"""How an app's token becomes the member it acts for.

A token is shown once and only its digest is kept, so a stolen database opens nothing. The
request's whole authentication is one statement; that a token was used is noted at most once
an hour, so that reading through the API does not write.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind
from pifa.parties.models import ApiToken

PREFIX = "pifa_"
NOTED_EVERY = timedelta(hours=1)


def new_token() -> str:
    """A random token of 256 bits with a prefix that leak scanners can find."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def actor_by_token(token: str) -> Actor | None:
    """The actor of a valid token (not revoked; member and person active), else none.

    One statement, and one more at the first use in an hour.
    """
    if not token.startswith(PREFIX):
        return None
    valid = ApiToken.objects.filter(
        digest=digest_of(token),
        revoked_at=None,
        member__active=True,
        member__user__is_active=True,
    )
    row = valid.select_related("member").first()
    if row is None:
        return None
    moment = clock.now()
    if row.last_used_at is None or moment - row.last_used_at >= NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=moment)
    member = row.member
    return Actor(
        ActorKind.MEMBER,
        user_id=member.user_id,
        company_id=member.company_id,
        member_id=member.pk,
        roles=member.role_set,
    )
