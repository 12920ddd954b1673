"""The gateways side by side: the sandbox's two, and the real ones against their emulators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from django.test import Client

from pifa.finance import commands, queries
from pifa.finance.models import GatewayNotice, SandboxTrade
from pifa.finance.sandbox import keys, trades
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from tools.gateway_emulator.alipay import Alipay
from tools.gateway_emulator.server import Emulator
from tools.gateway_emulator.wechat import Wechat

Real = Alipay | Wechat


class Side(Protocol):
    """A gateway with its payers, whichever it is."""

    @property
    def method(self) -> str:
        """The way to pay that goes through it."""

    def pay(self, number: str) -> None:
        """The payer pays; no notice goes out."""

    def notice(self, number: str, **how: Any) -> str:
        """The gateway tells; the market's verdict. `how`: forged, wrong_amount, copy."""

    def refunded(self, number: str) -> int:
        """How many fen went back to the payer."""

    def is_closed(self, number: str) -> bool:
        """Whether nobody can pay it any more."""


@dataclass
class SandboxSide:
    method: str
    client: Client

    def pay(self, number: str) -> None:
        trades.receive(SandboxTrade.objects.get(payment_number=number))

    def notice(self, number: str, **how: Any) -> str:
        trade = SandboxTrade.objects.get(payment_number=number)
        payload = {
            "notice_id": how.get("copy") or f"n{SandboxTrade.objects.count()}{number}",
            "payment_number": how.get("of", number),
            "outcome": "paid",
            "receipt_no": trades.receipt_no(trade.trade_no, 1),
            "amount_fen": str(trade.amount_fen + (1 if how.get("wrong_amount") else 0)),
        }
        signature = keys.sign({"another": "notice"} if how.get("forged") else payload)
        self.client.post(
            "/gateway/sandbox/notify",
            payload,
            "application/json",
            headers={"X-Gateway-Signature": signature},
        )
        return newest_verdict()

    def refunded(self, number: str) -> int:
        return SandboxTrade.objects.get(payment_number=number).refunded_fen

    def is_closed(self, number: str) -> bool:
        trade = SandboxTrade.objects.get(payment_number=number)
        return trade.state == SandboxTrade.State.CLOSED


@dataclass
class RealSide:
    provider: Real
    client: Client
    answer: Any = None

    @property
    def method(self) -> str:
        return self.provider.code

    def pay(self, number: str) -> None:
        self.provider.pay(number)

    def notice(self, number: str, **how: Any) -> str:
        changes: dict[str, Any] = {}
        if how.get("of"):
            changes["out_trade_no"] = how["of"]
        if how.get("wrong_amount"):
            fen = self.provider.trades[number].fen + 1
            alipay = self.provider.code == "alipay"
            changes |= {"total_amount": f"{fen / 100:.2f}"} if alipay else {"fen": fen}
        key = self.provider.other_key if how.get("forged") else None
        return self.send(*self.provider.notice(number, key, **changes, **how.get("changes", {})))

    def send(self, body: bytes, headers: dict[str, str]) -> str:
        """Deliver a notice as it came off the line; the market's verdict."""
        self.answer = self.client.generic(
            "POST",
            f"/gateway/{self.provider.code}/notify",
            body,
            headers["Content-Type"],
            headers={name: value for name, value in headers.items() if name != "Content-Type"},
        )
        return newest_verdict()

    def refunded(self, number: str) -> int:
        return self.provider.trades[number].refunded

    def is_closed(self, number: str) -> bool:
        return self.provider.trades[number].state == "closed"


def newest_verdict() -> str:
    """What was made of the notice that came last (a repeat of one leaves its verdict)."""
    repeated = GatewayNotice.objects.filter(repeats__gt=0)
    if repeated.exists():
        return "repeated"
    return GatewayNotice.objects.latest("pk").verdict


@pytest.fixture
def sides(emulator: Emulator, client: Client) -> list[Side]:
    """Every gateway, in the order in which they are offered."""
    return [
        SandboxSide("gateway", client),
        RealSide(emulator.alipay, client),
        RealSide(emulator.wechat, client),
        SandboxSide("card", client),
    ]


@pytest.fixture(params=range(4), ids=["sandbox", "alipay", "wechat", "card"])
def side(request: pytest.FixtureRequest, sides: list[Side]) -> Side:
    """Every gateway in turn."""
    found: Side = sides[request.param]
    return found


@pytest.fixture(params=["alipay", "wechat"])
def real(request: pytest.FixtureRequest, emulator: Emulator, client: Client) -> RealSide:
    """The real gateways in turn."""
    return RealSide(emulator.alipay if request.param == "alipay" else emulator.wechat, client)


BeginBy = Callable[..., str]


@pytest.fixture
def begin_by(purchaser: Actor) -> BeginBy:
    """begin_by(side, subject): the buyer starts to pay and is shown how; the payment's number."""

    def start(side: Side, subject: str, channel: str = "") -> str:
        view = queries.payable(subject)
        assert view is not None
        begun = commands.start_payment(purchaser, view.number, side.method, channel=channel)
        if begun.redirect_url.startswith("/pay/at/"):
            commands.present(begun.payment_number)
        return begun.payment_number

    return start


def settle_calls() -> int:
    """The worker's round: what gateways are to be told is told."""
    return deadlines.run_due(clock.now())
