"""The bank that keeps companies' accounts in this market."""

from __future__ import annotations

from pifa.finance.partner_bank.protocol import AccountBank
from pifa.finance.partner_bank.sandbox import SandboxAccountBank

_BANKS: dict[str, AccountBank] = {}

DEFAULT = SandboxAccountBank.code


def register(bank: AccountBank) -> None:
    """Keep accounts at a bank from now on."""
    _BANKS[bank.code] = bank


def get(code: str = DEFAULT) -> AccountBank:
    """The bank of a code; `KeyError` for one the market does not work with."""
    return _BANKS[code]


register(SandboxAccountBank())
