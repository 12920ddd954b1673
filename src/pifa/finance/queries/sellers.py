"""How a seller stands with the market: its deposit, its money paid out at once, what it owes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Sum

from pifa.benefits import queries as benefits
from pifa.benefits.labels import INSTANT_PAYOUT
from pifa.finance import rules
from pifa.finance.insurance.bond.terms import covered
from pifa.finance.models import InstantPayout, InstantSwitch, ProtectionDeposit
from pifa.kernel.money import ZERO, Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind


@dataclass(frozen=True, slots=True)
class Protection:
    """A company's part in buyer protection; `missing` completes the deposit, as far as no bond
    covers it (`covered`)."""

    joined: bool
    required: Money
    deposit: Money
    joined_at: datetime | None
    covered: Money = ZERO

    @property
    def missing(self) -> Money:
        return max(self.required - self.deposit - self.covered, ZERO)


@dataclass(frozen=True, slots=True)
class InstantView:
    """Whether a company may have its orders' money at once, wants it, and what it costs.

    `rate` is the fee as a share of an order, None without the grant. `early` is what it has of
    trades that are not done, `owed` what it owes the market for refunds.
    """

    granted: bool
    on: bool
    rate: Decimal | None
    changed_at: datetime | None
    early: Money
    owed: Money


def protection(company_id: int) -> Protection:
    """A company's part in buyer protection."""
    row = ProtectionDeposit.objects.filter(company=company_id).first()
    joined = row is not None and row.joined_at is not None and row.left_at is None
    return Protection(
        joined=joined,
        required=Money(settings.MARKET["protection_deposit_fen"]),
        deposit=ledger.balance(company_id, AccountKind.DEPOSIT),
        joined_at=row.joined_at if row is not None and joined else None,
        covered=covered(company_id) if joined else ZERO,
    )


def instant_payout(company_id: int) -> InstantView:
    """How a company stands to instant payout, and what it owes."""
    switch = InstantSwitch.objects.filter(company=company_id).first()
    grant = benefits.grant_of(company_id, INSTANT_PAYOUT)
    return InstantView(
        granted=grant is not None,
        on=switch is not None and switch.on,
        rate=rules.fee_rate(grant.value.get("fee_rate")) if grant is not None else None,
        changed_at=switch.changed_at if switch is not None else None,
        early=paid_out_early(company_id),
        owed=ledger.balance(company_id, AccountKind.CLAWBACK),
    )


def paid_out_early(company_id: int) -> Money:
    """What a company had at once of trades that are not done, less what went back."""
    open_ones = InstantPayout.objects.filter(payable__payee=company_id, ended_at=None)
    found = open_ones.aggregate(fen=Sum(F("amount_fen") - F("payable__refunded_fen")))
    return Money(found["fen"] or 0)
