"""One request as its buyer compares the answers, or as one seller that was asked reads it.

Five statements each, however many lines, sellers and revisions there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money, UnitPrice
from pifa.trade.freight_insurance.queries import FreightOffer, offers_to_insure
from pifa.trade.models import Quote, QuoteLine, QuoteRequest, QuoteRequestLine, QuoteRevision
from pifa.trade.quotes import policies, rules
from pifa.trade.quotes.days import last_day
from pifa.trade.quotes.queries.views import (
    AskedLine,
    LinePrice,
    QuoteView,
    RequestView,
    RevisionView,
)
from pifa.trade.quotes.states import BUYER, REQUEST, SELLER, PayWay
from pifa.trade.quotes.terms import QuoteTerms
from pifa.trade.quotes.ways import offered_ways


def quote_request(actor: Actor, number: str) -> RequestView:
    """A request of the actor's company with all answers, side by side; else `NotFound`."""
    found = _requests(policies.own_requests(actor), number=number)
    quotes = _quotes(Q(request=found.pk))
    return _view(found, quotes, BUYER)


def asked_quote(actor: Actor, number: str) -> RequestView:
    """What the actor's company was asked, with its own answer alone; else `NotFound`."""
    quotes = _quotes(policies.own_quotes(actor) & Q(number=number))
    if not quotes:
        raise NotFound()
    return _view(_requests(Q(pk=quotes[0].request_id)), quotes, SELLER)


def request_of_quote(actor: Actor, number: str) -> str:
    """The request to whose buyer this answer was given; else `NotFound`."""
    rows = Quote.objects.filter(policies.quotes_to(actor), number=number)
    found = rows.values_list("request__number", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def ways_open(actor: Actor, number: str) -> tuple[PayWay, ...]:
    """The ways of paying with which a seller may answer."""
    rows = Quote.objects.filter(policies.own_quotes(actor), number=number)
    found = rows.values_list("seller", "request__buyer").first()
    if found is None:
        raise NotFound()
    return offered_ways(*found)


def offer_to_insure(actor: Actor, number: str) -> FreightOffer:
    """The insurance of return freight for an answer to the actor's company; else `NotFound`."""
    rows = Quote.objects.filter(policies.quotes_to(actor), number=number)
    found = rows.values_list("seller", "request__buyer", "request__region").first()
    if found is None:
        raise NotFound()
    seller_id, buyer_id, region = found
    return offers_to_insure(buyer_id, [seller_id], region)[seller_id]


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of an attached picture and what they are."""

    data: bytes
    kind: str


def request_picture(actor: Actor, number: str) -> Picture:
    """The picture of a request, by the request's number (its buyer) or by that of a seller's own
    part in it; `NotFound` for strangers and without one."""
    requests = QuoteRequest.objects.exclude(picture="")
    own = Q(policies.own_requests(actor), number=number)
    asked = Q(quotes__number=number, quotes__seller=actor.company_id)
    found = requests.filter(own | asked).first()
    if found is None:
        raise NotFound()
    with found.picture.open("rb") as file:
        return Picture(file.read(), str(found.picture.name).rpartition(".")[2])


def _requests(own: Q, **by: object) -> QuoteRequest:
    lines = QuoteRequestLine.objects.select_related("offer").order_by("position")
    rows = QuoteRequest.objects.filter(own, **by).select_related("buyer")
    found = rows.prefetch_related(Prefetch("lines", lines)).first()
    if found is None:
        raise NotFound()
    return found


def _quotes(which: Q) -> list[Quote]:
    prices = QuoteLine.objects.select_related("asked").order_by("asked__position")
    revisions = QuoteRevision.objects.order_by("-revision")
    return list(
        Quote.objects.filter(which)
        .select_related("seller", "order")
        .order_by(F("total_fen").asc(nulls_last=True), "pk")
        .prefetch_related(
            Prefetch("revisions", revisions.prefetch_related(Prefetch("lines", prices)))
        )
    )


def _view(found: QuoteRequest, quotes: Sequence[Quote], side: str) -> RequestView:
    seller_id = quotes[0].seller_id if side == SELLER else None
    return RequestView(
        number=found.number,
        state=found.state,
        state_label=found.get_state_display(),
        buyer_id=found.buyer_id,
        buyer_name=found.buyer.name,
        region=found.region,
        city=found.city,
        address_id=found.address_id if side == BUYER else None,
        needed_by=found.needed_by,
        note=found.note,
        has_picture=bool(found.picture),
        asked_at=found.asked_at,
        answers_until=last_day(found.closes_at),
        ended_at=found.ended_at,
        lines=tuple(_line(line, seller_id) for line in found.lines.all()),
        quotes=tuple(_quote(quote, found.state, side) for quote in quotes),
        verbs=tuple(
            verb for verb in REQUEST.verbs(found.state, BUYER) if verb == "close" and side == BUYER
        ),
    )


def _line(line: QuoteRequestLine, seller_id: int | None) -> AskedLine:
    """A line for its buyer (no seller), or for a seller: of another's goods only the words."""
    own = seller_id is None or (line.offer is not None and line.offer.seller_id == seller_id)
    return AskedLine(
        position=line.position,
        sku_id=line.sku_id if own else None,
        offer_id=line.offer_id if own else None,
        code=line.code if own else "",
        title=line.title,
        title_en=line.title_en,
        spec_text=line.spec_text,
        unit=line.unit,
        quantity=line.quantity,
        wanted=None if line.wanted_e4 is None else UnitPrice(line.wanted_e4),
    )


def _quote(quote: Quote, request_state: str, side: str) -> QuoteView:
    verbs = rules.buyer_verbs if side == BUYER else rules.seller_verbs
    revisions = [_revision(row) for row in quote.revisions.all()]
    return QuoteView(
        number=quote.number,
        seller_id=quote.seller_id,
        seller_name=quote.seller.name,
        state=quote.state,
        state_label=quote.get_state_display(),
        reason=quote.reason,
        order=quote.order.number if quote.order else None,
        answer=revisions[0] if revisions else None,
        earlier=tuple(revisions[1:]),
        verbs=tuple(verbs(request_state, quote.state)),
        changed_at=quote.changed_at,
    )


def _revision(row: QuoteRevision) -> RevisionView:
    prices = tuple(
        LinePrice(line.asked.position, UnitPrice(line.price_e4), Money(line.amount_fen))
        for line in row.lines.all()
    )
    return RevisionView(
        revision=row.revision,
        prices=prices,
        goods=Money(row.total_fen - row.freight_fen),
        freight=Money(row.freight_fen),
        total=Money(row.total_fen),
        lead_days=row.lead_days,
        valid_until=last_day(row.valid_until),
        terms=QuoteTerms.from_json(row.terms),
        note=row.note,
        made_at=row.made_at,
    )
