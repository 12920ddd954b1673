"""Purchase approval: what members may buy by themselves, and orders that were asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.trade.approval.states import ApprovalState


class ApprovalLimit(models.Model):
    """Up to which amount purchasers of a company order without approval.

    Without a member it holds for all of them; a member's own goes before it, and one without an
    amount frees the member from approval. No row: no approval.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="approval_limits")
    member = models.OneToOneField(
        "parties.Member", models.PROTECT, null=True, related_name="approval_limit"
    )
    limit_fen = models.BigIntegerField(_("审批额度"), null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(member=None), name="approval_limit_one_company_wide"
            ),
            models.CheckConstraint(
                condition=Q(limit_fen__gte=0) | Q(limit_fen__isnull=True, member__isnull=False),
                name="approval_limit_sane",
            ),
        ]


class PurchaseApproval(models.Model):
    """An order above its purchaser's limit, at one amount, and what became of it.

    Another amount asks anew; at most one of an order waits. `checkout_fen` is what the orders of
    the same checkout came to.
    """

    order = models.ForeignKey("trade.Order", models.PROTECT, related_name="approvals")
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField(_("金额"))
    checkout_fen = models.BigIntegerField()
    limit_fen = models.BigIntegerField(_("审批额度"))
    state = models.CharField(
        max_length=8, choices=ApprovalState.choices, default=ApprovalState.WAITING
    )
    reason = models.CharField(_("审批意见"), max_length=200, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="waiting"), name="approval_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(checkout_fen__gte=F("amount_fen"))
                & Q(checkout_fen__gt=F("limit_fen")),
                name="approval_above_limit",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(state="lapsed", decided_at__isnull=False)
                | Q(state="approved", decided_at__isnull=False, decided_by__isnull=False)
                | (Q(state="refused", decided_at__isnull=False) & ~Q(reason="")),
                name="approval_decided_once",
            ),
        ]
        indexes = [models.Index(fields=["buyer", "state", "-id"], name="approval_queue")]
