"""The life of an order told in plain words: what happened (audit log) and its money (ledger)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.queries import Entry
from pifa.ledger.rules import AccountKind
from pifa.trade.models import Order, Provenance, StagedOrder
from pifa.trade.states import BUYER, MARKET, OPERATOR, SELLER

Words = str | Promise

# Each action in words; the names in braces are amounts or words of the entry's detail.
_ACTIONS: dict[str, Words] = {
    "order.place": _("提交订单，应付 {total}"),
    "order.adjust_price": _("应付从 {old} 改为 {new}"),
    "order.cancel": _("取消订单"),
    "order.close": _("关闭交易"),
    "order.expire": _("逾期未付款，交易自动关闭"),
    "order.pay": _("付款 {amount}，由平台担保"),
    "payment.promise": _("约定以后付 {amount}，不必先付款"),
    "payment.split": _("改为分笔付款"),
    "bill.ask": _("请银行开具 {amount} 的承兑汇票"),
    "bill.draw": _("银行已出票 {amount}，等待卖家签收"),
    "bill.fail": _("银行没有出票"),
    "bill.accept": _("签收承兑汇票 {amount}，到期兑付"),
    "bill.refuse": _("拒收承兑汇票"),
    "bill.expire": _("承兑汇票逾期未签收，已退回"),
    "bill.present": _("承兑汇票到期，银行提示付款"),
    "bill.honour": _("承兑汇票兑付，{amount} 到账"),
    "bill.dishonour": _("承兑汇票被拒付，{amount} 须另行支付"),
    "bill.forgive": _("卖家免除拒付汇票的 {amount}"),
    "cash.collect": _("承运商送达并代收 {amount}"),
    "cash.refuse": _("买家在门口拒收，代收 {amount} 不再收取"),
    "cash.forgive": _("卖家免除门口少收的 {amount}"),
    "order.refuse_delivery": _("货物退回卖家，等待确认收到"),
    "order.note_progress": _("生产进度 {percent}%"),
    "order.finish_production": _("完成生产"),
    "order.cancel_production": _("取消订单，{amount} 全额退回买家"),
    "order.cancel_late": _("生产逾期，取消订单，{amount} 全额退回买家"),
    "order.lapse_production": _("长期未完成生产，{amount} 自动退回买家，交易关闭"),
    "order.lapse_balance": _("逾期未付尾款，交易关闭：{kept} 归卖家，{refunded} 退回买家"),
    "order.instant_payout": _("极速到账：{amount} 提前结算给卖家"),
    "order.ship": _("发货：{carrier} {tracking_no}"),
    "order.refund_unshipped": _("逾期未发货，{amount} 自动退回买家，交易关闭"),
    "order.confirm_receipt": _("确认收货，{released} 结算给卖家"),
    "order.receive_by_deadline": _("到期自动确认收货，{released} 结算给卖家"),
    "order.write_review": _("评价 {stars} 星，交易成功"),
    "order.complete_by_deadline": _("到期未评价，交易成功"),
    "order.answer_review": _("回复评价"),
    "refund.ask": _("申请退款 {asked}"),
    "refund.accept": _("同意退款，{amount} 退回买家"),
    "refund.accept_return": _("同意退货，等待买家寄回"),
    "refund.grant": _("逾期未答复，{amount} 自动退回买家"),
    "refund.grant_return": _("逾期未答复，自动同意退货"),
    "refund.refuse": _("拒绝退款：{answer}"),
    "refund.send_return": _("寄回货物：{tracking_no}"),
    "refund.confirm_return": _("确认收到退货，{amount} 退回买家"),
    "refund.receive_return": _("逾期未确认退货，{amount} 自动退回买家"),
    "refund.withdraw": _("撤销退款申请"),
    "refund.lapse": _("逾期未处理，退款申请自动撤销"),
    "refund.postponed": _("卖家资金不足，退款顺延一天再试"),
    "dispute.open": _("申请平台介入"),
    "dispute.answer": _("卖家提交陈述"),
    "dispute.rule": _("平台作出裁决"),
    "payment.return": _("多付或迟到的款项已原路退回"),
    "approval.ask": _("金额超过采购额度，等待买家企业审批"),
    "approval.approve": _("采购审批通过，可以付款"),
    "order.refuse_purchase": _("采购审批未通过，交易关闭"),
}

_BY_QUOTE = _("接受报价 {quote} 成交，应付 {total}")
"""How an order begins that was made from a quote."""

_WITHOUT_MONEY: dict[str, Words] = {
    "order.confirm_receipt": _("确认收货"),
    "order.receive_by_deadline": _("到期自动确认收货"),
}
"""The same where nothing was left to pay out: the seller had its money at once."""

_PAID_FOR: dict[str, Words] = {
    "deposit": _("付定金 {amount}，由平台担保"),
    "balance": _("付尾款 {amount}，由平台担保"),
}
"""The same by the stage that was paid."""

_COMING: dict[str, Words] = {
    "order.expire": _("还没有付款，订单自动关闭"),
    "order.production_late": _("还没有完成生产，买家可以取消订单并全额退款"),
    "order.production_lapse": _("还没有完成生产，系统全额退款并关闭交易"),
    "order.balance_lapse": _("还没有付清尾款，订单关闭，定金归卖家"),
    "order.refund_unshipped": _("还没有发货，系统全额退款并关闭交易"),
    "order.receive": _("自动确认收货，货款结算给卖家"),
    "order.complete": _("订单自动完成"),
}
"""What happens by itself at a deadline unless somebody acts before."""

_DEPOSIT_BACK: dict[str, Words] = {
    "order.balance_lapse": _("还没有付清尾款，订单关闭，定金退回买家"),
}
"""The same where the plan of an order leaves its deposit to the buyer."""

_WHO: dict[str, Words] = {
    BUYER: _("买家"),
    SELLER: _("卖家"),
    OPERATOR: _("平台客服"),
    MARKET: _("系统"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an order: when, by which side, what, in words."""

    at: datetime
    action: str
    who: str
    who_label: str
    words: str


