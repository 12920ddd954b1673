"""A seller offers payment at the door, or does not any more."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.methods.cash_on_delivery import standing
from pifa.finance.methods.cash_on_delivery.models import CashTerms
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money
from pifa.kernel.regions import REGIONS


def offer_cash(actor: Actor, on: bool, limit: Money, regions: Collection[str]) -> None:
    """Let buyers pay at the door up to an amount an order, in these regions (codes), or not; owner
    or finance role. It holds for orders that are agreed on from now on.

    `InvalidInput` for a limit beyond the market's own, or for regions that there are not.
    """
    seller_id = policies.handles_money(actor)
    chosen = sorted(set(regions))
    if any(code not in REGIONS for code in chosen):
        raise InvalidInput(field="regions", reason=_("请选择列出的地区。"))
    if on and not chosen:
        raise InvalidInput(field="regions", reason=_("请至少选择一个地区。"))
    if not (1 if on else 0) <= limit.fen <= standing.most().fen:
        words = _("每笔上限须大于 0 且不超过 {most}。")
        raise InvalidInput(field="limit", reason=words.format(most=standing.most()))
    with transaction.atomic():
        CashTerms.objects.update_or_create(
            seller_id=seller_id,
            defaults={
                "on": on,
                "limit_fen": limit.fen,
                "regions": chosen,
                "changed_at": clock.now(),
            },
        )
        subject = f"company:{seller_id}"
        audit.record(actor, "cash.offer", subject, on=on, limit_fen=limit.fen, regions=chosen)
