"""What one company owes another, how it was paid, and the sandbox gateway's own books."""

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
    payer = models.ForeignKey("parties.Company", models.PROTECT, related_name="payables")
    payee = models.ForeignKey("parties.Company", models.PROTECT, related_name="receivables")
    amount_fen = models.BigIntegerField()
    settled_fen = models.BigIntegerField(default=0)
    refunded_fen = models.BigIntegerField(default=0)
    released_fen = models.BigIntegerField(default=0, help_text="paid out to the payee")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payable_above_zero"),
            models.CheckConstraint(
                condition=Q(settled_fen__gte=0)
                & Q(settled_fen__lte=F("amount_fen"))
                & Q(refunded_fen__gte=0)
                & Q(released_fen__gte=0)
                & Q(refunded_fen__lte=F("settled_fen")),
                name="payable_amounts_sane",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_fen=F("amount_fen")),
                name="payable_settled_in_full",
            ),
        ]


class PayableStage(models.Model):
    """One amount of the schedule (the whole, a deposit, a balance); settled by one payment."""

    payable = models.ForeignKey(Payable, models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(max_length=12, default="full")
    amount_fen = models.BigIntegerField()
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payable", "position"], name="stage_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="stage_above_zero"),
        ]


class Payment(models.Model):
    """One attempt to pay a stage by a method."""

    class State(models.TextChoices):
        STARTED = "started", _("支付中")
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
                fields=["stage"], condition=Q(state="succeeded"), name="stage_paid_once"
            ),
        ]


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
    """A notice as it came in and what was made of it; the id makes a repeat do nothing."""

    gateway = models.CharField(max_length=24)
    notice_id = models.CharField(max_length=64)
    payload = models.JSONField()
    verdict = models.CharField(max_length=40)
    at = models.DateTimeField()
    repeats = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "notice_id"], name="gateway_notice_once")
        ]


class ProtectionDeposit(models.Model):
    """A seller's part in buyer protection: the deposit frozen for it."""

    company = models.OneToOneField(
        "parties.Company", models.PROTECT, related_name="buyer_protection"
    )
    required_fen = models.BigIntegerField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)


class SandboxTrade(models.Model):
    """The sandbox gateway's own book: one trade opened for a payment of ours."""

    class State(models.TextChoices):
        OPEN = "open", _("等待付款")
        PAID = "paid", _("已付款")
        FAILED = "failed", _("付款失败")

    trade_no = models.CharField(max_length=32, unique=True)
    payment_number = models.CharField(max_length=24, unique=True)
    amount_fen = models.BigIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    paid_fen = models.BigIntegerField(default=0, help_text="twice the amount when paid twice")
    refunded_fen = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()


class SandboxNotice(models.Model):
    """A notice the sandbox gateway sends us, at once or delayed, once or more often."""

    trade = models.ForeignKey(SandboxTrade, models.PROTECT, related_name="notices")
    notice_id = models.CharField(max_length=64)
    payload = models.JSONField()
    signature = models.CharField(max_length=600)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)
