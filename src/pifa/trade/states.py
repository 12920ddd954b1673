"""The life of an order and of a refund case, as tables: states, verbs, who, what is announced.

Commands ask these tables whether a verb is possible; pages ask them which buttons to show;
`pifa docs` draws `docs/states.md` from them.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import SAME, StateTable, Transition

BUYER, SELLER, OPERATOR, MARKET, CARRIER = "buyer", "seller", "operator", "market", "carrier"
"""Who acts. *market*: by itself, at a deadline or because money came or went. *carrier*: moves
parcels, never an order."""


class OrderStatus(TextChoices):
    """States of an order."""

    AWAITING_PAYMENT = "awaiting_payment", _("待付款")
    IN_PRODUCTION = "in_production", _("生产中")
    AWAITING_BALANCE = "awaiting_balance", _("待付尾款")
    AWAITING_SHIPMENT = "awaiting_shipment", _("待发货")
    AWAITING_RECEIPT = "awaiting_receipt", _("待收货")
    IN_REFUND = "in_refund", _("退款退货中")
    AWAITING_REVIEW = "awaiting_review", _("待评价")
    COMPLETED = "completed", _("交易成功")
    CLOSED = "closed", _("交易关闭")


class RefundState(TextChoices):
    """States of a refund case."""

    ASKED = "asked", _("等待卖家处理")
    RETURNING = "returning", _("等待买家退货")
    RETURNED = "returned", _("等待卖家确认退货")
    REFUSED = "refused", _("卖家已拒绝")
    DISPUTED = "disputed", _("平台介入中")
    WITHDRAWN = "withdrawn", _("买家已撤销")
    DISMISSED = "dismissed", _("平台未支持")
    PAID = "paid", _("已退款")


ENDED_REFUNDS = (RefundState.WITHDRAWN, RefundState.DISMISSED, RefundState.PAID)
"""States in which a refund case no longer holds its order."""


class ParcelState(TextChoices):
    """States of a parcel, as its carrier tells them."""

    HANDED_OVER = "handed_over", _("已交承运商")
    ACCEPTED = "accepted", _("已揽收")
    IN_TRANSIT = "in_transit", _("运输中")
    OUT_FOR_DELIVERY = "out_for_delivery", _("派送中")
    DELIVERED = "delivered", _("已送达")
    RETURNED = "returned", _("已退回发件人")
    LOST = "lost", _("遗失")


ENDED_PARCELS = (ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.LOST)
"""States after which a carrier has nothing more to tell."""

ON_THE_WAY = tuple(state for state in ParcelState if state not in ENDED_PARCELS)

_S = OrderStatus
ORDER = StateTable(
    name="order",
    states=dict(OrderStatus.choices),
    initial=_S.AWAITING_PAYMENT.value,
    transitions=(
        Transition(
            "adjust_price",
            _("改价"),
            (_S.AWAITING_PAYMENT, _S.IN_PRODUCTION, _S.AWAITING_BALANCE),
            SAME,
            (SELLER,),
            "order.price_adjusted",
        ),
        Transition(
            "pay",
            _("付款"),
            (_S.AWAITING_PAYMENT,),
            _S.AWAITING_SHIPMENT,
            (BUYER,),
            "order.paid",
        ),
        Transition(
            "cancel",
            _("取消订单"),
            (_S.AWAITING_PAYMENT,),
            _S.CLOSED,
            (BUYER,),
            "order.closed",
        ),
        Transition(
            "close",
            _("关闭交易"),
            (_S.AWAITING_PAYMENT,),
            _S.CLOSED,
            (SELLER,),
            "order.closed",
        ),
        Transition(
            "expire",
            _("逾期未付关闭"),
            (_S.AWAITING_PAYMENT,),
            _S.CLOSED,
            (MARKET,),
            "order.closed",
        ),
        Transition(
            "pay_deposit",
            _("付定金"),
            (_S.AWAITING_PAYMENT,),
            _S.IN_PRODUCTION,
            (MARKET,),
            "order.production_begun",
        ),
        Transition(
            "note_progress",
            _("发布生产进度"),
            (_S.IN_PRODUCTION,),
            _S.IN_PRODUCTION,
            (SELLER,),
            "order.production_noted",
        ),
        Transition(
            "finish_production",
            _("完成生产"),
            (_S.IN_PRODUCTION,),
            _S.AWAITING_BALANCE,
            (SELLER,),
            "order.production_finished",
        ),
        Transition(
            "pay_balance_early",
            _("提前付尾款"),
            (_S.IN_PRODUCTION,),
            _S.IN_PRODUCTION,
            (BUYER,),
            "order.paid",
        ),
        Transition(
            "pay_balance",
            _("付尾款"),
            (_S.AWAITING_BALANCE,),
            _S.AWAITING_SHIPMENT,
            (BUYER,),
            "order.paid",
        ),
        Transition(
            "cancel_late",
            _("逾期未完成生产，取消订单"),
            (_S.IN_PRODUCTION,),
            _S.CLOSED,
            (BUYER,),
            "order.closed",
        ),
        Transition(
            "cancel_production",
            _("取消订单并全额退款"),
            (_S.IN_PRODUCTION, _S.AWAITING_BALANCE),
            _S.CLOSED,
            (SELLER,),
            "order.closed",
        ),
        Transition(
            "lapse_production",
            _("长期未完成生产，全额退款"),
            (_S.IN_PRODUCTION,),
            _S.CLOSED,
            (MARKET,),
            "order.closed",
        ),
        Transition(
            "lapse_balance",
            _("逾期未付尾款关闭"),
            (_S.AWAITING_BALANCE,),
            _S.CLOSED,
            (MARKET,),
            "order.closed",
        ),
        Transition(
            "ship",
            _("发货"),
            (_S.AWAITING_SHIPMENT,),
            _S.AWAITING_RECEIPT,
            (SELLER,),
            "order.shipped",
        ),
        Transition(
            "refund_unshipped",
            _("逾期未发货全额退款"),
            (_S.AWAITING_SHIPMENT,),
            _S.CLOSED,
            (MARKET,),
            "order.closed",
        ),
        Transition(
            "confirm_receipt",
            _("确认收货"),
            (_S.AWAITING_RECEIPT,),
            _S.AWAITING_REVIEW,
            (BUYER,),
            "order.received",
        ),
        Transition(
            "receive_by_deadline",
            _("到期自动确认收货"),
            (_S.AWAITING_RECEIPT,),
            _S.AWAITING_REVIEW,
            (MARKET,),
            "order.received",
        ),
        Transition(
            "ask_refund",
            _("申请退款"),
            (
                _S.IN_PRODUCTION,
                _S.AWAITING_BALANCE,
                _S.AWAITING_SHIPMENT,
                _S.AWAITING_RECEIPT,
                _S.AWAITING_REVIEW,
            ),
            _S.IN_REFUND,
            (BUYER,),
            "refund.asked",
        ),
        Transition(
            "refuse_delivery",
            _("门口拒收"),
            (_S.AWAITING_RECEIPT, _S.AWAITING_REVIEW),
            _S.IN_REFUND,
            (MARKET,),
            "order.delivery_refused",
        ),
        Transition(
            "refund_in_part",
            _("部分退款"),
            (_S.IN_REFUND,),
            None,
            (MARKET,),
            "refund.paid",
        ),
        Transition(
            "refund_in_whole",
            _("全额退款"),
            (_S.IN_REFUND,),
            _S.CLOSED,
            (MARKET,),
            "order.closed",
        ),
        Transition(
            "end_refund",
            _("退款结束"),
            (_S.IN_REFUND,),
            None,
            (MARKET,),
            "refund.ended",
        ),
        Transition(
            "write_review",
            _("评价"),
            (_S.AWAITING_REVIEW,),
            _S.COMPLETED,
            (BUYER,),
            "order.completed",
        ),
        Transition(
            "complete_by_deadline",
            _("到期自动完成"),
            (_S.AWAITING_REVIEW,),
            _S.COMPLETED,
            (MARKET,),
            "order.completed",
        ),
    ),
)
"""An order. Leaving *in refund* without a whole refund leads back to where it came from.

