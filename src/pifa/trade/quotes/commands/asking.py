"""A buyer asks one or several sellers for quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.catalog import queries as catalog
from pifa.catalog.queries import CheckoutGoods
from pifa.kernel import audit, clock, deadlines, idempotency
from pifa.kernel.actors import Actor
from pifa.kernel.errors import WrongState
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.models import IdempotencyKey
from pifa.kernel.pictures import CleanPicture, clean_picture
from pifa.parties.models import Address
from pifa.trade import rules as orders
from pifa.trade.errors import AddressGone, NotForSale, OwnGoods
from pifa.trade.models import Quote, QuoteRequest, QuoteRequestLine
from pifa.trade.quotes import facts, policies, rules
from pifa.trade.quotes.commands.ending import of_quote
from pifa.trade.quotes.commands.loading import END_ANSWERS, lock_request
from pifa.trade.quotes.days import end_of
from pifa.trade.quotes.errors import (
    AnsweredAlready,
    MixedGoods,
    NotYourSeller,
    TooManyOpen,
)
from pifa.trade.quotes.queries.sellers import known_sellers
from pifa.trade.quotes.rules import GoodsWanted
from pifa.trade.quotes.states import QuoteState, RequestState


@dataclass(frozen=True, slots=True)
class AskRequest:
    """What a buyer asks: goods, of whom, where to, until which market day answers are taken.

    `seller_ids` are sellers it knows; the seller of the SKUs and of `offer_ids` is asked as well.
    `picture` are the bytes of an attached picture. The same `idempotency_key` asks once.
    """

    lines: Sequence[GoodsWanted]
    address_id: int
    until: date
    seller_ids: Sequence[int] = ()
    offer_ids: Sequence[int] = ()
    needed_by: date | None = None
    note: str = ""
    picture: bytes | None = None
    idempotency_key: str | None = None


def ask_quotes(actor: Actor, ask: AskRequest) -> str:
    """Ask sellers for quotes; returns the request's number. Nothing is reserved by it.

    Refused whole: `NothingAsked`, `NobodyAsked`, `NotYourSeller`, `MixedGoods`, `OwnGoods`,
    `NotForSale`, `InvalidDay`, `AddressGone`, `TooManyOpen`, `PictureError`.
    """
    buyer_id, member_id = policies.asking_company(actor)
    today = clock.today()
    lines = rules.check_lines(ask.lines)
    rules.check_answer_day(ask.until, today)
    rules.check_needed_by(ask.needed_by, today)
    note = orders.optional_text(ask.note, _("补充说明"), 1000, "note")
    picture = clean_picture(ask.picture) if ask.picture else None
    with transaction.atomic():
        claimed = _claimed(actor, ask)
        if claimed is not None and claimed.body:
            return str(claimed.body)
        _check_open(buyer_id)
        goods = _goods(actor, buyer_id, lines)
        sellers = _sellers(actor, buyer_id, ask, goods)
        address = Address.objects.filter(
            pk=ask.address_id, company=buyer_id, deleted_at=None
        ).first()
        if address is None:
            raise AddressGone(field="address_id")
        request = QuoteRequest(
            number=public_number("X"),
            buyer_id=buyer_id,
            asked_by_id=member_id,
            state=RequestState.OPEN,
            address=address,
            region=address.region,
            city=address.city,
            needed_by=ask.needed_by,
            note=note,
            asked_at=clock.now(),
            closes_at=end_of(ask.until),
        )
        if picture is not None:
            _keep(request, picture)
        request.save()
        _write(actor, request, lines, goods, sellers, ask.until)
        if claimed is not None:
            idempotency.answer(claimed, 201, request.number)
    return request.number


def attach_picture(actor: Actor, number: str, data: bytes) -> None:
    """Put a picture to a request, or another in the place of its own, before a seller answered.

    `PictureError`; `AnsweredAlready`; `WrongState` once it takes no answers.
    """
    picture = clean_picture(data)
    with transaction.atomic():
        request = lock_request(number, policies.own_requests(actor))
        policies.require_buyer(actor, request.buyer_id)
        if request.state != RequestState.OPEN:
            raise WrongState(state=request.get_state_display(), verb=_("附图"))
        if Quote.objects.filter(request=request, revision__gt=0).exists():
            raise AnsweredAlready(request=request.number)
        former = request.picture.name
        _keep(request, picture)
        request.save(update_fields=["picture"])
        audit.record(actor, "rfq.attach_picture", request.subject)
        if former:
            transaction.on_commit(lambda: request.picture.storage.delete(former))


def _keep(request: QuoteRequest, picture: CleanPicture) -> None:
    file = ContentFile(picture.data)
    request.picture.save(f"{request.number}.{picture.format}", file, save=False)


def _claimed(actor: Actor, ask: AskRequest) -> IdempotencyKey | None:
    if ask.idempotency_key is None:
        return None
    key = orders.required_text(ask.idempotency_key, _("幂等键"), 128, "idempotency_key")
    print_ = idempotency.fingerprint(
        [str(line) for line in ask.lines],
        ask.address_id,
        ask.until,
        sorted(ask.seller_ids),
        sorted(ask.offer_ids),
        ask.needed_by,
        ask.note,
        sha256(ask.picture or b"").hexdigest(),
    )
    return idempotency.claim(f"quotes:member:{actor.member_id}", key, print_)


def _check_open(buyer_id: int) -> None:
    waiting = QuoteRequest.objects.filter(buyer=buyer_id, state=RequestState.OPEN).count()
    if waiting >= rules.MAX_OPEN:
        raise TooManyOpen(limit=rules.MAX_OPEN)


def _goods(actor: Actor, buyer_id: int, lines: Sequence[GoodsWanted]) -> CheckoutGoods:
    """The SKUs that are asked for: on sale to this buyer, all of one other seller."""
    wanted = [line.sku_id for line in lines if line.sku_id is not None]
    goods = catalog.checkout_goods(wanted, actor)
    for sku_id in goods.missing(wanted):
        raise NotForSale(title=f"SKU {sku_id}", sku_id=sku_id)
    for offer in goods.offers.values():
        if offer.seller_id == buyer_id:
            raise OwnGoods(title=offer.title, offer_id=offer.terms.offer_id)
        if not offer.terms.online:
            raise NotForSale(title=offer.title, offer_id=offer.terms.offer_id)
    if len({offer.seller_id for offer in goods.offers.values()}) > 1:
        raise MixedGoods(field="lines")
    return goods


def _sellers(actor: Actor, buyer_id: int, ask: AskRequest, goods: CheckoutGoods) -> list[int]:
    """Whom to ask, each once; each known to the buyer in some way."""
    named = set(ask.seller_ids)
    cards = catalog.offer_cards(ask.offer_ids, actor)
    for offer_id in ask.offer_ids:
        if offer_id not in cards:
            raise NotForSale(title=f"Offer {offer_id}", offer_id=offer_id)
    found = {offer.seller_id for offer in goods.offers.values()}
    found |= {card.seller_id for card in cards.values()} | named
    found.discard(buyer_id)
    rules.check_sellers(found)
    others = named - {offer.seller_id for offer in goods.offers.values()}
    if not others <= known_sellers(actor, others):
        raise NotYourSeller(field="sellers")
    return sorted(found)


def _write(
    actor: Actor,
    request: QuoteRequest,
    lines: Sequence[GoodsWanted],
    goods: CheckoutGoods,
    sellers: Sequence[int],
    until: date,
) -> None:
    QuoteRequestLine.objects.bulk_create(
        _line(request, position, line, goods) for position, line in enumerate(lines, start=1)
    )
    quotes = Quote.objects.bulk_create(
        Quote(
            number=public_number("Y"),
            request=request,
            seller_id=seller_id,
            state=QuoteState.ASKED,
            changed_at=request.asked_at,
        )
        for seller_id in sellers
    )
    deadlines.set_new([(END_ANSWERS, request.subject, request.closes_at)])
    audit.record(actor, "rfq.ask", request.subject, lines=len(lines), sellers=len(sellers))
    emit(
        *(
            facts.QuoteAsked(**of_quote(request, quote), lines=len(lines), day=until.isoformat())
            for quote in quotes
        )
    )


def _line(
    request: QuoteRequest, position: int, line: GoodsWanted, goods: CheckoutGoods
) -> QuoteRequestLine:
    wanted = line.wanted.e4 if line.wanted is not None else None
    if line.sku_id is None:
        return QuoteRequestLine(
            request=request,
            position=position,
            title=line.title,
            spec_text=line.spec_text,
            unit=line.unit,
            quantity=line.quantity,
            wanted_e4=wanted,
        )
    sku = goods.skus[line.sku_id]
    offer = goods.offers[sku.offer_id]
    return QuoteRequestLine(
        request=request,
        position=position,
        sku_id=sku.sku_id,
        offer_id=sku.offer_id,
        code=sku.code,
        title=offer.title,
        title_en=offer.title_en,
        spec_text=sku.spec_text,
        unit=offer.unit,
        quantity=line.quantity,
        wanted_e4=wanted,
    )
