"""What is claimed and owed of a secured order, and what it costs. Pure; days are market days.

`SECURED`: a default of the buyer never touches what the seller received; so claim and debt are
two figures of one `Position`, and the financier stands between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from pifa.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Rates:
    """What the service costs and how long it runs, by the rulebook of a day.

    `service_rate` is a share of the amount, `early_rate` one for each day collected early; debts
    are due `term_days` after receipt, a seller's membership ends `valid_days` after joining.
    """

    service_rate: Decimal
    early_rate: Decimal
    term_days: int
    valid_days: int

    def __post_init__(self) -> None:
        if not 0 <= self.service_rate < 1 or not 0 <= self.early_rate < 1:
            raise ValueError("rates are shares from 0 to below 1")
        if not 1 <= self.term_days <= 180 or self.valid_days < 1:
            raise ValueError("terms are 1 to 180 days, memberships a day or more")
        if self.service_rate + self.early_rate * self.term_days >= 1:
            raise ValueError("fees would leave nothing of an order")


def service_fee(amount: Money, rate: Decimal) -> Money:
    """The market's fee: amount × rate, rounded half up to the fen."""
    return _rounded(amount.fen * rate)


def early_fee(amount: Money, rate: Decimal, days: int) -> Money:
    """The financier's fee: amount × rate × days collected early, rounded half up to the fen."""
    return _rounded(amount.fen * rate * days)


def days_early(due_on: date, today: date) -> int:
    """Days by which money comes before its due day; 0 from that day on."""
    return max(0, (due_on - today).days)


def due_day(received_on: date, term_days: int) -> date:
    """The day on which the seller is paid, and until the end of which the buyer is in time."""
    return received_on + timedelta(days=term_days)


@dataclass(frozen=True, slots=True)
class Fees:
    """What is deducted from a payout on arrival."""

    service: Money
    early: Money

    @property
    def total(self) -> Money:
        """Both together."""
        return self.service + self.early

    def of_part(self, taken: Money, part: Money) -> Fees:
        """What is deducted from one part of a payout, after so much was taken from parts before.

        The service fee first; never more than the part, so that no part is below nothing.
        """
        service = min(part, max(ZERO, self.service - taken))
        taken_early = max(ZERO, taken - self.service)
        early = min(part - service, self.early - taken_early)
        return Fees(service, early)


@dataclass(frozen=True, slots=True)
class Position:
    """Everything that ever happened to a secured order, as sums; what follows is worked out.

    `waived`: refunded before the financier paid. `paid` by the financier to the seller, fees
    included; `clawed` back from the seller with refunds. Of every refund the buyer owes so much
    less (`forgiven`); what it had repaid already comes back to it (`returned`).
    """

    promised: Money = ZERO
    waived: Money = ZERO
    paid: Money = ZERO
    clawed: Money = ZERO
    forgiven: Money = ZERO
    returned: Money = ZERO
    repaid: Money = ZERO

    @property
    def claim(self) -> Money:
        """What the financier has still to pay the seller."""
        return self.promised - self.waived - self.paid

    @property
    def owed(self) -> Money:
        """What the buyer has still to pay the financier."""
        return self.promised - self.forgiven - self.repaid

    @property
    def outlay(self) -> Money:
        """What the financier is out of pocket; below zero while a buyer has paid before it did."""
        return self.paid - self.clawed + self.returned - self.repaid

    def promise(self, amount: Money) -> Position:
        """More is ordered this way."""
        return replace(self, promised=self.promised + amount)

    def waive(self, amount: Money) -> Position:
        """A refund of what the seller has not been paid; `ValueError` beyond its claim."""
        if amount > self.claim:
            raise ValueError(f"{amount} waived of a claim of {self.claim}")
        return replace(self, waived=self.waived + amount)._refunded(amount)

    def claw_back(self, amount: Money) -> Position:
        """A refund of what the seller was paid; `ValueError` beyond that."""
        if amount > self.paid - self.clawed:
            raise ValueError(f"{amount} clawed back of {self.paid - self.clawed}")
        return replace(self, clawed=self.clawed + amount)._refunded(amount)

    def pay_out(self, amount: Money) -> Position:
        """The financier pays the seller; `ValueError` beyond its claim."""
        if amount > self.claim:
            raise ValueError(f"{amount} paid of a claim of {self.claim}")
        return replace(self, paid=self.paid + amount)

    def repay(self, amount: Money) -> Position:
        """The buyer pays the financier; `ValueError` beyond what it owes."""
        if amount > self.owed:
            raise ValueError(f"{amount} repaid of {self.owed}")
        return replace(self, repaid=self.repaid + amount)

    def _refunded(self, amount: Money) -> Position:
        # What the buyer owes is reduced first; only what it had repaid is money for it.
        forgiven = min(amount, self.owed)
        return replace(
            self,
            forgiven=self.forgiven + forgiven,
            returned=self.returned + (amount - forgiven),
        )


# ------------------------------------------------------------------------- what may be ordered
@dataclass(frozen=True, slots=True)
class Standing:
    """How a buyer stands: its limit by the benefit it holds, what it owes, what of it is late."""

    limit: Money
    used: Money
    overdue: Money

    @property
    def free(self) -> Money:
        """What may still be ordered; nothing while something is overdue."""
        return ZERO if self.overdue else max(ZERO, self.limit - self.used)


def _rounded(fen: Decimal) -> Money:
    return Money(int(fen.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
