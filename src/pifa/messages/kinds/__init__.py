"""Every kind of notice: its words, why one gets it, and where it goes unless one says otherwise.

Words take figures from a notice's params. A param named `*_fen` is shown as an amount, one
named `due`, `*_by` or `*_at` as a moment in the market's zone; so most events can be passed
on as they are. Of a param with a twin named `*_en` an English reader gets the twin. Where
what happened has several outcomes, `choice` names the param that chooses the body.
"""

from __future__ import annotations

from collections.abc import Mapping

from pifa.messages.kinds import (
    after,
    bank,
    bills,
    bonds,
    cash,
    company,
    credit,
    customers,
    freight,
    invitations,
    money,
    orders,
    papers,
    programme,
    quotes,
    secured,
    staged,
    standing,
    transfers,
    trust,
    withdrawals,
)
from pifa.messages.kinds.kind import Kind, Words, outcome, placeholders

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for subject in (
        orders,
        staged,
        quotes,
        invitations,
        after,
        papers,
        money,
        transfers,
        withdrawals,
        bonds,
        freight,
        credit,
        cash,
        bills,
        secured,
        trust,
        bank,
        company,
        standing,
        customers,
        programme,
    )
    for kind in subject.KINDS
}

__all__ = ["KINDS", "Kind", "Words", "outcome", "placeholders"]
