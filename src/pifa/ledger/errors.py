"""What the ledger refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class InsufficientBalance(DomainError):
    """A guarded account would become negative; figures: account, balance, needed."""

    code = "ledger.insufficient_balance"
    message = _("{account}不足：现有 {balance}，需要 {needed}。")


class InsufficientHold(DomainError):
    """A subject has less money in escrow than is to leave it; figures: subject, held, needed."""

    code = "ledger.insufficient_hold"
    message = _("{subject} 的担保款不足：现有 {held}，需要 {needed}。")


class HeldElsewhere(DomainError):
    """A subject's money is held for another company; one subject has one payee."""

    code = "ledger.held_elsewhere"
    message = _("{subject} 的担保款属于另一家企业，不能记到这里。")


class TransferConflict(DomainError):
    """A known transfer key came with other postings; nothing was written."""

    code = "ledger.transfer_conflict"
    message = _("记账键 {key} 已用于另一笔不同的转账，本次未记账。")
