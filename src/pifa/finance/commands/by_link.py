"""Paying for somebody who has no account here: whoever has the link of what is to be paid.

The floor that gave the link away asks whether it still holds; here is what money may do then.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.commands.paying import PaymentStart, begin
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods import registry
from pifa.finance.models import Payable, Payer, Payment
from pifa.finance.queries.by_link import is_open_to_anybody
from pifa.finance.words import needs_member
from pifa.kernel.actors import SYSTEM


def start_by_link(subject: str, method: str, channel: str = "") -> PaymentStart:
    """Begin to pay what a subject asks for next, for whoever has its link.

    Only by methods that spend nothing of the payer's here. Raises what `start_payment` raises.
    """
    with transaction.atomic():
        payable = lock_payable_on_arrival(subject)
        if method in registry.METHODS and not is_open_to_anybody(registry.get(method)):
            label = str(registry.get(method).label)
            raise MethodNotOffered(method=label, why=needs_member())
        return begin(SYSTEM, payable, method, channel=channel)


def change_payer(subjects: Iterable[str], payer_id: int) -> None:
    """What these subjects asked of one company they ask of another; whoever paid counts as it.

    The caller holds the subjects' own rows and knows that the first was a guest of whom nothing
    else is known.
    """
    rows = Payable.objects.filter(subject__in=list(subjects)).order_by("pk")
    payables = list(rows.select_for_update(no_key=True))
    ids = [payable.pk for payable in payables]
    before = {payable.payer_id for payable in payables}
    Payable.objects.filter(pk__in=ids).update(payer_id=payer_id)
    digests = Payment.objects.filter(payable__in=ids).exclude(payer_digest="")
    payers = Payer.objects.filter(
        digest__in=digests.values("payer_digest"), company__in=[key for key in before if key]
    )
    payers.update(company_id=payer_id)
