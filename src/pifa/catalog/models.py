"""What is for sale, by whom, at which prices, and what it costs to send."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Length
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class MedalSystem(models.TextChoices):
    """Which trade medal table a shop is measured by (`MEDAL-*`)."""

    CONSUMER_1 = "consumer_1", _("消费品一")
    CONSUMER_2 = "consumer_2", _("消费品二")
    NON_CONSUMER = "non_consumer", _("非消费品")


class Department(models.TextChoices):
    """Which side of the key-account programme a shop belongs to (`ENTRY-*`)."""

    CONSUMER = "consumer", _("消费品")
    NON_CONSUMER = "non_consumer", _("非消费品")


class Category(models.Model):
    """A node of the category tree. Medal system and department are set on top-level ones."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(_("类目"), max_length=40)
    name_en = models.CharField(max_length=60)
    medal_system = models.CharField(max_length=12, choices=MedalSystem.choices)
    department = models.CharField(max_length=12, choices=Department.choices)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("类目")
        verbose_name_plural = _("类目")

    def __str__(self) -> str:
        in_english = (get_language() or "").startswith("en")
        return self.name_en if in_english and self.name_en else self.name


class Shop(models.Model):
    """A seller's shop. Its main category decides medal system and department."""

    company = models.OneToOneField("parties.Company", models.PROTECT, related_name="shop")
    name = models.CharField(_("店铺名称"), max_length=60)
    slug = models.SlugField(unique=True, max_length=60)
    main_category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    introduction = models.TextField(_("店铺介绍"), max_length=2000, blank=True)
    announcement = models.CharField(_("店铺公告"), max_length=200, blank=True)
    mobile_open = models.BooleanField(_("已开通无线旺铺"), default=False)
    opened_at = models.DateTimeField(_("开店时间"))

    class Meta:
        verbose_name = _("店铺")
        verbose_name_plural = _("店铺")

    def __str__(self) -> str:
        return self.name


class FreightTemplate(models.Model):
    """How a seller charges freight; zones say how much where."""

    class Basis(models.TextChoices):
        FREE = "free", _("包邮")
        WEIGHT = "weight", _("按重量")
        PIECES = "pieces", _("按件数")

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="freight_templates")
    name = models.CharField(_("模板名称"), max_length=60)
    basis = models.CharField(_("计费方式"), max_length=7, choices=Basis.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "name"], name="freight_template_name_once")
        ]


class FreightZone(models.Model):
    """Regions and their charge: the first units, then each further step of units begun.

    Units are grams or pieces by the template's basis. Empty regions: everywhere else.
    """

    template = models.ForeignKey(FreightTemplate, models.CASCADE, related_name="zones")
    regions = models.JSONField(default=list)
    first_units = models.PositiveIntegerField()
    first_fen = models.BigIntegerField()
    step_units = models.PositiveIntegerField()
    step_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_fen__gte=0) & Q(step_fen__gte=0) & Q(step_units__gt=0),
                name="freight_charges_sane",
            )
        ]


class Picture(models.Model):
    """A cleaned picture, stored once a seller by content."""

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="pictures")
    file = models.FileField(upload_to="pictures/")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "sha256"], name="picture_once")]


