"""Requests for quotes: who asks, who answers, what becomes of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import Kind

_WHY_BUYER = _("您的企业发出了这份询价。")
_WHY_SELLER = _("有买家向您的企业询价。")

KINDS = (
    Kind(
        code="quote_asked",
        label=_("收到询价"),
        title=_("{company} 向您询价"),
        body=_("{company} 询价 {lines} 种货品，请在 {day} 当天结束前报价。"),
        why=_WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="quote_answered",
        label=_("收到报价"),
        title=_("{company} 已报价"),
        body=_("{company} 就询价单 {request} 报价，合计 {total_fen}，有效期到 {day} 为止。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="quote_withdrawn",
        label=_("报价被撤回"),
        title=_("{company} 撤回了报价"),
        body=_("{company} 撤回了对询价单 {request} 的报价。"),
        why=_WHY_BUYER,
        audience="buyer",
    ),
    Kind(
        code="quote_declined",
        label=_("卖家不报价"),
        title=_("{company} 不报价"),
        body=_("{company} 对询价单 {request} 不报价，您可以等待其他卖家或另行询价。"),
        why=_WHY_BUYER,
        audience="buyer",
    ),
    Kind(
        code="quote_due",
        label=_("报价即将过期"),
        title=_("{company} 的报价即将过期"),
        body=_("{company} 对询价单 {request} 的报价 {total_fen} 到 {day} 为止有效，请尽快选定。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="quote_lapsed",
        label=_("报价已过期"),
        title=_("询价单 {request} 的一份报价已过期"),
        body=_("与 {company} 之间的报价 {quote} 已过期，不能再接受。"),
        why=_("您的企业是这份报价的一方。"),
        audience="both",
    ),
    Kind(
        code="quote_answers_ended",
        label=_("报价截止"),
        title=_("询价单 {request} 已截止报价"),
        body=_("询价单 {request} 收到 {answers} 份有效报价，请在它们过期前选定。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="quote_request_ended",
        label=_("询价单已过期"),
        title=_("询价单 {request} 已过期"),
        body=_("询价单 {request} 没有可以接受的报价，已自动关闭。"),
        why=_WHY_BUYER,
        audience="buyer",
    ),
    Kind(
        code="quote_refused",
        label=_("报价未被接受"),
        title=_("{company} 没有接受您的报价"),
        body=_("{company} 没有接受报价 {quote}。"),
        why=_WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="quote_accepted",
        label=_("报价已成交"),
        title=_("{company} 接受了您的报价"),
        body=_("{company} 接受了报价 {quote}，已按报价生成订单 {number}，应付 {total_fen}。"),
        why=_WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="quote_closed",
        label=_("询价已结束"),
        title=_("{company} 的询价已结束"),
        body=_("{company} 的询价已结束，报价单 {quote} 不再需要报价。"),
        why=_WHY_SELLER,
        audience="seller",
    ),
)
"""What sellers read never names another seller, or how many were asked."""
