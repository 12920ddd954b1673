"""The writers of accounts at the partner bank."""

from __future__ import annotations

from pifa.finance.partner_bank.commands.moving import bind_card, move_in, move_out
from pifa.finance.partner_bank.commands.opening import Passwords, open_account
from pifa.finance.partner_bank.commands.passwords import (
    authorise,
    change_password,
    reset_password,
)

__all__ = [
    "Passwords",
    "authorise",
    "bind_card",
    "change_password",
    "move_in",
    "move_out",
    "open_account",
    "reset_password",
]
