"""Mandates, buyers' accounts, what is promised and owed of each order, what the bank was asked,
repayments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.trust.rules import Position
from pifa.kernel.money import Money

FIGURES = ("promised", "waived", "debited", "covered", "forgiven", "returned", "repaid")
"""The sums of a `rules.Position`, each kept as `<name>_fen`."""


class TrustMandate(models.Model):
    """What a buyer lets the bank debit; ended, what was promised under it is debited all the same.

    `ref` is what the bank knows it by, `tail` the last digits of the account.
    """

    class State(models.TextChoices):
        SIGNED = "signed", _("已签约")
        ENDED = "ended", _("已解约")

    number = models.CharField(max_length=24, unique=True)
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="trust_mandates")
    bank = models.CharField(max_length=24)
    ref = models.CharField(max_length=64, unique=True)
    tail = models.CharField(max_length=4)
    per_order_fen = models.BigIntegerField()
    in_all_fen = models.BigIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.SIGNED)
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer"], condition=Q(state="signed"), name="trust_mandate_one_signed"
            ),
            models.CheckConstraint(
                condition=Q(per_order_fen__gt=0) & Q(per_order_fen__lte=F("in_all_fen")),
                name="trust_mandate_limits",
            ),
            models.CheckConstraint(
                condition=Q(state="signed", ended_at__isnull=True)
                | Q(state="ended", ended_at__isnull=False),
                name="trust_mandate_ended_at",
            ),
        ]


class TrustAccount(models.Model):
    """What a buyer has promised and owes; its row is the lock of all of it.

    `limit_fen` is the mandate's when something was last promised; `over_fen` by how much more was
    used when a mandate allows less.
    """

    buyer = models.OneToOneField("parties.Company", models.PROTECT, related_name="trust_account")
    limit_fen = models.BigIntegerField(default=0)
    used_fen = models.BigIntegerField(default=0)
    over_fen = models.BigIntegerField(default=0)
    debt_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_fen__gte=0)
                & Q(over_fen__gte=0)
                & Q(debt_fen__gte=0)
                & Q(debt_fen__lte=F("used_fen"))
                & Q(used_fen__lte=F("limit_fen") + F("over_fen")),
                name="trust_never_overdrawn",
            )
        ]


class TrustItem(models.Model):
    """What is promised, debited and owed of one payable (`rules.Position`).

    `failed` debits in a row, the next on `try_on`. `called_at`: the bank has to keep its promise.
    """

    payable = models.OneToOneField("finance.Payable", models.PROTECT, related_name="trust_item")
    account = models.ForeignKey(TrustAccount, models.PROTECT, related_name="items")
    mandate = models.ForeignKey(TrustMandate, models.PROTECT, related_name="items")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    promised_fen = models.BigIntegerField(default=0)
    waived_fen = models.BigIntegerField(default=0)
    debited_fen = models.BigIntegerField(default=0)
    covered_fen = models.BigIntegerField(default=0)
    forgiven_fen = models.BigIntegerField(default=0)
    returned_fen = models.BigIntegerField(default=0)
    repaid_fen = models.BigIntegerField(default=0)
    claim_fen = models.BigIntegerField(default=0)
    debt_fen = models.BigIntegerField(default=0)
    promised_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    failed = models.PositiveSmallIntegerField(default=0)
    try_on = models.DateField(null=True)
    called_at = models.DateTimeField(null=True)
    covered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_fen__gte=0)
                & Q(waived_fen__gte=0)
                & Q(debited_fen__gte=0)
                & Q(covered_fen__gte=0)
                & Q(forgiven_fen__gte=0)
                & Q(returned_fen__gte=0)
                & Q(repaid_fen__gte=0)
                & Q(claim_fen__gte=0)
                & Q(
                    claim_fen=F("promised_fen")
                    - F("waived_fen")
                    - F("debited_fen")
                    - F("covered_fen")
                )
                & Q(debt_fen__gte=0)
                & Q(debt_fen=F("covered_fen") - F("forgiven_fen") - F("repaid_fen")),
                name="trust_item_sane",
            ),
            models.CheckConstraint(
                condition=Q(returned_fen__lte=F("debited_fen") + F("repaid_fen")),
                name="trust_returns_what_the_buyer_paid",
            ),
            models.CheckConstraint(
                condition=Q(covered_fen=0) | Q(covered_on__isnull=False),
                name="trust_covered_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="trust_of_buyer"),
            models.Index(fields=["account"], condition=Q(debt_fen__gt=0), name="trust_item_owing"),
        ]

    @property
    def position(self) -> Position:
        """Its sums as rules know them."""
        return Position(*(Money(getattr(self, f"{name}_fen")) for name in FIGURES))

    def put(self, position: Position) -> None:
        """Take the sums of a position; the caller saves `COLUMNS`."""
        for name in (*FIGURES, "claim", "debt"):
            setattr(self, f"{name}_fen", getattr(position, name).fen)


COLUMNS = [f"{name}_fen" for name in (*FIGURES, "claim", "debt")]


class TrustCall(models.Model):
    """The bank is asked to debit a buyer, or to keep its promise; it pays, or says why not.

    `why` is its reason, or `changed`: money came for what was not claimed any more and went back.
    """

    class Kind(models.TextChoices):
        DEBIT = "debit", _("扣款")
        COVER = "cover", _("银行代付")

    class State(models.TextChoices):
        ASKED = "asked", _("银行处理中")
        PAID = "paid", _("成功")
        FAILED = "failed", _("失败")
        RETURNED = "returned", _("已退回")

    number = models.CharField(max_length=24, unique=True)
    item = models.ForeignKey(TrustItem, models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    amount_fen = models.BigIntegerField()
    why = models.CharField(max_length=200, blank=True)
    receipt_no = models.CharField(max_length=64, null=True, unique=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="asked"), name="trust_call_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="trust_call_above_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "returned"], receipt_no__isnull=False)
                | Q(state__in=["asked", "failed"], receipt_no__isnull=True),
                name="trust_call_paid_by_receipt",
            ),
        ]


class TrustRepayment(models.Model):
    """What a buyer set out to repay of one order; its payable has the money.

    Of what came, `paid_fen` went to the bank; `left_fen` stayed on the buyer's balance, because
    less was owed by then.
    """

    number = models.CharField(max_length=24, unique=True)
    item = models.ForeignKey(TrustItem, models.PROTECT, related_name="repayments")
    payable = models.OneToOneField(
        "finance.Payable", models.PROTECT, related_name="trust_repayment"
    )
    paid_fen = models.BigIntegerField(default=0)
    left_fen = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0) & Q(left_fen__gte=0), name="trust_repayment_sane"
            )
        ]
