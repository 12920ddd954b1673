"""What can be wrong with goods, quantities and stock; each with its figures and its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class QuantityProblem(DomainError):
    """Why a quantity cannot be ordered as it stands. `rules.price_offer` lists these."""

    code = "catalog.quantity"
    status = 422


class BadQuantity(QuantityProblem):
    """Zero, negative or absurd. Figures: sku_id, quantity, limit."""

    code = "catalog.bad_quantity"
    message = _("“{name}”的数量 {quantity} 无效，请填写 1 到 {limit} 之间的整数。")


class BelowMoq(QuantityProblem):
    """Fewer pieces over all SKUs of the offer than its MOQ. `smallest` can be ordered."""

    code = "catalog.below_moq"
    message = _(
        "“{title}”起批量为 {moq}{unit}（各规格合计），现在共 {quantity}{unit}，"
        "请再加 {missing}{unit}，达到 {smallest}{unit}。"
    )


class NotMultiple(QuantityProblem):
    """The pieces over all SKUs of the offer are not a whole multiple. `upper` can be ordered."""

    code = "catalog.not_multiple"
    message = _(
        "“{title}”须按 {multiple}{unit} 的倍数订购（各规格合计），现在共 {quantity}{unit}，"
        "请改为 {lower}{unit} 或 {upper}{unit}。"
    )


class NotMultipleUp(NotMultiple):
    """The same where only more pieces help: fewer would be below the MOQ."""

    message = _(
        "“{title}”须按 {multiple}{unit} 的倍数订购（各规格合计），现在共 {quantity}{unit}，"
        "请改为 {upper}{unit}。"
    )


class AboveStock(QuantityProblem):
    """More pieces of a SKU than can be bought. Figures: sku_id, wanted, available."""

    code = "catalog.above_stock"
    status = 409
    message = _(
        "“{name}”可售 {available}{unit}，现在要 {wanted}{unit}，请减少到 {available}{unit}。"
    )


class SoldOut(AboveStock):
    """Nothing of a SKU is left."""

    code = "catalog.sold_out"
    message = _("“{name}”已售完，请移除或选择其他规格。")


class SkuInactive(QuantityProblem):
    """The seller no longer sells this SKU."""

    code = "catalog.sku_inactive"
    status = 409
    message = _("“{name}”已停售，请移除或选择其他规格。")


class OfferOffline(QuantityProblem):
    """The offer is not for sale at present."""

    code = "catalog.offer_offline"
    status = 409
    message = _("“{title}”已下架，暂时不能订购，请移除。")


class UnknownSku(QuantityProblem):
    """A SKU that the offer does not have."""

    code = "catalog.unknown_sku"
    status = 404
    message = _("“{title}”没有这个规格（{sku_id}），请刷新页面后重新选择。")


class AmountTooLarge(QuantityProblem):
    """The amount is beyond what one order can be paid with."""

    code = "catalog.amount_too_large"
    message = _("“{title}”的金额超过单笔上限 {limit}，请分几次下单。")


class AmountTooSmall(QuantityProblem):
    """The pieces together cost less than half a fen."""

    code = "catalog.amount_too_small"
    message = _("“{title}”的金额不足一分钱，无法付款，请增加数量。")


class NotDelivered(DomainError):
    """A freight template has no charge for a region. Figures: region, template."""

    code = "catalog.not_delivered"
    status = 422
    message = _("卖家的运费模板“{template}”不支持配送到{region}。请更换收货地址，或联系卖家。")


class Shortage(NamedTuple):
    """A SKU of which fewer pieces can be bought than are wanted."""

    sku_id: int
    name: str
    wanted: int
    available: int


class OutOfStock(DomainError):
    """Pieces could not be reserved; nothing was. Figures: `shortages`, one per SKU."""

    code = "catalog.out_of_stock"
    message = _("库存不足，没有占用任何库存：{names}。请减少数量后重试。")

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__(shortages=[shortage._asdict() for shortage in shortages])

    def __str__(self) -> str:
        one = _("{name}（要 {wanted}，可售 {available}）")
        names = "；".join(str(one).format(**shortage._asdict()) for shortage in self.shortages)
        return str(self.message).format(names=names)


class StockMismatch(DomainError):
    """More pieces were to be released or shipped than are reserved: a fault of the caller."""

    code = "catalog.stock_mismatch"
    message = _("SKU {sku_ids} 的占用库存与要处理的数量不符，没有改动任何库存。请联系平台客服。")


class StockBelowReserved(DomainError):
    """Stock was to be set below what orders have reserved."""

    code = "catalog.stock_below_reserved"
    message = _(
        "“{name}”已有 {reserved} 件被订单占用，库存不能改为 {stock}。请填写不小于 {reserved} 的数。"
    )


class NoShop(DomainError):
    """Goods are sold in a shop; this company has none."""

    code = "catalog.no_shop"
    message = _("还没有开通店铺。请先在卖家中心开店，再提交货品。")


class ShopExists(DomainError):
    """A company has one shop."""

    code = "catalog.shop_exists"
    message = _("您的企业已经有店铺“{name}”，可以直接修改店铺资料。")


class ChangedMeanwhile(DomainError):
    """The offer was edited after the reviewer opened it."""

    code = "catalog.changed_meanwhile"
    message = _("卖家在您打开之后修改了这个货品，审核没有生效。请刷新页面，看过新内容后再审核。")


class ReasonNeeded(DomainError):
    """A refusal says why."""

    code = "catalog.reason_needed"
    status = 422
    message = _("请写明理由（300 字以内），卖家会看到它。")


class TemplateInUse(DomainError):
    """A freight template that offers still use."""

    code = "catalog.template_in_use"
    message = _("运费模板“{name}”还有 {count} 个货品在使用，请先为它们换一个模板。")


class ReviewNeeded(DomainError):
    """What everybody may see, or what was refused before, goes on sale by a review only."""

    code = "offer.review_needed"
    status = 409
    message = _("公开的货品，或者被驳回、被下架过的货品，要审核通过才能上架，请提交审核。")
