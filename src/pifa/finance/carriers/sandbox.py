"""The adapter to the sandbox carrier: it believes signed words only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pifa.finance.carriers.protocol import Batch, BatchLine, DoorReport, Parcel
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.sandbox import keys, parcels
from pifa.kernel.money import MAX_FEN, Money

_LONGEST = 64
MOST_LINES = 1_000


class SandboxCarrier:
    """The embedded carrier; what happens at its doors is played on its page."""

    code = "sandbox"

    def take(self, parcels_: Sequence[Parcel]) -> None:
        """Write the parcels into the carrier's book."""
        parcels.take(parcels_)

    def change(self, number: str, amount: Money) -> None:
        """The carrier collects another amount, or nothing."""
        parcels.change(number, amount)

    def verify_report(self, payload: Mapping[str, Any], signature: str) -> DoorReport:
        """Check the signature over the whole payload, then read it strictly."""
        if not keys.is_signed(payload, signature):
            raise BadSignature
        outcome = _text(payload, "outcome")
        amount = _amount(payload.get("amount_fen"), "amount_fen")
        if outcome not in ("collected", "refused") or bool(amount) != (outcome == "collected"):
            raise MalformedNotice(field_name="outcome")
        return DoorReport(
            notice_id=_text(payload, "notice_id"),
            number=_text(payload, "number"),
            collected=outcome == "collected",
            amount=amount,
            reason=str(payload.get("reason", ""))[:200].replace("\x00", ""),
        )

    def verify_batch(self, payload: Mapping[str, Any], signature: str) -> Batch:
        """Check the signature over the whole payload, then read it strictly."""
        if not keys.is_signed(payload, signature):
            raise BadSignature
        lines = payload.get("lines")
        if not isinstance(lines, list) or not 0 < len(lines) <= MOST_LINES:
            raise MalformedNotice(field_name="lines")
        amount = _amount(payload.get("amount_fen"), "amount_fen")
        if not amount:
            raise MalformedNotice(field_name="amount_fen")
        return Batch(
            batch_no=_text(payload, "batch_no"),
            bank_receipt=_text(payload, "bank_receipt"),
            amount=amount,
            until=_day(payload),
            lines=tuple(_line(line) for line in lines),
        )

    def send_back(self, amount: Money, key: str, reference: str) -> None:
        """The bank sends the money to the carrier's account."""
        parcels.get_back(amount, key, reference)


def _line(line: object) -> BatchLine:
    if not isinstance(line, Mapping):
        raise MalformedNotice(field_name="lines")
    collected = _amount(line.get("collected_fen"), "collected_fen")
    fee = _amount(line.get("fee_fen"), "fee_fen")
    if not collected or fee > collected:
        raise MalformedNotice(field_name="fee_fen")
    return BatchLine(_text(line, "number"), collected, fee)


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or "\x00" in value:
        raise MalformedNotice(field_name=name)
    return value


def _amount(value: object, name: str) -> Money:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_FEN))):
        raise MalformedNotice(field_name=name)
    return Money(int(text))


def _day(payload: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(_text(payload, "until"))
    except ValueError as error:
        raise MalformedNotice(field_name="until") from error
