"""Withdrawals: accounts that a company may be paid out to, agreement, and what the bank did."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import Kind

WHY_WITHDRAWAL = _("这关系到您企业账户里的钱。")

KINDS = (
    Kind(
        code="payee_changed",
        label=_("收款账户变动"),
        title=_("收款账户变动：{bank_name} {masked}"),
        body=_("收款账户 {bank_name} {masked} 有变动。不是贵企业的人做的，请马上联系平台。"),
        why=WHY_WITHDRAWAL,
        audience="both",
        email=True,
        choice="added",
        bodies={
            "true": _(
                "已添加收款账户 {bank_name} {masked}，可以提现到这里。"
                "不是贵企业的人做的，请马上联系平台。"
            ),
            "false": _("已删除收款账户 {bank_name} {masked}。不是贵企业的人做的，请马上联系平台。"),
        },
    ),
    Kind(
        code="withdrawal_asked",
        label=_("提现待复核"),
        title=_("提现 {amount_fen} 等待另一位负责人复核"),
        body=_("提现 {number}（{amount_fen}）要由另一位主账号或财务在 {until_at} 前复核。"),
        why=WHY_WITHDRAWAL,
        audience="both",
        email=True,
    ),
    Kind(
        code="withdrawal_ended",
        label=_("提现结果"),
        title=_("提现 {amount_fen} 有结果"),
        body=_("提现 {number}（{amount_fen}）有结果。"),
        why=WHY_WITHDRAWAL,
        audience="both",
        email=True,
        choice="outcome",
        bodies={
            "arrived": _("提现 {number}（{amount_fen}）已到账。"),
            "returned": _(
                "提现 {number}（{amount_fen}）被银行退回：{reason}。钱已回到余额，手续费一并退回。"
            ),
            "refused": _("提现 {number}（{amount_fen}）复核不同意：{reason}。余额没有变动。"),
            "expired": _("提现 {number}（{amount_fen}）没有人在期限内复核，已作废。余额没有变动。"),
        },
    ),
)
