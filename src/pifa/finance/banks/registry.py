"""The partner banks of this market, by the code in the address their lines come to."""

from __future__ import annotations

from pifa.finance.banks.protocol import PartnerBank
from pifa.finance.banks.sandbox import SandboxPartnerBank
from pifa.kernel.errors import NotFound

DEFAULT = SandboxPartnerBank.code

BANKS: dict[str, PartnerBank] = {}


def register(bank: PartnerBank) -> PartnerBank:
    """Take lines of a bank from now on."""
    BANKS[bank.code] = bank
    return bank


def get(code: str) -> PartnerBank:
    """The bank of a code; `NotFound` for one the market does not work with."""
    try:
        return BANKS[code]
    except KeyError as error:
        raise NotFound from error


register(SandboxPartnerBank())
