"""The insurer of this market."""

from __future__ import annotations

from pifa.finance.insurance.protocol import Insurer
from pifa.finance.insurance.sandbox import SandboxInsurer

_INSURER: Insurer = SandboxInsurer()


def insurer() -> Insurer:
    """Whoever writes the market's policies."""
    return _INSURER
