"""The adapter to the sandbox bank as a bank of bills: it believes signed notices only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise

from pifa.finance.bills.protocol import BillOrder, BillWord, Told
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.sandbox import bill_book, keys
from pifa.kernel.money import MAX_FEN, Money

_LONGEST = {
    "notice_id": 64,
    "number": 24,
    "bill_no": 40,
    "acceptor": 24,
    "drawer": 120,
    "payee": 120,
    "receipt_no": 64,
    "reason": 200,
}
_MAY_BE_EMPTY = ("bill_no", "receipt_no", "reason")


class SandboxBillBank:
    """The embedded bank; what it draws and honours, by which rule: `finance.sandbox.bill_book`."""

    code = "sandbox"

    @property
    def acceptors(self) -> Sequence[tuple[str, str | Promise]]:
        """The banks that the sandbox plays."""
        return tuple(bill_book.ACCEPTORS.items())

    def draw(self, order: BillOrder) -> None:
        """It draws at once, or declines, and tells by a word of its own."""
        bill_book.draw(order)

    def give_back(self, number: str) -> None:
        """It goes back to its drawer."""
        bill_book.give_back(number)

    def present(self, number: str) -> None:
        """The acceptor pays or does not, as its page was told."""
        bill_book.present(number)

    def verify(self, payload: Mapping[str, Any], signature: str) -> BillWord:
        """Check the signature over the whole payload, then read it strictly."""
        if not keys.is_signed(payload, signature):
            raise BadSignature
        texts = {name: _text(payload, name) for name in _LONGEST}
        told = payload.get("told")
        if told not in set(Told):
            raise MalformedNotice(field_name="told")
        if (told == Told.HONOURED) != bool(texts["receipt_no"]):
            raise MalformedNotice(field_name="receipt_no")
        if (told == Told.DECLINED) == bool(texts["bill_no"]):
            raise MalformedNotice(field_name="bill_no")
        return BillWord(
            **texts,
            told=Told(told),
            amount=_amount(payload.get("amount_fen")),
            issued_on=_day(payload, "issued_on"),
            matures_on=_day(payload, "matures_on"),
        )


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    least = 0 if name in _MAY_BE_EMPTY else 1
    if not isinstance(value, str) or not least <= len(value) <= _LONGEST[name] or "\x00" in value:
        raise MalformedNotice(field_name=name)
    return value


def _day(payload: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(payload.get(name)))
    except ValueError as error:
        raise MalformedNotice(field_name=name) from error


def _amount(value: object) -> Money:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_FEN))):
        raise MalformedNotice(field_name="amount_fen")
    if not 0 < int(text) <= MAX_FEN:
        raise MalformedNotice(field_name="amount_fen")
    return Money(int(text))
