"""Trade credit in plain words, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.methods.trade_credit.rules import Bucket, Ladder, TermKind, Terms
from pifa.kernel.money import Money

BUCKETS = {
    Bucket.NOT_DUE: gettext_lazy("未到期"),
    Bucket.TO_30: gettext_lazy("逾期 1–30 天"),
    Bucket.TO_60: gettext_lazy("逾期 31–60 天"),
    Bucket.TO_90: gettext_lazy("逾期 61–90 天"),
    Bucket.OVER_90: gettext_lazy("逾期 90 天以上"),
}


def terms(of: Terms) -> str:
    """How a line is settled."""
    return settled(of.kind, of.number)


def offered(free: Money, of: Terms) -> str:
    """What a buyer reads beside trade credit that it may choose."""
    return _("可用 {free}，{settled}").format(free=free, settled=terms(of))


def settled(kind: TermKind, number: int) -> str:
    """Terms by their kind and number."""
    if kind is TermKind.DAYS:
        return _("收货后 {days} 天内付清").format(days=number)
    return _("每月 {day} 日结算").format(day=number)


def ladder_step(of: Ladder, days: int) -> str:
    """What is done on a day of the ladder, so many days after the due day (before it: below 0)."""
    if days < 0:
        return _("到期前 {days} 天提醒双方").format(days=-days)
    said = [_("逾期第 {days} 天").format(days=days)]
    if days == of.freeze_after:
        said.append(_("冻结额度"))
    if of.reminds(days):
        said.append(_("提醒双方"))
    if days == of.stop:
        said.append(_("停止计逾期天数"))
    return _("，").join(said)


def repayment_title(seller_name: str, statement: str) -> str:
    """What a buyer reads at the bank when it repays."""
    if statement:
        return _("账期还款 {name} 账单 {number}").format(name=seller_name, number=statement)
    return _("账期还款 {name}").format(name=seller_name)
