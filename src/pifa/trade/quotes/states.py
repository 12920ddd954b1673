"""The life of a request for quotes and of each seller's answer to it, as tables."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import StateTable, Transition

BUYER, SELLER, MARKET = "buyer", "seller", "market"


class RequestState(TextChoices):
    """States of a request."""

    OPEN = "open", _("等待报价")
    DECIDING = "deciding", _("报价截止，等待选定")
    ORDERED = "ordered", _("已成交")
    CLOSED = "closed", _("买家已关闭")
    EXPIRED = "expired", _("已过期")


class QuoteState(TextChoices):
    """States of one seller's part in a request."""

    ASKED = "asked", _("待报价")
    QUOTED = "quoted", _("已报价")
    DECLINED = "declined", _("卖家不报价")
    WITHDRAWN = "withdrawn", _("报价已撤回")
    LAPSED = "lapsed", _("报价已过期")
    REFUSED = "refused", _("买家未接受")
    ACCEPTED = "accepted", _("已成交")
    CLOSED = "closed", _("询价已结束")


class PayWay(TextChoices):
    """When the goods are paid."""

    FULL = "full", _("发货前付全款")
    STAGED = "staged", _("分阶段付款")
    TRADE_CREDIT = "trade_credit", _("账期支付")


UNDECIDED = (RequestState.OPEN, RequestState.DECIDING)
"""States in which a request can still become an order."""

_R = RequestState
REQUEST = StateTable(
    name="quote_request",
    states=dict(RequestState.choices),
    initial=_R.OPEN.value,
    transitions=(
        Transition(
            "accept", _("接受报价"), (_R.OPEN, _R.DECIDING), _R.ORDERED, (BUYER,), "quote.accepted"
        ),
        Transition(
            "close",
            _("关闭询价"),
            (_R.OPEN, _R.DECIDING),
            _R.CLOSED,
            (BUYER,),
            "quote_request.ended",
        ),
        Transition(
            "end_answers",
            _("报价截止"),
            (_R.OPEN,),
            _R.DECIDING,
            (MARKET,),
            "quote_request.answers_ended",
        ),
        Transition(
            "expire",
            _("到期关闭"),
            (_R.OPEN, _R.DECIDING),
            _R.EXPIRED,
            (MARKET,),
            "quote_request.ended",
        ),
    ),
)
"""A request. After its last day for answers, those that still hold can be accepted."""

_Q = QuoteState
QUOTE = StateTable(
    name="quote",
    states=dict(QuoteState.choices),
    initial=_Q.ASKED.value,
    transitions=(
        Transition(
            "answer",
            _("报价"),
            (_Q.ASKED, _Q.DECLINED, _Q.WITHDRAWN, _Q.LAPSED),
            _Q.QUOTED,
            (SELLER,),
            "quote.answered",
        ),
        Transition("revise", _("修改报价"), (_Q.QUOTED,), _Q.QUOTED, (SELLER,), "quote.answered"),
        Transition(
            "withdraw", _("撤回报价"), (_Q.QUOTED,), _Q.WITHDRAWN, (SELLER,), "quote.withdrawn"
        ),
        Transition("decline", _("不报价"), (_Q.ASKED,), _Q.DECLINED, (SELLER,), "quote.declined"),
        Transition("refuse", _("不接受"), (_Q.QUOTED,), _Q.REFUSED, (BUYER,), "quote.refused"),
        Transition("accept", _("接受报价"), (_Q.QUOTED,), _Q.ACCEPTED, (BUYER,), "quote.accepted"),
        Transition("lapse", _("报价过期"), (_Q.QUOTED,), _Q.LAPSED, (MARKET,), "quote.lapsed"),
        Transition(
            "close",
            _("询价结束"),
            (_Q.ASKED, _Q.QUOTED),
            _Q.CLOSED,
            (BUYER, MARKET),
            "quote.closed",
        ),
    ),
)
"""One seller's answer. It can be given anew while the request takes answers."""

TABLES = (REQUEST, QUOTE)
