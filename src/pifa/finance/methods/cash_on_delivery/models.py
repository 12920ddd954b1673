"""Who offers payment at the door, what is to be collected, and what carriers bring."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CashTerms(models.Model):
    """On which terms a seller lets buyers pay at the door; without a row it does not.

    `regions` are codes of `kernel.regions`.
    """

    seller = models.OneToOneField("parties.Company", models.PROTECT, related_name="cash_terms")
    on = models.BooleanField()
    limit_fen = models.BigIntegerField(help_text="of one order")
    regions = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_fen__gte=0) & (Q(on=False) | Q(limit_fen__gt=0)),
                name="cash_terms_sane",
            )
        ]


class CashItem(models.Model):
    """What is to be collected at the door for one payable, and what became of it.

    Of what was promised something may be waived (a refund before), or paid otherwise (after less
    was collected than asked); the carrier has collected minus kept. `number` is on the parcel.
    """

    class State(models.TextChoices):
        PROMISED = "promised", _("待发货")
        ON_THE_WAY = "on_the_way", _("派送中，待代收")
        COLLECTED = "collected", _("已代收，待回款")
        REMITTED = "remitted", _("已回款")
        REFUSED = "refused", _("门口拒收")
        CANCELLED = "cancelled", _("不必代收")

    number = models.CharField(max_length=24, unique=True)
    payable = models.OneToOneField("finance.Payable", models.PROTECT, related_name="cash_item")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROMISED)
    carrier = models.CharField(max_length=24, blank=True, help_text="code of the adapter")
    carrier_name = models.CharField(max_length=60, blank=True)
    tracking_no = models.CharField(max_length=60, blank=True)
    promised_fen = models.BigIntegerField()
    asked_fen = models.BigIntegerField(default=0, help_text="when it was handed over")
    waived_fen = models.BigIntegerField(default=0)
    otherwise_fen = models.BigIntegerField(default=0, help_text="paid by another method after all")
    collected_fen = models.BigIntegerField(default=0, help_text="as the carrier reported")
    kept_fen = models.BigIntegerField(default=0, help_text="remitted and paid to the seller")
    fee_fen = models.BigIntegerField(default=0, help_text="the carrier's, of what it remitted")
    reason = models.CharField(max_length=200, blank=True, help_text="the carrier's words")
    promised_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    remit_by = models.DateField(null=True, help_text="the business day on which it is due")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_fen__gt=0)
                & Q(waived_fen__gte=0)
                & Q(otherwise_fen__gte=0)
                & Q(collected_fen__gte=0)
                & Q(promised_fen__gte=F("waived_fen") + F("otherwise_fen") + F("collected_fen"))
                & Q(kept_fen__gte=0)
                & Q(kept_fen__lte=F("collected_fen"))
                & Q(fee_fen__gte=0)
                & Q(fee_fen__lte=F("kept_fen")),
                name="cash_item_sane",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["collected", "remitted"], collected_fen__gt=0)
                | (~Q(state__in=["collected", "remitted"]) & Q(collected_fen=0)),
                name="cash_item_collected_by_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="remitted") | Q(kept_fen=F("collected_fen")),
                name="cash_item_remitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["promised", "cancelled"]) | Q(handed_at__isnull=False),
                name="cash_item_handed_over",
            ),
        ]
        indexes = [
            models.Index(fields=["carrier", "remit_by"], condition=Q(state="collected"),
                         name="cash_item_with_carrier"),
        ]  # fmt: skip

    @property
    def open_fen(self) -> int:
        """What is promised and neither collected nor waived nor paid otherwise."""
        return self.promised_fen - self.waived_fen - self.otherwise_fen - self.collected_fen

    @property
    def with_carrier_fen(self) -> int:
        """What the carrier has collected and not remitted."""
        return self.collected_fen - self.kept_fen

    @property
    def subject(self) -> str:
        """The subject of the carrier's fee in the ledger."""
        return f"cash:{self.number}"


