"""What groups of a seller's customers pay, and which goods are meant for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.catalog.models import GroupPrice, Offer, OfferAudience, Sku
from pifa.catalog.policies import may_keep
from pifa.catalog.problems import Unacceptable
from pifa.catalog.queries.checkout import storable
from pifa.catalog.rules import Tier, check_tiers
from pifa.kernel import audit, bulk
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.relationships.models import CustomerGroup


def set_group_prices(actor: Actor, group_id: int, prices: Mapping[int, Sequence[Tier]]) -> int:
    """Replace what a group pays for SKUs (by id); no breaks: the prices for all. How many SKUs.

    All or none. Raises `Unacceptable` with the breaks that cannot stand, `NotFound` for what is not
    the company's.
    """
    seller_id = may_keep(actor)
    with transaction.atomic():
        _own_groups(seller_id, [group_id])
        rows = Sku.objects.filter(pk__in=storable(prices), offer__seller_id=seller_id)
        skus = {pk: (code, moq) for pk, code, moq in rows.values_list("pk", "code", "offer__moq")}
        if len(skus) < len(prices):
            raise NotFound
        _check(prices, skus)
        GroupPrice.objects.filter(group=group_id, sku__in=skus).delete()
        bulk.insert(GroupPrice, _rows(group_id, prices), returning=None)
        audit.record(
            actor, "customer_group.set_prices", f"customer_group:{group_id}", skus=len(skus)
        )
        return len(skus)


def set_audience(actor: Actor, offer_id: int, group_ids: Collection[int]) -> None:
    """Mean a private offer for groups of customers; for none: for every related buyer.

    Raises `NotFound` for what is not the company's, `InvalidInput` for a public offer.
    """
    seller_id = may_keep(actor)
    with transaction.atomic():
        rows = Offer.objects.select_for_update(no_key=True)
        offer = rows.filter(pk=offer_id, seller=seller_id).first()
        if offer is None:
            raise NotFound
        if group_ids and offer.visibility != Offer.Visibility.PRIVATE:
            reason = _("公开的货品人人可见。请先把可见范围改为“仅私域客户”。")
            raise InvalidInput(field="groups", reason=reason)
        wanted = set(_own_groups(seller_id, group_ids))
        OfferAudience.objects.filter(offer=offer).exclude(group__in=wanted).delete()
        OfferAudience.objects.bulk_create(
            [OfferAudience(offer=offer, group_id=key) for key in sorted(wanted)],
            ignore_conflicts=True,
        )
        audit.record(actor, "offer.set_audience", f"offer:{offer_id}", groups=sorted(wanted))


def _own_groups(seller_id: int, group_ids: Collection[int]) -> list[int]:
    """The groups, locked until the end so that none goes away meanwhile."""
    wanted = set(storable(group_ids))
    rows = CustomerGroup.objects.filter(pk__in=wanted, seller=seller_id).order_by("pk")
    found = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    if len(found) < len(set(group_ids)):
        raise NotFound
    return found


def _check(prices: Mapping[int, Sequence[Tier]], skus: Mapping[int, tuple[str, int]]) -> None:
    problems = [
        problem
        for sku_id, tiers in prices.items()
        if tiers
        for code, moq in (skus[sku_id],)
        for problem in check_tiers(tiers, moq, sku=code)
    ]
    if problems:
        raise Unacceptable(problems)


def _rows(group_id: int, prices: Mapping[int, Sequence[Tier]]) -> list[dict[str, int]]:
    return [
        {
            "group_id": group_id,
            "sku_id": sku_id,
            "min_quantity": tier.min_quantity,
            "price_e4": tier.price.e4,
        }
        for sku_id, tiers in sorted(prices.items())
        for tier in tiers
    ]
