"""Bills, which payments they stand for, and the sandbox bank's own book of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

_BEFORE = ["asked", "offered", "refused", "expired", "withdrawn", "failed"]
"""States of a bill that was never accepted: nothing is promised by it."""


class Bill(models.Model):
    """A bill for one payment, from the buyer's wish to the bank's money.

    `face_fen` is what it is for and never changes; `owed_fen` is what is still promised by it:
    what was refunded before its day is less. Honoured, it is `kept_fen` and `rest_fen`.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("出票中")
        OFFERED = "offered", _("待卖家签收")
        ACCEPTED = "accepted", _("已签收，未到期")
        PRESENTED = "presented", _("已提示付款")
        HONOURED = "honoured", _("已兑付")
        DISHONOURED = "dishonoured", _("拒付，待买家另付")
        CLEARED = "cleared", _("拒付，已另行了结")
        REFUSED = "refused", _("卖家拒收")
        EXPIRED = "expired", _("逾期未签收")
        WITHDRAWN = "withdrawn", _("已撤回")
        RETURNED = "returned", _("已退票")
        FAILED = "failed", _("出票失败")

    number = models.CharField(max_length=24, unique=True)
    payable = models.ForeignKey("finance.Payable", models.PROTECT, related_name="bills")
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="bills_drawn")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="bills_received")
    bank = models.CharField(max_length=24, help_text="code of the adapter")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    acceptor = models.CharField(max_length=24, help_text="code of the bank that accepted it")
    drawer_name = models.CharField(max_length=120)
    payee_name = models.CharField(max_length=120)
    bill_no = models.CharField(max_length=40, null=True, help_text="the bank's own")
    face_fen = models.BigIntegerField()
    owed_fen = models.BigIntegerField(default=0)
    kept_fen = models.BigIntegerField(default=0, help_text="paid to the seller")
    rest_fen = models.BigIntegerField(default=0, help_text="the buyer's: refunded before its day")
    issued_on = models.DateField()
    matures_on = models.DateField()
    presents_on = models.DateField(help_text="the business day on which it is presented")
    answer_by = models.DateTimeField()
    receipt_no = models.CharField(max_length=64, null=True)
    reason = models.CharField(max_length=200, blank=True, help_text="the bank's, or the seller's")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "bill_no"], name="bill_used_once"),
            models.UniqueConstraint(fields=["bank", "receipt_no"], name="bill_paid_once"),
            models.CheckConstraint(
                condition=Q(face_fen__gt=0)
                & Q(owed_fen__gte=0)
                & Q(owed_fen__lte=F("face_fen"))
                & Q(kept_fen__gte=0)
                & Q(rest_fen__gte=0),
                name="bill_amounts_sane",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="honoured",
                    receipt_no__isnull=False,
                    owed_fen=0,
                    face_fen=F("kept_fen") + F("rest_fen"),
                )
                | (~Q(state="honoured") & Q(receipt_no=None, kept_fen=0, rest_fen=0)),
                name="bill_honoured_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "dishonoured"]) | Q(owed_fen__gt=0),
                name="bill_accepted_is_owed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*_BEFORE, "cleared", "returned"]) | Q(owed_fen=0),
                name="bill_not_accepted_is_not_owed",
            ),
            models.CheckConstraint(
                condition=Q(matures_on__gt=F("issued_on")) & Q(presents_on__gte=F("matures_on")),
                name="bill_days_sane",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_BEFORE) | Q(bill_no__isnull=False),
                name="bill_accepted_has_a_number",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "presents_on"], name="bill_of_seller"),
            models.Index(fields=["buyer"], condition=Q(state="dishonoured"), name="bill_dishonoured"),
        ]  # fmt: skip

    @property
    def subject(self) -> str:
        """The subject of its deadlines, its audit, and of what of its money is the buyer's."""
        return f"bill:{self.number}"


class BillPart(models.Model):
    """A payment that a bill stands for: one, and more where others paid a dishonoured one in parts."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="parts")
    payment = models.OneToOneField("finance.Payment", models.PROTECT, related_name="bill_part")


class SandboxBill(models.Model):
    """The sandbox bank's own book: a bill, and what is to become of it when it is presented."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("已出票")
        DECLINED = "declined", _("未承兑")
        RETURNED = "returned", _("已退回出票人")
        PAID = "paid", _("已付款")
        UNPAID = "unpaid", _("已拒付")

    number = models.CharField(max_length=24, unique=True)
    bill_no = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(help_text="what is written on it")
    state = models.CharField(max_length=8, choices=State.choices)
    plan = models.CharField(max_length=16, help_text="a `bill_book.Plan`")
    at = models.DateTimeField()


class SandboxBillWord(models.Model):
    """What the bank tells the market of a bill, at once or later."""

    bill = models.ForeignKey(SandboxBill, models.PROTECT, related_name="words")
    payload = models.JSONField()
    signature = models.CharField(max_length=600)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)
