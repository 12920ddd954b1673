"""What this floor refuses, in words a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class NotASeller(DomainError):
    """A relationship joins a seller and a buyer; the company asked to be the seller is none."""

    code = "relationship.not_a_seller"
    status = 422
    message = _("这家企业还没有开店，不能作为供应商建立关系。")


class NotWithOneself(DomainError):
    """A company is not its own customer."""

    code = "relationship.oneself"
    status = 422
    message = _("不能与自己的企业建立关系。")


class AskedByYou(DomainError):
    """The one who asked cannot answer."""

    code = "relationship.asked_by_you"
    message = _("这个申请是您发出的，需要等对方同意。")


class ClaimRefused(DomainError):
    """A claim code that is unknown, used, replaced or out of date; which one is not told."""

    code = "claim.refused"
    status = 422
    message = _("认领码无效或已过期，请核对后重新输入，或向供应商索取新的认领码。")


class IsAMember(DomainError):
    """A company stands behind the customer: there is nothing to claim, and it leads nowhere else."""

    code = "customer.is_a_member"
    message = _("“{name}”已是平台会员企业，可以直接向它申请建立关系。")


class BadCustomerKey(DomainError):
    """A key by which a seller's books know a customer is empty or too long."""

    code = "customer.bad_key"
    status = 422
    message = _("客户编号“{key}”需要 1 到 {longest} 个字符。")


class GroupNameTaken(DomainError):
    """A seller's groups have different names."""

    code = "customer_group.name_taken"
    message = _("已经有名为“{name}”的客户分组，请换一个名称。")


class GroupInUse(DomainError):
    """Goods are meant for this group alone; without it nobody or everybody would see them."""

    code = "customer_group.in_use"
    message = _("有 {offers} 个货品只对分组“{name}”可见。请先改变它们的可见范围，再删除分组。")
