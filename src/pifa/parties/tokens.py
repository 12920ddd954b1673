"""How an app's token becomes the member it acts for.

A token is shown once and only its digest is kept, so a stolen database opens nothing. The
request's whole authentication is one statement; that a token was used is noted at most once
an hour, so that reading through the API does not write.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta

from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.prepared import Prepared
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
    moment = clock.now()
    found = _VALID.rows([digest_of(token)])
    if not found:
        return None
    token_id, noted, user_id, company_id, member_id, roles = found[0]
    if noted is None or moment - _aware(noted) >= NOTED_EVERY:
        ApiToken.objects.filter(pk=token_id).update(last_used_at=moment)
    return Actor(
        ActorKind.MEMBER,
        user_id=user_id,
        company_id=company_id,
        member_id=member_id,
        roles=frozenset(Role(role) for role in json.loads(roles)),
    )


_VALID = Prepared(
    lambda digests, _listed: ApiToken.objects.filter(
        digest=digests[0],
        revoked_at=None,
        member__active=True,
        member__user__is_active=True,
    ).values_list(
        "id",
        "last_used_at",
        "member__user_id",
        "member__company_id",
        "member_id",
        "member__roles",
    )
)


def _aware(moment: datetime) -> datetime:
    """SQLite gives moments without their zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