@dataclass(frozen=True, slots=True)
class MoneyStory:
    """An order's money, entry by entry, and how much is still held in escrow."""

    entries: tuple[Entry, ...]
    held: Money


def timeline(order: Order) -> list[Event]:
    """What happened to an order, oldest first, from the audit log; one statement.

    The caller has shown that the reader may see the order. Private matters of one side (the
    seller's note) are not in it.
    """
    entries = AuditEntry.objects.filter(subject=order.subject, action__in=_ACTIONS)
    return [_event(entry, order) for entry in entries.order_by("id")]


def coming(due: Mapping[tuple[str, str], datetime], keeper: str = "") -> list[tuple[datetime, str]]:
    """What will happen to an order by itself, soonest first; `due` are its waiting deadlines by
    (subject, kind), `keeper` is who has the deposit when the balance lapses."""
    words = _COMING | (_DEPOSIT_BACK if keeper == StagedOrder.Keeper.BUYER else {})
    found = [(at, kind) for (_subject, kind), at in due.items() if kind in words]
    return [(at, str(words[kind])) for at, kind in sorted(found)]


def money_story(order: Order, side: str) -> MoneyStory:
    """An order's postings in plain words, from the ledger; a declared order has none.

    Fees are between the seller and the market: a buyer does not see them.
    """
    if order.provenance == Provenance.DECLARED:
        return MoneyStory((), Money(0))
    entries = ledger.entries(order.subject)
    if side == BUYER:
        entries = [row for row in entries if AccountKind.FEES not in (row.debit, row.credit)]
    return MoneyStory(tuple(entries), ledger.held(order.subject))


def _event(entry: AuditEntry, order: Order) -> Event:
    who = _side(entry, order)
    words = _ACTIONS[entry.action]
    if not entry.detail.get("released_fen"):
        words = _WITHOUT_MONEY.get(entry.action, words)
    if entry.action == "order.place" and entry.detail.get("quote"):
        words = _BY_QUOTE
    if entry.action == "order.pay":
        words = _PAID_FOR.get(entry.detail.get("purpose", ""), words)
    template = str(words)
    return Event(
        at=entry.at,
        action=entry.action,
        who=who,
        who_label=str(_WHO[who]),
        words=template.format_map(_Detail(entry.detail)),
    )


def _side(entry: AuditEntry, order: Order) -> str:
    if entry.actor_kind == "operator":
        return OPERATOR
    if entry.actor_kind == "system":
        return BUYER if entry.action in ("order.pay", "approval.ask") else MARKET
    return SELLER if entry.company_id == order.seller_id else BUYER


class _Detail(dict[str, Any]):
    """An entry's detail by name: `{total}` is its `total_fen` as an amount, others as they are."""

    def __init__(self, detail: Mapping[str, Any]) -> None:
        super().__init__(detail)

    def __missing__(self, name: str) -> str:
        fen = self.get(f"{name}_fen")
        return str(Money(fen)) if isinstance(fen, int) else ""
