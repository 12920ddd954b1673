"""Guests: buyers of one seller that come by a link and have no account."""

from __future__ import annotations

import secrets

from django.db import transaction

from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM
from pifa.parties.commands import checks
from pifa.parties.models import Company, Guest

NAME = "扫码买家"
"""What a guest is called before the end of its number; kept as it is, like every company's name."""


@transaction.atomic
def guest_of(host_id: int, mobile: str, region: str, city: str) -> int:
    """The guest company of a seller for a mobile number, made when it comes for the first time.

    Its name says no more than the number's end. Raises `BadFormat`. Five statements at most.
    """
    number = checks.mobile(mobile)
    # One at a time for a seller: two would make the same guest twice.
    Company.objects.select_for_update(no_key=True).get(pk=host_id)
    known = Guest.objects.filter(host=host_id, mobile=number).first()
    if known is not None:
        return known.company_id
    moment = clock.now()
    company = Company.objects.create(
        name=f"{NAME} {number[-4:]}",
        login=f"guest-{secrets.token_hex(8)}",
        region=region,
        city=city,
        created_at=moment,
    )
    Guest.objects.create(company=company, host_id=host_id, mobile=number, created_at=moment)
    audit.record(SYSTEM, "guest.note", f"company:{company.pk}", seller=host_id)
    return company.pk
