"""The purchase list, orders with their lines, price adjustments, shipments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.trade.states import OrderStatus


class OrderChannel(models.TextChoices):
    """How an order came."""

    PUBLIC = "public", _("公开市场")
    INVITATION = "invitation", _("卖家发起")
    PRIVATE = "private", _("私域")
    DECLARED = "declared", _("历史导入")


class OrderScene(models.TextChoices):
    """What kind of trade an order is."""

    STOCK = "stock", _("现货")
    CUSTOM = "custom", _("定制")
    PROCESSING = "processing", _("加工")
    RESELLER = "reseller", _("分销")
    CROSS_BORDER = "cross_border", _("跨境")
    GROUP_BUY = "group_buy", _("伙拼")
    PRE_SALE = "pre_sale", _("预售")
    SAMPLE = "sample", _("样品")


class Provenance(models.TextChoices):
    """Whether the market saw the trade itself or a seller declared it."""

    MARKET = "market", _("平台交易")
    DECLARED = "declared", _("商家申报")


class PurchaseLine(models.Model):
    """A line of a member's purchase list (进货单), with the price it was put in at."""

    member = models.ForeignKey("parties.Member", models.PROTECT, related_name="purchase_lines")
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    price_seen_e4 = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "sku"], name="purchase_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="purchase_line_above_zero"),
        ]


