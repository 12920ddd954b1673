"""The adapter to the sandbox bank: it believes signed notices only and asks the bank's books."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.gateways import config
from pifa.finance.gateways.protocol import Answer, Channel, Notice, Signed, TradeRequest
from pifa.finance.methods.protocol import Progress
from pifa.finance.rules import Verdict
from pifa.finance.sandbox import keys, trades
from pifa.kernel.money import MAX_FEN, Money

_TEXTS = ("notice_id", "payment_number", "outcome")
_LONGEST = 64
_SIGNATURE_HEADER = "X-Gateway-Signature"


class SandboxGateway:
    """The embedded gateway; its trades are paid on the sandbox bank's page."""

    code = "sandbox"
    limit = Money(MAX_FEN)
    channels: tuple[Channel, ...] = ()

    @property
    def enabled(self) -> bool:
        """Unless real gateways are set up: nobody pays real orders with play money."""
        return config.sandbox_is_on()

    def open(self, request: TradeRequest) -> str:
        """Open a trade in the bank's books; its page is `/sandbox/pay/<trade_no>/`."""
        trade_no = trades.open_trade(request.payment_number, request.amount, request.title)
        return f"/sandbox/pay/{trade_no}/"

    def unpack(self, body: bytes, headers: Mapping[str, str]) -> Signed:
        """A JSON object, its signature in a header."""
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            payload = None
        if not isinstance(payload, dict):
            raise MalformedNotice(field_name="body")
        return payload, headers.get(_SIGNATURE_HEADER, "")[:512]

    def verify(self, payload: Mapping[str, Any], signature: str) -> Notice:
        """Check the signature over the whole payload, then read it strictly."""
        if not keys.is_signed(payload, signature):
            raise BadSignature
        texts = {name: _text(payload, name) for name in _TEXTS}
        if texts["outcome"] not in ("paid", "failed"):
            raise MalformedNotice(field_name="outcome")
        paid = texts["outcome"] == "paid"
        return Notice(
            notice_id=texts["notice_id"],
            payment_number=texts["payment_number"],
            receipt_no=_text(payload, "receipt_no") if paid else "",
            paid=paid,
            amount=_amount(payload),
            reason="" if paid else str(payload.get("reason", ""))[:_LONGEST],
            payer=_text(payload, "payer") if paid and payload.get("payer") else "",
            said={name: value for name, value in payload.items() if name != "payer"},
        )

    def answer(self, verdict: Verdict) -> Answer:
        """The verdict in JSON."""
        status = 400 if verdict.refused else 200
        return Answer(status, "application/json", json.dumps({"verdict": verdict}))

    def query(self, payment_number: str) -> Progress:
        """What the bank's books say."""
        return trades.progress(payment_number)

    def refund(self, payment_number: str, amount: Money, key: str, reason: str) -> None:
        """The bank sends money of a trade back."""
        trades.refund(payment_number, amount, key)

    def close(self, payment_number: str) -> None:
        """The bank takes no payment for the trade any more."""
        trades.close_trade(payment_number)


class SandboxCardGateway(SandboxGateway):
    """The sandbox bank as the acquirer of credit cards: the same books, another page.

    The card is entered there; the market learns nothing of it.
    """

    code = "sandbox-card"

    def open(self, request: TradeRequest) -> str:
        """Open a trade in the bank's books; its page is `/sandbox/card/<trade_no>/`."""
        trade_no = trades.open_trade(request.payment_number, request.amount, request.title)
        return f"/sandbox/card/{trade_no}/"


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise MalformedNotice(field_name=name)
    return value


def _amount(payload: Mapping[str, Any]) -> Money:
    value = str(payload.get("amount_fen", ""))
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MAX_FEN))):
        raise MalformedNotice(field_name="amount_fen")
    return Money(int(value))
