"""Freight templates: saved and removed by their seller."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from pifa.catalog import problems
from pifa.catalog.errors import TemplateInUse
from pifa.catalog.models import FreightTemplate, FreightZone, Offer
from pifa.catalog.policies import may_keep
from pifa.catalog.problems import Problem, Unacceptable
from pifa.catalog.rules import FreightBasis, FreightZoneTerms, check_zones
from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound

_MAX_NAME = 60


def save_freight_template(
    actor: Actor,
    name: str,
    basis: FreightBasis | str,
    zones: Sequence[FreightZoneTerms] = (),
    template_id: int | None = None,
) -> int:
    """Create a template, or replace one of the actor's company with its zones; its id.

    Orders already placed keep the freight they were placed with. Raises `Unacceptable`,
    `NotFound`.
    """
    seller_id = may_keep(actor)
    name = " ".join(name.split())
    _check(name, str(basis), zones)
    with transaction.atomic():
        others = FreightTemplate.objects.filter(seller_id=seller_id, name=name)
        if others.exclude(pk=template_id or 0).exists():
            raise Unacceptable([problems.Twice("name", value=name)])
        if template_id is None:
            template = FreightTemplate.objects.create(
                seller_id=seller_id, name=name, basis=str(basis)
            )
        else:
            template = _own(seller_id, template_id)
            template.name, template.basis = name, str(basis)
            template.save(update_fields=["name", "basis"])
            template.zones.all().delete()
        FreightZone.objects.bulk_create(
            FreightZone(
                template=template,
                regions=sorted(zone.regions),
                first_units=zone.first_units,
                first_fen=zone.first.fen,
                step_units=zone.step_units,
                step_fen=zone.step.fen,
            )
            for zone in zones
        )
        audit.record(actor, "freight.save", f"freight:{template.pk}", name=name, zones=len(zones))
        return template.pk


def delete_freight_template(actor: Actor, template_id: int) -> None:
    """Remove a template that no offer uses. Raises `TemplateInUse`, `NotFound`."""
    seller_id = may_keep(actor)
    with transaction.atomic():
        template = _own(seller_id, template_id)
        used = Offer.objects.filter(freight_template=template).count()
        if used:
            raise TemplateInUse(name=template.name, count=used)
        template.delete()
        audit.record(actor, "freight.delete", f"freight:{template_id}", name=template.name)


def _own(seller_id: int, template_id: int) -> FreightTemplate:
    found = (
        FreightTemplate.objects.select_for_update()
        .filter(pk=template_id, seller_id=seller_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _check(name: str, basis: str, zones: Sequence[FreightZoneTerms]) -> None:
    found: list[Problem] = check_zones(basis, zones)
    if not name:
        found.append(problems.Missing("name"))
    elif len(name) > _MAX_NAME:
        found.append(problems.TooLong("name", length=len(name), limit=_MAX_NAME))
    if found:
        raise Unacceptable(found)
