"""What secured credit refuses, with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class SecuredNotHeld(DomainError):
    """The buyer has no limit."""

    code = "secured.no_limit"
    message = _("贵企业的采购等级还没有诚e赊额度。")


class SecuredNotJoined(DomainError):
    """The seller has not joined the service, has left it, or its membership is over."""

    code = "secured.not_joined"
    message = _("卖家没有开通诚e赊。")


class SecuredJoined(DomainError):
    """The seller is a member already; figures: until."""

    code = "secured.joined"
    message = _("已开通诚e赊，{until} 前有效。")


class SecuredOverLimit(DomainError):
    """More than is free of the buyer's limit; figures: limit, used, free, needed."""

    code = "secured.over_limit"
    message = _("诚e赊额度 {limit}，已用 {used}，可用 {free}，这笔需要 {needed}。")


class SecuredOverdue(DomainError):
    """Something was not repaid in time; figures: overdue, since, days."""

    code = "secured.overdue"
    message = _("诚e赊逾期：{overdue} 应于 {since} 前还清，已逾期 {days} 天。还清后额度自动恢复。")


class NotCollectable(DomainError):
    """A receivable of which nothing can be collected early now; figures: number, why."""

    code = "secured.not_collectable"
    message = _("订单 {number} 现在不能提前收款：{why}")


class SecuredRepaymentTooLarge(DomainError):
    """More than is owed; figures: amount, owed."""

    code = "secured.repayment_too_large"
    status = 422
    message = _("还款 {amount} 须大于 0 且不超过待还的 {owed}。")


class NothingToRepay(DomainError):
    """Nothing of what was chosen is owed."""

    code = "secured.nothing_owed"
    message = _("这里没有待还的款项。")
