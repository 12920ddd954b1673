"""The sandbox bank's tables: its accounts, one book of entries, trades as a gateway, and what it
tells the market."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SandboxAccount(models.Model):
    """An account in the bank's book. What is on it is the sum of its entries.

    Accounts outside (payers of the gateway, accounts at other banks) go below zero: from them
    money comes into this bank, and how much they have there is not this bank's business.
    """

    class Role(models.TextChoices):
        MARKET = "market", _("市场的结算账户")
        PAYERS = "payers", _("网关付款人")
        CUSTOMER = "customer", _("企业账户")
        OUTSIDE = "outside", _("他行账户")
        CARRIER = "carrier", _("承运商代收款")
        INSURER = "insurer", _("保险公司")
        FINANCIER = "financier", _("金融机构")
        LOAN = "loan", _("贷款")
        BANK = "bank", _("银行自己的收支")

    number = models.CharField(max_length=64, unique=True)
    holder = models.CharField(max_length=120)
    bank = models.CharField(max_length=120)
    role = models.CharField(max_length=9, choices=Role.choices)


class SandboxEntry(models.Model):
    """One movement in the bank's book, from an account (debit) to another (credit).

    The key makes a repeated request do nothing. Append-only. `reference` is what the movement
    belongs to: a trade, a transfer's line.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("网关付款")
        REFUND = "refund", _("网关退款")
        PAYOUT = "payout", _("付款到企业账户")
        PAYOUT_BACK = "payout_back", _("付款退回")
        PREMIUM = "premium", _("保费")
        PREMIUM_BACK = "premium_back", _("退还保费")
        CLAIM = "claim", _("保险赔付")
        RECOURSE = "recourse", _("追偿款")
        TRANSFER_IN = "transfer_in", _("对公转入")
        TRANSFER_BACK = "transfer_back", _("退回付款账户")
        CASH = "cash", _("门口收款")
        REMITTANCE = "remittance", _("承运商回款")
        FINANCIER_OUT = "financier_out", _("金融机构付款")
        FINANCIER_IN = "financier_in", _("付款给金融机构")
        BILL = "bill", _("汇票兑付")
        CARD_IN = "card_in", _("银行卡转入")
        ACCOUNT_IN = "account_in", _("他行转入")
        ACCOUNT_OUT = "account_out", _("转出到银行卡")
        QUICK_PAYMENT = "quick_payment", _("快捷支付")
        MANDATE_DEBIT = "mandate_debit", _("信任付扣款")
        MANDATE_REFUND = "mandate_refund", _("信任付退款")
        QUICK_REFUND = "quick_refund", _("快捷支付退款")
        LOAN_OUT = "loan_out", _("贷款放款")
        LOAN_BACK = "loan_back", _("归还贷款本金")
        LOAN_INTEREST = "loan_interest", _("贷款利息")
        LOAN_PENALTY = "loan_penalty", _("贷款罚息")
        LOAN_COUPON = "loan_coupon", _("利息红包抵扣")

    key = models.CharField(max_length=140, unique=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    debit = models.ForeignKey(SandboxAccount, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(SandboxAccount, models.PROTECT, related_name="credits")
    amount_fen = models.BigIntegerField()
    reference = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="sandbox_entry_above_zero"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="sandbox_entry_two_accounts"
            ),
        ]


class SandboxLine(models.Model):
    """A bank line that the bank sends the market: at once, later, held back, or never.

    `send_at` is empty for one that is held back until somebody delivers what is held.
    """

    entry = models.ForeignKey(SandboxEntry, models.PROTECT, related_name="lines")
    payload = models.JSONField()
    signature = models.CharField(max_length=600)
    send_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(send_at=None, sent_at=None),
                name="sandbox_line_held",
            )
        ]


class SandboxPayee(models.Model):
    """An account that the bank checked for the market; `ref` is all that the market knows of it."""

    ref = models.CharField(max_length=64, unique=True)
    account = models.OneToOneField(SandboxAccount, models.PROTECT, related_name="payee")


class SandboxPayout(models.Model):
    """A payout, and what the bank tells of it; `told_at` empty while that was not sent."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("处理中")
        ARRIVED = "arrived", _("已到账")
        RETURNED = "returned", _("已退回")

    entry = models.OneToOneField(SandboxEntry, models.PROTECT, related_name="payout")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)


class SandboxWord(models.Model):
    """What a financier tells the market of what it was asked to pay, once for the request; where
    the bank is told to say something wrong first, that is a word of its own."""

    financier = models.CharField(max_length=24, default="sandbox")
    number = models.CharField(max_length=24, unique=True)
    payload = models.JSONField()
    signature = models.CharField(max_length=600)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)


class SandboxMandate(models.Model):
    """What a company lets the bank debit, and what the bank is told to do when it is asked to."""

    class Play(models.TextChoices):
        FUNDS = "funds", _("看余额：够就扣款")
        REFUSE = "refuse", _("不扣款")
        LATE = "late", _("一天以后才答复")
        TWICE = "twice", _("通知两次")
        AMOUNT = "amount", _("先通知错误的金额")
        SIGNATURE = "signature", _("先通知错误的签名")

    ref = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(SandboxAccount, models.PROTECT, related_name="mandates")
    play = models.CharField(max_length=9, choices=Play.choices, default=Play.FUNDS)


class SandboxPassword(models.Model):
    """One of the two passwords of an account: its hash, wrong tries in a row, until when locked."""

    class Which(models.TextChoices):
        QUERY = "query", _("查询密码")
        PAYMENT = "payment", _("支付密码")

    class State(models.TextChoices):
        FREE = "free", _("可用")
        LOCKED = "locked", _("已锁定")

    account = models.ForeignKey(SandboxAccount, models.PROTECT, related_name="passwords")
    which = models.CharField(max_length=7, choices=Which.choices)
    hash = models.CharField(max_length=200)
    state = models.CharField(max_length=6, choices=State.choices, default=State.FREE)
    wrong = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "which"], name="sandbox_password_one_of_each"
            ),
            models.CheckConstraint(
                condition=Q(state="free", locked_until__isnull=True)
                | Q(state="locked", locked_until__isnull=False),
                name="sandbox_password_locked_until",
            ),
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
