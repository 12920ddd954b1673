"""Invoices: what buyers keep for them, what they ask for, the papers that sellers record."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.parties.storage import PrivateStorage
from pifa.trade.invoices.states import RequestState


class InvoiceKind(models.TextChoices):
    """Which kind of invoice; a special one lets its buyer deduct the tax."""

    ORDINARY = "ordinary", _("普通发票")
    SPECIAL = "special", _("增值税专用发票")


class InvoiceDetails(models.Model):
    """What stands on an invoice about its buyer. Which of it is needed depends on the kind."""

    kind = models.CharField(_("发票类型"), max_length=8, choices=InvoiceKind.choices)
    title = models.CharField(_("发票抬头"), max_length=120)
    tax_no = models.CharField(_("税号"), max_length=18)
    address = models.CharField(_("注册地址"), max_length=120, blank=True)
    phone = models.CharField(_("注册电话"), max_length=30, blank=True)
    bank = models.CharField(_("开户银行"), max_length=120, blank=True)
    account = models.CharField(_("银行账号"), max_length=40, blank=True)
    email = models.CharField(_("收票邮箱"), max_length=120, blank=True)

    class Meta:
        abstract = True


COMPLETE = ~Q(title="") & ~Q(tax_no="")
SPECIAL_COMPLETE = ~Q(kind="special") | (
    ~Q(address="") & ~Q(phone="") & ~Q(bank="") & ~Q(account="")
)
"""The fields without which no invoice of the kind can be issued."""


class InvoiceProfile(InvoiceDetails):
    """Details that a buying company keeps; one of them fills in the checkout by itself."""

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="invoice_profiles")
    is_default = models.BooleanField(_("默认"), default=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="invoice_profile_one_default",
            ),
            models.CheckConstraint(
                condition=COMPLETE & SPECIAL_COMPLETE, name="invoice_profile_complete"
            ),
        ]


class InvoiceRequest(InvoiceDetails):
    """A buyer asks a seller for the invoice of one order or of several.

    `invoiced_fen` and `credited_fen` are the sums of its papers; the ledger check proves it, and
    that what stands never exceeds what was paid. `credit_due_fen` is what the seller still has to
    correct by a credit note.
    """

    number = models.CharField(_("申请单号"), max_length=24, unique=True)
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="invoices_asked")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="invoices_owed")
    state = models.CharField(
        max_length=9, choices=RequestState.choices, default=RequestState.WAITING
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    invoiced_fen = models.BigIntegerField(default=0)
    credited_fen = models.BigIntegerField(default=0)
    credit_due_fen = models.BigIntegerField(default=0)
    issuer_name = models.CharField(_("开票方"), max_length=120, blank=True)
    asked_by = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=COMPLETE & SPECIAL_COMPLETE, name="invoice_request_complete"
            ),
            models.CheckConstraint(
                condition=~Q(buyer=F("seller")), name="invoice_request_between_two"
            ),
            models.CheckConstraint(
                condition=Q(credited_fen__gte=0)
                & Q(credit_due_fen__gte=0)
                & Q(invoiced_fen__gte=F("credited_fen") + F("credit_due_fen")),
                name="invoice_request_amounts_sane",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="invoice_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "issued"]) | Q(invoiced_fen=0),
                name="invoice_ended_without_papers",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "state", "-id"], name="invoice_seller_desk"),
            models.Index(fields=["buyer", "state", "-id"], name="invoice_buyer_desk"),
            models.Index(
                fields=["seller", "id"],
                condition=Q(credit_due_fen__gt=0),
                name="invoice_credit_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"invoice:{self.number}"


class InvoicedOrder(models.Model):
    """An order that a request is about; `live` while no other request may be about it."""

    request = models.ForeignKey(InvoiceRequest, models.PROTECT, related_name="orders")
    order = models.ForeignKey("trade.Order", models.PROTECT, related_name="invoiced")
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(live=True), name="order_invoiced_once"
            ),
            models.UniqueConstraint(fields=["request", "order"], name="invoice_names_order_once"),
        ]


class InvoicePaper(models.Model):
    """An invoice as it was issued outside the market, with its file; or a credit note (红字).

    A credit note has a negative amount and names the invoice that it corrects, whose
    `credited_fen` never exceeds its amount.
    """

    request = models.ForeignKey(InvoiceRequest, models.PROTECT, related_name="papers")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    code = models.CharField(_("发票代码"), max_length=12, blank=True)
    number = models.CharField(_("发票号码"), max_length=20)
    day = models.DateField(_("开票日期"))
    amount_fen = models.BigIntegerField(_("价税合计"))
    credited_fen = models.BigIntegerField(default=0)
    file = models.FileField(upload_to="invoices/%Y%m/", storage=PrivateStorage(), max_length=200)
    format = models.CharField(max_length=4)
    bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what is kept")
    recorded_by = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "code", "number"], name="invoice_number_recorded_once"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, amount_fen__gt=0)
                | Q(corrects__isnull=False, amount_fen__lt=0, credited_fen=0),
                name="invoice_paper_has_its_sign",
            ),
            models.CheckConstraint(
                condition=Q(credited_fen__gte=0)
                & (Q(corrects__isnull=False) | Q(credited_fen__lte=F("amount_fen"))),
                name="credit_notes_within_invoice",
            ),
        ]

    @property
    def is_credit_note(self) -> bool:
        return self.corrects_id is not None
