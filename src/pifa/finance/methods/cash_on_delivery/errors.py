"""What cash on delivery refuses, with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class CashNotOffered(DomainError):
    """The seller does not let this be paid at the door."""

    code = "cash.not_offered"
    message = _("卖家没有开通货到付款。")


class CashNotForDeposit(DomainError):
    """A deposit is paid before there is anything to deliver."""

    code = "cash.not_for_deposit"
    message = _("定金要先付清才开始生产；尾款可以货到付款。")


class CashNotInRegion(DomainError):
    """The seller does not offer it where the goods go; figures: region (its code)."""

    code = "cash.not_in_region"
    message = _("卖家的货到付款不送到收货地址所在的地区。")


class CashOverLimit(DomainError):
    """More than the seller lets be collected at once; figures: limit, needed."""

    code = "cash.over_limit"
    message = _("货到付款每笔最多 {limit}，这笔需要 {needed}。")
