"""Relationships between a seller and its customers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CustomerGroup(models.Model):
    """Customers of a seller that have prices of their own and see what is meant for them.

    A customer is in one group at most, so that there is one price for it.
    """

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="customer_groups")
    name = models.CharField(_("客户分组"), max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "name"], name="customer_group_once"),
            models.CheckConstraint(condition=~Q(name=""), name="customer_group_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Relationship(models.Model):
    """A seller and one of its customers.

    `buyer` is empty for a customer that is not a member; `external_key` is then the name
    under which the seller's own books know it. A *noted* one with a buyer is that seller's note of
    a company that bought: the buyer does not see it. Only a *granted* one opens private goods.
    A *merged* one only leads from such a name to the relationship of the company that
    claimed it, so that the seller's next import finds it there.
    """

    class State(models.TextChoices):
        NOTED = "noted", _("仅记录")
        REQUESTED = "requested", _("待同意")
        GRANTED = "granted", _("已建立")
        REVOKED = "revoked", _("已解除")
        MERGED = "merged", _("已合并")

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="customers")
    buyer = models.ForeignKey(
        "parties.Company", models.PROTECT, null=True, related_name="suppliers"
    )
    name = models.CharField(_("客户名称"), max_length=120)
    external_key = models.CharField(_("外部编号"), max_length=120, null=True)
    region = models.CharField(_("地区"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.NOTED)
    group = models.ForeignKey(CustomerGroup, models.SET_NULL, null=True, related_name="members")
    requested_by = models.CharField(max_length=6, blank=True, help_text="buyer or seller")
    claim_digest = models.CharField(max_length=64, blank=True)
    claim_until = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    since = models.DateTimeField(_("建立时间"))
    changed_at = models.DateTimeField(_("变更时间"))

    class Meta:
        verbose_name = _("客户关系")
        verbose_name_plural = _("客户关系")
        constraints = [
            models.UniqueConstraint(fields=["seller", "buyer"], name="relationship_once"),
            models.UniqueConstraint(fields=["seller", "external_key"], name="customer_key_once"),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="relationship_of_two"),
            models.CheckConstraint(
                condition=Q(buyer__isnull=False) | Q(external_key__isnull=False),
                name="customer_is_somebody",
            ),
            models.CheckConstraint(
                condition=Q(buyer__isnull=False) | Q(state__in=["noted", "merged"]),
                name="only_members_are_related",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False, buyer__isnull=True)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="merged_leads_on",
            ),
            models.UniqueConstraint(
                fields=["claim_digest"], condition=~Q(claim_digest=""), name="claim_code_once"
            ),
        ]
        indexes = [models.Index(fields=["buyer", "state"], name="relationship_buyer")]
