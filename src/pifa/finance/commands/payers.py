"""Who paid: a verified payer is known again by a keyed digest of its account, and counts once.

A guest is whoever typed a mobile number; the account that paid is what a provider vouches for. A
payer counts as the first company for which it paid; a member takes the place of a guest, and
`PayerIsMember` tells of it, so that what was counted for the guest counts for the member.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from pifa.finance.events import PayerIsMember
from pifa.finance.models import Payer
from pifa.kernel import clock
from pifa.kernel.events import emit
from pifa.parties import queries as parties


def note(account: str, company_id: int | None, subject: str) -> tuple[str, int | None]:
    """The digest of the account that pays a company's subject, and the company it counts as.

    Without an account there is nothing to note. A payer that paid for a guest so far counts as the
    member from the first payment for a member on. Two statements, four where that changes.
    """
    if not account:
        return "", None
    digest = digest_of(account)
    if company_id is None:
        return digest, None
    payer, _made = Payer.objects.get_or_create(
        digest=digest, defaults={"company_id": company_id, "first_seen_at": clock.now()}
    )
    if payer.company_id != company_id:
        guests = parties.guests_among([payer.company_id, company_id])
        if payer.company_id in guests and company_id not in guests:
            Payer.objects.filter(pk=payer.pk).update(company_id=company_id)
            emit(PayerIsMember(subject=subject, company_id=company_id))
            return digest, company_id
    return digest, payer.company_id


def digest_of(account: str) -> str:
    """What is kept of an account: enough to know it again, too little to find it."""
    key = settings.PAYER_KEY or settings.SECRET_KEY
    return salted_hmac("pifa.payer", account, secret=key, algorithm="sha256").hexdigest()
