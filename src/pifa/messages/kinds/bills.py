"""Acceptance bills: offered, taken or not, honoured or not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_BUYER, WHY_ORDER, WHY_SELLER, Kind

KINDS = (
    Kind(
        code="bill_offered",
        label=_("承兑汇票待签收"),
        title=_("订单 {order} 的承兑汇票待签收"),
        body=_(
            "买家用 {amount_fen} 的承兑汇票付款，{matures_day} 到期。请在 {answer_by} 前签收或拒收，"
            "逾期自动退回。签收后可以发货，到期兑付才收到货款。"
        ),
        why=WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="bill_to_ship",
        label=_("汇票订单待发货"),
        title=_("订单 {number} 用承兑汇票付款"),
        body=_("订单 {number} 的 {promised_fen} 用承兑汇票付款，到期兑付。请卖家发货。"),
        why=WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="received_by_bill",
        label=_("汇票订单已收货"),
        title=_("订单 {number} 已确认收货"),
        body=_("订单 {number} 已确认收货，承兑汇票 {promised_fen} 到期兑付后结算给卖家。"),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="bill_accepted",
        label=_("承兑汇票已签收"),
        title=_("卖家已签收订单 {order} 的承兑汇票"),
        body=_("{amount_fen} 的承兑汇票已签收，{presents_day} 由银行提示付款。订单等待卖家发货。"),
        why=WHY_BUYER,
        audience="buyer",
    ),
    Kind(
        code="bill_not_taken",
        label=_("承兑汇票没有被签收"),
        title=_("订单 {order} 的承兑汇票没有付成"),
        body=_("{amount_fen} 的承兑汇票没有被采用：{reason}。请用其他方式付款，或另开一张。"),
        choice="how",
        bodies={
            "refused": _(
                "卖家拒收了 {amount_fen} 的承兑汇票：{reason}。汇票已退回，请用其他方式付款。"
            ),
            "expired": _("{amount_fen} 的承兑汇票逾期没有被签收，已退回。请用其他方式付款。"),
            "failed": _("银行没有开具 {amount_fen} 的承兑汇票：{reason}。请用其他方式付款。"),
        },
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="bill_returned",
        label=_("承兑汇票已退票"),
        title=_("订单 {order} 的承兑汇票已退票"),
        body=_("订单的款项已在到期前全部退款，{amount_fen} 的承兑汇票退回买家，不再提示付款。"),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="bill_honoured",
        label=_("承兑汇票已兑付"),
        title=_("订单 {order} 的承兑汇票已兑付"),
        body=_(
            "{amount_fen} 的承兑汇票已兑付：{kept_fen} 付给卖家，到期前退款的 {rest_fen} 进入买家余额。"
        ),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="bill_dishonoured",
        label=_("承兑汇票被拒付"),
        title=_("订单 {order} 的承兑汇票被拒付"),
        body=_(
            "承兑人没有付款：{reason}。还欠 {owed_fen}，请用其他方式支付；付清之前不能再用汇票付款。"
        ),
        choice="side",
        bodies={
            "seller": _(
                "承兑人没有付款：{reason}。买家仍欠 {owed_fen}，可以用其他方式支付。您可以联系买家催付，"
                "付清或免除之前，没有发货的订单不能发货；也可以在订单页免除这笔款。"
            ),
        },
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="bill_cleared",
        label=_("拒付汇票已了结"),
        title=_("订单 {order} 的拒付汇票已了结"),
        body=_("{amount_fen} 的承兑汇票不再欠款。"),
        why=WHY_ORDER,
        audience="both",
    ),
)
