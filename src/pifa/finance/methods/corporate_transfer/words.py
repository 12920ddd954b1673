"""Codes of transfers in plain words, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_WHY = {
    "unknown_account": _("收款账号不是平台的虚拟账号"),
    "wrong_name": _("付款户名与买家的认证名称不一致"),
    "nothing_open": _("没有可以支付的应付款"),
    "unknown_remark": _("附言里的单号不是这一对买卖双方的"),
    "several_fit": _("有几笔应付款都是这个金额"),
    "no_amount_fits": _("金额与应付款对不上"),
    "too_much": _("付清应付款后还有多余"),
    "changed": _("入账时应付款已有变化"),
}

_REASONS = {
    "named": _("附言写了单号"),
    "same_account": _("收款账号是这一对的"),
    "same_name": _("付款户名是买家的认证名称"),
    "same_amount": _("金额相同"),
    "same_sum": _("合计金额相同"),
    "in_part": _("只够付一部分"),
    "covered": _("够付清，还有多余"),
}


def why(code: str) -> str:
    """Why a line is in suspense; nothing if it is not."""
    return str(_WHY[code]) if code else ""


def reason(code: str) -> str:
    """What speaks for a proposal."""
    return str(_REASONS[code])
