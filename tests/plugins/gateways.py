"""Alipay and WeChat Pay for tests: `emulator` serves both and sets the market up for them.

`emulator.alipay.pay(number)` plays a payer, `.notice(number)` is what the provider then sends.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tools.gateway_emulator.server import Emulator, served

TIMEOUT = "0.4"
"""How long the market waits for them, in seconds: less than a line that hangs says nothing."""


@pytest.fixture(scope="session")
def serving() -> Iterator[Emulator]:
    """Both providers at one address; their keys are made once, their books are each test's own."""
    with served(Emulator()) as emulator:
        yield emulator


@pytest.fixture
def emulator(serving: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    given = {}
    for provider in (serving.alipay, serving.wechat):
        provider.trades.clear()
        provider.faults.clear()
        provider.asked.clear()
        settled = provider.settings(tmp_path / "keys", serving.address)
        given[provider.code] = settled | {"TIMEOUT": TIMEOUT}
    serving.wechat.slow_refunds = False
    monkeypatch.setattr(settings, "GATEWAYS", given)
    return serving
