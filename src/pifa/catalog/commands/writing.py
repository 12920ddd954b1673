"""How offers get into their tables: one and ten thousand by the same few statements.

`save_offer`, mass edits of prices and the goods sheet all end here, so that what a form does
and what a sheet does cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from pifa.catalog import events
from pifa.catalog.commands import setwise
from pifa.catalog.commands.boosts import boosts_of
from pifa.catalog.errors import StockBelowReserved
from pifa.catalog.models import Offer, OfferPicture, OfferStagedPlan, PriceBreak, Sku
from pifa.catalog.problems import Problem, Unacceptable
from pifa.catalog.queries.stored import StoredOffer
from pifa.catalog.rules import OfferDraft, SkuDraft, check_offer, check_showable, spec_text
from pifa.catalog.states import OFFER
from pifa.kernel import audit, bulk, clock
from pifa.kernel.actors import Actor
from pifa.kernel.events import Event, emit

_ON_SALE = (Offer.State.ONLINE, Offer.State.OFFLINE)
_ON_SHOW = (*_ON_SALE, Offer.State.IN_REVIEW)
_REVIEWED_FIELDS = (
    "title",
    "title_en",
    "category_id",
    "description",
    "attributes",
    "picture_ids",
)
_DRAFT_COLUMNS = (
    "code",
    "title",
    "title_en",
    "category_id",
    "unit",
    "moq",
    "multiple",
    "description",
    "attributes",
    "freight_template_id",
    "visibility",
    "scene",
)
_SKU_COLUMNS = ("spec", "spec_text", "stock", "weight_mg", "active", "position")


@dataclass(frozen=True, slots=True)
class Write:
    """A draft to be written over what is stored (nothing: a new offer)."""

    draft: OfferDraft
    stored: StoredOffer | None = None

    @property
    def final(self) -> OfferDraft:
        """What will be stored: SKUs that the draft no longer has stay, but cannot be bought."""
        if self.stored is None:
            return self.draft
        return keep_dropped_skus(self.draft, self.stored)

    @property
    def changes_anything(self) -> bool:
        """Whether writing it would change a row."""
        return self.stored is None or self.final != self.stored.draft

    @property
    def shows_something_new(self) -> bool:
        """Whether it changes what people see: words, pictures, specs, to whom it is shown."""
        if self.stored is None:
            return True
        old, new = self.stored.draft, self.draft
        if any(_differs(old, new, name) for name in (*_REVIEWED_FIELDS, "visibility")):
            return True
        return bool({sku.spec for sku in new.skus} - {sku.spec for sku in old.skus})

    @property
    def needs_review(self) -> bool:
        """Whether it changes what an operator has approved, or shows to all what none has seen."""
        if self.stored is None or self.stored.state not in _ON_SALE:
            return False
        if self.stored.unreviewed:
            return self.draft.visibility == Offer.Visibility.PUBLIC
        return any(_differs(self.stored.draft, self.draft, name) for name in _REVIEWED_FIELDS)


def keep_dropped_skus(draft: OfferDraft, stored: StoredOffer) -> OfferDraft:
    """A draft with the stored SKUs it no longer has, inactive: orders still point at them."""
    kept = {sku.code for sku in draft.skus}
    dropped = tuple(replace(sku, active=False) for sku in stored.draft.skus if sku.code not in kept)
    return replace(draft, skus=draft.skus + dropped) if dropped else draft


def problems_of(write: Write, prohibited: dict[str, str]) -> list[Problem]:
    """Everything that stands against writing it."""
    found = check_offer(write.draft)
    on_show = write.stored is not None and write.stored.state in _ON_SHOW
    if on_show and write.shows_something_new:
        found += check_showable(write.draft, prohibited)
    return found


def check_stock(write: Write) -> StockBelowReserved | None:
    """The first SKU whose stock would fall below what orders have reserved."""
    if write.stored is None:
        return None
    for sku in write.draft.skus:
        reserved = write.stored.reserved.get(sku.code, 0)
        if sku.stock < reserved:
            return StockBelowReserved(
                field="stock",
                name=spec_text(sku.spec) or sku.code,
                stock=sku.stock,
                reserved=reserved,
            )
    return None


def check_all(writes: Sequence[Write], prohibited: dict[str, str]) -> None:
    """Raise `Unacceptable` or `StockBelowReserved` for the first that cannot be written."""
    for write in writes:
        found = problems_of(write, prohibited)
        if found:
            raise Unacceptable(found)
        short = check_stock(write)
        if short is not None:
            raise short


def write_offers(
    actor: Actor, seller_id: int, writes: Sequence[Write], action: str = "offer.save"
) -> list[int]:
    """Write checked drafts in a running transaction; the offers' ids in the order given.

    What is stored already is left alone. The number of statements does not depend on how
    many offers there are. Announces new prices, changes, and what goes back to review.
    """
    moment = clock.now()
    new = [write for write in writes if write.stored is None]
    changed = [write for write in writes if write.stored is not None and write.changes_anything]
    boost = boosts_of([seller_id]).get(seller_id, 0) if new else 0
    made = bulk.insert(Offer, [_offer_row(write.draft, seller_id, moment, boost) for write in new])
    new_ids = dict(zip((id(write) for write in new), made, strict=True))
    setwise.update(
        Offer,
        (*_DRAFT_COLUMNS, "state", "min_price_e4", "max_price_e4", "changed_at"),
        [_offer_change(write, moment) for write in changed],
    )
    ids = [write.stored.id if write.stored is not None else new_ids[id(write)] for write in writes]
    touched = [
        (offer_id, write)
        for offer_id, write in zip(ids, writes, strict=True)
        if write.changes_anything
    ]
    _write_skus(touched)
    _write_pictures(touched)
    _write_plans(touched)
    audit.record_all([_audit_entry(actor, action, offer_id, write) for offer_id, write in touched])
    emit(*(event for offer_id, write in touched for event in _events(offer_id, seller_id, write)))
    return ids


def _write_plans(touched: Sequence[tuple[int, Write]]) -> None:
    """Set plans of staged payment anew where they changed; no statement where none did."""
    changed = [
        (offer_id, write.draft.staged)
        for offer_id, write in touched
        if write.draft.staged != (write.stored.draft.staged if write.stored else None)
    ]
    if not changed:
        return
    OfferStagedPlan.objects.filter(offer__in=[offer_id for offer_id, _plan in changed]).delete()
    bulk.insert(
        OfferStagedPlan,
        [{"offer_id": offer_id, **asdict(plan)} for offer_id, plan in changed if plan is not None],
        returning=None,
    )


def price_range(skus: Sequence[SkuDraft]) -> tuple[int, int]:
    """Lowest and highest price of what can be bought, in 1/10,000 yuan."""
    shown = [sku for sku in skus if sku.active] or list(skus)
    prices = [tier.price.e4 for sku in shown for tier in sku.tiers]
    return (min(prices), max(prices)) if prices else (0, 0)


def _offer_values(draft: OfferDraft) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(draft, name) for name in _DRAFT_COLUMNS}
    values["attributes"] = [list(pair) for pair in draft.attributes]
    return values


def _offer_row(
    draft: OfferDraft, seller_id: int, moment: datetime, boost: int
) -> dict[str, object]:
    low, high = price_range(draft.skus)
    return {
        **_offer_values(draft),
        "seller_id": seller_id,
        "boost": boost,
        "state_reason": "",
        "min_price_e4": low,
        "max_price_e4": high,
        "created_at": moment,
        "changed_at": moment,
    }


def _offer_change(write: Write, moment: datetime) -> list[object]:
    assert write.stored is not None
    state = OFFER.transition("revise").target if write.needs_review else write.stored.state
    return [
        write.stored.id,
        *_offer_values(write.draft).values(),
        state,
        *price_range(write.final.skus),
        moment,
    ]


def _write_skus(touched: Sequence[tuple[int, Write]]) -> None:
    new: list[tuple[SkuDraft, dict[str, object]]] = []
    changes: list[list[object]] = []
    priced: list[tuple[int, SkuDraft]] = []
    stale: list[int] = []
    for offer_id, write in touched:
        old = {} if write.stored is None else _positioned(write.stored.draft)
        for code, (position, sku) in _positioned(write.final).items():
            row = _sku_values(sku, position)
            if code not in old:
                new.append((sku, {"offer_id": offer_id, "code": code, **row}))
                continue
            assert write.stored is not None
            sku_id = write.stored.sku_ids[code]
            if old[code] != (position, sku):
                changes.append([sku_id, *row.values()])
            if old[code][1].tiers != sku.tiers:
                stale.append(sku_id)
                priced.append((sku_id, sku))
    made = bulk.insert(Sku, [row for _, row in new])
    priced += [(sku_id, sku) for sku_id, (sku, _) in zip(made, new, strict=True)]
    setwise.update(Sku, _SKU_COLUMNS, changes)
    if stale:
        PriceBreak.objects.filter(sku_id__in=stale).delete()
    bulk.insert(
        PriceBreak,
        [
            {"sku_id": sku_id, "min_quantity": tier.min_quantity, "price_e4": tier.price.e4}
            for sku_id, sku in priced
            for tier in sku.tiers
        ],
        returning=None,
    )


def _positioned(draft: OfferDraft) -> dict[str, tuple[int, SkuDraft]]:
    return {sku.code: (position, sku) for position, sku in enumerate(draft.skus)}


def _sku_values(sku: SkuDraft, position: int) -> dict[str, object]:
    return {
        "spec": [list(pair) for pair in sku.spec],
        "spec_text": spec_text(sku.spec),
        "stock": sku.stock,
        "weight_mg": sku.weight_mg,
        "active": sku.active,
        "position": position,
    }


def _write_pictures(touched: Sequence[tuple[int, Write]]) -> None:
    moved = [
        (offer_id, write)
        for offer_id, write in touched
        if write.draft.picture_ids != (write.stored.draft.picture_ids if write.stored else ())
    ]
    if any(write.stored and write.stored.draft.picture_ids for _, write in moved):
        OfferPicture.objects.filter(offer_id__in=[offer_id for offer_id, _ in moved]).delete()
    bulk.insert(
        OfferPicture,
        [
            {"offer_id": offer_id, "picture_id": picture_id, "position": position}
            for offer_id, write in moved
            for position, picture_id in enumerate(write.draft.picture_ids)
        ],
        returning=None,
    )


def _audit_entry(actor: Actor, action: str, offer_id: int, write: Write) -> audit.Entry:
    if write.stored is None:
        return audit.entry(actor, "offer.create", f"offer:{offer_id}", code=write.draft.code)
    old, new = write.stored.draft, write.final
    fields = [
        name for name in (*_DRAFT_COLUMNS, "picture_ids", "staged") if _differs(old, new, name)
    ]
    before, after = _positioned(old), _positioned(new)
    skus = [code for code in after if before.get(code) != after[code]]
    return audit.entry(actor, action, f"offer:{offer_id}", fields=fields, skus=skus[:50])


def _differs(old: OfferDraft, new: OfferDraft, name: str) -> bool:
    return bool(getattr(old, name) != getattr(new, name))


def _events(offer_id: int, seller_id: int, write: Write) -> list[Event]:
    if write.stored is None:
        return []
    found: list[Event] = [events.OfferChanged(offer_id=offer_id, seller_id=seller_id)]
    low, high = price_range(write.final.skus)
    stored = write.stored
    if _prices(stored.draft) != _prices(write.final):
        found.append(
            events.OfferPriceChanged(
                offer_id=offer_id,
                seller_id=seller_id,
                old_min_e4=stored.min_price_e4,
                old_max_e4=stored.max_price_e4,
                new_min_e4=low,
                new_max_e4=high,
            )
        )
    if write.needs_review:
        if stored.state == Offer.State.ONLINE:
            found.append(events.OfferWithdrawn(offer_id=offer_id, seller_id=seller_id))
        found.append(events.OfferSubmitted(offer_id=offer_id, seller_id=seller_id))
    return found


def _prices(draft: OfferDraft) -> dict[str, object]:
    return {sku.code: sku.tiers for sku in draft.skus if sku.active}
