"""The carriers that tell this market of their parcels, by the code in their notices' address."""

from __future__ import annotations

from pifa.kernel.errors import NotFound
from pifa.trade.carriers.protocol import Carrier
from pifa.trade.carriers.sandbox.adapter import Sandbox, SandboxExpress, SandboxLand

CARRIERS: dict[str, Carrier] = {}


def register(carrier: Carrier) -> Carrier:
    """Work with a carrier from now on; the first that knows a typed name is the one it means."""
    CARRIERS[carrier.code] = carrier
    return carrier


def get(code: str) -> Carrier:
    """The carrier of a code; `NotFound` for one the market does not work with."""
    try:
        return CARRIERS[code]
    except KeyError as error:
        raise NotFound from error


def meant_by(name: str) -> Carrier | None:
    """The carrier that a seller's words mean; None: one that tells this market nothing."""
    return next((carrier for carrier in CARRIERS.values() if carrier.knows(name)), None)


EXPRESS = register(SandboxExpress())
"""Same-city express: the seller need not know a number, the carrier gives one."""

EXPRESS_NAME = SandboxExpress.names[0]
"""How shipments by it are written down, whatever the language of who shipped."""

register(SandboxLand())

__all__ = ["CARRIERS", "EXPRESS", "EXPRESS_NAME", "Sandbox", "get", "meant_by", "register"]
