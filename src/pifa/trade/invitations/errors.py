"""What order invitations refuse, in words a person can act on and with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError

NOTE, EXTERNAL_NO, MESSAGE = _("备注"), _("外部单号"), _("买家留言")
"""What the refusals name as `what`."""


class NothingInvited(DomainError):
    """An invitation without lines, with too many, or with one SKU twice; figures: lines, limit."""

    code = "invitations.nothing_invited"
    status = 422
    message = _("请填写 1 到 {limit} 行货品，同一规格只写一行；现在有 {lines} 行。")


class NotYourGoods(DomainError):
    """A SKU that is not the seller's own, or that the market took down; figures: sku_id."""

    code = "invitations.not_your_goods"
    status = 422
    message = _("“{title}”不是本店可以卖的货品，请从自己的货品里选择。")


class NotYourCustomer(DomainError):
    """A customer that the seller does not have."""

    code = "invitations.not_your_customer"
    status = 422
    message = _("没有这个客户，请从客户名单里选择，或不指定客户。")


class InvalidInvitationTotal(DomainError):
    """A sum that an order cannot have; figures: total, limit."""

    code = "invitations.invalid_total"
    status = 422
    message = _("合计须大于 ¥0.00 且不超过 {limit}，现在是 {total}。")


class WayUnknown(DomainError):
    """A way of paying that the market does not offer; figures: way."""

    code = "invitations.way_unknown"
    status = 422
    message = _("没有“{way}”这种付款方式，请从列表中选择。")


class AddressInPart(DomainError):
    """An address that the seller began and did not finish."""

    code = "invitations.address_in_part"
    status = 422
    message = _("收货地址请填完整（收货人、手机、省份、城市、详细地址），或全部留空由客户填写。")


class InvitationChanged(DomainError):
    """The seller changed it since it was read; figures: total."""

    code = "invitations.changed"
    message = _("商家修改了这份订单，现在合计 {total}。请核对后再确认。")


class TakenAlready(DomainError):
    """Somebody confirmed the invitation before."""

    code = "invitations.taken"
    message = _("这份订单已有人确认，不会重复下单；还没付款的话可以直接付款。")


class PaidAlready(DomainError):
    """Its order needs no payment any more."""

    code = "invitations.paid_already"
    message = _("这份订单已付款，不用再付。")


class OwnInvitation(DomainError):
    """A seller at its own invitation."""

    code = "invitations.own"
    message = _("这是贵店自己发出的邀请，请把链接发给客户打开。")


class WayNeedsMember(DomainError):
    """A guest chose a way that only members may use; figures: way."""

    code = "invitations.way_needs_member"
    status = 422
    message = _("“{way}”需要登录后使用。请登录，或选择其他付款方式。")


class TooManyTries(DomainError):
    """Too many wrong links from one place, or payments begun by one link; wait a little."""

    code = "invitations.too_many_tries"
    status = 429
    message = _("尝试次数过多，请过 10 分钟再试。")


class CodeRefused(DomainError):
    """A code that takes over no order: wrong, used, or its order is not paid."""

    code = "invitations.code_refused"
    status = 422
    message = _("认领码不对、已用过，或订单还没有付款。请核对付款成功页上的认领码。")


class SentBefore(DomainError):
    """A row of a sheet whose own number has become an invitation with other figures;
    figures: number."""

    code = "invitations.sent_before"
    message = _("这个单号已发过邀请 {number}，内容不同；要修改请在邀请页面上改。")
