"""Refusals about carriers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class NotServed(DomainError):
    """The carrier does not travel between the seller's place and the consignee's."""

    code = "trade.carrier_does_not_serve"
    status = 422
    message = _(
        "{carrier}只送同一个城市的订单；这笔订单从{origin}送到{destination}，请换一家物流公司。"
    )


class BadCarrierSignature(DomainError):
    """A carrier's notice that the carrier did not sign."""

    code = "trade.carrier_bad_signature"
    message = _("通知的签名不对。")


class SenselessNews(DomainError):
    """A carrier's notice that makes no sense."""

    code = "trade.carrier_malformed"
    status = 422
    message = _("通知里的“{field_name}”不对。")
