"""Virtual accounts, the lines of the bank that name them, and what each line paid."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class VirtualAccount(models.Model):
    """An account number at the partner bank for what one company pays another by transfer."""

    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="transfer_accounts")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    number = models.CharField(max_length=24, unique=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "seller"], name="virtual_account_of_pair"),
            models.CheckConstraint(
                condition=~Q(buyer=F("seller")), name="virtual_account_of_two_companies"
            ),
        ]


class BankLine(models.Model):
    """Money on the market's bank account as the bank tells of it, and where it stands.

    `amount_fen` = its matches + `left_fen` (in suspense) + `returned_fen`. A line is known again
    by the bank's id (`line_no`), or, where the bank gives none, by the digest of its columns and
    its place among lines of the same digest. `plan` is what was decided and is not done yet:
    `[payable id, position of its stage, fen]`.
    """

    class State(models.TextChoices):
        ARRIVED = "arrived", _("处理中")
        MATCHED = "matched", _("已入账")
        SUSPENSE = "suspense", _("待认领")
        RETURNED = "returned", _("已退回付款账户")

    class Source(models.TextChoices):
        FEED = "feed", _("银行通知")
        SHEET = "sheet", _("对账单导入")

    number = models.CharField(max_length=24, unique=True)
    bank = models.CharField(max_length=24)
    line_no = models.CharField(max_length=64, null=True, help_text="the bank's id of the line")
    digest = models.CharField(max_length=64)
    ordinal = models.PositiveIntegerField()
    account_no = models.CharField(max_length=40)
    account = models.ForeignKey(VirtualAccount, models.PROTECT, null=True, related_name="lines")
    payer_name = models.CharField(max_length=120)
    payer_account = models.CharField(max_length=64)
    payer_bank = models.CharField(max_length=120, blank=True)
    amount_fen = models.BigIntegerField()
    value_day = models.DateField()
    remark = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=5, choices=Source.choices)
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ARRIVED)
    why = models.CharField(max_length=24, blank=True, help_text="why some of it is in suspense")
    plan = models.JSONField(default=list)
    left_fen = models.BigIntegerField()
    returned_fen = models.BigIntegerField(default=0)
    returned_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, help_text="an operator's")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "line_no"], name="bank_line_once"),
            models.UniqueConstraint(
                fields=["bank", "digest", "ordinal"], name="bank_line_once_by_digest"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(left_fen__gte=0)
                & Q(returned_fen__gte=0)
                & Q(left_fen__lte=F("amount_fen") - F("returned_fen")),
                name="bank_line_amounts_sane",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["arrived", "suspense"], left_fen__gt=0)
                | Q(state__in=["matched", "returned"], left_fen=0),
                name="bank_line_waits_while_some_is_left",
            ),
            models.CheckConstraint(
                condition=Q(returned_fen=0, returned_at__isnull=True)
                | Q(returned_fen__gt=0, returned_at__isnull=False, state="returned"),
                name="bank_line_returned_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["arrived", "suspense"]),
                name="bank_line_waits",
            ),
            models.Index(fields=["account", "id"], name="bank_line_of_account"),
        ]

    @property
    def subject(self) -> str:
        """What its postings are for."""
        return f"bankline:{self.number}"


class BankMatch(models.Model):
    """What of a line paid a payable, by one payment. Append-only; nobody's id: by itself."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="matches")
    payable = models.ForeignKey("finance.Payable", models.PROTECT, related_name="bank_matches")
    payment = models.OneToOneField("finance.Payment", models.PROTECT, related_name="bank_match")
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True, help_text="the operator who assigned it")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="bank_match_above_zero")
        ]
