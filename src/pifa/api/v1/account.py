"""Signing up, tokens, and who one is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from pifa.api.auth import actor_of, new_staff_token
from pifa.api.fields import Id, In, Line, Out, PageOut, PathId, Region, listed, says
from pifa.api.routing import Topic
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden
from pifa.messages import queries as messages
from pifa.parties import commands, queries
from pifa.parties.confirming import signed_person
from pifa.parties.models import ApiToken

topic = Topic()
Username = Annotated[str, Field(max_length=150)]


class SignUpIn(In):
    """A company and the person who opens its account."""

    company_name: Line
    login: Line = Field(description=says(_("会员名，注册后不能更改")))
    person_name: Line
    username: Line
    password: Line
    email: Line
    mobile: Line
    region: Region
    city: Line


class SignedUpOut(Out):
    """The new company and its first owner."""

    company_id: int
    member_id: int
    login: str


class SignInIn(In):
    """Name and password, and the app the token is for."""

    username: Username
    password: Line
    app_name: Line
    company_id: Id | None = None


class NewTokenIn(In):
    """The app another token is for."""

    app_name: Line


class TokenOut(Out):
    """A token, shown this once."""

    token: str


class SignedInOut(TokenOut):
    """A token, shown this once, and for whom it acts."""

    company_id: int
    member_id: int


class StaffSignInIn(In):
    """An operator's name and password."""

    username: Username
    password: Line


class StaffTokenOut(TokenOut):
    """A staff token and when it ends."""

    until: datetime


class ListedTokenOut(Out):
    """A token in use; `hint` are its last characters."""

    id: int
    app_name: str
    hint: str
    member_id: int
    member: str
    created_at: datetime
    last_used_at: datetime | None


class TokenPage(PageOut):
    items: list[ListedTokenOut]


class MeOut(Out):
    """Who the token acts for."""

    kind: str
    user_id: int | None
    member_id: int | None
    company_id: int | None
    roles: list[Role]
    unread_notices: int


class LanguageIn(In):
    """zh-hans or en."""

    language: Line


@topic.writes(
    "POST",
    "/sign-up",
    SignedUpOut,
    _("注册企业"),
    _("任何人都可以注册；注册人是企业的第一个主账号。之后用 POST /tokens 取得令牌。"),
    status=201,
    auth=None,
)
def sign_up(request: HttpRequest, new: SignUpIn) -> dict[str, Any]:
    member = commands.sign_up(**new.model_dump())
    return {
        "company_id": member.company_id,
        "member_id": member.pk,
        "login": member.company.login,
    }


@topic.writes(
    "POST",
    "/tokens",
    SignedInOut,
    _("用密码取得令牌"),
    _("令牌属于一位成员和一个应用，只显示这一次。不给出企业时，取最近登录的那一家。"),
    status=201,
    errors=(429,),
    auth=None,
    secret=True,
)
def sign_in(request: HttpRequest, asked: SignInIn) -> dict[str, Any]:
    user = signed_person(request, asked.username, asked.password)
    member = queries.member_for(user.pk, asked.company_id)
    if member is None:
        raise Forbidden
    commands.note_login(member)
    token = commands.issue_token(queries.actor_for(member), asked.app_name)
    return {"token": token, "company_id": member.company_id, "member_id": member.pk}


@topic.writes(
    "POST",
    "/staff-tokens",
    StaffTokenOut,
    _("运营人员取得令牌"),
    _("平台运营人员的令牌 8 小时后失效，改密码或离职立即失效；权限与控制台的角色相同。"),
    status=201,
    errors=(429,),
    auth=None,
    secret=True,
)
def staff_sign_in(request: HttpRequest, asked: StaffSignInIn) -> dict[str, Any]:
    token, until = new_staff_token(signed_person(request, asked.username, asked.password))
    return {"token": token, "until": until}


@topic.reads("/me", MeOut, _("我是谁"))
def me(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    unread = (
        messages.unread_count(actor.company_id, actor.member_id)
        if actor.company_id is not None
        else 0
    )
    return {
        "kind": actor.kind.value,
        "user_id": actor.user_id,
        "member_id": actor.member_id,
        "company_id": actor.company_id,
        "roles": sorted(actor.roles),
        "unread_notices": unread,
    }


@topic.writes("PUT", "/me/language", None, _("选择通知的语言"))
def set_language(request: HttpRequest, wanted: LanguageIn) -> None:
    commands.set_language(actor_of(request), wanted.language)


@topic.reads(
    "/me/tokens", TokenPage, _("列出令牌"), _("主账号看到全企业的令牌，其他成员看到自己的。")
)
def list_tokens(request: HttpRequest) -> object:
    return listed([_token(row) for row in queries.tokens(actor_of(request))])


@topic.writes(
    "POST",
    "/me/tokens",
    TokenOut,
    _("为另一个应用取得令牌"),
    _("只显示这一次。"),
    status=201,
    secret=True,
)
def issue_token(request: HttpRequest, new: NewTokenIn) -> dict[str, str]:
    return {"token": commands.issue_token(actor_of(request), new.app_name)}


@topic.writes("DELETE", "/me/tokens/{token_id}", None, _("作废令牌"))
def revoke_token(request: HttpRequest, token_id: PathId) -> None:
    commands.revoke_token(actor_of(request), token_id)


def _token(row: ApiToken) -> dict[str, Any]:
    return {
        "id": row.pk,
        "app_name": row.app_name,
        "hint": row.hint,
        "member_id": row.member_id,
        "member": row.member.name,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
    }
