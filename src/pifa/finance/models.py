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


class ProtectionDeposit(models.Model):
    """A seller's part in buyer protection: the deposit frozen for it."""

    company = models.OneToOneField(
        "parties.Company", models.PROTECT, related_name="buyer_protection"
    )
    required_fen = models.BigIntegerField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(required_fen__gt=0), name="deposit_above_zero")
        ]


class InstantSwitch(models.Model):
    """Whether a seller wants the money of its orders at once; the grant says whether it may."""

    company = models.OneToOneField("parties.Company", models.PROTECT, related_name="instant_switch")
    on = models.BooleanField()
    changed_at = models.DateTimeField()


class InstantPayout(models.Model):
    """A payable's money that its payee got at once, for a fee at the rate granted then.

    Open (`ended_at` empty) until the payable's trade is done: till then money may have to come
    back. `fee_returned_fen` is what of the fee went back with refunds.
    """

    payable = models.OneToOneField(Payable, models.PROTECT, related_name="instant_payout")
    amount_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    fee_rate = models.CharField(max_length=12)
    fee_returned_fen = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(fee_fen__gte=0)
                & Q(fee_fen__lte=F("amount_fen"))
                & Q(fee_returned_fen__gte=0)
                & Q(fee_returned_fen__lte=F("fee_fen")),
                name="instant_payout_amounts_sane",
            )
        ]


class CollectionCode(models.Model):
    """A company's own code by which anybody can pay it; a renewed one ends the one before."""

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="collection_codes")
    token = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(ended_at=None), name="collection_code_one_alive"
            )
        ]


class Collection(models.Model):
    """What somebody set out to pay by a code; its payable says whether the money came.

    `origin` is a keyed digest of where the payer called from, to count tries by.
    """

    number = models.CharField(max_length=24, unique=True)
    code = models.ForeignKey(CollectionCode, models.PROTECT, related_name="collections")
    payable = models.OneToOneField(Payable, models.PROTECT, related_name="collection")
    note = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["code", "at"], name="collection_of_code"),
            models.Index(fields=["origin", "at"], name="collection_of_origin"),
        ]


class ProtectionYear(models.Model):
    """What the market made good of first orders in a market year; its row is the year's lock."""

    year = models.PositiveSmallIntegerField(unique=True)
    paid_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(paid_fen__gte=0), name="protection_year_sane")
        ]


class SandboxTrade(models.Model):
    """The sandbox bank as a gateway: one trade opened for a payment of ours."""

    class State(models.TextChoices):
        OPEN = "open", _("等待付款")
        PAID = "paid", _("已付款")
        FAILED = "failed", _("付款失败")
        CLOSED = "closed", _("交易已关闭")

    trade_no = models.CharField(max_length=32, unique=True)
    payment_number = models.CharField(max_length=24, unique=True)
    amount_fen = models.BigIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    paid_fen = models.BigIntegerField(default=0, help_text="twice the amount when paid twice")
    payer = models.CharField(max_length=64, blank=True, help_text="the account that paid it")
    refunded_fen = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0) & Q(refunded_fen__lte=F("paid_fen")),
                name="sandbox_refunds_what_was_paid",
            )
        ]


class SandboxNotice(models.Model):
    """A notice the sandbox bank sends us, at once or delayed, once or more often."""

    trade = models.ForeignKey(SandboxTrade, models.PROTECT, related_name="notices")
    notice_id = models.CharField(max_length=64)
    payload = models.JSONField()
    signature = models.CharField(max_length=600)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)


# Tables that stand in the folder of what they belong to.
from pifa.finance.gateways.models import GatewayCall, GatewayTrade  # noqa: E402
from pifa.finance.insurance.bond.models import BondPolicy  # noqa: E402
from pifa.finance.insurance.freight.models import (  # noqa: E402
    FreightGift,
    FreightPolicy,
    FreightWish,
)
from pifa.finance.insurance.models import SandboxPolicy  # noqa: E402
from pifa.finance.loans.models import (  # noqa: E402
    InterestCoupon,
    Loan,
    LoanEarly,
    LoanInstalment,
    LoanLine,
    LoanPayment,
)
from pifa.finance.methods.acceptance_bill.models import (  # noqa: E402
    Bill,
    BillPart,
    SandboxBill,
    SandboxBillWord,
)
from pifa.finance.methods.cash_on_delivery.models import (  # noqa: E402
    CashBatch,
    CashFinding,
    CashItem,
    CashLine,
    CashTerms,
    SandboxCarrierWord,
    SandboxParcel,
)
from pifa.finance.methods.corporate_transfer.models import (  # noqa: E402
    BankLine,
    BankMatch,
    VirtualAccount,
)
from pifa.finance.methods.secured.models import (  # noqa: E402
    SecuredAccount,
    SecuredAllocation,
    SecuredPayout,
    SecuredReceivable,
    SecuredRepayment,
    SecuredService,
)
from pifa.finance.methods.trade_credit.models import (  # noqa: E402
    CreditAllocation,
    CreditChange,
    CreditItem,
    CreditLine,
    CreditStatement,
    Repayment,
)
from pifa.finance.methods.trust.models import (  # noqa: E402
    TrustAccount,
    TrustCall,
    TrustItem,
    TrustMandate,
    TrustRepayment,
)
from pifa.finance.partner_bank.models import (  # noqa: E402
    BankAuthorisation,
    BoundCard,
    PartnerAccount,
)
from pifa.finance.sandbox.models import (  # noqa: E402
    SandboxAccount,
    SandboxEntry,
    SandboxLine,
    SandboxMandate,
    SandboxPassword,
    SandboxPayee,
    SandboxPayout,
    SandboxWord,
)
from pifa.finance.withdrawals.models import (  # noqa: E402
    PayeeAccount,
    Withdrawal,
    WithdrawalDay,
)

__all__ = [
    "BankAuthorisation",
    "BankLine",
    "BankMatch",
    "Bill",
    "BillPart",
    "BondPolicy",
    "BoundCard",
    "CashBatch",
    "CashFinding",
    "CashItem",
    "CashLine",
    "CashTerms",
    "Collection",
    "CollectionCode",
    "CreditAllocation",
    "CreditChange",
    "CreditItem",
    "CreditLine",
    "CreditStatement",
    "FreightGift",
    "FreightPolicy",
    "FreightWish",
    "GatewayCall",
    "GatewayNotice",
    "GatewayTrade",
    "InstantPayout",
    "InstantSwitch",
    "InterestCoupon",
    "Loan",
    "LoanEarly",
    "LoanInstalment",
    "LoanLine",
    "LoanPayment",
    "PartnerAccount",
    "Payable",
    "PayableStage",
    "PayeeAccount",
    "Payer",
    "Payment",
    "PaymentRefund",
    "ProtectionDeposit",
    "ProtectionYear",
    "Repayment",
    "SandboxAccount",
    "SandboxBill",
    "SandboxBillWord",
    "SandboxCarrierWord",
    "SandboxEntry",
    "SandboxLine",
    "SandboxMandate",
    "SandboxNotice",
    "SandboxParcel",
    "SandboxPassword",
    "SandboxPayee",
    "SandboxPayout",
    "SandboxPolicy",
    "SandboxTrade",
    "SandboxWord",
    "SecuredAccount",
    "SecuredAllocation",
    "SecuredPayout",
    "SecuredReceivable",
    "SecuredRepayment",
    "SecuredService",
    "TrustAccount",
    "TrustCall",
    "TrustItem",
    "TrustMandate",
    "TrustRepayment",
    "VirtualAccount",
    "Withdrawal",
    "WithdrawalDay",
]
