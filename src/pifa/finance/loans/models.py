"""Loans of the partner bank: applications and what became of them, instalments, payments, coupons."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MOST_FEN = 1_000_000_00
MONTHS = (6, 12)


class LoanLine(models.Model):
    """What a company owes of all its loans, beside the limit that it had when it last drew.

    Its lock makes draws wait for each other. `over_fen`: how far a limit that fell since lies below
    what is used.
    """

    company = models.OneToOneField("parties.Company", models.PROTECT, related_name="loan_line")
    limit_fen = models.BigIntegerField(default=0)
    used_fen = models.BigIntegerField(default=0)
    over_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_fen__gte=0, over_fen__gte=0, limit_fen__gte=0)
                & Q(used_fen__lte=F("limit_fen") + F("over_fen")),
                name="loan_line_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(used_fen__lte=MOST_FEN, limit_fen__lte=MOST_FEN),
                name="loan_line_at_most_a_million",
            ),
        ]


class Loan(models.Model):
    """A loan from its application on. `decided` keeps the figures and the rules of the decision."""

    class State(models.TextChoices):
        REFUSED = "refused", _("未通过")
        APPROVED = "approved", _("已批准，待支用")
        LAPSED = "lapsed", _("过期未支用")
        RUNNING = "running", _("还款中")
        OVERDUE = "overdue", _("逾期")
        DEFAULTED = "defaulted", _("违约")
        REPAID = "repaid", _("已还清")

    number = models.CharField(_("贷款号"), max_length=24, unique=True)
    company = models.ForeignKey(
        "parties.Company", models.PROTECT, related_name="loans", verbose_name=_("企业")
    )
    state = models.CharField(_("状态"), max_length=9, choices=State.choices)
    amount_fen = models.BigIntegerField()
    months = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=15)
    basis = models.CharField(max_length=10)
    daily_rate = models.DecimalField(max_digits=9, decimal_places=8)
    penalty_factor = models.DecimalField(max_digits=4, decimal_places=2)
    decided = models.JSONField()
    applied_at = models.DateTimeField(_("申请时间"))
    offer_until = models.DateField(null=True, help_text="the last day on which it may be drawn")
    drawn_at = models.DateTimeField(_("放款时间"), null=True)
    drawn_on = models.DateField(null=True)
    owed_fen = models.BigIntegerField(default=0, help_text="principal")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("贷款")
        verbose_name_plural = _("贷款")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, amount_fen__lte=MOST_FEN), name="loan_amount"
            ),
            models.CheckConstraint(condition=Q(months__in=MONTHS), name="loan_months"),
            models.CheckConstraint(
                condition=Q(owed_fen__gte=0) & Q(owed_fen__lte=F("amount_fen")), name="loan_owed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "approved", "lapsed"], drawn_on=None, owed_fen=0)
                | Q(state__in=["running", "overdue", "defaulted"], drawn_on__isnull=False)
                | Q(state="repaid", drawn_on__isnull=False, owed_fen=0, ended_at__isnull=False),
                name="loan_state_says_what_is_owed",
            ),
        ]
        indexes = [models.Index(fields=["company", "state"], name="loan_of_company")]


class LoanInstalment(models.Model):
    """One instalment: what it asks for and what of it was paid.

    `opening_fen` is owed when its period begins, `early_fen` of it came in the period of itself.
    `interest_fen` is what the company pays together with what a coupon pays for it.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    since = models.DateField()
    due_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    opening_fen = models.BigIntegerField()
    early_fen = models.BigIntegerField(default=0)
    principal_fen = models.BigIntegerField()
    interest_fen = models.BigIntegerField()
    penalty_fen = models.BigIntegerField(default=0)
    penalty_until = models.DateField(help_text="until the end of which day lateness is counted")
    coupon_fen = models.BigIntegerField(default=0)
    paid_principal_fen = models.BigIntegerField(default=0)
    paid_interest_fen = models.BigIntegerField(default=0)
    paid_penalty_fen = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="loan_instalment_once"),
            models.CheckConstraint(
                condition=Q(
                    principal_fen__gte=0, interest_fen__gte=0, penalty_fen__gte=0, early_fen__gte=0
                )
                & Q(early_fen__lte=F("opening_fen") - F("principal_fen")),
                name="loan_instalment_within_opening",
            ),
            models.CheckConstraint(
                condition=Q(
                    coupon_fen__gte=0,
                    paid_principal_fen__gte=0,
                    paid_interest_fen__gte=0,
                    paid_penalty_fen__gte=0,
                )
                & Q(paid_principal_fen__lte=F("principal_fen"))
                & Q(paid_interest_fen__lte=F("interest_fen") - F("coupon_fen"))
                & Q(paid_penalty_fen__lte=F("penalty_fen")),
                name="loan_instalment_paid_at_most",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(settled_on=None), name="loan_instalment_open"
            )
        ]

    @property
    def open_fen(self) -> int:
        """What of it is still to be paid, lateness included."""
        return self.open_penalty_fen + self.open_interest_fen + self.open_principal_fen

    @property
    def open_penalty_fen(self) -> int:
        return self.penalty_fen - self.paid_penalty_fen

    @property
    def open_interest_fen(self) -> int:
        return self.interest_fen - self.coupon_fen - self.paid_interest_fen

    @property
    def open_principal_fen(self) -> int:
        return self.principal_fen - self.paid_principal_fen


class LoanEarly(models.Model):
    """A part of the principal that came before it was due. Append-only."""

    instalment = models.ForeignKey(LoanInstalment, models.PROTECT, related_name="early")
    on = models.DateField()
    days_gone = models.PositiveSmallIntegerField(help_text="of the period, as its basis counts")
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="loan_early_above_zero")
        ]


class LoanPayment(models.Model):
    """What was taken from the account for a loan at once. Append-only."""

    class What(models.TextChoices):
        DUE = "due", _("到期扣款")
        LATE = "late", _("逾期还款")
        EARLY = "early", _("提前还一部分")
        WHOLE = "whole", _("提前还清")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="payments")
    key = models.CharField(max_length=100, unique=True)
    what = models.CharField(max_length=5, choices=What.choices)
    penalty_fen = models.BigIntegerField()
    interest_fen = models.BigIntegerField()
    principal_fen = models.BigIntegerField()
    coupon_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    penalty_fen__gte=0, interest_fen__gte=0, principal_fen__gte=0, coupon_fen__gte=0
                ),
                name="loan_payment_not_negative",
            )
        ]


class InterestCoupon(models.Model):
    """An interest coupon of a loan: asked for, credited on a Monday, used against interest."""

    class State(models.TextChoices):
        ASKED = "asked", _("已领取，待发放")
        CREDITED = "credited", _("可使用")
        USED = "used", _("已用完")
        EXPIRED = "expired", _("已过期")

    loan = models.OneToOneField(Loan, models.PROTECT, related_name="coupon")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    amount_fen = models.BigIntegerField()
    used_fen = models.BigIntegerField(default=0)
    from_instalment = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    credit_on = models.DateField()
    until = models.DateField(help_text="the first day without it")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_fen__gte=0) & Q(used_fen__lte=F("amount_fen")),
                name="interest_coupon_used_at_most",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(used_fen=0),
                name="interest_coupon_used_when_credited",
            ),
        ]
