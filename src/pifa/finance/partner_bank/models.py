"""Which company has which account at the partner bank, its cards, and what passwords allowed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PartnerAccount(models.Model):
    """A company's account; everything else about it is the bank's."""

    company = models.OneToOneField(
        "parties.Company", models.PROTECT, related_name="partner_account", verbose_name=_("企业")
    )
    bank = models.CharField(max_length=20)
    number = models.CharField(_("账号"), max_length=40, unique=True)
    opened_at = models.DateTimeField(_("开户时间"))
    reset_wrong = models.PositiveSmallIntegerField(default=0)
    reset_locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("网商银行账户")
        verbose_name_plural = _("网商银行账户")


class BoundCard(models.Model):
    """An account of the company's own at another bank. Only its last digits are kept here."""

    account = models.ForeignKey(PartnerAccount, models.PROTECT, related_name="cards")
    bank = models.CharField(max_length=120)
    tail = models.CharField(max_length=4)
    reference = models.CharField(max_length=64, help_text="the bank's name for it")
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="bound_card_once")
        ]


class BankAuthorisation(models.Model):
    """A password was given rightly: by whom, for which account, until when it holds.

    Of the query password it shows as often as wanted; of the payment password it moves money once.
    """

    account = models.ForeignKey(PartnerAccount, models.PROTECT, related_name="authorisations")
    member_id = models.BigIntegerField()
    which = models.CharField(max_length=7)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(which="payment") | Q(used_at__isnull=True),
                name="bank_authorisation_used_once_of_payment",
            )
        ]
