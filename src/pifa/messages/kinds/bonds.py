"""Performance bonds: their end, what the insurer paid, what was paid back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import Kind

WHY_BOND = _("您的企业投保了履约保证金险。")

KINDS = (
    Kind(
        code="bond_ends_soon",
        label=_("履约保证金险即将到期"),
        title=_("履约保证金险保到 {until} 前一天"),
        body=_("履约保证金险 {number} 到 {until} 为止。"),
        why=WHY_BOND,
        audience="seller",
        email=True,
        choice="renews",
        bodies={
            "true": _(
                "履约保证金险 {number} 到 {until} 为止，届时自动续保，从余额扣保费 {premium_fen}。"
                "余额不够时改为冻结保证金，也不够时退出买家保障。"
            ),
            "false": _(
                "履约保证金险 {number} 到 {until} 为止，不再续保，届时从余额冻结保证金。"
                "余额不够时退出买家保障。续保一年的保费是 {premium_fen}。"
            ),
        },
    ),
    Kind(
        code="bond_ended",
        label=_("履约保证金险期满"),
        title=_("履约保证金险 {number} 期满"),
        body=_("履约保证金险 {number} 已结束。"),
        why=WHY_BOND,
        audience="seller",
        email=True,
        choice="outcome",
        bodies={
            "renewed": _("履约保证金险 {number} 已续保一年，保费 {amount_fen} 从余额支付。"),
            "refrozen": _(
                "履约保证金险 {number} 已结束，从余额冻结了保证金 {amount_fen}，买家保障继续有效。"
            ),
            "lapsed": _(
                "履约保证金险 {number} 到期未续，余额不够冻结保证金，贵企业已退出买家保障。"
                "补足后可以重新加入。"
            ),
        },
    ),
    Kind(
        code="bond_claimed",
        label=_("履约保证金险赔付"),
        title=_("保险公司代付了 {amount_fen} 退款"),
        body=_(
            "一笔退款中贵企业余额不足的 {amount_fen} 由履约保证金险 {number} 赔付。"
            "贵企业现在欠保险公司 {debt_fen}，之后的进账会先用来偿还。"
        ),
        why=WHY_BOND,
        audience="seller",
        email=True,
    ),
    Kind(
        code="recourse_paid",
        label=_("偿还保险赔付款"),
        title=_("已偿还保险公司 {amount_fen}"),
        body=_("进账先偿还了保险公司赔付的退款 {amount_fen}，还欠 {left_fen}。"),
        why=WHY_BOND,
        audience="seller",
    ),
)
