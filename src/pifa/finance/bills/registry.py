"""The banks of bills of this market, by the code in the address their notices come to."""

from __future__ import annotations

from pifa.finance.bills.protocol import BillBank
from pifa.finance.bills.sandbox import SandboxBillBank
from pifa.kernel.errors import NotFound

DEFAULT = SandboxBillBank.code

BANKS: dict[str, BillBank] = {}


def register(bank: BillBank) -> BillBank:
    """Take notices of a bank from now on."""
    BANKS[bank.code] = bank
    return bank


def get(code: str) -> BillBank:
    """The bank of a code; `NotFound` for one the market does not work with."""
    try:
        return BANKS[code]
    except KeyError as error:
        raise NotFound from error


register(SandboxBillBank())