class CashBatch(models.Model):
    """What a carrier remitted at once: one bank amount for many lines, all collected by `until`.

    `left_fen` of it belongs to no line and waits in suspense.
    """

    number = models.CharField(max_length=24, unique=True)
    carrier = models.CharField(max_length=24)
    batch_no = models.CharField(max_length=64, help_text="the carrier's own")
    digest = models.CharField(max_length=64, help_text="of all that it says")
    bank_receipt = models.CharField(max_length=64, unique=True)
    amount_fen = models.BigIntegerField(help_text="that came to the bank")
    stated_fen = models.BigIntegerField(help_text="by the lines: collected less fees")
    until = models.DateField()
    left_fen = models.BigIntegerField()
    returned_fen = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "batch_no"], name="cash_batch_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(left_fen__gte=0)
                & Q(returned_fen__gte=0)
                & Q(amount_fen__gte=F("left_fen") + F("returned_fen")),
                name="cash_batch_sane",
            ),
        ]

    @property
    def subject(self) -> str:
        """The subject of its money in the ledger."""
        return f"remittance:{self.number}"


class CashLine(models.Model):
    """A line of a batch as the carrier wrote it, and what was made of it (`rules.Judgement`)."""

    batch = models.ForeignKey(CashBatch, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=64)
    collected_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    item = models.ForeignKey(CashItem, models.PROTECT, null=True, related_name="lines")
    judgement = models.CharField(max_length=14)
    kept_fen = models.BigIntegerField()
    kept_fee_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="cash_line_once"),
            models.CheckConstraint(
                condition=Q(kept_fen__gte=0)
                & Q(kept_fen__lte=F("collected_fen"))
                & Q(kept_fee_fen__gte=0)
                & Q(kept_fee_fen__lte=F("kept_fen")),
                name="cash_line_sane",
            ),
        ]


class CashFinding(models.Model):
    """Something about a carrier's money that is not as it should be; open until it is cleared.

    `expected` and `found` are the two figures that differ. Those of an item are shown to its
    seller; what is put right (remitted after all) is cleared by itself.
    """

    class Kind(models.TextChoices):
        SHORT = "short", _("回款少于代收")
        OVER = "over", _("回款多于代收")
        TWICE = "twice", _("重复回款")
        UNKNOWN = "unknown", _("查无此单")
        NOT_COLLECTED = "not_collected", _("未报代收却回款")
        UNCOVERED = "uncovered", _("到账金额不够付这一行")
        MISSING = "missing", _("批次漏了这一单")
        LATE = "late", _("逾期未回款")
        SILENT = "silent", _("久未报告派送结果")
        LESS_AT_DOOR = "less_at_door", _("门口少收")
        OVER_AT_DOOR = "over_at_door", _("门口多收")
        BANK_SHORT = "bank_short", _("到账少于批次合计")
        BANK_OVER = "bank_over", _("到账多于批次合计")

    kind = models.CharField(max_length=14, choices=Kind.choices)
    carrier = models.CharField(max_length=24)
    item = models.ForeignKey(CashItem, models.PROTECT, null=True, related_name="findings")
    batch = models.ForeignKey(CashBatch, models.PROTECT, null=True, related_name="findings")
    line = models.ForeignKey(CashLine, models.PROTECT, null=True, related_name="findings")
    expected_fen = models.BigIntegerField()
    found_fen = models.BigIntegerField()
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    clear_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | ~Q(clear_note=""),
                name="cash_finding_cleared_with_a_note",
            ),
            models.UniqueConstraint(
                fields=["kind", "item"],
                condition=Q(kind__in=["late", "less_at_door", "over_at_door", "silent"]),
                name="cash_finding_of_item_once",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(cleared_at=None), name="cash_finding_open")
        ]


class SandboxParcel(models.Model):
    """The sandbox carrier's own book: a parcel with what it is to collect at the door."""

    class State(models.TextChoices):
        ON_THE_WAY = "on_the_way", _("派送中")
        DELIVERED = "delivered", _("已签收")
        REFUSED = "refused", _("已拒收")
        CANCELLED = "cancelled", _("不再代收")

    number = models.CharField(max_length=24, unique=True)
    tracking_no = models.CharField(max_length=60)
    shipper = models.CharField(max_length=120)
    amount_fen = models.BigIntegerField()
    collected_fen = models.BigIntegerField(default=0)
    remitted_fen = models.BigIntegerField(default=0, help_text="with its fee")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ON_THE_WAY)
    at = models.DateTimeField()


class SandboxCarrierWord(models.Model):
    """What the sandbox carrier tells the market: a report from the door, or a batch."""

    class Kind(models.TextChoices):
        REPORT = "report", _("派送报告")
        BATCH = "batch", _("回款批次")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    payload = models.JSONField()
    signature = models.CharField(max_length=600)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)
