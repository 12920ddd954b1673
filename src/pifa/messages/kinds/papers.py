"""What goes along with an order on paper: purchase approvals, invoices, credit notes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_BUYER, WHY_SELLER, Kind

KINDS = (
    Kind(
        code="approval_asked",
        label=_("订单等待采购审批"),
        title=_("订单 {number} 等待审批"),
        body=_(
            "订单 {number} 应付 {total_fen}，超过采购额度 {limit_fen}。财务或主账号请在 {pay_by} 前"
            "批准或拒绝，到期未付款订单自动关闭。"
        ),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="approval_decided",
        label=_("采购审批结果"),
        title=_("订单 {number} 的采购审批有结果"),
        body=_("订单 {number} 的采购审批已处理，请查看详情。"),
        why=WHY_BUYER,
        audience="buyer",
        choice="approved",
        bodies={
            "true": _("订单 {number}（{total_fen}）的采购审批已通过，可以付款。"),
            "false": _("订单 {number} 的采购审批未通过，订单已关闭：{reason}"),
        },
    ),
    Kind(
        code="invoice_asked",
        label=_("买家申请开票"),
        title=_("有新的开票申请 {number}"),
        body=_("买家申请开票，抬头“{title}”，涉及 {orders} 个订单。付款完成后请开票并登记。"),
        why=WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="invoice_withdrawn",
        label=_("买家撤回开票申请"),
        title=_("开票申请 {number} 已撤回"),
        body=_("买家撤回了开票申请 {number}，不用再开。"),
        why=WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="invoice_issued",
        label=_("卖家已开票"),
        title=_("开票申请 {number} 已开票"),
        body=_("卖家登记了发票 {invoice_no}，价税合计 {amount_fen}，可以下载。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="invoice_refused",
        label=_("卖家拒绝开票"),
        title=_("开票申请 {number} 被拒绝"),
        body=_("卖家没有开票：{reason} 您可以修改后重新申请。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="invoice_due",
        label=_("开票申请等待处理"),
        title=_("请开票：申请 {number}"),
        body=_("开票申请 {number} 还有 {amount_fen} 没有开票，请开票并登记，或说明原因拒绝。"),
        why=WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="credit_note_due",
        label=_("需要开红字发票"),
        title=_("请开红字发票：申请 {number}"),
        body=_(
            "开票申请 {number} 里已开票的订单退了款，需要红字冲减 {amount_fen}，请在 {due} 前"
            "开具并登记。"
        ),
        why=WHY_SELLER,
        audience="seller",
        email=True,
        choice="overdue",
        bodies={
            "true": _("开票申请 {number} 需要红字冲减 {amount_fen}，已经逾期，请尽快开具并登记。"),
        },
    ),
    Kind(
        code="credit_note_recorded",
        label=_("卖家已开红字发票"),
        title=_("开票申请 {number} 有红字发票"),
        body=_("卖家登记了红字发票 {invoice_no}，冲减 {amount_fen}，可以下载。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
    ),
)
