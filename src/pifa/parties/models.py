"""Companies and the people who act for them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Role
from pifa.parties.storage import PrivateStorage


class User(AbstractUser):
    """A person who signs in. Operators (小二) are staff users without a company."""

    mobile = models.CharField(_("手机"), max_length=20, blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")


class Company(models.Model):
    """Every buyer and seller is one; a company can be both."""

    class Grade(models.TextChoices):
        """Integrity grade given by operators."""

        UNGRADED = "", _("未评级")
        A = "A", "A"
        AA = "AA", "AA"
        AAA = "AAA", "AAA"
        BBB = "BBB", "BBB"
        BB = "BB", "BB"
        B = "B", "B"

    name = models.CharField(_("企业名称"), max_length=120)
    login = models.CharField(_("会员名"), max_length=60, unique=True)
    is_seller = models.BooleanField(_("是卖家"), default=False)
    region = models.CharField(_("省份"), max_length=2, blank=True)
    city = models.CharField(_("城市"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    integrity_grade = models.CharField(
        _("诚信等级"), max_length=3, choices=Grade.choices, blank=True
    )
    member_until = models.DateField(_("诚信通有效期至"), null=True, blank=True)
    member_since = models.DateField(_("诚信通开通日"), null=True, blank=True)
    verified_name = models.CharField(_("认证主体"), max_length=120, blank=True)
    licence_no = models.CharField(_("认证证件号"), max_length=18, null=True, unique=True)
    verified_representative = models.CharField(_("认证的法定代表人"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("注册时间"))

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")

    def __str__(self) -> str:
        return self.name


class Guest(models.Model):
    """A company that nobody signs in for: who bought of one seller (`host`) by a link.

    Known by the mobile number that was typed, which nobody verified: what it bought is handed over
    by a code that its payer has, never by the number.
    """

    company = models.OneToOneField(Company, models.PROTECT, related_name="guest")
    host = models.ForeignKey(Company, models.PROTECT, related_name="guests")
    mobile = models.CharField(_("手机"), max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "mobile"], name="guest_once_a_seller"),
            models.CheckConstraint(condition=~Q(company=F("host")), name="guest_of_another"),
            models.CheckConstraint(condition=~Q(mobile=""), name="guest_has_a_mobile"),
        ]


class Member(models.Model):
    """A user acting for a company, with roles. One user may serve several companies."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    name = models.CharField(_("姓名"), max_length=60)
    roles = models.JSONField(_("角色"), default=list)
    active = models.BooleanField(_("在职"), default=True)
    invited_at = models.DateTimeField(_("加入时间"))
    last_seen_at = models.DateTimeField(_("最近登录"), null=True)

    class Meta:
        verbose_name = _("成员")
        verbose_name_plural = _("成员")
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="member_once_a_company")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_set(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.roles)


class Verification(models.Model):
    """A personal or enterprise identity verification, reviewed by an operator."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", _("个人实名认证")
        ENTERPRISE = "enterprise", _("企业认证")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待审核")
        APPROVED = "approved", _("已通过")
        REJECTED = "rejected", _("已驳回")

    company = models.ForeignKey(Company, models.PROTECT, related_name="verifications")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    legal_name = models.CharField(_("执照名称"), max_length=120)
    licence_no = models.CharField(_("统一社会信用代码"), max_length=18)
    representative = models.CharField(_("法定代表人"), max_length=60, blank=True)
    document = models.ImageField(
        _("营业执照"), upload_to="licences/", storage=PrivateStorage(), blank=True
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.SUBMITTED
    )
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"))
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("认证")
        verbose_name_plural = _("认证")
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(state="submitted"),
                name="verification_one_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="verification_says_why_not"
            ),
        ]


class PenaltyEntry(models.Model):
    """Penalty points given to a shop, with the reason; counted by calendar year."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="penalties")
    points = models.PositiveSmallIntegerField(_("扣分"))
    reason = models.CharField(_("理由"), max_length=300)
    given_at = models.DateTimeField(_("时间"))
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoke_reason = models.CharField(_("撤销理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("扣分")
        verbose_name_plural = _("扣分")
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="penalty_above_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="penalty_says_why"),
        ]


class Address(models.Model):
    """An entry of a company's address book."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="addresses")
    consignee = models.CharField(_("收货人"), max_length=60)
    region = models.CharField(_("省份"), max_length=2)
    city = models.CharField(_("城市"), max_length=60)
    detail = models.CharField(_("详细地址"), max_length=200)
    post_code = models.CharField(_("邮编"), max_length=10, blank=True)
    phone = models.CharField(_("固定电话"), max_length=30, blank=True)
    mobile = models.CharField(_("手机"), max_length=20)
    is_default = models.BooleanField(_("默认地址"), default=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="address_one_default",
            )
        ]


class ApiToken(models.Model):
    """A member's token for one app; only its digest is kept."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="tokens")
    app_name = models.CharField(_("应用"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(_("创建时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True)
    revoked_at = models.DateTimeField(null=True)
