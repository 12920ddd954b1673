"""What trust payment refuses, with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class TrustNotOffered(DomainError):
    """The market does not work with a bank for it, or the buyer is the seller."""

    code = "trust.not_offered"
    message = _("这里不能用信任付。")


class TrustNotSigned(DomainError):
    """The buyer has no mandate."""

    code = "trust.not_signed"
    message = _("贵企业还没有签约信任付，主账号或财务可以在买家中心签约。")


class TrustSigned(DomainError):
    """The buyer has a mandate already; figures: tail."""

    code = "trust.signed"
    message = _("已签约信任付（账户尾号 {tail}）。改限额请先解约再签约。")


class TrustLimitTooLarge(DomainError):
    """A mandate for nothing, or for more than the bank lets; figures: per_order, in_all."""

    code = "trust.limit_too_large"
    status = 422
    message = _("单笔限额须大于 0、不超过 {per_order} 和总限额，总限额不超过 {in_all}。")


class TrustOwing(DomainError):
    """The bank has paid for the buyer, which has not repaid it; figures: debt."""

    code = "trust.owing"
    message = _("银行已代付 {debt}，还清后才能再用信任付。")


class TrustOverOrder(DomainError):
    """More than one order may have; figures: per_order, needed."""

    code = "trust.over_order"
    message = _("信任付单笔限额 {per_order}，这笔订单共需要 {needed}。")


class TrustOverLimit(DomainError):
    """More than is free in all; figures: limit, used, free, needed."""

    code = "trust.over_limit"
    message = _("信任付总限额 {limit}，已用 {used}，可用 {free}，这笔需要 {needed}。")


class TrustNothingOwed(DomainError):
    """Nothing of the order is owed to the bank."""

    code = "trust.nothing_owed"
    message = _("这笔订单没有待还银行的款项。")


class TrustRepaymentTooLarge(DomainError):
    """More than is owed; figures: amount, debt."""

    code = "trust.repayment_too_large"
    status = 422
    message = _("还款 {amount} 须大于 0 且不超过待还的 {debt}。")
