"""Acceptance bills in plain words, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from pifa.finance.bills import registry as banks

NOT_TAKEN = "bill_not_taken"
"""Why the payment of a bill came to nothing (`finance.words.outcome` tells it)."""

_REASONS = {
    "no_funds": gettext_lazy("承兑人账户余额不足"),
    "too_large": gettext_lazy("金额超过承兑银行的单张上限"),
}


def acceptor(bank: str, code: str) -> str:
    """The name of a bank that accepted a bill; its code where it is not known any more."""
    known = dict(banks.get(bank).acceptors) if bank in banks.BANKS else {}
    return str(known.get(code, code))


def reason(code: str) -> str:
    """Why a bill was not drawn, taken or paid; words that somebody wrote are given as they are."""
    return str(_REASONS.get(code, code))
