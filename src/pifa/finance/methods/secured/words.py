"""Secured credit in plain words, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel.money import Money

CHANGED = "changed"
"""Why a payout went back: the order was refunded while the financier was asked."""

_WHY = {
    CHANGED: gettext_lazy("订单已退款，金额有变，款项已退回金融机构"),
    "too_large": gettext_lazy("金额超过金融机构提前收款的单笔限额"),
    "buyer_late": gettext_lazy("买家有逾期未还的款项"),
}


def offered(free: Money, term_days: int) -> str:
    """What a buyer reads beside secured credit that it may choose."""
    return _("可用 {free}，收货后 {days} 天内还清").format(free=free, days=term_days)


def why(code: str) -> str:
    """Why a payout came to nothing; a financier's own words are given as they are."""
    return str(_WHY.get(code, code))


def repayment_title() -> str:
    """What a buyer reads at the bank when it repays."""
    return _("诚e赊还款")


def share(rate: Decimal) -> str:
    """A rate as a percentage without zeros at its end."""
    return f"{(rate * 100).normalize():f}%"


def not_collectable(state: str) -> str:
    """Why nothing can be collected early in a state of the claim."""
    return {
        "promised": _("买家还没有收货。"),
        "requested": _("已经在申请中。"),
        "paid": _("款项已经收到。"),
        "waived": _("订单已退款。"),
        "due": _("今天到期，金融机构会直接付款。"),
    }[state]
