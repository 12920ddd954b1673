"""The plan of staged payment that a seller begins with on new offers."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from pifa.catalog.models import SellerStagedPlan
from pifa.catalog.policies import may_keep
from pifa.catalog.problems import Unacceptable
from pifa.catalog.rules import StagedPlan, plan_problems
from pifa.kernel import audit
from pifa.kernel.actors import Actor


def set_default_plan(actor: Actor, plan: StagedPlan | None) -> None:
    """Keep the company's plan for new offers, or have none; offers there are keep theirs.

    Raises `Unacceptable` with every problem of the plan.
    """
    seller_id = may_keep(actor)
    found = list(plan_problems(plan)) if plan else []
    if found:
        raise Unacceptable(found)
    with transaction.atomic():
        if plan is None:
            SellerStagedPlan.objects.filter(seller=seller_id).delete()
        else:
            SellerStagedPlan.objects.update_or_create(seller_id=seller_id, defaults=asdict(plan))
        audit.record(actor, "shop.staged_plan", f"company:{seller_id}", on=plan is not None)
