"""What a seller is shown of giving return-freight insurance, by its own past."""

from __future__ import annotations

from pifa.finance import policies
from pifa.finance.insurance.freight import queries
from pifa.finance.insurance.freight.queries import FreightGiftView
from pifa.kernel.actors import Actor
from pifa.trade.freight_insurance.history import history_of


def freight_gift(actor: Actor) -> FreightGiftView:
    """Whether the seller gives it, and what it would cost by its own past; owner or finance role."""
    return queries.freight_gift(actor, history_of(policies.handles_money(actor), "seller"))
