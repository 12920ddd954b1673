"""Offers: saved by their seller, reviewed by operators, put on and off sale."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from pifa.catalog import events, problems
from pifa.catalog.commands.writing import Write, check_all, write_offers
from pifa.catalog.errors import ChangedMeanwhile, NoShop, ReasonNeeded, ReviewNeeded
from pifa.catalog.models import Category, FreightTemplate, Offer, Picture, Shop
from pifa.catalog.policies import may_keep
from pifa.catalog.problems import Problem, Unacceptable
from pifa.catalog.queries.checkout import storable
from pifa.catalog.queries.stored import (
    StoredOffer,
    prohibited_words,
    stored_by_code,
    stored_by_id,
)
from pifa.catalog.rules import OfferDraft, check_offer, check_showable
from pifa.catalog.states import OFFER
from pifa.kernel import audit, clock, ids
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.events import Event, emit
from pifa.parties.policies import require_operator

_MAX_REASON = 300
_SEEN_AT = {"approve": True, "restore": True, "list_privately": False}
"""Verbs after which it is known whether an operator has seen what is on sale."""
_Announce = Callable[[StoredOffer], Event | None]


def save_offer(actor: Actor, draft: OfferDraft, offer_id: int | None = None) -> int:
    """Create an offer (a draft), or change one of the actor's company; the offer's id.

    Without a code a new offer gets one. SKUs that the draft no longer has stay, inactive.
    What is on sale goes back to review if its words or pictures change (see `states`).
    Raises `Unacceptable` with every problem, `StockBelowReserved`, `NotFound`.
    """
    seller_id = may_keep(actor)
    draft = _tidy(draft)
    found = [*check_offer(draft), *reference_problems(seller_id, [draft])[0]]
    if found:
        raise Unacceptable(found)
    try:
        with transaction.atomic():
            stored = _stored_for(seller_id, draft, offer_id)
            write = Write(draft, stored)
            check_all([write], prohibited_words())
            return write_offers(actor, seller_id, [write])[0]
    except IntegrityError as error:
        if "offer_code_once" in str(error) or "catalog_offer.code" in str(error):
            raise Unacceptable([problems.Twice("code", value=draft.code)]) from error
        raise


def submit_offer(actor: Actor, offer_id: int) -> None:
    """Hand a draft (or a refused offer, mended) in for review. Raises `Unacceptable`, `NoShop`."""
    submit_offers(actor, [offer_id])


def submit_offers(actor: Actor, offer_ids: Collection[int]) -> None:
    """Hand several in; all or none."""
    _need_shop(may_keep(actor))
    _by_seller(
        actor,
        offer_ids,
        "submit",
        lambda offer: events.OfferSubmitted(offer_id=offer.id, seller_id=offer.seller_id),
        showable=True,
    )


def list_privately(actor: Actor, offer_id: int) -> None:
    """Put a private draft on sale to the seller's customers without a review (`CHANNEL-*`).

    Raises `Unacceptable` (prohibited words among it), `NoShop`, and `ReviewNeeded` for what is
    public, or was refused or taken down before.
    """
    seller_id = may_keep(actor)
    _need_shop(seller_id)
    with transaction.atomic():
        found = stored_by_id(seller_id, [offer_id], lock=True)
        if offer_id not in found:
            raise NotFound
        offer = found[offer_id]
        OFFER.check(offer.state, "list_privately")
        if offer.draft.visibility != Offer.Visibility.PRIVATE or offer.state_reason:
            raise ReviewNeeded
        _check_showable([offer])
        event = events.OfferPublished(offer_id=offer_id, seller_id=seller_id, reviewed=False)
        _move(actor, [offer], "list_privately", [event], None)


def withdraw_offer(actor: Actor, offer_id: int) -> None:
    """Take an offer back from review; it is a draft again."""
    _by_seller(actor, [offer_id], "withdraw", lambda offer: None)


def take_offline(actor: Actor, offer_id: int) -> None:
    """Stop selling an offer."""
    take_many_offline(actor, [offer_id])


def take_many_offline(actor: Actor, offer_ids: Collection[int]) -> None:
    """Stop selling several; all or none."""
    _by_seller(
        actor,
        offer_ids,
        "take_offline",
        lambda offer: events.OfferWithdrawn(offer_id=offer.id, seller_id=offer.seller_id),
    )


def put_online(actor: Actor, offer_id: int) -> None:
    """Sell an offer again that was reviewed before. Raises `Unacceptable`, `NoShop`."""
    put_many_online(actor, [offer_id])


def put_many_online(actor: Actor, offer_ids: Collection[int]) -> None:
    """Sell several again; all or none."""
    _need_shop(may_keep(actor))
    _by_seller(
        actor,
        offer_ids,
        "put_online",
        lambda offer: events.OfferPublished(
            offer_id=offer.id, seller_id=offer.seller_id, reviewed=False
        ),
        showable=True,
    )


def review_offer(
    actor: Actor,
    offer_id: int,
    *,
    approve: bool,
    reason: str = "",
    seen: datetime | None = None,
) -> None:
    """An operator's verdict on an offer in review; a refusal says why.

    `seen` is the offer's `changed_at` when the operator opened it: raises `ChangedMeanwhile`
    if the seller edited it since.
    """
    require_operator(actor)
    if not approve:
        reason = _needed(reason)
    with transaction.atomic():
        offer = _locked(offer_id)
        if seen is not None and offer.changed_at != seen:
            raise ChangedMeanwhile
        if approve:
            _check_showable([offer])
            event: Event = events.OfferPublished(
                offer_id=offer.id, seller_id=offer.seller_id, reviewed=True
            )
        else:
            event = events.OfferRejected(
                offer_id=offer.id, seller_id=offer.seller_id, reason=reason
            )
        verb = "approve" if approve else "reject"
        _move(actor, [offer], verb, [event], "" if approve else reason)


def approve_offers(actor: Actor, seller_id: int, offer_ids: Collection[int]) -> None:
    """Approve several offers of one seller that are in review; all or none.

    As many statements as for one. Raises `Unacceptable`, `NotFound`.
    """
    require_operator(actor)
    with transaction.atomic():
        found = stored_by_id(seller_id, offer_ids, lock=True)
        if len(found) < len(set(offer_ids)):
            raise NotFound
        offers = list(found.values())
        _check_showable(offers)
        announced = [
            events.OfferPublished(offer_id=offer.id, seller_id=seller_id, reviewed=True)
            for offer in offers
        ]
        _move(actor, offers, "approve", announced, "")


def take_down(actor: Actor, offer_id: int, reason: str) -> None:
    """An operator takes an offer off the market, saying why."""
    require_operator(actor)
    reason = _needed(reason)
    with transaction.atomic():
        offer = _locked(offer_id)
        event = events.OfferTakenDown(offer_id=offer.id, seller_id=offer.seller_id, reason=reason)
        _move(actor, [offer], "take_down", [event], reason)


def restore(actor: Actor, offer_id: int) -> None:
    """An operator lifts a take-down; the seller may put the offer online again."""
    require_operator(actor)
    with transaction.atomic():
        offer = _locked(offer_id)
        event = events.OfferRestored(offer_id=offer.id, seller_id=offer.seller_id)
        _move(actor, [offer], "restore", [event], "")


def reference_problems(seller_id: int, drafts: Sequence[OfferDraft]) -> list[list[Problem]]:
    """For each draft: categories that are not there, templates and pictures of others."""
    wanted = storable({draft.category_id for draft in drafts})
    known = set(Category.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    template_ids = {key for draft in drafts if (key := draft.freight_template_id) is not None}
    picture_ids = {key for draft in drafts for key in draft.picture_ids}
    templates = FreightTemplate.objects.filter(seller_id=seller_id, pk__in=storable(template_ids))
    own_templates = set(templates.values_list("pk", flat=True)) if template_ids else set()
    pictures = Picture.objects.filter(company_id=seller_id, pk__in=storable(picture_ids))
    own_pictures = set(pictures.values_list("pk", flat=True)) if picture_ids else set()
    result: list[list[Problem]] = []
    for draft in drafts:
        found: list[Problem] = []
        if draft.category_id not in known:
            found.append(problems.NotYours("category", value=draft.category_id))
        if draft.freight_template_id is not None and draft.freight_template_id not in own_templates:
            found.append(problems.NotYours("freight_template", value=draft.freight_template_id))
        found += [
            problems.NotYours("pictures", value=key)
            for key in draft.picture_ids
            if key not in own_pictures
        ]
        if len(set(draft.picture_ids)) < len(draft.picture_ids):
            found.append(problems.Twice("pictures", value=""))
        result.append(found)
    return result


def _tidy(draft: OfferDraft) -> OfferDraft:
    return replace(
        draft,
        code=draft.code.strip() or ids.public_number("H"),
        title=" ".join(draft.title.split()),
        title_en=" ".join(draft.title_en.split()),
        unit=draft.unit.strip(),
        description=draft.description.replace("\r\n", "\n").strip(),
    )


def _stored_for(seller_id: int, draft: OfferDraft, offer_id: int | None) -> StoredOffer | None:
    if offer_id is None:
        if stored_by_code(seller_id, [draft.code]):
            raise Unacceptable([problems.Twice("code", value=draft.code)])
        return None
    found = stored_by_id(seller_id, [offer_id], lock=True)
    if offer_id not in found:
        raise NotFound
    return found[offer_id]


def _by_seller(
    actor: Actor,
    offer_ids: Collection[int],
    verb: str,
    announce: _Announce,
    *,
    showable: bool = False,
) -> None:
    """A verb of the seller on several of its offers."""
    seller_id = may_keep(actor)
    with transaction.atomic():
        found = stored_by_id(seller_id, offer_ids, lock=True)
        if len(found) < len(set(offer_ids)):
            raise NotFound
        offers = list(found.values())
        for offer in offers:
            OFFER.check(offer.state, verb)
        if showable:
            _check_showable(offers)
        announced = [event for event in map(announce, offers) if event is not None]
        _move(actor, offers, verb, announced, None)


def _move(
    actor: Actor,
    offers: Sequence[StoredOffer],
    verb: str,
    announced: Sequence[Event],
    reason: str | None,
) -> None:
    """Take locked offers through a transition; `reason` None keeps the one they have."""
    target = ""
    for offer in offers:
        target = OFFER.check(offer.state, verb).target or offer.state
    moment = clock.now()
    rows = Offer.objects.filter(pk__in=[offer.id for offer in offers])
    kept: dict[str, object] = {} if reason is None else {"state_reason": reason}
    if verb in _SEEN_AT:
        kept["unreviewed"] = not _SEEN_AT[verb]
    rows.update(state=target, changed_at=moment, **kept)
    if target == Offer.State.ONLINE:
        rows.filter(online_at=None).update(online_at=moment)
    detail = {"reason": reason} if reason else {}
    audit.record_all(
        audit.entry(actor, f"offer.{verb}", f"offer:{offer.id}", **detail) for offer in offers
    )
    emit(*announced)


def _check_showable(offers: Sequence[StoredOffer]) -> None:
    prohibited = prohibited_words()
    for offer in offers:
        found = [*check_offer(offer.draft), *check_showable(offer.draft, prohibited)]
        if found:
            raise Unacceptable(found)


def _locked(offer_id: int) -> StoredOffer:
    """An offer of any seller, for operators."""
    seller_id = Offer.objects.filter(pk=offer_id).values_list("seller_id", flat=True).first()
    if seller_id is None:
        raise NotFound
    return stored_by_id(seller_id, [offer_id], lock=True)[offer_id]


def _need_shop(company_id: int) -> None:
    if not Shop.objects.filter(company_id=company_id).exists():
        raise NoShop


def _needed(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= _MAX_REASON:
        raise ReasonNeeded(field="reason")
    return reason
