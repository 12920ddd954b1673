"""Order invitations: what a seller filled in for a customer, its lines, and wrong links tried."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.parties.storage import PrivateStorage
from pifa.trade.invitations.states import InvitationState


class OrderInvitation(models.Model):
    """An order that a seller filled in, to be confirmed by whoever has its link.

    The link is made from the number and `link` (renewed to end an old one); here is its digest
    only. `revision` is what a customer has to have read. `order` is the order that it became, of
    which it may be the second: one that closed unpaid leaves the invitation open. `terms` is a
    `trade.quotes.terms.QuoteTerms` as JSON, `ways` the codes of the methods that may be used (none:
    all). Its subject: `invitation:<number>`.
    """

    number = models.CharField(_("邀请编号"), max_length=32, unique=True)
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="invitations")
    made_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        "relationships.Relationship", models.PROTECT, null=True, related_name="invitations"
    )
    state = models.CharField(_("状态"), max_length=9, choices=InvitationState.choices)
    revision = models.PositiveSmallIntegerField(default=1)
    link = models.PositiveSmallIntegerField(default=1)
    link_digest = models.CharField(max_length=64, unique=True)

    goods_fen = models.BigIntegerField(_("货款"))
    freight_fen = models.BigIntegerField(_("运费"))
    total_fen = models.BigIntegerField(_("合计"))
    terms = models.JSONField(_("付款条件"))
    ways = models.JSONField(_("付款方式"), default=list)
    lead_days = models.PositiveSmallIntegerField(_("发货天数"), null=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    valid_until = models.DateTimeField(_("有效期至"))

    consignee = models.CharField(_("收货人"), max_length=60, blank=True)
    region = models.CharField(_("省份"), max_length=2, blank=True)
    city = models.CharField(_("城市"), max_length=60, blank=True)
    detail = models.CharField(_("详细地址"), max_length=200, blank=True)
    mobile = models.CharField(_("手机"), max_length=20, blank=True)

    order = models.OneToOneField(
        "trade.Order", models.PROTECT, null=True, related_name="invitation"
    )
    claim_digest = models.CharField(max_length=64, null=True, unique=True)
    external_no = models.CharField(_("外部单号"), max_length=60, null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("发起时间"), null=True)
    opened_at = models.DateTimeField(_("首次打开"), null=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("订单邀请")
        verbose_name_plural = _("订单邀请")
        constraints = [
            models.UniqueConstraint(fields=["seller", "external_no"], name="invitation_row_once"),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "done"], order__isnull=False)
                | (~Q(state__in=["confirmed", "done"]) & Q(order__isnull=True)),
                name="invitation_confirmed_is_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "recalled"]) | Q(sent_at__isnull=False),
                name="invitation_open_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(goods_fen__gte=0)
                & Q(freight_fen__gte=0)
                & Q(total_fen__gt=0)
                & Q(total_fen=F("goods_fen") + F("freight_fen")),
                name="invitation_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(consignee="", region="", city="", detail="", mobile="")
                | (~Q(consignee="") & ~Q(region="") & ~Q(city="") & ~Q(detail="") & ~Q(mobile="")),
                name="invitation_address_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(claim_digest__isnull=True) | Q(order__isnull=False),
                name="invitation_claim_of_an_order",
            ),
            models.CheckConstraint(
                condition=Q(revision__gt=0) & Q(link__gt=0), name="invitation_counted_from_one"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "state", "-id"], name="invitation_desk"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The invitation's subject in the audit log and deadlines."""
        return f"invitation:{self.number}"

    @property
    def has_address(self) -> bool:
        """Whether the seller filled in where the goods go."""
        return bool(self.consignee)


class InvitationLine(models.Model):
    """Goods of an invitation: a SKU of the seller's, or typed in. `position` counts from 1."""

    invitation = models.ForeignKey(OrderInvitation, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, null=True, related_name="+")
    offer = models.ForeignKey("catalog.Offer", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(_("货品"), max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    spec_text = models.CharField(_("规格"), max_length=120, blank=True)
    unit = models.CharField(_("单位"), max_length=10)
    quantity = models.BigIntegerField(_("数量"))
    price_e4 = models.BigIntegerField(_("单价"))
    amount_fen = models.BigIntegerField(_("金额"))
    picture = models.ImageField(
        _("图片"), upload_to="invitations/", storage=PrivateStorage(), blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "position"], name="invitation_line_position"
            ),
            models.UniqueConstraint(fields=["invitation", "sku"], name="invitation_sku_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(price_e4__gt=0) & Q(amount_fen__gte=0),
                name="invitation_line_amounts",
            ),
            models.CheckConstraint(
                condition=Q(sku__isnull=True, offer__isnull=True)
                | Q(sku__isnull=False, offer__isnull=False),
                name="invitation_sku_has_offer",
            ),
        ]


class InvitationMiss(models.Model):
    """A link that led nowhere was tried; `origin` is a keyed digest of where from."""

    origin = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["origin", "at"], name="invitation_miss_origin")]
