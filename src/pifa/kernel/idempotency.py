"""Repeated requests: the same key and the same request get the same answer, once done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from pifa.kernel import bulk, clock
from pifa.kernel.errors import IdempotencyConflict
from pifa.kernel.models import IdempotencyKey


def fingerprint(*parts: Any) -> str:
    """A digest of what makes two requests the same request."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(scope: str, key: str, print_: str) -> IdempotencyKey:
    """Claim a key inside the command's transaction, or return the answered one.

    A second request waits on the unique index until the first has committed and then finds
    its answer. The same key with another request raises `IdempotencyConflict`.
    """
    IdempotencyKey.objects.bulk_create(
        [IdempotencyKey(scope=scope, key=key, fingerprint=print_, created_at=clock.now())],
        ignore_conflicts=True,
    )
    found = IdempotencyKey.objects.get(scope=scope, key=key)
    if found.fingerprint != print_:
        raise IdempotencyConflict()
    return found


def keep(
    scope: str, key: str, print_: str, status: int, body: Any, again: Callable[[Any], None]
) -> None:
    """Claim a key together with an answer that is known beforehand, in one statement.

    For hot commands that settle their answer (numbers of orders to be written) before they
    write. Where the key was used before, `again` hears the earlier answer; within
    `bulk.together` only at the end, so that it must raise. The same key with another request
    raises `IdempotencyConflict`.
    """
    row = {
        "scope": scope,
        "key": key,
        "fingerprint": print_,
        "status": status,
        "body": body,
        "created_at": clock.now(),
    }

    def told(new: bool) -> None:
        if not new and (earlier := find(scope, key, print_)):
            again(earlier.body)

    bulk.insert_if_new(IdempotencyKey, row, told)


def find(scope: str, key: str, print_: str) -> IdempotencyKey | None:
    """The request that used a key before, if any; `IdempotencyConflict` if it was another."""
    found = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if found is not None and found.fingerprint != print_:
        raise IdempotencyConflict()
    return found


def answer(claimed: IdempotencyKey, status: int, body: Any) -> None:
    """Keep the answer given under a claimed key."""
    IdempotencyKey.objects.filter(pk=claimed.pk).update(status=status, body=body)
