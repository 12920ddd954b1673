"""Refusals of customer files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class BadField(DomainError):
    """A field of a file that cannot be meant so; `reason` and `remedy` say what and how."""

    code = "crm.bad_field"
    status = 422
    message = _("{label}：{reason}。{remedy}。")


class NoSuchKeeper(DomainError):
    """A keeper is an active member of the seller's company."""

    code = "crm.no_such_keeper"
    status = 422
    message = _("客服必须是本企业在职的成员。")


class MembersStay(DomainError):
    """A file behind which a company stands cannot be merged into another."""

    code = "crm.members_stay"
    status = 422
    message = _("“{name}”是平台会员企业，不能并入别的档案；请反过来，把另一份并入它。")


class MergeGone(DomainError):
    """A merge that was undone, or that later events have overtaken."""

    code = "crm.merge_gone"
    message = _("这次合并已经撤销，或之后的变动使它不能再撤销。")


class NoSheetHeader(DomainError):
    """A sheet that names no column by which customers are told apart."""

    code = "crm.no_header"
    status = 422
    message = _("表头里没有“客户编号”“旺旺ID”“电话”或“客户姓名”，无法识别客户。请用导出的表格。")
