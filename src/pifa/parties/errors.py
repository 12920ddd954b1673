"""What this floor refuses, in words a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class TextLength(DomainError):
    """A text is missing, too short or too long."""

    code = "text.length"
    status = 422
    message = _("“{label}”需要 {shortest} 到 {longest} 个字，现在是 {length} 个字。")


class BadFormat(DomainError):
    """A value has not the form it needs; `expected` says which."""

    code = "format.bad"
    status = 422
    message = _("“{label}”的格式不对：{expected}")


class LoginTaken(DomainError):
    """Another company goes by this 会员名."""

    code = "company.login_taken"
    message = _("会员名“{login}”已被使用，请换一个。")


class UsernameTaken(DomainError):
    """Another person signs in by this name."""

    code = "member.username_taken"
    message = _("登录名“{username}”已被使用，请换一个。")


class WeakPassword(DomainError):
    """The password would be guessed; the reasons are those of Django's validators."""

    code = "member.weak_password"
    status = 422
    message = _("密码不够安全：{reasons}")


class LastOwner(DomainError):
    """The company would be left without an owner."""

    code = "member.last_owner"
    message = _("企业至少要有一个在职的主账号。请先把另一位成员设为主账号。")


class NoRoles(DomainError):
    """A member needs at least one role, all of them known."""

    code = "member.no_roles"
    status = 422
    message = _("请至少选择一个角色（主账号、采购、业务员、财务）。")


class LicenceTaken(DomainError):
    """The licence already stands for another company of the market."""

    code = "verification.licence_taken"
    message = _("证件号 {licence} 已用于另一家企业的认证。如有疑问请联系平台客服。")


class VerificationWaiting(DomainError):
    """One verification is under review; a second would only be in its way."""

    code = "verification.waiting"
    message = _("您已有一份认证在审核中，请等待结果后再提交。")


class DocumentMissing(DomainError):
    """An enterprise is verified by the picture of its business licence."""

    code = "verification.document_missing"
    status = 422
    message = _("请上传证件的清晰照片。")


class ReasonMissing(DomainError):
    """A verdict against somebody says why."""

    code = "reason_missing"
    status = 422
    message = _("请写明理由，对方会看到它。")


class PointsOutOfRange(DomainError):
    """Penalty points are given in steps of one up to a most."""

    code = "penalty.points"
    status = 422
    message = _("扣分需在 1 到 {most} 分之间，现在是 {points} 分。")


class YearsOutOfRange(DomainError):
    """Membership is bought by whole years up to a most."""

    code = "membership.years"
    status = 422
    message = _("诚信通一次可购买 1 到 {most} 年，现在是 {years} 年。")


class AddressBookFull(DomainError):
    """The address book holds as many as it may."""

    code = "address.full"
    message = _("地址簿最多保存 {most} 个地址，请先删除不用的地址。")


class WrongPassword(DomainError):
    """No active person has this user name and password."""

    code = "session.wrong_password"
    status = 401
    message = _("用户名或密码不对，请检查大小写后再试。")


class PasswordNotRight(DomainError):
    """Whoever is signed in entered another password than its own."""

    code = "session.password_not_right"
    status = 422
    message = _("登录密码不对，请检查大小写后再试。")


class TooManyAttempts(DomainError):
    """Wrong passwords came too often; the person may try again later."""

    code = "session.locked"
    status = 429
    message = _("密码输错次数过多，请 15 分钟后再试。")
