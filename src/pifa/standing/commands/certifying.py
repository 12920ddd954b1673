"""An operator's word that a seller is strong offline and willing to develop online (TIER-KA)."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties import policies
from pifa.parties.text import line
from pifa.standing import profiles
from pifa.standing.models import Profile


@transaction.atomic
def certify_key_account(actor: Actor, company_id: int, certified: bool, reason: str) -> None:
    """Certify a seller for the key-account tier, or take it back, with the reason. Operators.

    It counts from the next rating on. `NotFound` for a company that does not sell.
    """
    policies.require_operator(actor)
    why = line(reason, "reason", _("理由"), 300)
    row = profiles.present([company_id]).get(company_id)
    if row is None or not row.is_seller:
        raise NotFound
    changed = replace(row, ka_certified=certified)
    Profile.objects.update_or_create(
        company_id=company_id, since=clock.today(), defaults=asdict(changed)
    )
    audit.record(
        actor, "standing.certify_ka", f"company:{company_id}", certified=certified, reason=why
    )
