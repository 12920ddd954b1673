"""Withdrawals: accounts, the day's limit, asking, agreeing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import Amount, Id, In, Line, Number, Out, PageOut, Paging, PathId, Yuan, listed
from pifa.api.routing import Topic
from pifa.finance import commands
from pifa.finance.withdrawals import queries
from pifa.parties.confirming import confirm

topic = Topic()


class PayeeOut(Out):
    """The company's own account at a bank. `masked` is all that is shown of its number."""

    id: int
    holder: str
    bank_name: str
    masked: str
    at_partner_bank: bool
    added_at: datetime


class PayeePage(PageOut):
    """Accounts, the newest first."""

    items: list[PayeeOut]


class NewPayeeIn(In):
    """An account in the company's registered name, and the caller's own password."""

    number: Line
    bank_name: Line
    password: Annotated[str, Field(min_length=1, max_length=128)]


class ConfirmIn(In):
    """The caller's own password, again."""

    password: Annotated[str, Field(min_length=1, max_length=128)]


class PayeeIdOut(Out):
    """The account's id."""

    id: int


class LimitOut(Out):
    """What may be taken out today to other banks, and what would raise it: with the benefit
    `larger`, from the standings `steps` on. Above `approval_above` another person has to agree.
    To the partner bank there is neither limit nor fee."""

    limit: Yuan
    used: Yuan
    left: Yuan
    benefit: str
    held: bool
    larger: Yuan
    steps: list[str]
    approval_above: Yuan
    approval_days: int
    fee: Yuan
    registered_name: str
    partner_bank: str


class WithdrawIn(In):
    """How much goes to which of the company's accounts (its only one, if none is named)."""

    amount: Amount
    account_id: Id | None = None


class WithdrawnOut(Out):
    """The withdrawal, and its state: `asked` waits for another person, `sent` is at the bank."""

    number: str
    state: str


class WithdrawalOut(Out):
    """A withdrawal; `verbs` are what the caller may do with it now."""

    number: str
    amount: Yuan
    fee: Yuan
    account: PayeeOut
    state: str
    state_label: str
    asked_at: datetime
    asked_by: str
    until: datetime | None
    decided_at: datetime | None
    decided_by: str
    reason: str
    sent_at: datetime | None
    ended_at: datetime | None
    verbs: list[str]


class WithdrawalPage(PageOut):
    """Withdrawals, the newest first."""

    items: list[WithdrawalOut]


class RefuseIn(In):
    """Why not."""

    reason: Line


_WHO = _("主账号和财务。")


@topic.reads("/payee-accounts", PayeePage, _("收款账户"), _WHO)
def payees(request: HttpRequest) -> object:
    return listed(queries.payees(actor_of(request)))


@topic.writes(
    "POST",
    "/payee-accounts",
    PayeeIdOut,
    _("添加收款账户"),
    _("主账号和财务，须再次输入密码。账户须在企业名下，由银行核对。重复添加得到同一个账户。"),
    status=201,
    errors=(429,),
    keyed=False,
)
def add_payee(request: HttpRequest, new: NewPayeeIn) -> dict[str, int]:
    actor = actor_of(request)
    confirm(request, actor, new.password)
    return {"id": commands.add_payee(actor, new.number, new.bank_name)}


@topic.writes(
    "POST",
    "/payee-accounts/{account_id}/remove",
    None,
    _("删除收款账户"),
    _("主账号和财务，须再次输入密码。"),
    errors=(429,),
    keyed=False,
)
def remove_payee(request: HttpRequest, account_id: PathId, again: ConfirmIn) -> None:
    actor = actor_of(request)
    confirm(request, actor, again.password)
    commands.remove_payee(actor, account_id)


@topic.reads("/withdrawals/limit", LimitOut, _("今天的提现额度"), _WHO)
def limit(request: HttpRequest) -> object:
    return queries.withdrawal_limit(actor_of(request))


@topic.reads("/withdrawals", WithdrawalPage, _("提现记录"), _WHO)
def withdrawals(request: HttpRequest, page: Paging) -> object:
    return queries.withdrawals(actor_of(request), page.cursor, page.size)


@topic.reads("/withdrawals/{number}", WithdrawalOut, _("一笔提现"), _WHO)
def withdrawal(request: HttpRequest, number: Number) -> object:
    return queries.withdrawal(actor_of(request), number)


@topic.writes(
    "POST",
    "/withdrawals",
    WithdrawnOut,
    _("提现"),
    _("主账号和财务。超过复核金额的，等另一位主账号或财务复核后汇出。"),
    status=201,
)
def withdraw(request: HttpRequest, wanted: WithdrawIn) -> object:
    return commands.withdraw(actor_of(request), wanted.amount, account_id=wanted.account_id)


@topic.writes("POST", "/withdrawals/{number}/approve", WithdrawnOut, _("复核同意"), _WHO)
def approve(request: HttpRequest, number: Number) -> object:
    return commands.approve_withdrawal(actor_of(request), number)


@topic.writes("POST", "/withdrawals/{number}/refuse", WithdrawnOut, _("复核不同意"), _WHO)
def refuse(request: HttpRequest, number: Number, said: RefuseIn) -> object:
    return commands.refuse_withdrawal(actor_of(request), number, said.reason)


@topic.writes("POST", "/withdrawals/{number}/cancel", WithdrawnOut, _("撤销提现"), _WHO)
def cancel(request: HttpRequest, number: Number) -> object:
    return commands.cancel_withdrawal(actor_of(request), number)
