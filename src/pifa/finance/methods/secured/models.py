"""Sellers in the service, buyers' accounts, what is claimed and owed of each order, payouts and
repayments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.secured.rules import Position
from pifa.kernel.money import Money

FIGURES = ("promised", "waived", "paid", "clawed", "forgiven", "returned", "repaid")
"""The sums of a `rules.Position`, each kept as `<name>_fen`."""


class SecuredService(models.Model):
    """A seller's membership in the service: until a day, or until it left."""

    seller = models.OneToOneField("parties.Company", models.PROTECT, related_name="secured_service")
    joined_at = models.DateTimeField()
    valid_until = models.DateField(help_text="the last day of the membership")
    left_at = models.DateTimeField(null=True)


class SecuredAccount(models.Model):
    """What a buyer owes its financier; its row is the lock of all that it owes.

    `limit_fen` is the limit by its benefit when something was last promised; `over_fen` by how much
    more was owed when a benefit had become smaller. `overdue_since`: something was not repaid by
    that day; it opens by itself.
    """

    buyer = models.OneToOneField("parties.Company", models.PROTECT, related_name="secured_account")
    limit_fen = models.BigIntegerField(default=0)
    used_fen = models.BigIntegerField(default=0)
    over_fen = models.BigIntegerField(default=0)
    overdue_since = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_fen__gte=0)
                & Q(over_fen__gte=0)
                & Q(used_fen__gte=0)
                & Q(used_fen__lte=F("limit_fen") + F("over_fen")),
                name="secured_never_overdrawn",
            )
        ]


class SecuredReceivable(models.Model):
    """What is claimed by a seller and owed by a buyer of one payable (`rules.Position`).

    The rates are those of the day on which it was promised. `early` is how the last request for
    early collection stands.
    """

    class Early(models.TextChoices):
        NONE = "", _("未申请")
        REQUESTED = "requested", _("提前收款申请中")
        SUCCEEDED = "succeeded", _("提前收款成功")
        FAILED = "failed", _("提前收款失败")

    payable = models.OneToOneField(
        "finance.Payable", models.PROTECT, related_name="secured_receivable"
    )
    account = models.ForeignKey(SecuredAccount, models.PROTECT, related_name="receivables")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    financier = models.CharField(max_length=24)
    service_rate = models.DecimalField(max_digits=12, decimal_places=9)
    term_days = models.PositiveSmallIntegerField()
    promised_fen = models.BigIntegerField(default=0)
    waived_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    clawed_fen = models.BigIntegerField(default=0)
    forgiven_fen = models.BigIntegerField(default=0)
    returned_fen = models.BigIntegerField(default=0)
    repaid_fen = models.BigIntegerField(default=0)
    claim_fen = models.BigIntegerField(default=0)
    owed_fen = models.BigIntegerField(default=0)
    promised_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    early = models.CharField(max_length=9, choices=Early.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_fen__gte=0)
                & Q(waived_fen__gte=0)
                & Q(clawed_fen__gte=0)
                & Q(clawed_fen__lte=F("paid_fen"))
                & Q(forgiven_fen__gte=0)
                & Q(returned_fen__gte=0)
                & Q(repaid_fen__gte=0)
                & Q(returned_fen__lte=F("repaid_fen"))
                & Q(claim_fen__gte=0)
                & Q(claim_fen=F("promised_fen") - F("waived_fen") - F("paid_fen"))
                & Q(owed_fen__gte=0)
                & Q(owed_fen=F("promised_fen") - F("forgiven_fen") - F("repaid_fen")),
                name="secured_receivable_sane",
            ),
            models.CheckConstraint(
                condition=Q(forgiven_fen=F("waived_fen") + F("clawed_fen") - F("returned_fen")),
                name="secured_refunds_owe_less_or_return",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, due_on__isnull=True)
                | Q(received_at__isnull=False, due_on__isnull=False),
                name="secured_due_when_received",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="secured_of_seller"),
            models.Index(
                fields=["account", "due_on"], condition=Q(owed_fen__gt=0), name="secured_owed"
            ),
        ]

    @property
    def position(self) -> Position:
        """Its sums as rules know them."""
        return Position(*(Money(getattr(self, f"{name}_fen")) for name in FIGURES))

    def put(self, position: Position) -> None:
        """Take the sums of a position; the caller saves `COLUMNS`."""
        for name in (*FIGURES, "claim", "owed"):
            setattr(self, f"{name}_fen", getattr(position, name).fen)


COLUMNS = [f"{name}_fen" for name in (*FIGURES, "claim", "owed")]


class SecuredPayout(models.Model):
    """The financier is asked to pay a claim: on its due day, or early for a fee; it says yes or no.

    Both fees are deducted on arrival; `taken_fen` is what of them was so far. `why` is the
    financier's reason, or `changed`: its money came for what was not claimed any more and went back.
    """

    class Kind(models.TextChoices):
        EARLY = "early", _("提前收款")
        DUE = "due", _("到期收款")

    class State(models.TextChoices):
        REQUESTED = "requested", _("申请中")
        PAID = "paid", _("已到账")
        FAILED = "failed", _("未通过")
        RETURNED = "returned", _("已退回金融机构")

    number = models.CharField(max_length=24, unique=True)
    receivable = models.ForeignKey(SecuredReceivable, models.PROTECT, related_name="payouts")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)
    amount_fen = models.BigIntegerField()
    days = models.PositiveSmallIntegerField(default=0, help_text="collected early")
    early_rate = models.DecimalField(max_digits=12, decimal_places=9, default=0)
    early_fee_fen = models.BigIntegerField(default=0)
    service_fee_fen = models.BigIntegerField(default=0)
    taken_fen = models.BigIntegerField(default=0)
    why = models.CharField(max_length=200, blank=True)
    receipt_no = models.CharField(max_length=64, null=True, unique=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receivable"],
                condition=Q(state="requested"),
                name="secured_payout_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(early_fee_fen__gte=0)
                & Q(service_fee_fen__gte=0)
                & Q(early_fee_fen__lte=F("amount_fen") - F("service_fee_fen"))
                & Q(taken_fen__gte=0)
                & Q(taken_fen__lte=F("early_fee_fen") + F("service_fee_fen")),
                name="secured_payout_sane",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | Q(taken_fen=F("early_fee_fen") + F("service_fee_fen"), receipt_no__isnull=False),
                name="secured_payout_paid_by_receipt",
            ),
        ]


class SecuredRepayment(models.Model):
    """What a buyer set out to repay, and of which orders; its payable has the money."""

    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(SecuredAccount, models.PROTECT, related_name="repayments")
    payable = models.OneToOneField(
        "finance.Payable", models.PROTECT, related_name="secured_repayment"
    )
    receivables = models.ManyToManyField(SecuredReceivable, related_name="+")
    left_fen = models.BigIntegerField(
        default=0, help_text="stayed on the buyer's balance: less was owed when it came"
    )
    at = models.DateTimeField()


class SecuredAllocation(models.Model):
    """What of a repayment was laid out on an order. Append-only: a trigger refuses the rest."""

    repayment = models.ForeignKey(SecuredRepayment, models.PROTECT, related_name="allocations")
    receivable = models.ForeignKey(SecuredReceivable, models.PROTECT, related_name="allocations")
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="secured_allocation_above_zero"
            )
        ]
