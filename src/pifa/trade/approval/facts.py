"""What is announced about approvals. Amounts are fen."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.trade.events.facts import OrderEvent


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(OrderEvent):
    """An order above its purchaser's limit waits for its company, until `pay_by`."""

    name = "approval.asked"
    total_fen: int
    limit_fen: int
    pay_by: str


@dataclass(frozen=True, kw_only=True)
class ApprovalDecided(OrderEvent):
    """The company lets the order be paid, or refused it with a reason."""

    name = "approval.decided"
    approved: bool
    total_fen: int
    reason: str
