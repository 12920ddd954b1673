"""Staff roles: which operator may work on which queue. Kept as groups with permissions."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

REVIEWER = "reviewer"
ARBITER = "arbiter"
MANAGER = "manager"

VIEW = (
    "parties.view_company",
    "parties.view_member",
    "parties.view_verification",
    "parties.view_penaltyentry",
    "catalog.view_category",
    "catalog.view_shop",
    "catalog.view_offer",
    "trade.view_order",
    "trade.view_dispute",
    "trade.view_importbatch",
    "integrity.view_ruling",
    "relationships.view_relationship",
    "standing.view_ratingrun",
    "programme.view_seasonrow",
    "programme.view_membership",
    "programme.view_appeal",
    "programme.view_freeze",
    "programme.view_mark",
)
"""What every operator may look at."""

ROLES: dict[str, tuple[str, ...]] = {
    REVIEWER: (
        *VIEW,
        "parties.change_verification",
        "catalog.change_offer",
        "catalog.add_prohibitedword",
        "catalog.change_prohibitedword",
        "catalog.delete_prohibitedword",
        "catalog.view_prohibitedword",
        "programme.change_enrolment",
        "programme.change_mark",
    ),
    ARBITER: (
        *VIEW,
        "trade.change_dispute",
        "trade.change_firstorderclaim",
        "integrity.add_ruling",
        "programme.change_appeal",
    ),
    MANAGER: (
        *VIEW,
        "parties.change_company",
        "parties.change_verification",
        "parties.add_penaltyentry",
        "parties.change_penaltyentry",
        "catalog.change_offer",
        "catalog.add_prohibitedword",
        "catalog.change_prohibitedword",
        "catalog.delete_prohibitedword",
        "catalog.view_prohibitedword",
        "trade.change_dispute",
        "trade.change_firstorderclaim",
        "integrity.add_ruling",
        "programme.add_seasonrow",
        "programme.change_enrolment",
        "programme.change_membership",
        "programme.change_appeal",
        "programme.change_freeze",
        "programme.change_mark",
        "standing.change_ratingrun",
        "standing.change_profile",
        "kernel.change_marketclock",
        "kernel.view_auditentry",
        "kernel.view_outboxevent",
        "kernel.change_outboxevent",
        "kernel.view_deadline",
        "kernel.change_deadline",
        "pifa_messages.view_delivery",
        "ledger.view_posting",
        "finance.view_payment",
        "finance.view_gatewaynotice",
        "finance.view_creditline",
        "finance.view_withdrawal",
        "finance.view_bondpolicy",
        "finance.view_freightpolicy",
        "finance.view_securedreceivable",
        "finance.view_trustitem",
        "finance.view_loan",
        "finance.view_bankline",
        "finance.change_bankline",
        "finance.view_cashbatch",
        "finance.change_cashbatch",
        "finance.view_bill",
    ),
}


def ensure_roles() -> None:
    """Make the roles with their permissions; run after every migration, changes nothing twice."""
    for name, codes in ROLES.items():
        wanted = Q(pk__in=[])
        for code in codes:
            label, codename = code.split(".")
            wanted |= Q(content_type__app_label=label, codename=codename)
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(wanted))
