"""The gateways of this market, by the code in the address their notices come to."""

from __future__ import annotations

from pifa.finance.gateways.protocol import Gateway
from pifa.finance.gateways.sandbox import SandboxGateway
from pifa.kernel.errors import NotFound

DEFAULT = SandboxGateway.code

GATEWAYS: dict[str, Gateway] = {}


def register(gateway: Gateway) -> Gateway:
    """Take notices of a gateway from now on."""
    GATEWAYS[gateway.code] = gateway
    return gateway


def get(code: str) -> Gateway:
    """The gateway of a code; `NotFound` for one the market does not work with."""
    try:
        return GATEWAYS[code]
    except KeyError as error:
        raise NotFound from error


register(SandboxGateway())
