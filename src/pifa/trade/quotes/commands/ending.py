"""How a request comes to an end, for whichever reason; its quotes and deadlines end with it."""

from __future__ import annotations

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import Event, emit
from pifa.trade.models import Quote, QuoteRequest
from pifa.trade.quotes import facts
from pifa.trade.quotes.commands.loading import is_last, lock_quotes
from pifa.trade.quotes.states import BUYER, MARKET, QUOTE, REQUEST, RequestState


def end_request(
    actor: Actor, request: QuoteRequest, verb: str, *events: Event, spare: Quote | None = None
) -> None:
    """End a locked request by a verb of its table; every seller that still waits is told.

    `spare` is the quote for whose sake it ends; `events` are announced before the others.
    """
    moment = clock.now()
    request.state = str(REQUEST.check(request.state, verb).target)
    request.ended_at = moment
    request.save(update_fields=["state", "ended_at"])
    quotes = [quote for quote in lock_quotes(request) if spare is None or quote.pk != spare.pk]
    closed = [quote for quote in quotes if QUOTE.allows(quote.state, "close")]
    Quote.objects.filter(pk__in=[quote.pk for quote in closed]).update(
        state=QUOTE.transition("close").target, changed_at=moment
    )
    deadlines.clear_all([request.subject, *(quote.subject for quote in quotes)])
    audit.record(actor, f"rfq.{verb}", request.subject)
    emit(*events, *(facts.QuoteClosed(**of_quote(request, quote)) for quote in closed))


def expire(request: QuoteRequest, spare: Quote | None = None) -> None:
    """End a locked request by itself: nothing is left that could be accepted."""
    end_request(SYSTEM, request, "expire", ended(request, MARKET), spare=spare)


def expire_if_last(request: QuoteRequest, quote: Quote) -> None:
    """A quote no longer holds: when answers have ended and it was the last one, so does all."""
    if request.state == RequestState.DECIDING and is_last(request, quote):
        expire(request, spare=quote)


def ended(request: QuoteRequest, by: str = BUYER) -> facts.RequestEnded:
    """That a request ended without an order."""
    return facts.RequestEnded(request=request.number, buyer_id=request.buyer_id, by=by)


def of_quote(request: QuoteRequest, quote: Quote) -> facts.QuoteKeys:
    """What every event of a quote says."""
    return {
        "request": request.number,
        "buyer_id": request.buyer_id,
        "quote": quote.number,
        "seller_id": quote.seller_id,
    }
