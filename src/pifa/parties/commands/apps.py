"""Tokens for apps that act for a member."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.parties import policies, tokens
from pifa.parties.commands import checks
from pifa.parties.models import ApiToken


@transaction.atomic
def issue_token(actor: Actor, app_name: str) -> str:
    """A new token for an app that acts as this member; it is shown this once and never again."""
    company_id = policies.require(actor)
    name = checks.line(app_name, "app_name", _("应用"), 60)
    token = tokens.new_token()
    row = ApiToken.objects.create(
        member_id=policies.member_id(actor),
        app_name=name,
        digest=tokens.digest_of(token),
        hint=token[-4:],
        created_at=clock.now(),
    )
    audit.record(actor, "token.issue", f"company:{company_id}", token=row.pk, app=name)
    return token


@transaction.atomic
def revoke_token(actor: Actor, token_id: int) -> None:
    """End a token at once: one's own, or as owner any of the company's. Else `NotFound`."""
    company_id = policies.require(actor)
    rows = ApiToken.objects.filter(pk=token_id, member__company_id=company_id)
    if not actor.has_role(Role.OWNER):
        rows = rows.filter(member_id=policies.member_id(actor))
    if not rows.exists():
        raise NotFound
    if rows.filter(revoked_at=None).update(revoked_at=clock.now()):
        audit.record(actor, "token.revoke", f"company:{company_id}", token=token_id)
