"""Keeping notices as they came, and what waits for an operator's eyes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.models import GatewayNotice
from pifa.finance.rules import Verdict
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound

_LONGEST_UNBELIEVED = 4000


def keep_notice(
    gateway: str, notice_id: str, about: str, payload: Mapping[str, Any]
) -> GatewayNotice | None:
    """Keep a verified notice about a number of ours; None (and one more repeat counted) if its id
    came before.

    Of two that come at once, the second waits on the unique index for the first.
    """
    row = GatewayNotice(
        gateway=gateway,
        notice_id=notice_id,
        payload=dict(payload),
        verdict="",
        at=clock.now(),
        payment_number=about[:24],
    )
    return _keep(row)


def keep_unbelieved(
    gateway: str, payload: Mapping[str, Any], signature: str, verdict: Verdict
) -> Verdict:
    """Keep what could be anybody's: as text, cut, and never under the notice id it claims.

    So no forger can use up the id of a genuine notice, and no odd byte upsets the database.
    """
    text = json.dumps(dict(payload), default=str)
    digest = hashlib.sha256(f"{signature}\n{text}".encode()).hexdigest()
    claimed = payload.get("payment_number")
    plain = isinstance(claimed, str) and len(claimed) <= 24 and claimed.isalnum()
    with transaction.atomic():
        row = GatewayNotice(
            gateway=gateway,
            notice_id=f"{verdict.value[:10]}:{digest[:50]}",
            payload={"text": text[:_LONGEST_UNBELIEVED]},
            verdict=verdict.value,
            at=clock.now(),
            payment_number=str(claimed) if plain else "",
            flagged=verdict.flagged,
        )
        _keep(row)
    return verdict


def judge(kept: GatewayNotice, verdict: Verdict) -> None:
    """Write down what was made of a notice."""
    GatewayNotice.objects.filter(pk=kept.pk).update(verdict=verdict.value, flagged=verdict.flagged)


def clear_flag(actor: Actor, notice_id: int, note: str) -> None:
    """An operator has dealt with a flagged notice; the note says how. Operators only."""
    policies.works_for_the_market(actor)
    note = note.strip()
    if not note or len(note) > 200:
        raise InvalidInput(field="note", reason=_("请写明处理结果（200 字以内）。"))
    with transaction.atomic():
        waiting = GatewayNotice.objects.filter(pk=notice_id, flagged=True, cleared_at=None)
        if not waiting.update(cleared_at=clock.now(), clear_note=note):
            raise NotFound
        audit.record(actor, "notice.clear", f"notice:{notice_id}", note=note)


def _keep(row: GatewayNotice) -> GatewayNotice | None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        same = GatewayNotice.objects.filter(gateway=row.gateway, notice_id=row.notice_id)
        same.update(repeats=F("repeats") + 1)
        return None
    return row
