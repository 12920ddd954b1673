"""Staged payment (PAY-STAGED): a deposit, production, the balance before shipment.

A plan says how a total is divided and how long each side has. It holds no moments: trade turns
it into a schedule when an order is placed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pifa.catalog import problems
from pifa.catalog.problems import Problem
from pifa.kernel.money import MAX_FEN, Money

STAGED_SCENES = ("custom", "pre_sale")
"""Scenes in which an offer may be paid in stages."""

KEEPERS = ("seller", "buyer")
"""Who may have the deposit when the balance is not paid in time."""

WHOLE_BP = 10_000
MIN_DEPOSIT_BP, MAX_DEPOSIT_BP = 100, 9_900
MAX_PRODUCTION_DAYS = 180
MAX_BALANCE_DAYS = 30


@dataclass(frozen=True, slots=True)
class StagedPlan:
    """How an order is paid in two stages.

    The deposit is a share (`deposit_bp`, hundredths of a per cent) or an amount
    (`deposit_fen`), one of them. The seller has `production_days` from the deposit, the buyer
    `balance_days` from the end of production. `keeper`: who has the deposit, and never more,
    when the balance is not paid in time.
    """

    production_days: int
    balance_days: int = 7
    deposit_bp: int | None = None
    deposit_fen: int | None = None
    keeper: str = "seller"

    @property
    def deposit(self) -> Money | None:
        """The deposit where it is an amount."""
        return None if self.deposit_fen is None else Money(self.deposit_fen)

    def deposit_of(self, total_fen: int) -> int | None:
        """The deposit of a total in fen; None if nothing would be left for the balance.

        A share is rounded half up to the fen and is at least one fen; the balance is what is
        left, so that nothing is lost.
        """
        if self.deposit_bp is not None:
            share = (2 * total_fen * self.deposit_bp + WHOLE_BP) // (2 * WHOLE_BP)
            deposit = max(share, 1)
        else:
            deposit = self.deposit_fen or 0
        return deposit if 0 < deposit < total_fen else None


def shared_plan(plans: Iterable[StagedPlan | None]) -> StagedPlan | None:
    """The plan of an order over several offers: theirs if it is the same of all, else none."""
    found = set(plans)
    return found.pop() if len(found) == 1 else None


def check_plan(plan: StagedPlan | None, scene: str) -> Iterator[Problem]:
    """What is wrong with an offer's plan; no plan is always right."""
    if plan is None:
        return
    if scene not in STAGED_SCENES:
        yield problems.NotStaged("staged")
    yield from plan_problems(plan)


def plan_problems(plan: StagedPlan) -> Iterator[Problem]:
    """What is wrong with a plan by itself."""
    if (plan.deposit_bp is None) == (plan.deposit_fen is None):
        yield problems.OneDeposit("staged")
    elif plan.deposit_bp is not None and not MIN_DEPOSIT_BP <= plan.deposit_bp <= MAX_DEPOSIT_BP:
        yield problems.DepositShare("staged")
    elif plan.deposit_fen is not None and not 0 < plan.deposit_fen <= MAX_FEN:
        yield problems.DepositAmount("staged")
    for value, high in (
        (plan.production_days, MAX_PRODUCTION_DAYS),
        (plan.balance_days, MAX_BALANCE_DAYS),
    ):
        if not 1 <= value <= high:
            yield problems.OutOfRange("staged", value=value, low=1, high=high)
    if plan.keeper not in KEEPERS:
        yield problems.UnknownChoice("staged", value=plan.keeper)
