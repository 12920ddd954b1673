"""Virtual accounts: opened at the partner bank when a buyer first wants to pay by transfer."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction

from pifa.finance.methods.corporate_transfer.models import VirtualAccount
from pifa.finance.methods.corporate_transfer.rules import SERIALS, account_number, plain_number
from pifa.kernel import clock

_TRIES = 5


def open_account(buyer_id: int, seller_id: int) -> VirtualAccount:
    """The account by which a buyer pays a seller; opened once for the pair."""
    for _try in range(_TRIES):
        found = VirtualAccount.objects.filter(buyer=buyer_id, seller=seller_id).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return VirtualAccount.objects.create(
                    buyer_id=buyer_id,
                    seller_id=seller_id,
                    number=account_number(secrets.randbelow(SERIALS)),
                    opened_at=clock.now(),
                )
        except IntegrityError:
            # Another tab opened it just now, or the number is taken.
            continue
    raise RuntimeError("no number for a virtual account was free")


def account_of(number: str) -> VirtualAccount | None:
    """The account that a payer's number names, however it was written."""
    return VirtualAccount.objects.filter(number=plain_number(number)).first()
