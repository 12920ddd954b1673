"""What withdrawals refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class NotRegistered(DomainError):
    """The company has no registered name yet, in which an account could be."""

    code = "finance.payee_not_registered"
    message = _("提现只能到企业自己名下的账户，请先完成企业认证。")


class NameDiffers(DomainError):
    """The bank knows no such account in the company's name; figures: holder (the company's name)."""

    code = "finance.payee_name_differs"
    message = _("银行核对：这个账号不在“{holder}”名下，或账号不存在。只能提现到企业自己的账户。")


class TooManyAccounts(DomainError):
    """A company keeps so many accounts at once; figures: most."""

    code = "finance.too_many_payee_accounts"
    message = _("最多保留 {most} 个收款账户，请先删除不用的。")


class NoPayeeAccount(DomainError):
    """There is no account to send to, or several and none was chosen."""

    code = "finance.no_payee_account"
    message = _("请先添加企业的收款账户，有多个时请选择一个。")


class DailyLimitReached(DomainError):
    """More than the day still has; figures: amount, left, limit, used."""

    code = "finance.daily_limit_reached"
    message = _(
        "今天还可提现 {left}（每日 {limit}，已用 {used}），不够 {amount}。提现到合作银行账户不限额。"
    )


class SameSecond(DomainError):
    """Who asked cannot agree; another owner or finance person has to."""

    code = "finance.same_person"
    message = _("提出提现的人不能自己复核，请企业的另一位主账号或财务处理。")


class NoSecond(DomainError):
    """Nobody else could agree; figures: above."""

    code = "finance.no_second_person"
    message = _(
        "超过 {above} 的提现要由另一位主账号或财务复核，贵企业还没有第二个人，请先添加成员。"
    )
