"""A company joins the market, describes itself, and begins to sell."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import Actor, Role
from pifa.parties import policies, queries, rules
from pifa.parties.commands import checks
from pifa.parties.errors import BadFormat, LoginTaken
from pifa.parties.events import BecameSeller, CompanySignedUp
from pifa.parties.models import Company, Member


@transaction.atomic
def sign_up(
    *,
    company_name: str,
    login: str,
    person_name: str,
    username: str,
    password: str | None,
    email: str,
    mobile: str,
    region: str,
    city: str,
) -> Member:
    """Open an account for a company; the person who does it is its first owner.

    `login` is the company's 会员名, `username` what the person signs in by; both are had by one
    only, whatever the case of their letters. `region` is a code of `kernel.regions`. Without a
    password the person cannot sign in until one is set. Raises `LoginTaken`, `UsernameTaken`,
    `WeakPassword`, `BadFormat`, `TextLength`.
    """
    login = checks.line(login, "login", _("会员名"), 40)
    if not rules.is_company_login(login):
        raise BadFormat(
            "login", label=_("会员名"), expected=_("2 到 40 个汉字、字母或数字，中间可用 . _ -")
        )
    company = Company(
        name=checks.line(company_name, "company_name", _("企业名称"), 120, shortest=2),
        login=login,
        region=checks.region(region),
        city=checks.line(city, "city", _("城市"), 60),
        phone=checks.mobile(mobile),
        created_at=clock.now(),
    )
    if Company.objects.filter(login__iexact=login).exists():
        raise LoginTaken("login", login=login)
    user = checks.new_user(username, password, email, mobile, person_name)
    try:
        with transaction.atomic():
            company.save()
    except IntegrityError as error:  # somebody took it since we looked
        raise LoginTaken("login", login=login) from error
    checks.save_user(user)
    member = Member.objects.create(
        company=company,
        user=user,
        name=checks.person(person_name),
        roles=[Role.OWNER.value],
        invited_at=clock.now(),
    )
    audit.record(queries.actor_for(member), "company.sign_up", f"company:{company.pk}")
    events.emit(CompanySignedUp(company_id=company.pk, member_id=member.pk))
    return member


@transaction.atomic
def change_profile(actor: Actor, *, name: str, region: str, city: str, phone: str) -> None:
    """Change how the actor's company calls itself and where it is found. Owners."""
    company_id = policies.require(actor, Role.OWNER)
    values = {
        "name": checks.line(name, "name", _("企业名称"), 120, shortest=2),
        "region": checks.region(region),
        "city": checks.line(city, "city", _("城市"), 60),
        "phone": checks.any_phone(phone, "phone", _("电话")),
    }
    Company.objects.filter(pk=company_id).update(**values)
    audit.record(actor, "company.change_profile", f"company:{company_id}", name=values["name"])


@transaction.atomic
def become_seller(actor: Actor) -> None:
    """Mark the actor's company as one that sells; nothing happens if it already does. Owners."""
    company_id = policies.require(actor, Role.OWNER)
    if Company.objects.filter(pk=company_id, is_seller=False).update(is_seller=True):
        audit.record(actor, "company.become_seller", f"company:{company_id}")
        events.emit(BecameSeller(company_id=company_id))
