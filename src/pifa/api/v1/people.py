"""The company's members with their roles, and its address book."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import Flag, In, Line, Out, PageOut, PathId, Region, listed, says
from pifa.api.routing import Topic
from pifa.kernel.actors import Role
from pifa.parties import commands, queries
from pifa.parties.commands import AddressInput
from pifa.parties.models import Address, Member

topic = Topic()


class MemberIn(In):
    """A new person of the company with an account and roles."""

    person_name: Line
    username: Line
    password: Line | None = Field(None, description=says(_("没有密码的人暂时不能登录")))
    email: Line = ""
    mobile: Line
    roles: list[Role]


class RolesIn(In):
    """The roles a member has from now on."""

    roles: list[Role]


class MemberOut(Out):
    """Somebody who acts for the company."""

    id: int
    name: str
    username: str
    email: str
    mobile: str
    roles: list[Role]
    active: bool
    last_seen_at: datetime | None


class MemberPage(PageOut):
    items: list[MemberOut]


class AddressIn(In):
    """An entry of the address book."""

    consignee: Line
    region: Region
    city: Line
    detail: Line
    mobile: Line
    phone: Line = ""
    post_code: Line = ""


class NewAddressIn(AddressIn):
    """A new entry; `default` makes it the one offered first at checkout."""

    default: Flag = False


class AddressOut(Out):
    """An entry of the address book."""

    id: int
    consignee: str
    region: str
    city: str
    detail: str
    post_code: str
    phone: str
    mobile: str
    is_default: bool


class AddressPage(PageOut):
    items: list[AddressOut]


@topic.reads("/members", MemberPage, _("列出成员"))
def members(request: HttpRequest) -> object:
    return listed([_member(row) for row in queries.members(actor_of(request))])


@topic.writes("POST", "/members", MemberOut, _("添加成员"), _("主账号。"), status=201)
def add_member(request: HttpRequest, new: MemberIn) -> dict[str, Any]:
    return _member(commands.add_member(actor_of(request), **new.model_dump()))


@topic.writes("PUT", "/members/{member_id}/roles", None, _("更改角色"), _("主账号。"))
def change_roles(request: HttpRequest, member_id: PathId, wanted: RolesIn) -> None:
    commands.change_roles(actor_of(request), member_id, wanted.roles)


@topic.writes(
    "POST", "/members/{member_id}/deactivate", None, _("停用成员"), _("其令牌立即失效。主账号。")
)
def deactivate_member(request: HttpRequest, member_id: PathId) -> None:
    commands.deactivate_member(actor_of(request), member_id)


@topic.writes("POST", "/members/{member_id}/reactivate", None, _("恢复成员"), _("主账号。"))
def reactivate_member(request: HttpRequest, member_id: PathId) -> None:
    commands.reactivate_member(actor_of(request), member_id)


@topic.reads("/addresses", AddressPage, _("列出地址"), _("默认地址在前，最多 50 个。"))
def addresses(request: HttpRequest) -> object:
    return listed([_address(row) for row in queries.addresses(actor_of(request))])


@topic.writes("POST", "/addresses", AddressOut, _("添加地址"), status=201)
def add_address(request: HttpRequest, new: NewAddressIn) -> dict[str, Any]:
    entry = AddressInput(**new.model_dump(exclude={"default"}))
    return _address(commands.add_address(actor_of(request), entry, default=new.default))


@topic.writes("PUT", "/addresses/{address_id}", AddressOut, _("修改地址"))
def change_address(request: HttpRequest, address_id: PathId, entry: AddressIn) -> dict[str, Any]:
    row = commands.change_address(actor_of(request), address_id, AddressInput(**entry.model_dump()))
    return _address(row)


@topic.writes("DELETE", "/addresses/{address_id}", None, _("删除地址"))
def delete_address(request: HttpRequest, address_id: PathId) -> None:
    commands.delete_address(actor_of(request), address_id)


@topic.writes("POST", "/addresses/{address_id}/default", None, _("设为默认地址"))
def set_default_address(request: HttpRequest, address_id: PathId) -> None:
    commands.set_default_address(actor_of(request), address_id)


def _member(row: Member) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "username": row.user.username,
        "email": row.user.email,
        "mobile": row.user.mobile,
        "roles": [role for role in Role if role in row.role_set],
        "active": row.active,
        "last_seen_at": row.last_seen_at,
    }


def _address(row: Address) -> dict[str, Any]:
    return {name: getattr(row, name) for name in AddressOut.model_fields}