class Order(models.Model):
    """One purchase of one buyer from one seller. Its ledger subject is `order:<number>`.

    total = goods + freight + adjustment. `paid_fen`, `refunded_fen`, `released_fen` and
    `promised_fen` follow the ledger; the ledger check proves it. What is promised is to be paid
    later, what is waived not any more: paid + promised + waived never exceed the total. A
    declared order posts nothing.
    """

    number = models.CharField(_("订单号"), max_length=32, unique=True)
    buyer = models.ForeignKey(
        "parties.Company", models.PROTECT, null=True, related_name="purchases"
    )
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="sales")
    customer = models.ForeignKey(
        "relationships.Relationship", models.PROTECT, null=True, related_name="orders"
    )
    placed_by = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    counts_as = models.ForeignKey(
        "parties.Company",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="the verified payer's company, where a guest ordered; metrics count this one",
    )
    channel = models.CharField(max_length=10, choices=OrderChannel.choices)
    scene = models.CharField(max_length=12, choices=OrderScene.choices, default="stock")
    provenance = models.CharField(max_length=8, choices=Provenance.choices, default="market")
    status = models.CharField(_("状态"), max_length=17, choices=OrderStatus.choices)
    status_before = models.CharField(max_length=17, blank=True, help_text="while in refund")

    goods_fen = models.BigIntegerField(_("货款"))
    freight_fen = models.BigIntegerField(_("运费"), default=0)
    adjustment_fen = models.BigIntegerField(_("涨价或折扣"), default=0)
    total_fen = models.BigIntegerField(_("应付"))
    paid_fen = models.BigIntegerField(_("实付"), default=0)
    refunded_fen = models.BigIntegerField(_("已退"), default=0)
    released_fen = models.BigIntegerField(_("已结算给卖家"), default=0)
    promised_fen = models.BigIntegerField(_("约定待付"), default=0)
    waived_fen = models.BigIntegerField(_("已减免"), default=0)
    payments = models.PositiveSmallIntegerField(_("付款笔数"), default=0)

    consignee = models.CharField(_("收货人"), max_length=60, blank=True)
    region = models.CharField(_("省份"), max_length=2, blank=True)
    address = models.CharField(_("收货地址"), max_length=300, blank=True)
    post_code = models.CharField(_("邮编"), max_length=10, blank=True)
    phone = models.CharField(_("固定电话"), max_length=30, blank=True)
    mobile = models.CharField(_("手机"), max_length=20, blank=True)
    message = models.CharField(_("买家留言"), max_length=500, blank=True)
    invoice = models.JSONField(_("发票信息"), default=dict)
    lead_days = models.PositiveSmallIntegerField(
        _("约定发货天数"), null=True, help_text="days from payment to shipment, as quoted"
    )
    ship_by = models.DateTimeField(null=True, help_text="set at payment where days were agreed")
    seller_note = models.CharField(_("卖家备注"), max_length=500, blank=True)
    close_reason = models.CharField(_("关闭原因"), max_length=200, blank=True)

    placed_at = models.DateTimeField(_("下单时间"))
    covered_at = models.DateTimeField(_("可发货时间"), null=True, help_text="paid or promised")
    paid_at = models.DateTimeField(_("付款时间"), null=True, help_text="in full")
    shipped_at = models.DateTimeField(_("发货时间"), null=True)
    received_at = models.DateTimeField(_("收货时间"), null=True)
    ended_at = models.DateTimeField(_("完成或关闭时间"), null=True)

    external_no = models.CharField(max_length=60, null=True)
    is_cancellation = models.BooleanField(default=False, help_text="a declared cancelling order")
    batch = models.ForeignKey("trade.ImportBatch", models.PROTECT, null=True, related_name="orders")

    class Meta:
        verbose_name = _("订单")
        verbose_name_plural = _("订单")
        constraints = [
            models.UniqueConstraint(fields=["seller", "external_no"], name="declared_order_once"),
            models.CheckConstraint(
                condition=Q(total_fen=F("goods_fen") + F("freight_fen") + F("adjustment_fen"))
                | Q(provenance="declared"),
                name="order_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(provenance="declared")
                | (
                    Q(total_fen__gt=0)
                    & Q(paid_fen__gte=0)
                    & Q(promised_fen__gte=0)
                    & Q(waived_fen__gte=0)
                    & Q(paid_fen__lte=F("total_fen") - F("promised_fen") - F("waived_fen"))
                    & Q(refunded_fen__gte=0)
                    & Q(refunded_fen__lte=F("paid_fen"))
                    & Q(released_fen__gte=0)
                ),
                name="order_amounts_sane",
            ),
            models.CheckConstraint(
                condition=Q(provenance="declared", external_no__isnull=False, channel="declared")
                | (Q(provenance="market", buyer__isnull=False) & ~Q(channel="declared")),
                name="order_provenance_sane",
            ),
            models.CheckConstraint(
                condition=Q(buyer__isnull=True) | ~Q(buyer=F("seller")), name="order_of_two"
            ),
        ]
        indexes = [
            # The tabs of a seller: their pages, and the numbers beside them.
            models.Index(
                fields=["seller", "provenance", "status", "-placed_at", "-id"],
                name="order_seller_tab",
            ),
            models.Index(fields=["buyer", "status", "-placed_at"], name="order_buyer_desk"),
            models.Index(fields=["seller", "placed_at"], name="order_seller_time"),
            models.Index(fields=["buyer", "placed_at"], name="order_buyer_time"),
            models.Index(fields=["seller", "paid_at"], name="order_seller_paid"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def covered_fen(self) -> int:
        """What is paid or promised, refunds not taken off."""
        return self.paid_fen + self.promised_fen

    @property
    def subject(self) -> str:
        return f"order:{self.number}"


class OrderLine(models.Model):
    """One line of an order, as it was when ordered. `position` is its ordinal, from 1."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("货品")
        CANCELLATION = "cancellation", _("取消")
        CORRECTION = "correction", _("更正")

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.GOODS)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, null=True, related_name="+")
    offer = models.ForeignKey("catalog.Offer", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    spec_text = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    quantity = models.BigIntegerField()
    price_e4 = models.BigIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_once"),
            models.CheckConstraint(
                condition=~Q(kind="goods") | Q(quantity__gt=0), name="goods_line_above_zero"
            ),
        ]


class PriceAdjustment(models.Model):
    """A change of an unpaid order's price by its seller (涨价或折扣), kept with both totals."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="adjustments")
    old_total_fen = models.BigIntegerField()
    new_total_fen = models.BigIntegerField()
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    at = models.DateTimeField()
