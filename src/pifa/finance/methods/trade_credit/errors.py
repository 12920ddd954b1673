"""What trade credit refuses, with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class NoCreditLine(DomainError):
    """The seller has granted this buyer no line."""

    code = "credit.none"
    message = _("卖家还没有给贵企业授予账期额度，可以联系卖家开通。")


class CreditOverLimit(DomainError):
    """More than is free of a line; figures: limit, used, free, needed."""

    code = "credit.over_limit"
    message = _("账期额度 {limit}，已用 {used}，可用 {free}，这笔需要 {needed}。")


class CreditExceeded(CreditOverLimit):
    """More is used than the limit is now, so that nothing is shipped; figures: limit, used, over."""

    code = "credit.exceeded"
    message = _(
        "账期额度 {limit}，已用 {used}，超出 {over}。买家还清超出的部分，或卖家调高额度后，才能发货。"
    )


class CreditFrozen(DomainError):
    """The seller froze the line; figures: reason, used."""

    code = "credit.frozen"
    message = _("卖家已冻结账期额度（{reason}），已用 {used}，暂不能再用。")


class CreditOverdue(DomainError):
    """Something was not paid in time; figures: overdue, since, days."""

    code = "credit.overdue"
    message = _("账期逾期：{overdue} 应于 {since} 前付清，已逾期 {days} 天。付清后额度自动恢复。")


class UnknownBuyer(DomainError):
    """Lines are granted to customers and to buyers who have paid before; figures: login."""

    code = "credit.unknown_buyer"
    message = _("“{login}”还不是您的客户，也没有在您这里付过款。请先建立客户关系再授予账期。")


class LineExists(DomainError):
    """The buyer has a line already; figures: login."""

    code = "credit.line_exists"
    message = _("“{login}”已有账期额度，请直接调整。")


class RepaymentTooLarge(DomainError):
    """More than is owed; figures: amount, owed."""

    code = "credit.repayment_too_large"
    status = 422
    message = _("还款 {amount} 须大于 0 且不超过待还的 {owed}。")


class NothingOwed(DomainError):
    """Nothing of what was chosen is to be paid."""

    code = "credit.nothing_owed"
    message = _("这里没有待还的款项。")
