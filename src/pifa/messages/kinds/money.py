"""A company's money: payments that went back, payouts, collections, debts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_COMPANY, WHY_PAYER, Kind

KINDS = (
    Kind(
        code="payment_returned",
        label=_("付款被退回"),
        title=_("一笔付款已原路退回：{title}"),
        body=_("您为“{title}”付的 {amount_fen} 已原路退回。"),
        why=WHY_PAYER,
        audience="buyer",
        email=True,
        choice="why",
        bodies={
            "paid_already": _("“{title}”已经付清，您多付的 {amount_fen} 已原路退回。"),
            "closed": _("您的付款到账时“{title}”已关闭，{amount_fen} 已原路退回。"),
            "amount_changed": _(
                "您的付款到账前“{title}”的金额已更改，{amount_fen} 已原路退回。请按新的金额付款。"
            ),
        },
    ),
    Kind(
        code="deposit_drawn",
        label=_("保证金被用于退款"),
        title=_("保证金已扣除 {amount_fen}"),
        body=_("一笔退款从您的买家保障保证金扣除了 {amount_fen}，请尽快补足。"),
        why=WHY_COMPANY,
        audience="seller",
        email=True,
    ),
    Kind(
        code="instant_paid",
        label=_("极速到账"),
        title=_("{amount_fen} 已极速到账"),
        body=_("一笔货款 {amount_fen} 已提前结算到您的余额，手续费 {fee_fen}。"),
        why=WHY_COMPANY,
        audience="seller",
    ),
    Kind(
        code="collected",
        label=_("收钱码收款"),
        title=_("收钱码收到 {amount_fen}"),
        body=_("收钱码收到一笔 {amount_fen}，单号 {number}，付款人留言：{note}"),
        why=WHY_COMPANY,
        audience="both",
        choice="noted",
        bodies={"false": _("收钱码收到一笔 {amount_fen}，单号 {number}。")},
    ),
    Kind(
        code="debt_incurred",
        label=_("平台垫付退款"),
        title=_("平台垫付了 {amount_fen} 退款"),
        body=_(
            "一笔极速到账订单的退款中，您的余额和保证金不足的 {amount_fen} 由平台垫付。"
            "您现在欠款 {debt_fen}，之后的进账会先用来偿还。"
        ),
        why=WHY_COMPANY,
        audience="seller",
        email=True,
    ),
    Kind(
        code="debt_paid",
        label=_("偿还平台垫付款"),
        title=_("已偿还平台垫付款 {amount_fen}"),
        body=_("进账先偿还了平台垫付的退款 {amount_fen}，还欠 {left_fen}。"),
        why=WHY_COMPANY,
        audience="seller",
    ),
)
