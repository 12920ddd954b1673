"""Orders that are paid in parts and in stages: deposit, production, balance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_BUYER, WHY_ORDER, Kind

KINDS = (
    Kind(
        code="paid_part",
        label=_("订单付了一笔"),
        title=_("订单 {number} 付了一笔"),
        body=_("订单 {number} 付了一笔 {paid_fen}，由平台保管；还有 {left_fen} 没有付。"),
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="deposit_paid",
        label=_("定金已付，开始生产"),
        title=_("订单 {number} 的定金已付清"),
        body=_(
            "订单 {number} 的定金 {deposit_fen} 已付清，由平台保管。卖家须在 {produce_by} "
            "前完成生产，之后付尾款 {balance_fen}。"
        ),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="balance_paid",
        label=_("尾款已付清"),
        title=_("订单 {number} 的尾款已付清"),
        body=_("订单 {number} 的尾款已付清，这一笔 {paid_fen}，货款由平台保管，收货后结算给卖家。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="production_noted",
        label=_("生产有进展"),
        title=_("订单 {number} 的生产进度：{percent}%"),
        body=_("卖家更新了订单 {number} 的生产进度：{percent}%。图片和说明在订单页。"),
        why=WHY_BUYER,
        audience="buyer",
    ),
    Kind(
        code="production_finished",
        label=_("完成生产，请付尾款"),
        title=_("订单 {number} 已完成生产"),
        body=_("订单 {number} 已完成生产，请在 {due} 前付清尾款 {balance_fen}，付清后发货。"),
        why=WHY_BUYER,
        audience="buyer",
        email=True,
        choice="paid_early",
        bodies={"true": _("订单 {number} 已完成生产，尾款已经付清，等待卖家发货。")},
    ),
    Kind(
        code="production_due",
        label=_("生产期限临近"),
        title=_("订单 {number} 即将到生产期限"),
        body=_("订单 {number} 须在 {due} 前完成生产。逾期仍未完成，买家可以取消订单并全额退款。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="production_late",
        label=_("生产已逾期"),
        title=_("订单 {number} 生产逾期"),
        body=_("订单 {number} 应在 {due} 前完成生产，现在仍未完成，买家可以取消订单并全额退款。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="balance_due",
        label=_("尾款即将到期"),
        title=_("订单 {number} 的尾款即将到期"),
        body=_("订单 {number} 的尾款须在 {due} 前付清，逾期订单关闭，定金按约定处理。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="balance_lapsed",
        label=_("逾期未付尾款，订单关闭"),
        title=_("订单 {number} 逾期未付尾款，已关闭"),
        body=_("订单 {number} 逾期未付尾款，已关闭。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
        choice="keeper",
        bodies={
            "seller": _(
                "订单 {number} 逾期未付尾款，已关闭。定金 {kept_fen} 按约定归卖家，"
                "另有 {refunded_fen} 退回买家。"
            ),
            "buyer": _("订单 {number} 逾期未付尾款，已关闭。{refunded_fen} 按约定退回买家。"),
        },
    ),
    Kind(
        code="production_cancelled",
        label=_("生产中的订单取消"),
        title=_("订单 {number} 已取消，全额退款"),
        body=_("订单 {number} 已取消，{amount_fen} 已按原付款方式退回买家。"),
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
)
