"""Secured credit: the service, sellers' payouts, what buyers owe their financier."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_ORDER, Kind

WHY_SECURED = _("您的企业使用诚e赊。")

KINDS = (
    Kind(
        code="secured_service",
        label=_("诚e赊服务变动"),
        title=_("诚e赊服务变动"),
        body=_("诚e赊服务有变动，{until} 前有效。"),
        choice="what",
        bodies={
            "joined": _("已开通诚e赊，{until} 前有效。买家收货后，到期日由金融机构付款给您。"),
            "left": _("已退出诚e赊，不再接受新的诚e赊订单；已有订单照常收款。"),
        },
        why=WHY_SECURED,
        audience="seller",
        email=True,
    ),
    Kind(
        code="secured_received",
        label=_("诚e赊应收账款"),
        title=_("订单 {number} 的应收账款"),
        body=_(
            "订单 {number} 买家已收货，应收账款 {claim_fen}，{day} 由金融机构付款，也可以申请提前收款。"
        ),
        why=WHY_ORDER,
        audience="seller",
    ),
    Kind(
        code="secured_paid",
        label=_("诚e赊收款到账"),
        title=_("订单 {number} 的诚e赊款项已到账"),
        body=_("订单 {number} 的 {amount_fen} 已由金融机构付款，扣除费用 {fee_fen} 后进入余额。"),
        why=WHY_ORDER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="secured_refused",
        label=_("提前收款未通过"),
        title=_("订单 {number} 的提前收款未通过"),
        body=_("订单 {number} 的提前收款（{amount_fen}）未通过：{why}。到期日 {day} 照常付款。"),
        why=WHY_ORDER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="secured_owed",
        label=_("诚e赊待还款"),
        title=_("订单 {number} 待还款"),
        body=_("订单 {number} 已收货，诚e赊待还 {owed_fen}，请在 {day} 24:00 前还清。"),
        why=WHY_ORDER,
        audience="buyer",
    ),
    Kind(
        code="secured_due_soon",
        label=_("诚e赊即将到期"),
        title=_("诚e赊款项 {day} 到期"),
        body=_("诚e赊待还 {amount_fen}，请在 {day} 24:00 前还清。"),
        why=WHY_SECURED,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="secured_overdue",
        label=_("诚e赊逾期"),
        title=_("诚e赊逾期 {days} 天"),
        body=_(
            "应于 {day} 还清的 {amount_fen} 已逾期 {days} 天。逾期期间额度不能使用，天数计入信用。"
        ),
        why=WHY_SECURED,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="secured_repaid",
        label=_("诚e赊还款到账"),
        title=_("诚e赊还款 {amount_fen}"),
        body=_("还款 {number} 已到账，还清或部分还清 {orders} 笔订单，尚欠 {owed_fen}。"),
        choice="surplus",
        bodies={
            "true": _(
                "还款 {number} 已到账，还清或部分还清 {orders} 笔订单，尚欠 {owed_fen}。"
                "到账时待还的比还款少，多出的 {left_fen} 留在余额。"
            ),
        },
        why=WHY_SECURED,
        audience="buyer",
        email=True,
    ),
)
