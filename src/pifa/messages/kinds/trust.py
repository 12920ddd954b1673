"""Trust payment: the mandate, debits, what the bank paid and is owed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_ORDER, Kind

WHY_TRUST = _("您的企业使用信任付。")

KINDS = (
    Kind(
        code="trust_mandate",
        label=_("信任付签约变动"),
        title=_("信任付签约变动"),
        body=_("信任付签约有变动，扣款账户尾号 {tail}。"),
        choice="what",
        bodies={
            "signed": _(
                "已签约信任付：确认收货后从尾号 {tail} 的账户扣款，"
                "单笔限额 {per_order_fen}，总限额 {in_all_fen}。"
            ),
            "ended": _("已解约信任付，尾号 {tail} 的账户不再接受新订单；已下的订单照常扣款。"),
        },
        why=WHY_TRUST,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="trust_debited",
        label=_("信任付已扣款"),
        title=_("订单 {order} 已扣款 {amount_fen}"),
        body=_("订单 {order} 已收货，信任付已从您的银行账户扣款 {amount_fen}。"),
        why=WHY_ORDER,
        audience="buyer",
    ),
    Kind(
        code="trust_debit_failed",
        label=_("信任付扣款失败"),
        title=_("订单 {order} 扣款失败"),
        body=_(
            "订单 {order} 的 {amount_fen} 第 {failed} 次扣款失败：{why}。"
            "银行现在代付给卖家，请尽快还给银行。"
        ),
        choice="again",
        bodies={
            "true": _(
                "订单 {order} 的 {amount_fen} 第 {failed} 次扣款失败：{why}。"
                "{next_on} 再扣，请先在账户里备足款项。"
            ),
        },
        why=WHY_ORDER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="trust_covered",
        label=_("信任付由银行代付"),
        title=_("订单 {order} 由银行代付，待还 {amount_fen}"),
        body=_(
            "订单 {order} 的 {amount_fen} 已由银行代付给卖家，您共欠银行 {debt_fen}，"
            "还清前不能再用信任付。"
        ),
        why=WHY_ORDER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="trust_owing",
        label=_("信任付欠款"),
        title=_("订单 {order} 欠银行 {amount_fen}"),
        body=_("订单 {order} 由银行代付的 {amount_fen} 已 {days} 天未还，天数计入信用。"),
        why=WHY_ORDER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="trust_repaid",
        label=_("信任付还款到账"),
        title=_("信任付还款 {amount_fen}"),
        body=_("还款 {number} 已到账，还给了银行；还欠 {debt_fen}。"),
        choice="surplus",
        bodies={
            "true": _(
                "还款 {number} 已到账，还欠 {debt_fen}。"
                "到账时待还的比还款少，多出的 {left_fen} 留在余额。"
            ),
        },
        why=WHY_TRUST,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="trust_paid",
        label=_("信任付收款到账"),
        title=_("订单 {order} 的信任付款项已到账"),
        body=_("订单 {order} 的 {amount_fen} 已由银行付款，进入余额。"),
        why=WHY_ORDER,
        audience="seller",
    ),
)
