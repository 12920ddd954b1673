"""The end of a term of a bond, whoever ends it."""

from __future__ import annotations

from pifa.finance.insurance.bond.events import BOND_END, BOND_REMINDER, BondEnded
from pifa.finance.insurance.bond.models import BondPolicy
from pifa.finance.insurance.bond.states import after
from pifa.kernel import clock, deadlines
from pifa.kernel.events import emit
from pifa.kernel.money import Money


def close(bond: BondPolicy, verb: str, amount: Money) -> None:
    """End a term by a verb of the table; the seller's own leaving is told by protection."""
    bond.state, bond.ended_at = after(bond.state, verb), clock.now()
    bond.save(update_fields=["state", "ended_at"])
    deadlines.clear(bond.subject, BOND_END, BOND_REMINDER)
    if verb != "leave":
        emit(
            BondEnded(
                company_id=bond.company_id,
                number=bond.number,
                outcome=bond.state,
                amount_fen=amount.fen,
            )
        )
