"""How an accepted quote is to be paid: the terms a seller answers with, as one frozen thing.

They are kept as JSON beside each revision; `trade.quotes.opening` makes of them what an order and
its payable begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pifa.catalog.rules import StagedPlan
from pifa.kernel.money import Money
from pifa.trade.quotes.errors import (
    PRODUCTION_DAYS,
    InvalidDays,
    InvalidDeposit,
    TermsDoNotFit,
)
from pifa.trade.quotes.states import PayWay

MAX_PRODUCTION_DAYS = 60


@dataclass(frozen=True, slots=True)
class QuoteTerms:
    """A way of paying with its figures.

    Staged: either `deposit_percent` (1–99, of goods and freight) or `deposit`, and
    `production_days` from deposit to balance. The other ways have none of them.
    """

    way: str = PayWay.FULL.value
    deposit_percent: int | None = None
    deposit: Money | None = None
    production_days: int | None = None

    def deposit_of(self, total: Money) -> Money:
        """The deposit of a total: a share of it rounded half up to the fen; ¥0.00 without."""
        if self.deposit is not None:
            return self.deposit
        return Money((total.fen * (self.deposit_percent or 0) + 50) // 100)

    @property
    def plan(self) -> StagedPlan | None:
        """The plan of staged payment; the seller keeps the deposit if the balance lapses."""
        if self.way != PayWay.STAGED:
            return None
        share = None if self.deposit_percent is None else self.deposit_percent * 100
        fen = None if self.deposit is None else self.deposit.fen
        return StagedPlan(self.production_days or 1, deposit_bp=share, deposit_fen=fen)

    def as_json(self) -> dict[str, Any]:
        """As it is kept and as the API shows it: only what is given; amounts in fen."""
        found: dict[str, Any] = {
            "way": self.way,
            "deposit_percent": self.deposit_percent,
            "deposit_fen": self.deposit.fen if self.deposit else None,
            "production_days": self.production_days,
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> QuoteTerms:
        """What `as_json` wrote."""
        fen = kept.get("deposit_fen")
        return cls(
            way=kept["way"],
            deposit_percent=kept.get("deposit_percent"),
            deposit=None if fen is None else Money(fen),
            production_days=kept.get("production_days"),
        )


def check_terms(terms: QuoteTerms, total: Money) -> QuoteTerms:
    """Terms that fit each other and the total.

    `TermsDoNotFit` when a way's figures are missing or another's are given, `InvalidDeposit` when
    nothing is left before or after it, `InvalidDays`.
    """
    if terms.way != PayWay.STAGED:
        if (terms.deposit_percent, terms.deposit, terms.production_days) != (None, None, None):
            raise TermsDoNotFit(field="terms")
        return terms
    if (terms.deposit_percent is None) == (terms.deposit is None) or terms.production_days is None:
        raise TermsDoNotFit(field="terms")
    if not 1 <= terms.production_days <= MAX_PRODUCTION_DAYS:
        raise InvalidDays(
            field="production_days", what=PRODUCTION_DAYS, first=1, last=MAX_PRODUCTION_DAYS
        )
    deposit = terms.deposit_of(total)
    if not 0 < deposit.fen < total.fen:
        raise InvalidDeposit(field="deposit", deposit=deposit, total=total)
    return terms
