"""Requests for quotes (询价单), whom they were sent to, and what was answered, revision by revision."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.parties.storage import PrivateStorage
from pifa.trade.quotes.states import QuoteState, RequestState


class QuoteRequest(models.Model):
    """A buyer asks one or several sellers what goods would cost. Its subject: `rfq:<number>`.

    Answers are taken until `closes_at`; sellers read the region and the city, the address itself
    only once an order was made of it.
    """

    number = models.CharField(_("询价单号"), max_length=32, unique=True)
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="quote_requests")
    asked_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=RequestState.choices)
    address = models.ForeignKey("parties.Address", models.PROTECT, related_name="+")
    region = models.CharField(_("省份"), max_length=2)
    city = models.CharField(_("城市"), max_length=60, blank=True)
    needed_by = models.DateField(_("需要日期"), null=True)
    note = models.CharField(_("补充说明"), max_length=1000, blank=True)
    picture = models.ImageField(
        _("附图"), upload_to="quotes/", storage=PrivateStorage(), blank=True
    )
    asked_at = models.DateTimeField(_("询价时间"))
    closes_at = models.DateTimeField(_("报价截止"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("询价单")
        verbose_name_plural = _("询价单")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("asked_at")), name="quote_request_takes_answers"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "deciding"], ended_at__isnull=True)
                | (~Q(state__in=["open", "deciding"]) & Q(ended_at__isnull=False)),
                name="quote_request_ends_once",
            ),
        ]
        indexes = [models.Index(fields=["buyer", "-id"], name="quote_request_buyer")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The request's subject in the audit log and deadlines."""
        return f"rfq:{self.number}"


class QuoteRequestLine(models.Model):
    """Goods that are asked for: a SKU, or words of the buyer's own. `position` counts from 1."""

    request = models.ForeignKey(QuoteRequest, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, null=True, related_name="+")
    offer = models.ForeignKey("catalog.Offer", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(_("货品"), max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    spec_text = models.CharField(_("规格"), max_length=120, blank=True)
    unit = models.CharField(_("单位"), max_length=10)
    quantity = models.BigIntegerField(_("数量"))
    wanted_e4 = models.BigIntegerField(_("期望单价"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="quote_line_position"),
            models.UniqueConstraint(fields=["request", "sku"], name="quote_line_sku_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quote_line_above_zero"),
            models.CheckConstraint(
                condition=Q(wanted_e4__isnull=True) | Q(wanted_e4__gt=0),
                name="quote_line_wanted_price",
            ),
            models.CheckConstraint(
                condition=Q(sku__isnull=True, offer__isnull=True)
                | Q(sku__isnull=False, offer__isnull=False),
                name="quote_line_sku_has_offer",
            ),
        ]


class Quote(models.Model):
    """One seller that was asked, and where its one answer stands. Its subject: `quote:<number>`.

    `revision` is the living answer's number (0: none yet) and `valid_until` the first moment at
    which it no longer holds. `total_fen` is the living answer's goods and freight.
    """

    number = models.CharField(_("报价单号"), max_length=32, unique=True)
    request = models.ForeignKey(QuoteRequest, models.PROTECT, related_name="quotes")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="quotes")
    state = models.CharField(_("状态"), max_length=10, choices=QuoteState.choices)
    revision = models.PositiveSmallIntegerField(default=0)
    total_fen = models.BigIntegerField(null=True)
    valid_until = models.DateTimeField(_("有效期至"), null=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    order = models.OneToOneField("trade.Order", models.PROTECT, null=True, related_name="quote")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("报价")
        verbose_name_plural = _("报价")
        constraints = [
            models.UniqueConstraint(fields=["request", "seller"], name="quote_once_a_seller"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(state="accepted"), name="quote_one_accepted"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", order__isnull=False)
                | (~Q(state="accepted") & Q(order__isnull=True)),
                name="quote_accepted_is_an_order",
            ),
            models.CheckConstraint(
                condition=Q(revision=0, total_fen__isnull=True, valid_until__isnull=True)
                | Q(revision__gt=0, total_fen__gt=0, valid_until__isnull=False),
                name="quote_answered_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["quoted", "accepted"]) | Q(revision__gt=0),
                name="quote_quoted_has_figures",
            ),
        ]
        indexes = [models.Index(fields=["seller", "state", "-id"], name="quote_seller_inbox")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The quote's subject in the audit log and deadlines."""
        return f"quote:{self.number}"


class QuoteRevision(models.Model):
    """What a seller answered at a time; append-only, the highest `revision` is the living one.

    `terms` is a `trade.quotes.terms.QuoteTerms` as JSON. `lead_days`: days from payment to
    shipment.
    """

    quote = models.ForeignKey(Quote, models.PROTECT, related_name="revisions")
    revision = models.PositiveSmallIntegerField()
    freight_fen = models.BigIntegerField(_("运费"))
    total_fen = models.BigIntegerField(_("合计"))
    lead_days = models.PositiveSmallIntegerField(_("发货天数"))
    valid_until = models.DateTimeField(_("有效期至"))
    terms = models.JSONField(_("付款条件"))
    note = models.CharField(_("说明"), max_length=1000, blank=True)
    made_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "revision"], name="quote_revision_once"),
            models.CheckConstraint(
                condition=Q(freight_fen__gte=0)
                & Q(total_fen__gt=0)
                & Q(revision__gt=0)
                & Q(lead_days__gt=0),
                name="quote_revision_amounts",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("made_at")), name="quote_revision_holds"
            ),
        ]


class QuoteLine(models.Model):
    """The price of one line in a revision; a line that the seller cannot supply has none."""

    revision = models.ForeignKey(QuoteRevision, models.PROTECT, related_name="lines")
    asked = models.ForeignKey(QuoteRequestLine, models.PROTECT, related_name="+")
    price_e4 = models.BigIntegerField(_("单价"))
    amount_fen = models.BigIntegerField(_("金额"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "asked"], name="quote_price_once"),
            models.CheckConstraint(
                condition=Q(price_e4__gt=0) & Q(amount_fen__gte=0), name="quote_price_above_zero"
            ),
        ]