Who is paid in stages (PAY-STAGED) goes through production: with the deposit into it, with the
balance out of it. A balance that is paid early waits there; then the end of production leads
through *awaiting balance* at once."""

_R = RefundState
REFUND = StateTable(
    name="refund",
    states=dict(RefundState.choices),
    initial=_R.ASKED.value,
    transitions=(
        Transition("accept", _("同意退款"), (_R.ASKED,), _R.PAID, (SELLER,), "refund.answered"),
        Transition(
            "accept_return",
            _("同意退货"),
            (_R.ASKED,),
            _R.RETURNING,
            (SELLER,),
            "refund.answered",
        ),
        Transition(
            "refuse",
            _("拒绝退款"),
            (_R.ASKED, _R.RETURNED),
            _R.REFUSED,
            (SELLER,),
            "refund.answered",
        ),
        Transition("grant", _("逾期未答自动退款"), (_R.ASKED,), _R.PAID, (MARKET,), "refund.paid"),
        Transition(
            "grant_return",
            _("逾期未答自动同意退货"),
            (_R.ASKED,),
            _R.RETURNING,
            (MARKET,),
            "refund.answered",
        ),
        Transition(
            "send_return",
            _("寄回货物"),
            (_R.RETURNING,),
            _R.RETURNED,
            (BUYER,),
            "refund.return_sent",
        ),
        Transition(
            "confirm_return", _("确认收到退货"), (_R.RETURNED,), _R.PAID, (SELLER,), "refund.paid"
        ),
        Transition(
            "receive_return",
            _("逾期未确认自动退款"),
            (_R.RETURNED,),
            _R.PAID,
            (MARKET,),
            "refund.paid",
        ),
        Transition(
            "withdraw",
            _("撤销退款申请"),
            (_R.ASKED, _R.RETURNING, _R.REFUSED, _R.DISPUTED),
            _R.WITHDRAWN,
            (BUYER,),
            "refund.ended",
        ),
        Transition(
            "lapse",
            _("逾期未处理自动撤销"),
            (_R.RETURNING, _R.REFUSED),
            _R.WITHDRAWN,
            (MARKET,),
            "refund.ended",
        ),
        Transition(
            "open_dispute",
            _("申请平台介入"),
            (_R.REFUSED,),
            _R.DISPUTED,
            (BUYER,),
            "dispute.opened",
        ),
        Transition(
            "answer_dispute",
            _("提交陈述"),
            (_R.DISPUTED,),
            _R.DISPUTED,
            (SELLER,),
            "dispute.answered",
        ),
        Transition(
            "rule_for_buyer",
            _("裁决退款"),
            (_R.DISPUTED,),
            _R.PAID,
            (OPERATOR,),
            "dispute.ruled",
        ),
        Transition(
            "rule_for_seller",
            _("裁决不退款"),
            (_R.DISPUTED,),
            _R.DISMISSED,
            (OPERATOR,),
            "dispute.ruled",
        ),
    ),
)
"""A refund case, from a buyer's request to money back, or to its end without.

One of goods that were refused at the door begins as *returned*, and cannot be refused."""

PARCEL = StateTable(
    name="parcel",
    states=dict(ParcelState.choices),
    initial=ParcelState.HANDED_OVER.value,
    transitions=tuple(
        Transition(verb, state.label, ON_THE_WAY, state.value, (CARRIER,), "parcel.moved")
        for verb, state in (
            ("accept", ParcelState.ACCEPTED),
            ("move", ParcelState.IN_TRANSIT),
            ("take_out", ParcelState.OUT_FOR_DELIVERY),
            ("deliver", ParcelState.DELIVERED),
            ("send_back", ParcelState.RETURNED),
            ("lose", ParcelState.LOST),
        )
    ),
)
"""Carriers tell what they like in what order they like; only an end is the end."""

TABLES = (ORDER, REFUND, PARCEL)
