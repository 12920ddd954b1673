"""Orders from the placing to the review: who has to do what, and what happened."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_BUYER, WHY_ORDER, WHY_SELLER, Kind

KINDS = (
    Kind(
        code="order_placed",
        label=_("新订单"),
        title=_("新订单 {number}"),
        body=_("订单 {number} 应付 {total_fen}，买家尚未付款。您可以在付款前改价或关闭。"),
        why=WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="paid",
        label=_("订单已付款"),
        title=_("订单 {number} 已付款"),
        body=_("订单 {number} 已付 {paid_fen}，货款由平台保管，收货后结算给卖家。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="paid_early",
        label=_("订单已付款，货款提前结算"),
        title=_("订单 {number} 已付款"),
        body=_(
            "订单 {number} 已付 {paid_fen}。卖家使用极速到账，货款已提前结算；"
            "买家申请退款的权利不变。"
        ),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="ship_by",
        label=_("发货时限临近"),
        title=_("请尽快发货：订单 {number}"),
        body=_("订单 {number} 请在 {due} 前发货。逾期会影响您的发货及时率。"),
        why=WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="shipped",
        label=_("卖家已发货"),
        title=_("订单 {number} 已发货"),
        body=_("订单 {number} 已由{carrier}承运，运单号 {tracking_no}。收到货后请确认收货。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="parcel_delivered",
        label=_("包裹已送达"),
        title=_("订单 {number} 的包裹已送达"),
        body=_(
            "{carrier}告知，订单 {number} 的包裹（{tracking_no}）已送达。"
            "点清数量、验过质量后请确认收货；承运商送达不等于您确认收货。"
        ),
        why=WHY_BUYER,
        audience="buyer",
    ),
    Kind(
        code="parcel_astray",
        label=_("包裹退回或遗失"),
        title=_("订单 {number} 的包裹没有送到"),
        body=_(
            "{carrier}告知，订单 {number} 的包裹（{tracking_no}）退回了发件人。请双方联系处理。"
        ),
        why=WHY_ORDER,
        audience="both",
        email=True,
        choice="state",
        bodies={
            "lost": _(
                "{carrier}告知，订单 {number} 的包裹（{tracking_no}）遗失了。请双方联系处理。"
            )
        },
    ),
    Kind(
        code="receive_soon",
        label=_("即将自动确认收货"),
        title=_("订单 {number} 即将自动确认收货"),
        body=_(
            "如果没有问题，订单 {number} 将在 {due} 视为已收货，货款结算给卖家。有问题请先申请退款。"
        ),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="received",
        label=_("已确认收货"),
        title=_("订单 {number} 已确认收货"),
        body=_("订单 {number} 的货款 {released_fen} 已进入卖家余额。"),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="received_early",
        label=_("已确认收货，货款此前已结算"),
        title=_("订单 {number} 已确认收货"),
        body=_("订单 {number} 已确认收货，货款此前已结算给卖家。"),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="price_changed",
        label=_("订单改价"),
        title=_("订单 {number} 的价格已修改"),
        body=_("卖家将订单 {number} 的应付金额由 {old_total_fen} 改为 {new_total_fen}。"),
        choice="explained",
        bodies={
            "true": _(
                "卖家将订单 {number} 的应付金额由 {old_total_fen} 改为 {new_total_fen}，"
                "原因：{reason}"
            )
        },
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="payment_deadline",
        label=_("付款时限临近"),
        title=_("请尽快付款：订单 {number}"),
        body=_("订单 {number} 请在 {due} 前付款，逾期订单将自动关闭，库存释放。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="order_closed",
        label=_("订单已关闭"),
        title=_("订单 {number} 已关闭"),
        body=_("订单 {number} 已关闭。"),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="review_got",
        label=_("收到评价"),
        title=_("订单 {number} 收到评价"),
        body=_("买家给订单 {number} 打了 {stars} 星。您可以回复一次。"),
        why=WHY_SELLER,
        audience="seller",
    ),
)
