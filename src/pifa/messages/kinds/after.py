"""Money back, disputes, and what operators decide on an order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_BUYER, WHY_ORDER, WHY_SELLER, Kind

KINDS = (
    Kind(
        code="refund_asked",
        label=_("买家申请退款"),
        title=_("订单 {number} 申请退款"),
        body=_("买家就订单 {number} 申请退款 {asked_fen}，请在时限内答复，逾期视为同意。"),
        why=WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="refund_answered",
        label=_("退款申请有答复"),
        title=_("订单 {number} 的退款申请有答复"),
        body=_("订单 {number} 的退款申请有了新的进展，请查看详情。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
        choice="accepted",
        bodies={
            "true": _("订单 {number} 的退款申请已获同意，请按页面提示完成后续步骤。"),
            "false": _("订单 {number} 的退款申请被拒绝。您可以与卖家协商，或申请平台介入。"),
        },
    ),
    Kind(
        code="refund_paid",
        label=_("退款已到账"),
        title=_("订单 {number} 已退款"),
        body=_("订单 {number} 已退款 {amount_fen}，按原付款方式退回买家。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="unshipped_refunded",
        label=_("逾期未发货退款"),
        title=_("订单 {number} 逾期未发货，已全额退款"),
        body=_("卖家没有在期限内发货，订单 {number} 的 {amount_fen} 已按原付款方式退回买家。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="dispute_opened",
        label=_("申请平台介入"),
        title=_("订单 {number} 有一起纠纷"),
        body=_("买家就订单 {number} 申请平台介入，请尽快说明情况并提供凭证。"),
        why=WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="dispute_ruled",
        label=_("纠纷已裁决"),
        title=_("订单 {number} 的纠纷已裁决"),
        body=_("平台已就订单 {number} 的纠纷作出裁决，请查看详情。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
        choice="verdict",
        bodies={
            "buyer": _("平台就订单 {number} 的纠纷支持买家，退款 {amount_fen}。"),
            "partly": _("平台就订单 {number} 的纠纷部分支持买家，退款 {amount_fen}。"),
            "seller": _("平台就订单 {number} 的纠纷支持卖家，不退款。"),
            "withdrawn": _("买家撤回了订单 {number} 的纠纷。"),
        },
    ),
    Kind(
        code="first_order_decided",
        label=_("首单赔付结果"),
        title=_("订单 {number} 的首单赔付申请有结果"),
        body=_("订单 {number} 的首单赔付申请已审核，请查看详情。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
        choice="approved",
        bodies={
            "true": _("订单 {number} 的首单赔付已通过，{paid_fen} 已进入您的余额。"),
            "false": _("订单 {number} 的首单赔付未通过：{reason}"),
        },
    ),
    Kind(
        code="order_ruled",
        label=_("订单被裁定为虚假交易"),
        title=_("订单 {number} 被裁定为虚假交易"),
        body=_(
            "平台裁定订单 {number} 为虚假交易：{reason} 它不再计入任何销售和采购指标；"
            "订单本身和款项不受影响。卖家可以在订单页申诉一次。"
        ),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="ruling_taken_back",
        label=_("虚假交易裁定已撤销"),
        title=_("订单 {number} 的裁定已撤销"),
        body=_("平台撤销了对订单 {number} 的虚假交易裁定：{reason} 它重新计入各项指标。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
)
