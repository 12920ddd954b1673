"""An operator lifts a freeze by hand: `CHECK-FREEZE`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.programme import policies
from pifa.programme.errors import FollowsRulings, NotFrozen
from pifa.programme.events import FreezeLifted
from pifa.programme.models import Freeze
from pifa.trade.rules import required_text


@transaction.atomic
def lift_freeze(actor: Actor, freeze_id: int, reason: str) -> Freeze:
    """Let a frozen company apply again before its time, for a reason that it will read. Operators.

    Raises `FollowsRulings` for one that rulings cost, which ends with them; `NotFrozen` once it is
    lifted or its days are over.
    """
    user_id = policies.may_review(actor)
    reason = required_text(reason, _("理由"), 300, "reason")
    rows = Freeze.objects.select_for_update(no_key=True, of=("self",)).select_related("season")
    freeze = rows.filter(pk=freeze_id).first()
    if freeze is None:
        raise NotFound
    if freeze.kind == Freeze.Kind.BRUSHING:
        raise FollowsRulings
    if freeze.lifted_at is not None or (freeze.until and freeze.until <= clock.today()):
        raise NotFrozen
    freeze.lifted_at, freeze.lifted_by_id = clock.now(), user_id
    freeze.lift_reason = reason
    freeze.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    audit.record(
        actor,
        "programme.lift_freeze",
        f"company:{freeze.company_id}",
        season=freeze.season.code,
        reason=reason,
    )
    emit(FreezeLifted(company_id=freeze.company_id, season=freeze.season.code, reason=reason))
    return freeze
