"""What this floor refuses, in words a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class MethodNotOffered(DomainError):
    """The payment method cannot be used for this payable; figures: method, why, and those of the
    method's own refusal, if it has some."""

    code = "finance.method_not_offered"
    message = _("不能用“{method}”支付：{why}")


class PaymentBlocked(DomainError):
    """The payable may not be paid for the present; figures: why."""

    code = "finance.payment_blocked"
    message = _("现在还不能付款：{why}")


class RefundTooLarge(DomainError):
    """More was asked back than was paid; figures: amount, refundable."""

    code = "finance.refund_too_large"
    message = _("退款 {amount} 超过可退金额 {refundable}。")


class PayeeCannotRefund(DomainError):
    """The money was paid out already and the payee has too little left.

    Figures: needed, balance, deposit (the payee's), missing.
    """

    code = "finance.payee_cannot_refund"
    message = _(
        "货款已结算给卖家，需从卖家余额和保证金退回 {needed}：余额 {balance}，保证金 {deposit}，"
        "还差 {missing}。请卖家充值后再退款。"
    )


class MoneyWithCarrier(PayeeCannotRefund):
    """A carrier collected the money and has not remitted it; figures: amount, refundable (now),
    with_carrier."""

    code = "finance.money_with_carrier"
    message = _(
        "要退的 {amount} 中有 {with_carrier} 由承运商代收、尚未回款，现在可退 {refundable}。"
        "回款到账后即可退款。"
    )


class ProtectionStillNeeded(DomainError):
    """The deposit cannot be taken out while money of buyers is held; figures: held."""

    code = "finance.protection_still_needed"
    message = _("还有 {held} 担保款未结算，全部订单结束后才能退出买家保障。")


class NotJoined(DomainError):
    """The company is not in buyer protection."""

    code = "finance.not_joined"
    message = _("贵企业尚未加入买家保障。")


class BenefitNotHeld(DomainError):
    """The company does not hold the benefit that this needs; figures: benefit (its name)."""

    code = "finance.benefit_not_held"
    message = _("贵企业目前没有“{benefit}”权益，等级或勋章达到后即可使用。")


class CollectionPaused(DomainError):
    """A collection code takes no money at present."""

    code = "finance.collection_paused"
    message = _("这个收钱码暂停收款，请联系收款方。")


class CollectionTooLarge(DomainError):
    """More than a collection code takes at once; figures: amount, limit."""

    code = "finance.collection_too_large"
    status = 422
    message = _("金额须大于 0 且每笔不超过 {limit}，您填写的是 {amount}。")


class TooManyCollections(DomainError):
    """Payments were begun too often, by one caller or with one code."""

    code = "finance.too_many_collections"
    status = 429
    message = _("操作太频繁，请过几分钟再付。已经完成的付款不受影响。")


class ProtectionExhausted(DomainError):
    """The year's money for first orders does not reach; figures: amount, left, limit."""

    code = "finance.protection_exhausted"
    message = _("首单保障金今年还剩 {left}（全年 {limit}），不够赔付 {amount}。")


class BadSignature(DomainError):
    """A notice is not from the gateway it claims to be from."""

    code = "finance.bad_signature"
    status = 400
    message = _("通知签名无效。")


class MalformedNotice(DomainError):
    """A signed notice lacks what a notice must say, or says it in no readable way."""

    code = "finance.malformed_notice"
    status = 400
    message = _("通知内容不完整：{field_name}")


class BankRefuses(DomainError):
    """The bank does not do what it was asked; nothing was moved."""

    code = "finance.bank_refuses"
    message = _("银行拒绝了这笔操作：{reason}")


class GatewayUnavailable(DomainError):
    """A gateway did not answer, or not in a way that can be believed; figures: gateway, why."""

    code = "finance.gateway_unavailable"
    status = 503
    message = _("暂时连不上{gateway}，请稍后再试（{why}）。")


class GatewayRefuses(DomainError):
    """A gateway understood what it was asked and does not do it; figures: gateway, why."""

    code = "finance.gateway_refuses"
    message = _("{gateway}没有接受：{why}")


class LineChanged(DomainError):
    """Somebody else decided about a bank line meanwhile, or what it pays has changed."""

    code = "finance.line_changed"
    message = _("这笔款项刚刚有变化，请刷新后按最新金额处理。")
