"""Cash on delivery: what carriers collected, brought, or should have."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_ORDER, WHY_SELLER, Kind

KINDS = (
    Kind(
        code="cash_promised",
        label=_("货到付款订单待发货"),
        title=_("订单 {number} 货到付款"),
        body=_("订单 {number} 的 {promised_fen} 货到付款，由承运商送到时代收。请卖家发货。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="received_cash",
        label=_("货到付款订单已收货"),
        title=_("订单 {number} 已确认收货"),
        body=_("订单 {number} 已确认收货，货到付款 {promised_fen}，承运商回款后结算给卖家。"),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="cash_collected",
        label=_("承运商已代收"),
        title=_("订单 {order} 已送达并代收"),
        body=_("{carrier} 已送达并代收 {amount_fen}，最迟 {remit_by_day} 回款。"),
        choice="less",
        bodies={
            "true": _(
                "{carrier} 已送达，只代收到 {amount_fen}，还差 {rest_fen}。"
                "买家可以在订单页改用其他方式支付，卖家也可以免除。"
            ),
        },
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="cash_refused",
        label=_("门口拒收"),
        title=_("订单 {order} 在门口被拒收"),
        body=_(
            "{carrier} 报告订单 {order} 被拒收，{amount_fen} 不再收取。"
            "货物退回卖家，卖家确认收到后订单关闭，不欠任何款项。"
        ),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="cash_remitted",
        label=_("承运商已回款"),
        title=_("订单 {order} 的代收款已回款"),
        body=_("{carrier} 已回款 {amount_fen}，手续费 {fee_fen}，还有 {left_fen} 待回款。"),
        why=WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="cash_found",
        label=_("代收款有差异"),
        title=_("订单 {order} 的代收款有差异"),
        body=_("应有 {expected_fen}，实有 {found_fen}，平台正在与承运商核对。"),
        choice="what",
        bodies={
            "late": _("{carrier} 代收的 {expected_fen} 已过最迟回款日，还没有回款。"),
            "missing": _("{carrier} 这次回款漏了这一单，代收的 {expected_fen} 还没有回款。"),
            "short": _("{carrier} 代收 {expected_fen}，只回款 {found_fen}，其余仍由承运商欠着。"),
            "silent": _("{carrier} 一直没有报告派送结果，待代收 {expected_fen}。"),
        },
        why=WHY_SELLER,
        audience="seller",
        email=True,
    ),
)
