"""People come, change roles and go; they sign in."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden
from pifa.parties import policies, queries, rules
from pifa.parties.commands import checks
from pifa.parties.errors import BadFormat, LastOwner
from pifa.parties.events import LoggedIn
from pifa.parties.models import ApiToken, Member, User


@transaction.atomic
def add_member(
    actor: Actor,
    *,
    person_name: str,
    username: str,
    password: str | None,
    email: str,
    mobile: str,
    roles: Iterable[Role | str],
) -> Member:
    """Give a new person an account with roles in the actor's company. Owners.

    Raises `UsernameTaken`, `WeakPassword`, `NoRoles`, `BadFormat`, `TextLength`.
    """
    company_id = policies.require(actor, Role.OWNER)
    chosen = checks.roles(roles)
    user = checks.new_user(username, password, email, mobile, person_name)
    checks.save_user(user)
    member = Member.objects.create(
        company_id=company_id,
        user=user,
        name=checks.person(person_name),
        roles=chosen,
        invited_at=clock.now(),
    )
    _note(actor, "member.add", member, roles=chosen)
    return member


@transaction.atomic
def change_roles(actor: Actor, member_id: int, roles: Iterable[Role | str]) -> None:
    """Give a member other roles. Owners. `LastOwner` if no owner would be left."""
    company_id = policies.require(actor, Role.OWNER)
    chosen = checks.roles(roles)
    member = checks.lock_member(company_id, member_id)
    before, member.roles = member.roles, chosen
    _keep_an_owner(company_id, member)
    member.save(update_fields=["roles"])
    _note(actor, "member.change_roles", member, roles=chosen, before=before)


@transaction.atomic
def deactivate_member(actor: Actor, member_id: int) -> None:
    """End a member's work for the company at once, its tokens too; what it did stays. Owners.

    `LastOwner` if no owner would be left.
    """
    company_id = policies.require(actor, Role.OWNER)
    member = checks.lock_member(company_id, member_id)
    if not member.active:
        return
    member.active = False
    _keep_an_owner(company_id, member)
    member.save(update_fields=["active"])
    ApiToken.objects.filter(member=member, revoked_at=None).update(revoked_at=clock.now())
    _note(actor, "member.deactivate", member)


@transaction.atomic
def reactivate_member(actor: Actor, member_id: int) -> None:
    """Let a former member work for the company again, with the roles it had. Owners.

    Tokens revoked when it left stay revoked.
    """
    company_id = policies.require(actor, Role.OWNER)
    member = checks.lock_member(company_id, member_id)
    if member.active:
        return
    member.active = True
    member.save(update_fields=["active"])
    _note(actor, "member.reactivate", member)


@transaction.atomic
def note_login(member: Member) -> None:
    """Note that a member signed in for its company."""
    moment = clock.now()
    Member.objects.filter(pk=member.pk).update(last_seen_at=moment)
    audit.record(queries.actor_for(member), "member.log_in", f"company:{member.company_id}")
    events.emit(LoggedIn(member_id=member.pk, company_id=member.company_id))


@transaction.atomic
def set_language(actor: Actor, language: str) -> None:
    """Choose the language in which the acting person is written to (a code of LANGUAGES)."""
    if actor.user_id is None:
        raise Forbidden
    if language not in dict(settings.LANGUAGES):
        raise BadFormat("language", label=_("语言"), expected=_("请从列表中选择语言"))
    User.objects.filter(pk=actor.user_id).update(language=language)
    audit.record(actor, "member.set_language", f"user:{actor.user_id}", language=language)


def _keep_an_owner(company_id: int, changed: Member) -> None:
    others = Member.objects.filter(
        company_id=company_id, active=True, user__is_active=True
    ).exclude(pk=changed.pk)
    rosters = [member.role_set for member in others]
    if changed.active:
        rosters.append(changed.role_set)
    if not rules.keeps_an_owner(rosters):
        raise LastOwner


def _note(actor: Actor, action: str, member: Member, **detail: object) -> None:
    audit.record(actor, action, f"company:{member.company_id}", member=member.pk, **detail)
