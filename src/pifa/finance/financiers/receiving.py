"""Whose word it is that comes to the address of a financier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pifa.finance.financiers import mandates
from pifa.finance.methods.secured.commands.hearing import receive_claim_word
from pifa.finance.methods.trust.commands.hearing import receive_debit_word
from pifa.finance.rules import Verdict


def receive_word(financier: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a financier's or a mandate bank's word, once; `NotFound` for one that is neither.

    A wrong amount or an unknown number posts nothing and waits for an operator; money for what has
    changed goes back at once.
    """
    if financier in mandates.BANKS:
        return receive_debit_word(financier, payload, signature)
    return receive_claim_word(financier, payload, signature)
