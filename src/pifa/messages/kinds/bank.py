"""The partner bank: the account, its passwords, and loans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import Kind

WHY_BANK = _("您的企业在网商银行开了户。")

KINDS = (
    Kind(
        code="bank_opened",
        label=_("网商银行账户已开通"),
        title=_("网商银行账户已开通"),
        body=_("尾号 {tail} 的账户已开通，可以转入资金、快捷支付和申请贷款。"),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="bank_password_locked",
        label=_("网商银行密码已锁定"),
        title=_("网商银行{secret}已锁定"),
        body=_(
            "{secret}连续输错，已锁定到 {due}。如果不是贵企业的人在操作，请尽快检查成员与角色。"
        ),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="bank_password_reset",
        label=_("网商银行密码已更换"),
        title=_("网商银行{secret}已更换"),
        body=_("{secret}已更换，旧密码失效。如果不是贵企业的人操作，请立即联系平台。"),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="loan_drawn",
        label=_("贷款已到账"),
        title=_("贷款 {number} 已到账"),
        body=_("贷款 {number} 的 {amount_fen} 已到网商银行账户，首期 {day} 还款 {due_fen}。"),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="loan_due_soon",
        label=_("贷款即将还款"),
        title=_("贷款 {number} {day} 还款"),
        body=_("第 {instalment} 期 {due_fen} 将于 {day} 从网商银行账户自动扣款，请留足余额。"),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="loan_collected",
        label=_("贷款已扣款"),
        title=_("贷款 {number} 已还 {amount_fen}"),
        body=_("已从网商银行账户扣款 {amount_fen}，剩余本金 {owed_fen}。"),
        why=WHY_BANK,
        audience="both",
    ),
    Kind(
        code="loan_short",
        label=_("贷款扣款不足"),
        title=_("贷款 {number} 扣款不足"),
        body=_(
            "第 {instalment} 期还差 {due_fen}，请在 {day} 24:00 前转入网商银行账户并还款，以免逾期。"
        ),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="loan_overdue",
        label=_("贷款逾期"),
        title=_("贷款 {number} 逾期 {days} 天"),
        body=_("逾期未还 {due_fen}（含罚息 {penalty_fen}）。逾期期间不能再支用，罚息按日计收。"),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="loan_defaulted",
        label=_("贷款违约"),
        title=_("贷款 {number} 已转为违约"),
        body=_("贷款 {number} 逾期 {days} 天，已转为违约，逾期未还 {due_fen}。"),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="loan_repaid",
        label=_("贷款已还清"),
        title=_("贷款 {number} 已还清"),
        body=_("贷款 {number} 已全部还清，额度已恢复。"),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
    Kind(
        code="loan_coupon",
        label=_("利息红包已发放"),
        title=_("利息红包 {amount_fen} 已发放"),
        body=_(
            "利息红包 {amount_fen} 已发放，从贷款 {number} 第 {instalment} 期起抵扣利息，{day} 前有效。"
        ),
        why=WHY_BANK,
        audience="both",
        email=True,
    ),
)
