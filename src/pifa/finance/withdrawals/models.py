"""A company's own accounts at banks, what it took out to them, and what a day has used."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PayeeAccount(models.Model):
    """A company's own account at a bank; an ended one is no longer paid to.

    The number itself is kept by the bank alone: `ref` is what the bank knows it by, `masked` what
    people see of it.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="payee_accounts")
    holder = models.CharField(max_length=120, help_text="the registered name when it was checked")
    bank_name = models.CharField(max_length=120)
    masked = models.CharField(max_length=40)
    bank = models.CharField(max_length=24, help_text="the partner bank that checked it and pays")
    ref = models.CharField(max_length=64)
    at_partner_bank = models.BooleanField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "bank", "ref"],
                condition=Q(ended_at=None),
                name="payee_account_once",
            )
        ]


class Withdrawal(models.Model):
    """Money that a company takes out: asked, sent, and what the bank made of it.

    `key` makes a repeated request the same withdrawal. `asked_by` and
    `decided_by` are members' ids.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("待复核")
        REFUSED = "refused", _("复核不同意")
        CANCELLED = "cancelled", _("已撤销")
        EXPIRED = "expired", _("复核超时")
        SENT = "sent", _("银行处理中")
        ARRIVED = "arrived", _("已到账")
        RETURNED = "returned", _("银行退回")

    number = models.CharField(max_length=24, unique=True)
    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="withdrawals")
    account = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="withdrawals")
    key = models.CharField(max_length=64)
    amount_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField(help_text="beside the amount")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    needs_second = models.BooleanField()
    until = models.DateTimeField(null=True, help_text="till when a second person may agree")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, help_text="why refused or sent back")
    sent_at = models.DateTimeField(null=True)
    sent_day = models.DateField(null=True, help_text="the market day whose limit it uses")
    ended_at = models.DateTimeField(null=True, help_text="arrived, or came back")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="withdrawal_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) & Q(fee_fen__gte=0), name="withdrawal_amounts_sane"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["asked", "refused", "cancelled", "expired"],
                    sent_at__isnull=True,
                    sent_day__isnull=True,
                )
                | Q(
                    state__in=["sent", "arrived", "returned"],
                    sent_at__isnull=False,
                    sent_day__isnull=False,
                ),
                name="withdrawal_sent_at",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(state__in=["asked", "cancelled", "expired"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="withdrawal_second_is_another",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="withdrawal_of_company"),
            models.Index(
                fields=["id"], condition=Q(state__in=["asked", "sent"]), name="withdrawal_waits"
            ),
        ]

    @property
    def subject(self) -> str:
        """What its postings and deadlines are for."""
        return f"withdrawal:{self.number}"


class WithdrawalDay(models.Model):
    """What a company sent on a market day to other banks; the row is the day's lock.

    `limit_fen` is the limit when the day was used last.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    day = models.DateField()
    used_fen = models.BigIntegerField(default=0)
    limit_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "day"], name="withdrawal_day_once"),
            models.CheckConstraint(
                condition=Q(used_fen__gte=0) & Q(used_fen__lte=F("limit_fen")),
                name="withdrawal_day_within_limit",
            ),
        ]
