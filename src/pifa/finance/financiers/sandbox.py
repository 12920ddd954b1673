"""The adapter to the sandbox bank as a financier: it believes signed notices only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.financiers.protocol import Claim, Word
from pifa.finance.sandbox import books, financing, keys
from pifa.kernel.money import MAX_FEN, Money

_LONGEST = {"notice_id": 64, "number": 24, "receipt_no": 64, "reason": 200}


class SandboxFinancier:
    """The embedded financier; what it decides and by which rule: `finance.sandbox.financing`."""

    code = "sandbox"
    name = _("沙箱金融机构")

    def verify(self, payload: Mapping[str, Any], signature: str) -> Word:
        """Check the signature over the whole payload, then read it strictly."""
        return read_word(payload, signature)

    def ask(self, claim: Claim) -> None:
        """It decides at once and tells later, as its rule says."""
        financing.decide(claim)

    def take(self, amount: Money, key: str, reference: str) -> None:
        """From the market's account to the financier's."""
        books.move(books.Kind.FINANCIER_IN, key, books.MARKET, books.FINANCIER, amount, reference)

    def give_back(self, amount: Money, key: str, reference: str) -> None:
        """From the financier's account to the market's."""
        books.move(books.Kind.FINANCIER_OUT, key, books.FINANCIER, books.MARKET, amount, reference)


def read_word(payload: Mapping[str, Any], signature: str) -> Word:
    """What the sandbox bank tells of a request by its number; `BadSignature`, `MalformedNotice`."""
    if not keys.is_signed(payload, signature):
        raise BadSignature
    texts = {name: _text(payload, name) for name in _LONGEST}
    outcome = payload.get("outcome")
    if outcome not in ("paid", "refused") or (outcome == "paid") != bool(texts["receipt_no"]):
        raise MalformedNotice(field_name="outcome")
    return Word(**texts, paid=outcome == "paid", amount=_amount(payload.get("amount_fen")))


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    least = 1 if name in ("notice_id", "number") else 0
    if not isinstance(value, str) or not least <= len(value) <= _LONGEST[name] or "\x00" in value:
        raise MalformedNotice(field_name=name)
    return value


def _amount(value: object) -> Money:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_FEN))):
        raise MalformedNotice(field_name="amount_fen")
    if not 0 < int(text) <= MAX_FEN:
        raise MalformedNotice(field_name="amount_fen")
    return Money(int(text))
