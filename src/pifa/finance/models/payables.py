"""What one company owes another, how it was paid, and what gateways told of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Payable(models.Model):
    """What a payer owes a payee for a subject, by a schedule of stages."""

    class State(models.TextChoices):
        OPEN = "open", _("待支付")
        SETTLED = "settled", _("已付清")
        CLOSED = "closed", _("已关闭")

    number = models.CharField(max_length=24, unique=True)
    subject = models.CharField(max_length=64, unique=True)
    payer = models.ForeignKey(
        "parties.Company",
        models.PROTECT,
        null=True,
        related_name="payables",
        help_text="nobody the market knows, for a collection",
    )
    payee = models.ForeignKey("parties.Company", models.PROTECT, related_name="receivables")
    title = models.CharField(max_length=120, blank=True, help_text="what the payer reads")
    amount_fen = models.BigIntegerField()
    settled_fen = models.BigIntegerField(default=0)
    refunded_fen = models.BigIntegerField(default=0)
    released_fen = models.BigIntegerField(default=0, help_text="paid out to the payee")
    waived_fen = models.BigIntegerField(default=0, help_text="need not be paid any more")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    blocked = models.CharField(
        max_length=200, blank=True, help_text="why nobody may pay it now, in source words"
    )
    region = models.CharField(
        max_length=2, blank=True, help_text="where the goods go; empty without goods"
    )
    ways = models.JSONField(default=list, help_text="codes of methods; empty: whatever is offered")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payable_above_zero"),
            models.CheckConstraint(
                condition=Q(settled_fen__gte=0)
                & Q(settled_fen__lte=F("amount_fen") - F("waived_fen"))
                & Q(waived_fen__gte=0)
                & Q(refunded_fen__gte=0)
                & Q(released_fen__gte=0)
                & Q(refunded_fen__lte=F("settled_fen")),
                name="payable_amounts_sane",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_fen=F("amount_fen") - F("waived_fen")),
                name="payable_settled_in_full",
            ),
            models.CheckConstraint(
                condition=(Q(payer__isnull=False) & ~Q(subject__startswith="collection:"))
                | Q(payer__isnull=True, subject__startswith="collection:"),
                name="payable_of_somebody_unless_collected",
            ),
        ]


class PayableStage(models.Model):
    """One amount of the schedule (the whole, a deposit, a balance, a part of one of them).

    Open until it is settled by one payment, or promised by one (which settles it later).
    What is waived of it need not be paid: its amount is what is left. A promise that was not kept
    as agreed has lapsed: it is owed still, and may be paid by another method.
    """

    class Purpose(models.TextChoices):
        FULL = "full", _("全款")
        DEPOSIT = "deposit", _("定金")
        BALANCE = "balance", _("尾款")

    payable = models.ForeignKey(Payable, models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.FULL)
    amount_fen = models.BigIntegerField(help_text="less what was waived")
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payable", "position"], name="stage_once"),
            # A stage of nothing is one that was waived whole.
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) | Q(amount_fen=0, settled_at__isnull=True),
                name="stage_not_below_zero",
            ),
        ]


OPEN_STAGE = Q(settled_at=None, promised_at=None, amount_fen__gt=0)
"""A stage that is neither paid nor promised nor waived."""

LAPSED_STAGE = Q(settled_at=None, promised_at__isnull=False, lapsed_at__isnull=False)
"""A stage whose promise was not kept as agreed: it may be paid by another method."""


class Payment(models.Model):
    """One attempt to pay a stage by a method."""

    class State(models.TextChoices):
        STARTED = "started", _("支付中")
        PROMISED = "promised", _("约定付款")
        COLLECTED = "collected", _("承运商已代收")
        SUCCEEDED = "succeeded", _("支付成功")
        FAILED = "failed", _("支付失败")
        RETURNED = "returned", _("已原路退回")

    number = models.CharField(max_length=24, unique=True)
    payable = models.ForeignKey(Payable, models.PROTECT, related_name="payments")
    stage = models.ForeignKey(PayableStage, models.PROTECT, related_name="payments")
    method = models.CharField(max_length=24)
    amount_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    outcome = models.CharField(max_length=200, blank=True, help_text="why failed or returned")
    receipt_no = models.CharField(
        max_length=64, null=True, help_text="the provider's number of the money that came"
    )
    payer_digest = models.CharField(
        max_length=64, blank=True, help_text="keyed digest of the account the money came from"
    )
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(refunded_fen__gte=0)
                & Q(refunded_fen__lte=F("amount_fen")),
                name="payment_amounts_sane",
            ),
            models.UniqueConstraint(
                fields=["stage"],
                condition=Q(state__in=["succeeded", "promised", "collected"]),
                name="stage_covered_once",
            ),
            models.UniqueConstraint(fields=["method", "receipt_no"], name="receipt_booked_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["succeeded", "returned"]) | Q(receipt_no__isnull=False),
                name="payment_booked_by_receipt",
            ),
        ]


class Payer(models.Model):
    """Who pays, known by a keyed digest of the account, and the company that it counts as."""

    digest = models.CharField(max_length=64, unique=True)
    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField()


class PaymentRefund(models.Model):
    """Money going back by the way a payment came; the key makes a repeat do nothing."""

    key = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_above_zero")
        ]


class GatewayNotice(models.Model):
    """A notice as it came in and what was made of it; the id makes a repeat do nothing.

    A flagged one waits for an operator: money may be at the gateway that nothing was posted for.
    """

    gateway = models.CharField(max_length=24)
    notice_id = models.CharField(max_length=64)
    payload = models.JSONField()
    verdict = models.CharField(max_length=40)
    at = models.DateTimeField()
    repeats = models.PositiveIntegerField(default=0)
    payment_number = models.CharField(max_length=24, blank=True, help_text="as it claims")
    flagged = models.BooleanField(default=False)
    cleared_at = models.DateTimeField(null=True)
    clear_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "notice_id"], name="gateway_notice_once"),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | (Q(flagged=True) & ~Q(clear_note="")),
                name="notice_cleared_with_a_note",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(flagged=True, cleared_at__isnull=True),
                name="notice_waiting",
            )
        ]
