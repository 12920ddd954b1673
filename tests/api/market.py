"""A small market with something of everything, for calls whose ids are guessed."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.api.auth import new_staff_token
from pifa.parties import commands as parties
from pifa.parties.models import User
from tests.catalog import market as goods
from tests.trade.market import Trading, trading


@dataclass
class SmallMarket:
    """A seller and a buyer who trade, with tokens of the seller's app and of an operator."""

    trading: Trading
    token: str
    buyer_token: str
    staff_token: str


def small_market() -> SmallMarket:
    """One of every state, as far as it is cheap."""
    made = trading()
    return SmallMarket(
        trading=made,
        token=parties.issue_token(made.selling, "仓库"),
        buyer_token=parties.issue_token(made.buying, "采购"),
        staff_token=operator_token(),
    )


def operator_token() -> str:
    """A token of an operator who may do everything."""
    user = User.objects.create_superuser(f"staff-{goods.company().pk}", password="x")
    return new_staff_token(user)[0]
