"""What trade refuses, in words a person can act on and with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class InvalidQuantity(DomainError):
    """A quantity that cannot be ordered at all."""

    code = "trade.invalid_quantity"
    status = 422
    message = _("数量必须是 1 到 {limit} 之间的整数，您填写的是 {quantity}。")


class NothingToOrder(DomainError):
    """A checkout without lines, or with too many."""

    code = "trade.nothing_to_order"
    status = 422
    message = _("请选择 1 到 {limit} 行货品后再下单，现在选了 {lines} 行。")


class TooManySellers(DomainError):
    """A checkout over more sellers than one request takes."""

    code = "trade.too_many_sellers"
    status = 422
    message = _("一次最多向 {limit} 个卖家下单，现在选了 {sellers} 个，请分次结算。")


class NotForSale(DomainError):
    """An offer or SKU that is not (or no longer) on sale to this buyer."""

    code = "trade.not_for_sale"
    message = _("“{title}”已下架或不再供货，请从进货单移除后再结算。")


class OwnGoods(DomainError):
    """A company tried to buy from itself."""

    code = "trade.own_goods"
    message = _("“{title}”是本企业的货品，不能向自己下单。")


class PriceChanged(DomainError):
    """The total is no longer the one the buyer saw."""

    code = "trade.price_changed"
    message = _("价格已变化：您看到的总额是 {shown}，现在是 {total}。请核对后重新提交。")


class WayNotAgreed(DomainError):
    """An order cannot be paid as its buyer chose with it; figures: seller, seller_id, method, why,
    and those of the method's own refusal."""

    code = "trade.way_not_agreed"
    message = _("{seller} 的订单不能用“{method}”支付：{why}")


class AddressGone(DomainError):
    """The address is not (or no longer) in the company's book."""

    code = "trade.address_gone"
    status = 422
    message = _("收货地址不存在或已删除，请重新选择。")


class ListFull(DomainError):
    """A purchase list holds no more lines."""

    code = "trade.list_full"
    message = _("进货单最多 {limit} 行，请先结算或移除一些货品。")


class InvalidTotal(DomainError):
    """A new total that an order cannot have."""

    code = "trade.invalid_total"
    status = 422
    message = _("新的应付总额必须大于 ¥0.00 且不超过 {limit}，您填写的是 {total}。")


class InvalidAmount(DomainError):
    """An amount that cannot be refunded."""

    code = "trade.invalid_refund_amount"
    status = 422
    message = _("退款金额必须大于 ¥0.00 且不超过可退金额 {limit}，您填写的是 {amount}。")


class MissingText(DomainError):
    """A text that must be given is empty or too long."""

    code = "trade.missing_text"
    status = 422
    message = _("请填写{what}（1 到 {limit} 个字）。")


class TextTooLong(DomainError):
    """An optional text is too long."""

    code = "trade.text_too_long"
    status = 422
    message = _("{what}最多 {limit} 个字，现在有 {length} 个。")


class InvalidStars(DomainError):
    """A rating outside one to five."""

    code = "trade.invalid_stars"
    status = 422
    message = _("评分必须是 1 到 5 星，您选的是 {stars}。")


class AlreadyAnswered(DomainError):
    """A review was answered before."""

    code = "trade.already_answered"
    message = _("这条评价已经回复过，只能回复一次。")


class DeclaredOrder(DomainError):
    """A declared order is a record; nothing can be done with it."""

    code = "trade.declared_order"
    message = _("这是导入的历史订单，只供查阅，不能操作。")


class TooManyOrders(DomainError):
    """A batch with more orders than one request takes."""

    code = "trade.too_many_orders"
    status = 422
    message = _("一次最多处理 {limit} 个订单，现在选了 {count} 个。")


class ProductionNotLate(DomainError):
    """The buyer may leave an order in production only when it is late; figures: since."""

    code = "trade.production_not_late"
    message = _("卖家还在生产期限内，{since} 之后仍未完成才可以取消；现在可以申请退款。")


class NotTheFirstOrder(DomainError):
    """First-order protection covers the buyer's first paid order only; figures: number."""

    code = "trade.not_the_first_order"
    message = _("首单交易无忧只保障贵企业在平台的第一笔已付款订单，订单 {number} 不是。")


class NothingToClaim(DomainError):
    """Nothing of this kind went wrong with the order, or the time to claim it has passed."""

    code = "trade.nothing_to_claim"
    message = _("这笔订单没有可以申请的损失，或已超过申请期限。")


class AlreadyClaimed(DomainError):
    """First-order protection is claimed once."""

    code = "trade.already_claimed"
    message = _("首单赔付只能申请一次，您已经申请过了。")
