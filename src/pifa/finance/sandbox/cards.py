"""The sandbox bank as the acquirer of credit cards: what becomes of a card that a payer enters.

The number goes no further than `play`: it is looked at, not kept, and the market is told of a keyed
digest only, by which it knows the same card again.
Cards for trying are in `docs/money.md`; every other number that can be one is authorised.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from pifa.finance.commands.payers import digest_of
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock
from pifa.kernel.errors import InvalidInput

DECLINES = {
    "4000000000000002": "card_declined",
    "4000000000009995": "card_no_funds",
}
"""Cards that the issuer declines, and the code of its reason."""

_WORDS = {
    "number": _("请填写完整的卡号。"),
    "expiry": _("请按 月月/年年 填写有效期，例如 08/29。"),
    "code": _("请填写卡背面的三位安全码。"),
}

EXAMPLE = "4242 4242 4242 4242"


def play(trade_no: str, number: str, expiry: str, code: str) -> str:
    """Authorise and capture a trade by a card; returns why it was declined, else nothing.

    `InvalidInput` for what cannot be a card: nothing is tried then. `expiry` is month and year
    (MM/YY), the last month in which the card is good.
    """
    digits = number.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19 and _luhn(digits)):
        raise InvalidInput(field="number", reason=_WORDS["number"])
    if not (code.isascii() and code.isdigit() and len(code) in (3, 4)):
        raise InvalidInput(field="code", reason=_WORDS["code"])
    reason = DECLINES.get(digits, "")
    if _last_month(expiry) < clock.today().replace(day=1):
        reason = "card_expired"
    bank.act(
        trade_no,
        BankAction.FAIL if reason else BankAction.PAY,
        reason=reason or "declined",
        payer=digest_of(f"card:{digits}"),
    )
    return reason


def _last_month(expiry: str) -> date:
    month, slash, year = expiry.strip().partition("/")
    if not (slash and month.isdecimal() and year.isdecimal() and len(month) == len(year) == 2):
        raise InvalidInput(field="expiry", reason=_WORDS["expiry"])
    try:
        return date(2000 + int(year), int(month), 1)
    except ValueError:
        raise InvalidInput(field="expiry", reason=_WORDS["expiry"]) from None


def _luhn(digits: str) -> bool:
    """The check digit that every card number ends with."""
    doubled = (int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
