"""What repaying early costs now, and what the schedule will then be. Reads rows, writes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pifa.finance.loans import early
from pifa.finance.loans.models import LoanInstalment
from pifa.finance.loans.rules import Basis, interest
from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Whole:
    """What ends a loan today: what is due, the interest since then, the rest of the principal.

    `saved` is what the coming instalments would cost more.
    """

    due: Money
    interest: Money
    principal: Money
    saved: Money

    @property
    def amount(self) -> Money:
        return self.due + self.interest + self.principal


@dataclass(frozen=True, slots=True)
class Row:
    """A coming instalment as it will be."""

    number: int
    due_on: date
    opening: Money
    principal: Money
    interest: Money


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a loan its figures follow from."""

    daily: Fraction
    basis: Basis


def due_rows(rows: Sequence[LoanInstalment], today: date) -> list[LoanInstalment]:
    """What is to be paid by now, oldest first."""
    return [row for row in rows if row.settled_on is None and row.due_on <= today]


def coming_rows(rows: Sequence[LoanInstalment], today: date) -> list[LoanInstalment]:
    """What is to be paid later, the next first."""
    return [row for row in rows if row.settled_on is None and row.due_on > today]


def accrued(row: LoanInstalment, terms: Terms, today: date) -> Money:
    """The interest of a running period until today."""
    gone = early.days_gone(terms.basis, row.since, row.due_on, today)
    return early.period_interest(Money(row.opening_fen), terms.daily, gone, came_early(row))


def came_early(row: LoanInstalment) -> list[early.Paid]:
    """What of the principal came in the row's period."""
    return [(part.days_gone, Money(part.amount_fen)) for part in row.early.order_by("pk")]


def whole(rows: Sequence[LoanInstalment], owed: Money, terms: Terms, today: date) -> Whole:
    """What repaying all of it costs today."""
    due, coming = due_rows(rows, today), coming_rows(rows, today)
    rest = owed - Money(sum(row.open_principal_fen for row in due))
    now = accrued(coming[0], terms, today) if coming else Money(0)
    planned = sum(row.open_interest_fen for row in coming)
    return Whole(
        due=Money(sum(row.open_fen for row in due)),
        interest=now,
        principal=rest,
        saved=Money(planned) - now,
    )


def part(rows: Sequence[LoanInstalment], amount: Money, terms: Terms, today: date) -> list[Row]:
    """The coming instalments, if so much of the principal comes today; nothing may be due.

    Raises `ValueError` for nothing, or for all that is owed and more.
    """
    coming = coming_rows(rows, today)
    first = coming[0]
    owed = Money(first.opening_fen - first.early_fen)
    if amount >= owed:
        raise ValueError(f"{amount} is all of {owed}")
    closings = [Money(row.opening_fen - row.early_fen - row.principal_fen) for row in coming]
    after = early.after_early(owed, closings, amount)
    principals = early.parts_of(owed - amount, after)
    gone = early.days_gone(terms.basis, first.since, first.due_on, today)
    came = [*came_early(first), (gone, amount)]
    opening = Money(first.opening_fen)
    told = [
        Row(
            first.number,
            first.due_on,
            opening,
            principals[0],
            early.period_interest(opening, terms.daily, first.days, came),
        )
    ]
    for row, before, principal in zip(coming[1:], after, principals[1:], strict=False):
        told.append(
            Row(row.number, row.due_on, before, principal, interest(before, terms.daily, row.days))
        )
    return told
