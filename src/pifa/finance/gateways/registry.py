"""The gateways of this market, by the code in the address their notices come to."""

from __future__ import annotations

from pifa.finance.gateways.alipay import Alipay
from pifa.finance.gateways.protocol import Gateway, Provider
from pifa.finance.gateways.queued import QueuedGateway
from pifa.finance.gateways.sandbox import SandboxCardGateway, SandboxGateway
from pifa.finance.gateways.wechat import Wechat
from pifa.kernel.errors import NotFound

DEFAULT = SandboxGateway.code

GATEWAYS: dict[str, Gateway] = {}

PROVIDERS: dict[str, Provider] = {}
"""Those on other machines, whose calls are made after the commit."""


def register(gateway: Gateway) -> Gateway:
    """Take notices of a gateway from now on."""
    GATEWAYS[gateway.code] = gateway
    return gateway


def register_provider(provider: Provider) -> None:
    """Take notices of a provider over the network from now on."""
    PROVIDERS[provider.code] = provider
    register(QueuedGateway(provider))


def get(code: str) -> Gateway:
    """The gateway of a code; `NotFound` for one the market does not work with."""
    try:
        return GATEWAYS[code]
    except KeyError as error:
        raise NotFound from error


def provider(code: str) -> Provider:
    """The provider of a code; `NotFound` for one that is none."""
    try:
        return PROVIDERS[code]
    except KeyError as error:
        raise NotFound from error


register(SandboxGateway())
register(SandboxCardGateway())
register_provider(Alipay())
register_provider(Wechat())
