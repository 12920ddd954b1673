"""Lines of credit, what is promised on them, statements, and repayments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.trade_credit import rules


class TermsOf(models.Model):
    """How a line is settled (`rules.Terms`): the columns of a line and of its history."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("按月结算")
        DAYS = "days", _("收货后按天数")

    limit_fen = models.BigIntegerField()
    terms = models.CharField(max_length=8, choices=Kind.choices)
    terms_number = models.PositiveSmallIntegerField(help_text="settlement day, or days")
    terms_since = models.DateField()

    class Meta:
        abstract = True

    @property
    def own_terms(self) -> rules.Terms:
        """The terms as rules know them."""
        return rules.Terms(rules.TermKind(self.terms), self.terms_number, self.terms_since)


_TERMS_SANE = Q(terms="monthly", terms_number__gte=1, terms_number__lte=31) | Q(
    terms="days", terms_number__gte=1, terms_number__lte=rules.MOST_DAYS
)


class CreditLine(TermsOf):
    """What a seller lets a buyer owe it. Its row is the lock of everything that is on it.

    `used_fen` is what is promised and neither paid nor waived; the ledger check proves it.
    `over_fen` is by how much it exceeded a limit when that was lowered. `overdue_since`: the
    market froze it, for something was not paid by that day; it opens by itself.
    """

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="credit_granted")
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="credit_lines")
    used_fen = models.BigIntegerField(default=0)
    over_fen = models.BigIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True, help_text="by the seller")
    frozen_reason = models.CharField(max_length=200, blank=True)
    overdue_since = models.DateField(null=True)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "buyer"], name="credit_line_once"),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="credit_line_of_two"),
            models.CheckConstraint(
                condition=Q(limit_fen__gte=0)
                & Q(used_fen__gte=0)
                & Q(over_fen__gte=0)
                & Q(used_fen__lte=F("limit_fen") + F("over_fen")),
                name="credit_never_overdrawn",
            ),
            models.CheckConstraint(condition=_TERMS_SANE, name="credit_terms_sane"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True) | ~Q(frozen_reason=""),
                name="credit_frozen_with_a_reason",
            ),
        ]


class CreditChange(TermsOf):
    """How a line stood after each change of it. Append-only: a trigger refuses the rest."""

    class What(models.TextChoices):
        GRANT = "grant", _("授予")
        CHANGE = "change", _("调整")
        FREEZE = "freeze", _("冻结")
        UNFREEZE = "unfreeze", _("解冻")
        OVERDUE = "overdue", _("逾期自动冻结")
        REPAID = "repaid", _("还清逾期自动解冻")

    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=8, choices=What.choices)
    reason = models.CharField(max_length=200, blank=True)
    member = models.ForeignKey(
        "parties.Member", models.PROTECT, null=True, related_name="+", help_text="none: the market"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["line", "-id"], name="credit_history")]


class CreditStatement(models.Model):
    """What was received in a period of a monthly line and is to be paid together.

    `amount_fen` is what was open when it closed; the period ends before `period_end`.
    """

    number = models.CharField(max_length=24, unique=True)
    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="statements")
    period_start = models.DateField()
    period_end = models.DateField()
    due_on = models.DateField()
    amount_fen = models.BigIntegerField()
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "period_start", "due_on"], name="credit_statement_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0) & Q(period_start__lt=F("period_end")),
                name="credit_statement_sane",
            ),
        ]


class CreditItem(models.Model):
    """What is promised of one payable: open until it is kept (paid) or waived.

    Received, it has the day on which it is due, and with monthly terms the first day of the period
    that ends with that day.
    """

    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="items")
    payable = models.OneToOneField("finance.Payable", models.PROTECT, related_name="credit_item")
    promised_fen = models.BigIntegerField()
    kept_fen = models.BigIntegerField(default=0)
    waived_fen = models.BigIntegerField(default=0)
    open_fen = models.BigIntegerField()
    promised_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    period_start = models.DateField(null=True)
    statement = models.ForeignKey(CreditStatement, models.PROTECT, null=True, related_name="items")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_fen__gt=0)
                & Q(kept_fen__gte=0)
                & Q(waived_fen__gte=0)
                & Q(open_fen__gte=0)
                & Q(open_fen=F("promised_fen") - F("kept_fen") - F("waived_fen")),
                name="credit_item_sane",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, due_on__isnull=True)
                | Q(received_at__isnull=False, due_on__isnull=False),
                name="credit_item_due_when_received",
            ),
        ]
        indexes = [
            models.Index(
                fields=["line", "due_on"], condition=Q(open_fen__gt=0), name="credit_item_open"
            ),
            models.Index(fields=["line", "period_start", "due_on"], name="credit_item_period"),
        ]


class Repayment(models.Model):
    """What a buyer set out to pay on a line, and for which items; its payable has the money."""

    number = models.CharField(max_length=24, unique=True)
    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="repayments")
    payable = models.OneToOneField("finance.Payable", models.PROTECT, related_name="repayment")
    statement = models.ForeignKey(
        CreditStatement, models.PROTECT, null=True, related_name="repayments"
    )
    items = models.ManyToManyField(CreditItem, related_name="+")
    left_fen = models.BigIntegerField(
        default=0, help_text="stayed on the payer's balance: less was owed when it came"
    )
    at = models.DateTimeField()


class CreditAllocation(models.Model):
    """What of a repayment was laid out on an item. Append-only: a trigger refuses the rest."""

    repayment = models.ForeignKey(Repayment, models.PROTECT, related_name="allocations")
    item = models.ForeignKey(CreditItem, models.PROTECT, related_name="allocations")
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="credit_allocation_above_zero"
            )
        ]
