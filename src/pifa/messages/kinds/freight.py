"""Return-freight insurance: an order is insured or could not be, a return was paid, a premium is
back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import Kind

WHY_FREIGHT = _("您的企业有一笔投保了运费险的订单。")

KINDS = (
    Kind(
        code="freight_insured",
        label=_("订单有运费险"),
        title=_("订单 {number} 有运费险"),
        body=_("退货退款成功后，退货运费最高 {insured_fen} 自动赔付到余额，不用申请。"),
        why=WHY_FREIGHT,
        audience="buyer",
    ),
    Kind(
        code="freight_not_insured",
        label=_("余额不够付运费险保费"),
        title=_("订单 {number} 没有投保运费险：余额不够"),
        body=_(
            "您向买家赠送运费险，但余额 {balance_fen} 不够付这笔订单的保费 {premium_fen}，"
            "这笔订单没有投保。请补足余额，或关闭赠送运费险。"
        ),
        why=_("您的企业向买家赠送运费险。"),
        audience="seller",
        email=True,
    ),
    Kind(
        code="freight_not_bought",
        label=_("运费险没有投保"),
        title=_("订单 {number} 没有投保运费险：余额不够"),
        body=_(
            "您为订单 {number} 选了运费险，但付款时余额 {balance_fen} 不够付保费 {premium_fen}，"
            "这笔订单没有投保，也没有收保费。"
        ),
        why=_("您的企业为一笔订单选了运费险。"),
        audience="buyer",
    ),
    Kind(
        code="freight_money_left",
        label=_("连同运费险的付款进入余额"),
        title=_("您付的 {amount_fen} 在余额里"),
        body=_(
            "您为订单 {number} 连同运费险付的 {amount_fen} 到账时，订单已不需要这笔钱，"
            "它在您的余额里，可以付别的订单或提现。"
        ),
        why=_("您的企业为一笔订单选了运费险。"),
        audience="buyer",
        email=True,
    ),
    Kind(
        code="freight_paid_out",
        label=_("运费险赔付"),
        title=_("退货运费 {amount_fen} 已赔付到余额"),
        body=_("订单 {number} 的货已退回、货款已退，运费险赔付的 {amount_fen} 在您的余额里。"),
        why=WHY_FREIGHT,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="freight_given_back",
        label=_("运费险保费退回"),
        title=_("运费险保费 {premium_fen} 已退回余额"),
        body=_("订单 {number} 没有发货就结束了，运费险保费 {premium_fen} 退回余额。"),
        why=WHY_FREIGHT,
        audience="both",
    ),
)
