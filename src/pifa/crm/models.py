"""A seller's customer files, what was noted in them, and the figures kept beside them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

ACCOUNT, PERSON, PHONE, ADDRESS, TEXT, TAG, GOODS = 60, 60, 30, 300, 500, 20, 120
"""Longest account, person's name, phone, address, free text, tag, name of goods."""


class CustomerFile(models.Model):
    """What a seller knows of one customer.

    The customer is one of its books (`relationship`), a company that bought (`buyer`), or both.
    `code` is how the seller's sheets know the file. A *merged* file only leads to another; what
    hangs on it is shown there. A next action has its day.
    """

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="customer_files")
    relationship = models.OneToOneField(
        "relationships.Relationship", models.PROTECT, null=True, related_name="file"
    )
    buyer = models.ForeignKey("parties.Company", models.PROTECT, null=True, related_name="+")
    code = models.CharField(_("客户编号"), max_length=120)
    name = models.CharField(_("客户名称"), max_length=120)
    account = models.CharField(_("旺旺ID"), max_length=ACCOUNT, blank=True)
    contact = models.CharField(_("客户姓名"), max_length=PERSON, blank=True)
    phone = models.CharField(_("电话"), max_length=PHONE, blank=True)
    other_contacts = models.CharField(_("其他联系人"), max_length=TEXT, blank=True)
    keeper = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    address = models.CharField(_("客户地址"), max_length=ADDRESS, blank=True)
    usual_specs = models.CharField(_("常用规格"), max_length=TEXT, blank=True)
    daily_usage = models.PositiveIntegerField(_("日使用量"), null=True)
    usage_unit = models.CharField(_("单位"), max_length=10, blank=True)
    written_purchases = models.JSONField(
        default=list, help_text="purchases as a sheet of the seller's had them, in words"
    )
    written_fen = models.BigIntegerField(
        default=0, help_text="what the seller's books had besides the orders here"
    )
    next_action = models.CharField(_("下次跟进"), max_length=200, blank=True)
    next_day = models.DateField(_("跟进日期"), null=True)
    quiet_until = models.DateField(null=True, help_text="not named as due before this day")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    created_at = models.DateTimeField(_("建档时间"))
    changed_at = models.DateTimeField(_("变更时间"))

    class Meta:
        verbose_name = _("客户档案")
        verbose_name_plural = _("客户档案")
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="file_code_once"),
            models.UniqueConstraint(
                fields=["seller", "buyer"],
                condition=Q(buyer__isnull=False),
                name="file_once_a_buyer",
            ),
            models.CheckConstraint(
                condition=Q(relationship__isnull=False)
                | Q(buyer__isnull=False)
                | Q(merged_into__isnull=False),
                name="file_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(buyer__isnull=True),
                name="file_of_a_member_stays",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="file_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(next_action="", next_day__isnull=True)
                | (~Q(next_action="") & Q(next_day__isnull=False)),
                name="next_action_has_its_day",
            ),
            models.CheckConstraint(condition=Q(written_fen__gte=0), name="file_written_money"),
            models.CheckConstraint(
                condition=Q(daily_usage__isnull=True) | Q(daily_usage__gt=0),
                name="file_usage_above_zero",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "next_day"], name="file_next_day"),
            models.Index(fields=["seller", "phone"], name="file_phone"),
        ]

    def __str__(self) -> str:
        return self.name


class FileTag(models.Model):
    """A word on a file: 可上门拜访, 可寄小礼品, 至尊VIP …"""

    file = models.ForeignKey(CustomerFile, models.CASCADE, related_name="tags")
    word = models.CharField(_("标签"), max_length=TAG)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "word"], name="file_tag_once")]
        indexes = [models.Index(fields=["word"], name="file_tag_word")]


class AgreedPrice(models.Model):
    """What a piece of some goods was agreed to cost a customer: noted, and no price yet.

    What an order costs is decided by `catalog.rules.prices.price_offer` alone; price lists may
    take these over by `crm.queries.agreed_prices`.
    """

    file = models.ForeignKey(CustomerFile, models.CASCADE, related_name="agreed_prices")
    goods = models.CharField(_("规格"), max_length=GOODS)
    price_e4 = models.BigIntegerField(_("单价"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "goods"], name="agreed_price_once"),
            models.CheckConstraint(condition=Q(price_e4__gt=0), name="agreed_price_above_zero"),
        ]


class FileNote(models.Model):
    """An entry in a file's history. Append-only: it stays with the file it was written in."""

    class Kind(models.TextChoices):
        NOTE = "note", _("备注")
        CALLED = "called", _("已联系")
        SNOOZED = "snoozed", _("稍后再说")
        DONE = "done", _("已完成")
        MERGED = "merged", _("合并")
        PARTED = "parted", _("撤销合并")

    file = models.ForeignKey(CustomerFile, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=PERSON, blank=True)

    class Meta:
        indexes = [models.Index(fields=["file", "-at"], name="file_notes")]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="note") | ~Q(text=""), name="note_says_what")
        ]


class FileMerge(models.Model):
    """A merge of one file into another: what moved and what was filled in, so that it can be
    taken back exactly."""

    kept = models.ForeignKey(CustomerFile, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(CustomerFile, models.PROTECT, related_name="+")
    moved = models.JSONField(help_text="ids of orders, files and relationships that moved")
    filled = models.JSONField(help_text="fields of the kept file that were empty, as filled")
    by = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="file_merged_once"
            )
        ]


class FileFigures(models.Model):
    """What the orders say of a file as of a market day: kept by events and each morning.

    The plain computation is `crm.queries.figures.computed`; a test holds both equal.
    """

    file = models.OneToOneField(CustomerFile, models.CASCADE, related_name="figures")
    seller = models.ForeignKey("parties.Company", models.CASCADE, related_name="+")
    as_of = models.DateField()
    orders = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    last_pieces = models.BigIntegerField(default=0)
    interval = models.PositiveIntegerField(null=True)
    expected = models.DateField(null=True, help_text="by the customer's own rhythm")
    runs_out = models.DateField(null=True, help_text="by daily usage and the last purchase")
    chance = models.PositiveSmallIntegerField(default=0, help_text="thousandths")
    likely = models.BooleanField(default=False)
    slipping = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["seller", "-amount_fen", "file"], name="figures_amount"),
            models.Index(fields=["seller", "-chance", "file"], name="figures_chance"),
            models.Index(fields=["seller", "-last_day", "file"], name="figures_last"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(chance__lte=1000), name="figures_chance_sane")
        ]


class SellerRhythm(models.Model):
    """Of which day a seller's figures are, and what its median customer had paid in all then."""

    seller = models.OneToOneField("parties.Company", models.CASCADE, related_name="+")
    as_of = models.DateField()
    typical_fen = models.BigIntegerField()
