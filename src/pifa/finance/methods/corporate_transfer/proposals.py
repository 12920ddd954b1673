"""What an operator is proposed for a line in suspense: ranked, each with its reasons.

Pure. A proposal decides nothing: an operator does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from pifa.finance.methods.corporate_transfer.rules import OpenDue

MOST = 8
_LARGEST_GROUP = 4
_MOST_GROUPED = 12


class Reason(StrEnum):
    """What speaks for a proposal."""

    NAMED = "named"
    SAME_ACCOUNT = "same_account"
    SAME_NAME = "same_name"
    SAME_AMOUNT = "same_amount"
    SAME_SUM = "same_sum"
    IN_PART = "in_part"
    COVERED = "covered"


_WEIGHTS = {
    Reason.NAMED: 16,
    Reason.SAME_SUM: 9,
    Reason.SAME_AMOUNT: 8,
    Reason.SAME_ACCOUNT: 4,
    Reason.SAME_NAME: 3,
    Reason.COVERED: 1,
    Reason.IN_PART: 0,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A payable that the line may be meant for, and what the two have in common."""

    due: OpenDue
    named: bool
    same_account: bool
    same_name: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """Payables with so much for each, and why; the score orders proposals."""

    shares: tuple[tuple[int, int], ...]
    reasons: tuple[Reason, ...]
    score: int


def rank(fen: int, candidates: Sequence[Candidate]) -> list[Proposal]:
    """At most `MOST` proposals for so much money, the likeliest first, older payables before
    newer ones (candidates are given oldest first)."""
    found = [_single(fen, candidate) for candidate in candidates]
    found += _groups(fen, candidates)
    return sorted(found, key=lambda proposal: -proposal.score)[:MOST]


def _single(fen: int, candidate: Candidate) -> Proposal:
    due = candidate.due
    exact = due.fen == fen or any(part.fen == fen for part in due.parts)
    if exact:
        size = Reason.SAME_AMOUNT
    else:
        size = Reason.COVERED if fen > due.fen else Reason.IN_PART
    return _proposal([(due.payable_id, min(fen, due.fen))], [*_common(candidate), size])


def _groups(fen: int, candidates: Sequence[Candidate]) -> list[Proposal]:
    """Payables of one account or payer that together are exactly the line."""
    likely = [row for row in candidates if row.same_account or row.same_name]
    pool = sorted(likely, key=lambda row: not row.named)[:_MOST_GROUPED]
    found = []
    for size in range(2, _LARGEST_GROUP + 1):
        for group in combinations(pool, size):
            if sum(row.due.fen for row in group) == fen:
                shared = [
                    reason
                    for reason in _common(group[0])
                    if all(reason in _common(row) for row in group)
                ]
                shares = [(row.due.payable_id, row.due.fen) for row in group]
                found.append(_proposal(shares, [*shared, Reason.SAME_SUM]))
    return found


def _common(candidate: Candidate) -> list[Reason]:
    says = (
        (Reason.NAMED, candidate.named),
        (Reason.SAME_ACCOUNT, candidate.same_account),
        (Reason.SAME_NAME, candidate.same_name),
    )
    return [reason for reason, holds in says if holds]


def _proposal(shares: Sequence[tuple[int, int]], reasons: Sequence[Reason]) -> Proposal:
    return Proposal(tuple(shares), tuple(reasons), sum(_WEIGHTS[reason] for reason in reasons))
