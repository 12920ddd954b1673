"""The financiers of this market, by the code in the address their notices come to."""

from __future__ import annotations

from pifa.finance.financiers.protocol import Financier
from pifa.finance.financiers.sandbox import SandboxFinancier
from pifa.kernel.errors import NotFound

DEFAULT = SandboxFinancier.code

FINANCIERS: dict[str, Financier] = {}


def register(financier: Financier) -> Financier:
    """Take notices of a financier from now on."""
    FINANCIERS[financier.code] = financier
    return financier


def get(code: str) -> Financier:
    """The financier of a code; `NotFound` for one the market does not work with."""
    try:
        return FINANCIERS[code]
    except KeyError as error:
        raise NotFound from error


register(SandboxFinancier())
