"""What the partner bank refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class NoAccount(DomainError):
    """The company has no account at the partner bank."""

    code = "partner_bank.no_account"
    message = _("贵企业还没有开通网商银行账户。")


class AccountExists(DomainError):
    """The company has its account already."""

    code = "partner_bank.account_exists"
    message = _("贵企业已经开通了网商银行账户。")


class NotVerified(DomainError):
    """The company has no enterprise verification that the bank could check against."""

    code = "partner_bank.not_verified"
    message = _("请先完成企业认证，再开通网商银行账户。")


class IdentityDiffers(DomainError):
    """What was told is not what was verified; figures: what (the field, in words)."""

    code = "partner_bank.identity_differs"
    status = 422
    message = _("“{what}”与企业认证的资料不一致，请核对。")


class PasswordUnfit(DomainError):
    """A new password that may not be one; figures: reason."""

    code = "partner_bank.password_unfit"
    status = 422
    message = _("{reason}")


class WrongPassword(DomainError):
    """The password is wrong; figures: left (tries until it is locked)."""

    code = "partner_bank.wrong_password"
    status = 422
    message = _("密码不对，还可以试 {left} 次。")


class PasswordLocked(DomainError):
    """Too many wrong passwords; figures: until."""

    code = "partner_bank.password_locked"
    status = 429
    message = _("密码连续输错，已锁定到 {until}。主账号可以凭认证资料重设密码。")


class NotAuthorised(DomainError):
    """The password was not given, or too long ago, or what it allowed is done."""

    code = "partner_bank.not_authorised"
    status = 403
    message = _("请输入密码后再操作；密码验证几分钟内有效，每次付款须重新验证。")


class NotEnough(DomainError):
    """The account does not have that much; figures: balance, needed, missing."""

    code = "partner_bank.not_enough"
    message = _("网商银行账户余额 {balance}，需要 {needed}，还差 {missing}。")


class NotOwnCard(DomainError):
    """A card in another name than the company's; figures: name."""

    code = "partner_bank.not_own_card"
    status = 422
    message = _("只能绑定户名为“{name}”的本企业账户。")


class CardBound(DomainError):
    """The card is bound already."""

    code = "partner_bank.card_bound"
    message = _("这张卡已经绑定。")
