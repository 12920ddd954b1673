"""The carriers that collect for this market, by the code in the address their notices come to."""

from __future__ import annotations

from pifa.finance.carriers.protocol import Carrier
from pifa.finance.carriers.sandbox import SandboxCarrier
from pifa.kernel.errors import NotFound

DEFAULT = SandboxCarrier.code
"""The one that parcels go by, whatever the name that a seller typed for it."""

CARRIERS: dict[str, Carrier] = {}


def register(carrier: Carrier) -> Carrier:
    """Believe a carrier from now on."""
    CARRIERS[carrier.code] = carrier
    return carrier


def get(code: str) -> Carrier:
    """The carrier of a code; `NotFound` for one the market does not work with."""
    try:
        return CARRIERS[code]
    except KeyError as error:
        raise NotFound from error


register(SandboxCarrier())
