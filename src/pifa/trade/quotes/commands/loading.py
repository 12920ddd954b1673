"""How commands find and lock what they change.

Lock order (`docs/locking.md`): the request, then its quotes; both before stock and deadlines.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pifa.kernel.errors import NotFound
from pifa.trade.models import Quote, QuoteRequest
from pifa.trade.quotes import rules
from pifa.trade.quotes.states import QuoteState

LAPSE, REMIND, END_ANSWERS = "quote.lapse", "quote.remind", "quote_request.end_answers"
"""Kinds of deadlines."""

OF_QUOTE = (LAPSE, REMIND)


def lock_request(number: str, own: Q | None = None) -> QuoteRequest:
    """Lock a request; `NotFound` when there is none, or none that `own` allows."""
    rows = QuoteRequest.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(own or Q(), number=number).first()
    if found is None:
        raise NotFound()
    return found


def lock_quote(number: str, own: Q) -> tuple[QuoteRequest, Quote]:
    """Lock a quote that `own` (of the quote) allows, and its request before it."""
    requests = Quote.objects.filter(own, number=number).values_list("request__number", flat=True)
    request_number = requests.first()
    if request_number is None:
        raise NotFound()
    request = lock_request(request_number)
    return request, _locked(request).get(number=number)


def lock_quotes(request: QuoteRequest) -> list[Quote]:
    """Lock all quotes of a locked request."""
    return list(_locked(request).order_by("pk"))


def _locked(request: QuoteRequest) -> QuerySet[Quote]:
    return Quote.objects.select_for_update(of=("self",), no_key=True).filter(request=request)


def is_last(request: QuoteRequest, ended: Quote) -> bool:
    """Whether nothing of a request can be accepted once this quote no longer holds."""
    others = Quote.objects.filter(request=request).exclude(pk=ended.pk)
    return rules.is_over(request.state, others.values_list("state", flat=True))


def living(quotes: list[Quote]) -> list[Quote]:
    """Quotes that hold now."""
    return [quote for quote in quotes if quote.state == QuoteState.QUOTED]
