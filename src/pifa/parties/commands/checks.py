"""Checks that several verbs share: what was typed, in the form it is kept, or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.errors import NotFound
from pifa.kernel.regions import REGIONS
from pifa.parties import rules
from pifa.parties.errors import BadFormat, NoRoles, UsernameTaken, WeakPassword
from pifa.parties.models import Company, Member, User
from pifa.parties.text import line

__all__ = [
    "any_phone",
    "email",
    "line",
    "lock_company",
    "lock_member",
    "mobile",
    "new_user",
    "person",
    "region",
    "roles",
    "save_user",
]


def region(code: str) -> str:
    """A code of a province-level region."""
    if code not in REGIONS:
        raise BadFormat("region", label=_("省份"), expected=_("请从列表中选择省份"))
    return code


def mobile(number: str, field: str = "mobile") -> str:
    """A mobile number: 11 digits, or an international one with its `+`."""
    kept = rules.normal_phone(number)
    if not rules.is_mobile(kept):
        raise BadFormat(
            field, label=_("手机"), expected=_("11 位手机号，境外号码请以 + 和国家代码开头")
        )
    return kept


def any_phone(number: str, field: str, label: str | Promise) -> str:
    """A mobile or landline number, or nothing."""
    kept = rules.normal_phone(number)
    if kept and not (rules.is_mobile(kept) or rules.is_landline(kept)):
        raise BadFormat(field, label=label, expected=_("例如 0579-85000000 或 11 位手机号"))
    return kept


def email(address: str) -> str:
    """An email address, or nothing."""
    kept = address.strip()
    if kept:
        try:
            validate_email(kept)
        except ValidationError as error:
            raise BadFormat(
                "email", label=_("邮箱"), expected=_("例如 name@example.com")
            ) from error
    if len(kept) > 254:
        raise BadFormat("email", label=_("邮箱"), expected=_("不超过 254 个字符"))
    return kept


def person(name: str) -> str:
    """A person's name."""
    return line(name, "person_name", _("姓名"), 60)


def roles(wanted: Iterable[Role | str]) -> list[str]:
    """At least one known role, each once, in the order of `Role`."""
    try:
        chosen = {Role(role) for role in wanted}
    except ValueError as error:
        raise NoRoles("roles") from error
    if not chosen:
        raise NoRoles("roles")
    return [role.value for role in Role if role in chosen]


def new_user(username: str, password: str | None, mail: str, number: str, person_name: str) -> User:
    """A person not yet saved; see `save_user`."""
    name = User.normalize_username(username.strip())
    try:
        AbstractUser.username_validator(name)
    except ValidationError as error:
        raise _bad_username() from error
    if not 2 <= len(name) <= 60:
        raise _bad_username()
    user = User(
        username=name,
        email=email(mail),
        mobile=mobile(number),
        first_name=person(person_name),
        date_joined=clock.now(),
    )
    if User.objects.filter(username__iexact=name).exists():
        raise UsernameTaken("username", username=name)
    set_password(user, password)
    return user


def _bad_username() -> BadFormat:
    return BadFormat(
        "username", label=_("登录名"), expected=_("2 到 60 个汉字、字母、数字或 @ . + - _")
    )


def set_password(user: User, password: str | None) -> None:
    """Give a person a password that Django's validators accept, or none to sign in by."""
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword("password", reasons=" ".join(error.messages)) from error
    user.set_password(password)


def save_user(user: User) -> None:
    """Save a new person; `UsernameTaken` if another was quicker."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise UsernameTaken("username", username=user.username) from error


def lock_company(company_id: int) -> Company:
    """A company, held until the end of the transaction: verbs on it wait for one another."""
    row = Company.objects.select_for_update(no_key=True).filter(pk=company_id).first()
    if row is None:
        raise NotFound
    return row


def lock_member(company_id: int, member_id: int) -> Member:
    """A member of exactly this company, with the company held; else `NotFound`."""
    lock_company(company_id)
    row = Member.objects.filter(pk=member_id, company_id=company_id).first()
    if row is None:
        raise NotFound
    return row
