"""First-order protection: the market makes a buyer's loss good, within a limit for the year."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from pifa.finance.commands.debts import pay_debt
from pifa.finance.errors import ProtectionExhausted
from pifa.finance.models import ProtectionYear
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind

CLAIM_SUBJECT = "claim:"


def make_good(claim: str, buyer_id: int, amount: Money) -> None:
    """Pay for a claim (its number) into a buyer's balance; once for a claim.

    `ProtectionExhausted` beyond what is left of the market year's limit.
    """
    subject = CLAIM_SUBJECT + claim
    limit = Money(settings.MARKET["protection_year_fen"])
    with transaction.atomic():
        year = _lock_year()
        left = limit - Money(year.paid_fen)
        legs = postings.protection_paid(subject, buyer_id, amount)
        if not ledger.transfer(subject, TransferKind.PROTECTION, legs):
            return
        if amount > left:
            raise ProtectionExhausted(amount=amount, left=max(left, Money(0)), limit=limit)
        year.paid_fen += amount.fen
        year.save(update_fields=["paid_fen"])
        pay_debt(buyer_id, subject)


def _lock_year() -> ProtectionYear:
    year = clock.today().year
    ProtectionYear.objects.get_or_create(year=year)
    return ProtectionYear.objects.select_for_update(no_key=True).get(year=year)
