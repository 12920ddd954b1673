"""Codes of this floor in plain words, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.gateways.protocol import Channel
from pifa.finance.methods.trade_credit.words import BUCKETS

_OUTCOMES = {
    "paid_already": gettext_lazy("这笔已经付清，多付的钱已原路退回"),
    "closed": gettext_lazy("付款时交易已关闭"),
    "amount_changed": gettext_lazy("付款前金额已更改"),
    "paid_otherwise": gettext_lazy("已由另一笔付款付清"),
    "waived": gettext_lazy("已减免，不必再付"),
    "declined": gettext_lazy("银行拒绝了付款"),
    "card_declined": gettext_lazy("发卡行拒绝了这张卡"),
    "card_no_funds": gettext_lazy("这张卡的可用额度不足"),
    "card_expired": gettext_lazy("这张卡已过有效期"),
    "expired": gettext_lazy("没有在时限内付款，付款码已失效"),
    "closed_by_provider": gettext_lazy("支付渠道已关闭这笔交易"),
    "bill_not_taken": gettext_lazy("汇票没有出票或没有被签收"),
}

GIVEN_UP = (
    "closed", "amount_changed", "paid_otherwise", "waived", "expired", "closed_by_provider",
)  # fmt: skip
"""Outcomes of attempts that the market gave up itself, whatever their provider says later."""

NOT_PROMISED_AGAIN = gettext_lazy("这笔款没有按约定付，不能再约定，请直接付款。")
"""Why what was promised and not kept cannot be promised once more."""

_VERDICTS = {
    "settled": gettext_lazy("已入账"),
    "returned": gettext_lazy("已入账并原路退回"),
    "failed": gettext_lazy("付款失败，已记录"),
    "noted": gettext_lazy("已记录"),
    "repeated": gettext_lazy("重复通知，未改变任何账目"),
    "bad_signature": gettext_lazy("签名无效，已拒绝"),
    "malformed": gettext_lazy("内容不完整，已拒绝"),
    "unknown_payment": gettext_lazy("找不到对应的付款，待人工核对"),
    "wrong_amount": gettext_lazy("金额不符，未入账，待人工核对"),
    "contradicts": gettext_lazy("流水号已入账而内容不同，未入账，待人工核对"),
    "wrong_bill": gettext_lazy("汇票的当事人、日期或票号不符，未采用，待人工核对"),
}


def outcome(code: str) -> str:
    """Why a payment failed or went back; a provider's own words are given as they are."""
    return str(_OUTCOMES.get(code, code))


def verdict(code: str) -> str:
    """What was made of a notice."""
    return str(_VERDICTS.get(code, code))


_CHANNELS = {
    Channel.QR: gettext_lazy("扫码付款"),
    Channel.PAGE: gettext_lazy("在电脑上登录付款"),
    Channel.PHONE: gettext_lazy("在手机上打开付款"),
}


def channels(of: Iterable[Channel]) -> tuple[tuple[str, str], ...]:
    """Codes and names of the ways to go to a gateway."""
    return tuple((channel.value, str(_CHANNELS[channel])) for channel in of)


def not_agreed() -> str:
    """Why a method that the market offers is not open for a payable."""
    return _("卖家没有为这笔订单开放这种方式。")


def needs_member() -> str:
    """Why a method is not open to somebody without an account."""
    return _("需要登录后使用。")


def collection_title(name: str) -> str:
    """What a payer reads at the bank when it pays by a collection code."""
    return _("付款给 {name}").format(name=name)


def deposit_title() -> str:
    """What a seller reads at the bank when it pays its deposit."""
    return _("买家保障保证金")


def together_title(title: str) -> str:
    """What a buyer reads at the bank when it pays an order with the premium of its insurance."""
    return _("{title}（含运费险）").format(title=title)


def credit_buckets() -> list[tuple[str, str]]:
    """The buckets of an ageing (`rules.Bucket`) with their names, from the youngest."""
    return [(bucket.value, str(label)) for bucket, label in BUCKETS.items()]
