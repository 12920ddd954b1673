"""Trust payment in plain words, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.methods.trust.rules import Standing

CHANGED = "changed"
"""Why money went back: the order was refunded while the bank was asked."""

_WHY = {
    CHANGED: gettext_lazy("订单已退款，金额有变，款项已退回账户"),
    "no_funds": gettext_lazy("账户余额不足"),
    "refused": gettext_lazy("银行没有扣款"),
}


def offered(now: Standing) -> str:
    """What a buyer reads beside trust payment that it may choose."""
    return _("可用 {free}，单笔最多 {per_order}；确认收货后从网商银行账户扣款").format(
        free=now.free, per_order=now.per_order
    )


def why(code: str) -> str:
    """Why the bank did not pay; its own words are given as they are."""
    return str(_WHY.get(code, code))


def repayment_title() -> str:
    """What a buyer reads at the bank when it repays."""
    return _("信任付还款")
