"""Details that a buying company keeps, so that nobody types them at every checkout."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties.models import Company
from pifa.trade.invoices import policies, rules
from pifa.trade.invoices.errors import TooManyProfiles
from pifa.trade.invoices.rules import Details
from pifa.trade.models import InvoiceProfile

MAX_PROFILES = 20


def profiles(actor: Actor) -> list[InvoiceProfile]:
    """The profiles of the actor's company, the default first."""
    company_id = policies.require_asking(actor)
    return list(_kept(company_id).order_by("-is_default", "pk"))


def profile(actor: Actor, profile_id: int) -> InvoiceProfile:
    """One profile of the actor's company; else `NotFound`."""
    row = _kept(policies.require_asking(actor)).filter(pk=profile_id).first()
    if row is None:
        raise NotFound
    return row


def default_profile(actor: Actor) -> InvoiceProfile | None:
    """What fills in the checkout by itself; None if the company keeps none."""
    if not actor.has_role(*policies.ASKING):
        return None
    return _kept(actor.company_id or 0).filter(is_default=True).first()


def first_details(actor: Actor, row: InvoiceProfile | None) -> dict[str, str]:
    """What a form for details begins with: what is kept in a profile, else the legal name and the
    licence of a verified company, which are what an invoice should say."""
    if row is not None:
        return details_in(row).given()
    company = Company.objects.filter(pk=actor.company_id or 0).exclude(verified_name="").first()
    if company is None or not actor.has_role(*policies.ASKING):
        return {}
    return {"title": company.verified_name, "tax_no": company.licence_no or ""}


def details_in(row: InvoiceProfile) -> Details:
    """A profile as details."""
    return Details(**{name: getattr(row, name) for name in ("kind", *rules.LONGEST)})


def save_profile(
    actor: Actor,
    given: Mapping[str, object],
    *,
    profile_id: int | None = None,
    is_default: bool = False,
) -> int:
    """Keep details, or change those kept; returns the profile's id.

    The first one is the default by itself. `InvalidDetails`, `TooManyProfiles`, `NotFound`.
    """
    company_id = policies.require_asking(actor)
    details = rules.read_details(given)
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(pk=company_id)
        kept = _kept(company_id)
        row = InvoiceProfile(company_id=company_id)
        if profile_id is not None:
            row = profile(actor, profile_id)
        elif kept.count() >= MAX_PROFILES:
            raise TooManyProfiles(limit=MAX_PROFILES)
        row.is_default = is_default or row.is_default or not kept.filter(is_default=True).exists()
        if row.is_default:
            kept.exclude(pk=row.pk).update(is_default=False)
        for name, text in details.as_dict().items():
            setattr(row, name, text)
        row.save()
        audit.record(
            actor, "invoice.save_profile", f"company:{company_id}", profile=row.pk, kind=row.kind
        )
    return row.pk


def delete_profile(actor: Actor, profile_id: int) -> None:
    """Keep details no longer; the oldest left becomes the default if this one was."""
    company_id = policies.require_asking(actor)
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(pk=company_id)
        row = profile(actor, profile_id)
        was_default, row.is_default, row.deleted_at = row.is_default, False, clock.now()
        row.save(update_fields=["is_default", "deleted_at"])
        if was_default and (following := _kept(company_id).order_by("pk").first()):
            following.is_default = True
            following.save(update_fields=["is_default"])
        audit.record(actor, "invoice.delete_profile", f"company:{company_id}", profile=profile_id)


def _kept(company_id: int) -> QuerySet[InvoiceProfile]:
    return InvoiceProfile.objects.filter(company_id=company_id, deleted_at=None)
