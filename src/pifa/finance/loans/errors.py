"""What a loan's commands refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class LoanLimitExceeded(DomainError):
    """More than is free of the limit; figures: limit, used, free, amount."""

    code = "loan.limit_exceeded"
    message = _("额度 {limit}，已用 {used}，可用 {free}，不够支用 {amount}。")


class LoanOverdueFirst(DomainError):
    """Something is overdue or due today and comes first; figures: due."""

    code = "loan.overdue_first"
    message = _("有 {due} 已到期未还，请先还清。")


class OfferLapsed(DomainError):
    """The offer may not be drawn any more; figures: day."""

    code = "loan.offer_lapsed"
    message = _("这次审批的有效期到 {day}，请重新申请。")


class CouponTaken(DomainError):
    """A loan has at most one reduction of its interest."""

    code = "loan.coupon_taken"
    message = _("这笔贷款已经领过利息红包，不能与其他利息优惠叠加。")
