"""Trade credit: orders on it, lines, statements, due days and repayments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_ORDER, Kind

WHY_CREDIT = _("您的企业授予或使用这个账期额度。")

KINDS = (
    Kind(
        code="order_promised",
        label=_("约定付款的订单待发货"),
        title=_("订单 {number} 已约定付款，等待发货"),
        body=_("订单 {number} 的 {promised_fen} 使用账期，收货后按约定的日期付款。请卖家发货。"),
        choice="method",
        bodies={
            "secured": _(
                "订单 {number} 的 {promised_fen} 使用诚e赊，收货后由金融机构付给卖家，买家按期还款。请卖家发货。"
            ),
            "trust_payment": _(
                "订单 {number} 的 {promised_fen} 使用信任付，收货后从买家的银行账户扣款付给卖家。请卖家发货。"
            ),
        },
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="received_on_credit",
        label=_("约定付款的订单已收货"),
        title=_("订单 {number} 已确认收货"),
        body=_("订单 {number} 已确认收货，账期内待付 {promised_fen}，付款后结算给卖家。"),
        choice="method",
        bodies={
            "secured": _("订单 {number} 已确认收货，诚e赊 {promised_fen} 按期由金融机构付给卖家。"),
            "trust_payment": _(
                "订单 {number} 已确认收货，信任付 {promised_fen} 从买家的银行账户扣款付给卖家。"
            ),
        },
        why=WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="refund_waived",
        label=_("约定款项已减免"),
        title=_("订单 {number} 的约定款项已减免"),
        body=_("订单 {number} 退款 {amount_fen}：这笔款约定后付，尚未支付，不必再付。"),
        choice="waived_by",
        bodies={
            "trade_credit": _("订单 {number} 退款 {amount_fen}：这笔账期款尚未支付，不必再付。"),
            "secured": _(
                "订单 {number} 退款 {amount_fen}：这笔诚e赊款尚未到期付款，买家不必再还。"
            ),
            "trust_payment": _("订单 {number} 退款 {amount_fen}：这笔信任付款尚未扣款，不再扣。"),
            "cash_on_delivery": _(
                "订单 {number} 退款 {amount_fen}：这笔货到付款尚未收取，不必再付。"
            ),
            "acceptance_bill": _(
                "订单 {number} 退款 {amount_fen}：这笔款以承兑汇票支付，尚未兑付，不必再付。"
            ),
        },
        why=WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="credit_line",
        label=_("账期额度变动"),
        title=_("{name}：账期额度变动"),
        body=_("账期额度 {limit_fen}，{settled}。"),
        choice="what",
        bodies={
            "grant": _(
                "已授予账期额度 {limit_fen}，{settled}。下单时选择“账期支付”即可先收货后付款。"
            ),
            "change": _(
                "账期额度已调整为 {limit_fen}，{settled}。新的结算方式从明天起收货的订单生效。"
            ),
            "freeze": _("账期额度已冻结：{reason}。已发生的款项仍按约定日期付款。"),
            "unfreeze": _("账期额度已解冻，额度 {limit_fen}。"),
            "overdue": _("因逾期未付，账期额度自动冻结，付清后自动恢复。"),
            "repaid": _("逾期款项已付清，账期额度恢复，额度 {limit_fen}。"),
        },
        why=WHY_CREDIT,
        audience="both",
        email=True,
    ),
    Kind(
        code="credit_statement",
        label=_("账期账单已出"),
        title=_("{name}：账期账单 {statement}"),
        body=_("账单 {statement} 共 {amount_fen}，请在 {day} 24:00 前付清。"),
        why=WHY_CREDIT,
        audience="both",
        email=True,
    ),
    Kind(
        code="credit_due_soon",
        label=_("账期款项即将到期"),
        title=_("{name}：账期款项 {day} 到期"),
        body=_("账期待付 {amount_fen}，请在 {day} 24:00 前付清。"),
        why=WHY_CREDIT,
        audience="both",
        email=True,
    ),
    Kind(
        code="credit_overdue",
        label=_("账期逾期"),
        title=_("{name}：账期逾期 {days} 天"),
        body=_(
            "应于 {day} 付清的 {amount_fen} 已逾期 {days} 天。逾期期间账期额度不能使用，天数计入信用。"
        ),
        why=WHY_CREDIT,
        audience="both",
        email=True,
    ),
    Kind(
        code="credit_repaid",
        label=_("账期还款到账"),
        title=_("{name}：账期还款 {amount_fen}"),
        body=_("还款 {number} 已到账，付清或部分付清 {orders} 笔订单，尚欠 {owed_fen}。"),
        choice="surplus",
        bodies={
            "true": _(
                "还款 {number} 已到账，付清或部分付清 {orders} 笔订单，尚欠 {owed_fen}。"
                "到账时待付的比还款少，多出的 {left_fen} 留在买家余额。"
            ),
        },
        why=WHY_CREDIT,
        audience="both",
        email=True,
    ),
)
