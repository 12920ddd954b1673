"""Accounts, postings and holds. Amounts are fen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.ledger.rules import DEBIT_NORMAL, GUARDED, MARKET_OWNED, AccountKind

__all__ = [
    "ACCOUNT_LABELS",
    "DEBIT_NORMAL",
    "GUARDED",
    "Account",
    "AccountKind",
    "Hold",
    "Posting",
    "Transfer",
]

_GUARDED = Q(kind__in=sorted(kind.value for kind in GUARDED))
_MARKET_OWNED = Q(kind__in=sorted(kind.value for kind in MARKET_OWNED))

ACCOUNT_LABELS = {
    AccountKind.GATEWAY: _("支付渠道存款"),
    AccountKind.ESCROW: _("担保款"),
    AccountKind.BALANCE: _("账户余额"),
    AccountKind.DEPOSIT: _("买家保障保证金"),
    AccountKind.CLAWBACK: _("待追偿欠款"),
    AccountKind.FEES: _("手续费收入"),
    AccountKind.GOODWILL: _("平台赔付"),
    AccountKind.PROTECTION: _("首单保障金"),
    AccountKind.SUSPENSE: _("待认领款"),
    AccountKind.RECEIVABLE: _("约定应付款"),
    AccountKind.PROMISED: _("约定应收款"),
    AccountKind.RECOURSE: _("待偿保险追偿款"),
    AccountKind.INSURER: _("保险公司待追偿款"),
    AccountKind.CARRIER: _("承运商待回款"),
    AccountKind.FINANCIER: _("金融机构代付款"),
}


class Account(models.Model):
    """One purse of one owner; the market's own have no owner.

    Only guarded accounts keep `balance_fen`: the market's accounts would be one row that
    every payment waits for, so their balance is the sum of their postings.
    """

    owner = models.ForeignKey("parties.Company", models.PROTECT, null=True, related_name="accounts")
    kind = models.CharField(
        max_length=10, choices=[(kind.value, label) for kind, label in ACCOUNT_LABELS.items()]
    )
    guarded = models.BooleanField()
    balance_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind"], name="account_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(owner__isnull=True), name="market_account_once"
            ),
            models.CheckConstraint(
                condition=Q(balance_fen__gte=0), name="account_balance_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(guarded=True) | Q(balance_fen=0), name="account_unguarded_keeps_none"
            ),
            models.CheckConstraint(
                condition=(Q(guarded=True) & _GUARDED) | (Q(guarded=False) & ~_GUARDED),
                name="account_guarded_by_kind",
            ),
            models.CheckConstraint(
                condition=(Q(owner__isnull=True) & _MARKET_OWNED)
                | (Q(owner__isnull=False) & ~_MARKET_OWNED),
                name="account_owned_by_kind",
            ),
        ]


class Transfer(models.Model):
    """A set of postings written together; the key makes a repeat write nothing."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()


class Posting(models.Model):
    """One debit, one credit, one amount above zero: balance holds by construction."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="postings")
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    amount_fen = models.BigIntegerField()
    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="posting_above_zero"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="posting_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["subject", "id"], name="posting_subject"),
            models.Index(fields=["debit", "at", "id"], name="posting_debit_time"),
            models.Index(fields=["credit", "at", "id"], name="posting_credit_time"),
        ]


class Hold(models.Model):
    """Money in an escrow account that belongs to one subject until released or returned."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="holds")
    subject = models.CharField(max_length=64, unique=True)
    held_fen = models.BigIntegerField(help_text="what ever came in")
    remaining_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(remaining_fen__gte=0) & Q(remaining_fen__lte=F("held_fen")),
                name="hold_within_what_came",
            )
        ]
