"""Mass edits of prices and stock, as the page's grid and a seller's own systems make them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import connection, transaction

from pifa.catalog.commands.writing import Write, check_all, write_offers
from pifa.catalog.errors import StockBelowReserved
from pifa.catalog.models import Sku
from pifa.catalog.policies import may_keep
from pifa.catalog.problems import OutOfRange, Unacceptable
from pifa.catalog.queries.checkout import storable
from pifa.catalog.queries.stored import prohibited_words, stored_by_id
from pifa.catalog.rules import MAX_QUANTITY, SkuDraft, Tier
from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound


def set_prices(actor: Actor, prices: Mapping[int, Sequence[Tier]]) -> int:
    """Replace the price breaks of SKUs (by id); how many offers changed.

    All or none: the breaks of every SKU of an offer must still agree. Announces
    `OfferPriceChanged`. Raises `Unacceptable`, `NotFound`.
    """
    seller_id = may_keep(actor)
    with transaction.atomic():
        skus = Sku.objects.filter(pk__in=storable(prices), offer__seller_id=seller_id)
        codes = {
            (offer_id, code): pk
            for pk, offer_id, code in skus.values_list("pk", "offer_id", "code")
        }
        if len(codes) < len(prices):
            raise NotFound
        writes = []
        for offer_id, stored in stored_by_id(
            seller_id, {offer_id for offer_id, _ in codes}, lock=True
        ).items():
            drafts = tuple(
                _priced(sku, prices.get(codes.get((offer_id, sku.code), 0)))
                for sku in stored.draft.skus
            )
            writes.append(Write(replace(stored.draft, skus=drafts), stored))
        check_all(writes, prohibited_words())
        write_offers(actor, seller_id, writes, "offer.set_prices")
        return sum(write.changes_anything for write in writes)


def set_stock(actor: Actor, stocks: Mapping[int, int]) -> int:
    """Set the stock of SKUs (by id), pieces reserved by orders included; how many there were.

    One UPDATE, locked in the order of ids. Raises `StockBelowReserved` for the first SKU of
    which orders hold more, `Unacceptable` for an absurd figure, `NotFound`.
    """
    seller_id = may_keep(actor)
    for stock in stocks.values():
        if not 0 <= stock <= MAX_QUANTITY:
            raise Unacceptable([OutOfRange("stock", value=stock, low=0, high=MAX_QUANTITY)])
    if not stocks:
        return 0
    if len(storable(stocks)) < len(stocks):
        raise NotFound
    with transaction.atomic():
        changed = _set_stock(seller_id, stocks)
        if len(changed) < len(stocks):
            _refuse_stock(seller_id, stocks, changed)
        per_offer: dict[int, int] = {}
        for offer_id in changed.values():
            per_offer[offer_id] = per_offer.get(offer_id, 0) + 1
        audit.record_all(
            audit.entry(actor, "offer.set_stock", f"offer:{offer_id}", skus=count)
            for offer_id, count in sorted(per_offer.items())
        )
        return len(changed)


def _priced(sku: SkuDraft, tiers: Sequence[Tier] | None) -> SkuDraft:
    return sku if tiers is None else replace(sku, tiers=tuple(tiers))


def _set_stock(seller_id: int, stocks: Mapping[int, int]) -> dict[int, int]:
    """SKU id → offer id of those whose stock was set."""
    given = json.dumps(sorted(stocks.items()))
    if connection.vendor == "sqlite":
        statement = """
            UPDATE catalog_sku SET stock = json_extract(given.value, '$[1]')
            FROM json_each(%s) AS given
            WHERE catalog_sku.id = json_extract(given.value, '$[0]')
                AND catalog_sku.reserved <= json_extract(given.value, '$[1]')
                AND catalog_sku.offer_id IN (SELECT id FROM catalog_offer WHERE seller_id = %s)
            RETURNING catalog_sku.id, catalog_sku.offer_id
        """
        arguments: list[str | int] = [given, seller_id]
    else:
        statement = """
            WITH given AS (
                SELECT (value->>0)::bigint AS id, (value->>1)::integer AS stock
                FROM jsonb_array_elements(%s::jsonb)
            ), locked AS MATERIALIZED (
                SELECT s.id FROM catalog_sku s JOIN given USING (id)
                JOIN catalog_offer o ON o.id = s.offer_id AND o.seller_id = %s
                ORDER BY s.id FOR NO KEY UPDATE OF s
            )
            UPDATE catalog_sku SET stock = given.stock FROM given, locked
            WHERE catalog_sku.id = given.id AND locked.id = given.id
                AND catalog_sku.reserved <= given.stock
            RETURNING catalog_sku.id, catalog_sku.offer_id
        """
        arguments = [given, seller_id]
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return dict(cursor.fetchall())


def _refuse_stock(seller_id: int, stocks: Mapping[int, int], changed: Mapping[int, int]) -> None:
    left = stocks.keys() - changed.keys()
    sku = (
        Sku.objects.filter(pk__in=left, offer__seller_id=seller_id)
        .select_related("offer")
        .order_by("pk")
        .first()
    )
    if sku is None:
        raise NotFound
    raise StockBelowReserved(
        field="stock",
        name=f"{sku.offer.title} {sku.spec_text or sku.code}",
        stock=stocks[sku.pk],
        reserved=sku.reserved,
    )
