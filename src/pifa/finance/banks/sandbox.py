"""The adapter to the sandbox bank as a partner bank: it believes signed lines only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from pifa.finance.banks.protocol import (
    LONGEST,
    LineNotice,
    PayeeCheck,
    Payer,
    PayoutNotice,
    PayoutOutcome,
)
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.sandbox import books, keys, payees
from pifa.kernel import clock
from pifa.kernel.money import MAX_FEN, Money

_LONGEST_KEY, _LONGEST_REASON = 120, 200
_MAY_BE_EMPTY = ("payer_bank", "remark")


class SandboxPartnerBank:
    """The embedded bank; transfers to it are made on its page."""

    code = "sandbox"
    name = _("沙箱银行")

    def verify(self, payload: Mapping[str, Any], signature: str) -> LineNotice:
        """Check the signature over the whole payload, then read it strictly."""
        if not keys.is_signed(payload, signature):
            raise BadSignature
        texts = {name: _text(payload, name) for name in LONGEST}
        return LineNotice(
            **texts, amount=_amount(payload.get("amount_fen")), value_day=_day(payload)
        )

    def send_back(self, payer: Payer, amount: Money, key: str, reference: str) -> None:
        """The bank sends money of the market to an account at another bank."""
        holder = books.Holder(payer.account, payer.name, payer.bank)
        books.send_back(holder, amount, key, reference)

    def check_payee(self, holder: str, number: str, bank_name: str) -> PayeeCheck | None:
        """Ask the bank that keeps the account."""
        return payees.check(holder, number, bank_name)

    def pay_out(self, ref: str, amount: Money, key: str) -> None:
        """The bank sends money to a checked account, and tells later what became of it."""
        payees.send(ref, amount, key)

    def payout(self, key: str) -> PayoutNotice:
        """What the bank's books say."""
        return payees.progress(key)

    def verify_payout(self, payload: Mapping[str, Any], signature: str) -> PayoutNotice:
        """Check the signature over the whole payload, then read it strictly."""
        if not keys.is_signed(payload, signature):
            raise BadSignature
        key, outcome, reason = (payload.get(name) for name in ("key", "outcome", "reason"))
        if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY or "\x00" in key:
            raise MalformedNotice(field_name="key")
        if outcome not in (PayoutOutcome.ARRIVED, PayoutOutcome.RETURNED):
            raise MalformedNotice(field_name="outcome")
        if not isinstance(reason, str) or len(reason) > _LONGEST_REASON or "\x00" in reason:
            raise MalformedNotice(field_name="reason")
        return PayoutNotice(key, PayoutOutcome(outcome), reason)


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    least = 0 if name in _MAY_BE_EMPTY else 1
    if not isinstance(value, str) or not least <= len(value) <= LONGEST[name] or "\x00" in value:
        raise MalformedNotice(field_name=name)
    return value


def _amount(value: object) -> Money:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_FEN))):
        raise MalformedNotice(field_name="amount_fen")
    if not 0 < int(text) <= MAX_FEN:
        raise MalformedNotice(field_name="amount_fen")
    return Money(int(text))


def _day(payload: Mapping[str, Any]) -> date:
    try:
        day = date.fromisoformat(str(payload.get("value_day")))
    except ValueError as error:
        raise MalformedNotice(field_name="value_day") from error
    if not clock.FIRST_DAY <= day <= clock.LAST_DAY:
        raise MalformedNotice(field_name="value_day")
    return day