class Offer(models.Model):
    """A listing: SKUs, price breaks, minimum order quantity."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IN_REVIEW = "in_review", _("审核中")
        ONLINE = "online", _("销售中")
        OFFLINE = "offline", _("已下架")
        REJECTED = "rejected", _("审核未通过")
        TAKEN_DOWN = "taken_down", _("违规下架")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("公开")
        PRIVATE = "private", _("仅私域客户")

    class Scene(models.TextChoices):
        STOCK = "stock", _("现货")
        CUSTOM = "custom", _("定制加工")
        PRE_SALE = "pre_sale", _("预售")

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="offers")
    category = models.ForeignKey(Category, models.PROTECT, related_name="offers")
    code = models.CharField(_("货号"), max_length=60)
    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("英文标题"), max_length=200, blank=True)
    description = models.TextField(_("详情"), max_length=20_000, blank=True)
    attributes = models.JSONField(_("规格参数"), default=list, help_text="[[name, value], …]")
    unit = models.CharField(_("单位"), max_length=10, default="件")
    moq = models.PositiveIntegerField(_("起批量"), default=1)
    multiple = models.PositiveIntegerField(_("倍数"), default=1)
    freight_template = models.ForeignKey(
        FreightTemplate, models.PROTECT, null=True, related_name="offers"
    )
    visibility = models.CharField(
        _("可见范围"), max_length=7, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    scene = models.CharField(_("场景"), max_length=8, choices=Scene.choices, default=Scene.STOCK)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    state_reason = models.CharField(_("理由"), max_length=300, blank=True)
    unreviewed = models.BooleanField(
        default=False, help_text="went on sale to customers without a review"
    )
    min_price_e4 = models.BigIntegerField(default=0, help_text="projection for lists")
    max_price_e4 = models.BigIntegerField(default=0, help_text="projection for lists")
    sold_quantity = models.BigIntegerField(default=0, help_text="projection: pieces paid for")
    boost = models.PositiveSmallIntegerField(default=0, help_text="projection of the grant, 0–99")
    rank = models.GeneratedField(
        # Sales of one order of magnitude are equal conditions; there the boost decides.
        expression=(Length(Cast("sold_quantity", models.CharField())) * 100 + F("boost"))
        * Value(10**12, output_field=models.BigIntegerField())
        + F("sold_quantity"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    online_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("货品")
        verbose_name_plural = _("货品")
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="offer_code_once"),
            models.CheckConstraint(
                condition=Q(moq__gt=0) & Q(multiple__gt=0), name="offer_moq_above_zero"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "taken_down"]) | ~Q(state_reason=""),
                name="offer_refusal_says_why",
            ),
            models.CheckConstraint(condition=Q(boost__lt=100), name="offer_boost_in_its_place"),
            models.CheckConstraint(
                condition=Q(unreviewed=False)
                | Q(visibility="private")
                | ~Q(state__in=["online", "offline"]),
                name="offer_public_is_reviewed",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "visibility", "category"], name="offer_browse"),
            models.Index(fields=["seller", "state"], name="offer_seller"),
        ]

    def __str__(self) -> str:
        return self.title


class StagedTerms(models.Model):
    """The terms of staged payment (PAY-STAGED): a deposit, production, the balance.

    The deposit is a share in hundredths of a per cent or an amount, one of them.
    """

    class Keeper(models.TextChoices):
        SELLER = "seller", _("卖家")
        BUYER = "buyer", _("买家")

    deposit_bp = models.PositiveSmallIntegerField(_("定金比例"), null=True)
    deposit_fen = models.BigIntegerField(_("定金金额"), null=True)
    production_days = models.PositiveSmallIntegerField(_("生产天数"))
    balance_days = models.PositiveSmallIntegerField(_("付尾款天数"))
    keeper = models.CharField(
        _("逾期未付尾款时定金归"),
        max_length=6,
        choices=Keeper.choices,
        default=Keeper.SELLER,
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    deposit_bp__isnull=False,
                    deposit_bp__gte=100,
                    deposit_bp__lte=9_900,
                    deposit_fen__isnull=True,
                )
                | Q(deposit_bp__isnull=True, deposit_fen__isnull=False, deposit_fen__gt=0),
                name="%(class)s_one_deposit",
            ),
            models.CheckConstraint(
                condition=Q(production_days__gt=0) & Q(balance_days__gt=0),
                name="%(class)s_days_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(keeper__in=["seller", "buyer"]), name="%(class)s_keeper_known"
            ),
        ]


class OfferStagedPlan(StagedTerms):
    """How orders of an offer are paid in stages."""

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="staged_plan")


class SellerStagedPlan(StagedTerms):
    """The plan a seller begins with on a new offer."""

    seller = models.OneToOneField("parties.Company", models.PROTECT, related_name="staged_plan")


class OfferPicture(models.Model):
    """A picture in its place on an offer."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "picture"], name="offer_picture_once")
        ]


class Sku(models.Model):
    """One variant of an offer, with its stock. What can be bought is stock − reserved."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="skus")
    code = models.CharField(_("SKU 编码"), max_length=60)
    spec = models.JSONField(_("规格"), default=list, help_text="[[dimension, value], …]")
    spec_text = models.CharField(max_length=120, blank=True)
    stock = models.PositiveIntegerField(_("库存"), default=0)
    reserved = models.PositiveIntegerField(_("已占用"), default=0)
    weight_mg = models.PositiveBigIntegerField(_("单重(毫克)"), default=0)
    active = models.BooleanField(_("启用"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "code"], name="sku_code_once"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("stock")), name="sku_never_oversold"
            ),
        ]


class PriceBreak(models.Model):
    """From a quantity on (over all SKUs of the offer), a SKU's price per piece."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="breaks")
    min_quantity = models.PositiveIntegerField()
    price_e4 = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "min_quantity"], name="price_break_once"),
            models.CheckConstraint(
                condition=Q(price_e4__gt=0) & Q(min_quantity__gt=0), name="price_break_above_zero"
            ),
        ]


class GroupPrice(models.Model):
    """A SKU's price break for a group of its seller's customers, in place of those for all."""

    group = models.ForeignKey("relationships.CustomerGroup", models.CASCADE, related_name="prices")
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="group_prices")
    min_quantity = models.PositiveIntegerField()
    price_e4 = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "group", "min_quantity"], name="group_price_once"
            ),
            models.CheckConstraint(
                condition=Q(price_e4__gt=0) & Q(min_quantity__gt=0), name="group_price_above_zero"
            ),
        ]


class OfferAudience(models.Model):
    """A group that a private offer is meant for; without any it is for every related buyer."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="audience")
    # Protected: an offer whose last group went would be open to every customer.
    group = models.ForeignKey("relationships.CustomerGroup", models.PROTECT, related_name="offers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "group"], name="audience_once")]


class ProhibitedWord(models.Model):
    """A word that offers may not carry, with what it is about."""

    word = models.CharField(_("违禁词"), max_length=40, unique=True)
    reason = models.CharField(_("说明"), max_length=200)

    class Meta:
        verbose_name = _("违禁词")
        verbose_name_plural = _("违禁词")

    def __str__(self) -> str:
        return self.word
