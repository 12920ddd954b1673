"""What this floor refuses, in words a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class NotPaidYet(DomainError):
    """An order that was never paid counts nowhere: there is nothing to rule; figures: number."""

    code = "integrity.not_paid"
    message = _("订单 {number} 没有付过款，不计入任何指标，无需裁定。")


class RuledAlready(DomainError):
    """A ruling is in force for the order; figures: number."""

    code = "integrity.ruled_already"
    message = _("订单 {number} 已被裁定为虚假交易，撤销后才能再次裁定。")


class NotRuled(DomainError):
    """No ruling is in force for the order; figures: number."""

    code = "integrity.not_ruled"
    message = _("订单 {number} 目前没有生效的裁定。")


class AnsweredAlready(DomainError):
    """The seller has answered this ruling."""

    code = "integrity.answered_already"
    message = _("您已经就这次裁定申诉过了，请等待平台处理。")


class NotCovered(DomainError):
    """First-order protection does not cover an order that is ruled as brushing; figures: number."""

    code = "integrity.not_covered"
    message = _("订单 {number} 已被裁定为虚假交易，不适用首单交易无忧。")
