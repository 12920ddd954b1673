"""The partner bank: the account, its two passwords, money in and out, the month's statement.

A wrong password counts, so what takes one keeps no idempotency key: its answer is not kept, and
nothing of its count is taken back.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import Header, Query, Schema
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import Amount, Day, Id, In, Line, Out, Yuan, says
from pifa.api.files import SHEET_FILES
from pifa.api.routing import Topic
from pifa.finance.partner_bank import commands, queries
from pifa.finance.partner_bank import sheet as sheets
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.protocol import Card, Secret
from pifa.finance.partner_bank.rules import Identity
from pifa.kernel.sheets.answers import sheet_answer

topic = Topic()

Shown = Annotated[
    str,
    Header(
        "",
        alias="Bank-Authorisation",
        description=says(_("用查询密码取得的 authorisation，15 分钟内有效。")),
    ),
]
Which = Literal["query", "payment"]
Password = Annotated[str, Field(min_length=1, max_length=128)]


class IdentityIn(In):
    """The company as it was verified."""

    name: Line
    licence_no: Line
    representative: Line = ""

    def told(self) -> Identity:
        """In the words of the commands."""
        return Identity(self.name, self.licence_no, self.representative)


class OpenIn(IdentityIn):
    """Who the company is, and the two passwords of its account."""

    query_password: Password
    payment_password: Password


class CardOut(Out):
    id: int
    bank: str
    tail: str


class AccountOut(Out):
    """The account by its last digits; the rest needs the query password."""

    bank_name: str
    holder: str
    tail: str
    opened_at: datetime
    cards: list[CardOut]


class AccountMoneyOut(Out):
    number: str
    balance: Yuan


class AuthoriseIn(In):
    """Which password, and the password."""

    which: Which
    password: Password


class AuthorisationOut(Out):
    """Stands for the password: of `query` as often as wanted, of `payment` for one movement."""

    authorisation: str


class ChangePasswordIn(In):
    which: Which
    old_password: Password
    new_password: Password


class ResetPasswordIn(IdentityIn):
    which: Which
    new_password: Password


class CardIn(In):
    """An account in the company's own name."""

    number: Line
    holder: Line
    bank: Line
    authorisation: Line


class MovementIn(In):
    card_id: Id
    amount: Amount
    authorisation: Line


class AccountLineOut(Out):
    key: str
    at: datetime
    kind: str
    label: str
    other: str
    reference: str
    incoming: Yuan
    outgoing: Yuan
    balance: Yuan


class MonthStatementOut(Out):
    number: str
    holder: str
    month: date
    opening: Yuan
    closing: Yuan
    came: Yuan
    went: Yuan
    lines: list[AccountLineOut]


class MonthQuery(Schema):
    """Any day of the month."""

    month: Day


class MonthSheetQuery(MonthQuery):
    kind: Literal["xlsx", "csv"] = "xlsx"


@topic.reads(
    "/partner-bank/account", AccountOut | None, _("网商银行账户"), _("主账号和财务；没有开户是空。")
)
def account(request: HttpRequest) -> object:
    return queries.account(actor_of(request))


@topic.writes(
    "POST",
    "/partner-bank/account",
    AccountOut,
    _("开通网商银行账户"),
    _("主账号；名称、信用代码、法定代表人须与企业认证一致。"),
    status=201,
)
def open_account(request: HttpRequest, wanted: OpenIn) -> object:
    actor = actor_of(request)
    passwords = Passwords(wanted.query_password, wanted.payment_password)
    commands.open_account(actor, wanted.told(), passwords)
    return queries.account(actor)


@topic.writes(
    "POST",
    "/partner-bank/authorisations",
    AuthorisationOut,
    _("验证密码"),
    _("连续输错 5 次锁定 3 小时。付款、转账、贷款签约须先用支付密码取得一次性的 authorisation。"),
    status=201,
    keyed=False,
    errors=(429,),
)
def authorise(request: HttpRequest, wanted: AuthoriseIn) -> dict[str, Any]:
    token = commands.authorise(actor_of(request), Secret(wanted.which), wanted.password)
    return {"authorisation": token}


@topic.writes(
    "POST",
    "/partner-bank/password",
    None,
    _("修改网商银行密码"),
    keyed=False,
    errors=(429,),
)
def change_password(request: HttpRequest, wanted: ChangePasswordIn) -> None:
    commands.change_password(
        actor_of(request), Secret(wanted.which), wanted.old_password, wanted.new_password
    )


@topic.writes(
    "POST",
    "/partner-bank/password/reset",
    None,
    _("重设网商银行密码"),
    _("主账号；再次核对企业资料，密码锁定时也可以。"),
    keyed=False,
    errors=(429,),
)
def reset_password(request: HttpRequest, wanted: ResetPasswordIn) -> None:
    commands.reset_password(
        actor_of(request), Secret(wanted.which), wanted.told(), wanted.new_password
    )


@topic.reads("/partner-bank/balance", AccountMoneyOut, _("网商银行余额"))
def balance(request: HttpRequest, authorisation: Shown) -> object:
    return queries.account_money(actor_of(request), authorisation)


@topic.reads("/partner-bank/statement", MonthStatementOut, _("网商银行月对账单"))
def bank_statement(request: HttpRequest, wanted: Query[MonthQuery], authorisation: Shown) -> object:
    return queries.month_statement(actor_of(request), authorisation, wanted.month)


@topic.reads("/partner-bank/statement/sheet", None, _("导出网商银行月对账单"), content=SHEET_FILES)
def statement_sheet(
    request: HttpRequest, wanted: Query[MonthSheetQuery], authorisation: Shown
) -> HttpResponseBase:
    found = queries.month_statement(actor_of(request), authorisation, wanted.month)
    return sheet_answer("bank", wanted.kind, sheets.COLUMNS, sheets.rows(found))


@topic.writes(
    "POST",
    "/partner-bank/cards",
    CardOut,
    _("绑定银行卡"),
    _("只能是本企业名下的账户。"),
    status=201,
)
def bind_card(request: HttpRequest, wanted: CardIn) -> object:
    card = Card(wanted.number, wanted.holder, wanted.bank)
    return commands.bind_card(actor_of(request), card, wanted.authorisation)


@topic.writes("POST", "/partner-bank/move-in", None, _("从绑定的卡转入"))
def move_in(request: HttpRequest, wanted: MovementIn) -> None:
    commands.move_in(actor_of(request), wanted.card_id, wanted.amount, wanted.authorisation)


@topic.writes("POST", "/partner-bank/move-out", None, _("转出到绑定的卡"))
def move_out(request: HttpRequest, wanted: MovementIn) -> None:
    commands.move_out(actor_of(request), wanted.card_id, wanted.amount, wanted.authorisation)
