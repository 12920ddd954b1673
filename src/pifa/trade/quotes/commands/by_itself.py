"""What happens by itself: a quote lapses, a request takes no more answers; a buyer is reminded.

A subject that no longer needs its deadline (another verb was quicker) is passed over.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.trade.models import Quote, QuoteRequest
from pifa.trade.quotes import facts
from pifa.trade.quotes.commands.ending import expire, expire_if_last, of_quote
from pifa.trade.quotes.commands.loading import (
    END_ANSWERS,
    LAPSE,
    REMIND,
    living,
    lock_quote,
    lock_quotes,
    lock_request,
)
from pifa.trade.quotes.days import last_day
from pifa.trade.quotes.states import QUOTE, REQUEST, QuoteState, RequestState


@deadlines.handles(END_ANSWERS)
def _end_answers(subject: str) -> None:
    with transaction.atomic():
        request = lock_request(number_of(subject))
        if request.state != RequestState.OPEN:
            return
        quotes = lock_quotes(request)
        answers = len(living(quotes))
        if not answers:
            expire(request)
            return
        request.state = str(REQUEST.check(request.state, "end_answers").target)
        request.save(update_fields=["state"])
        waiting = [quote for quote in quotes if quote.state == QuoteState.ASKED]
        Quote.objects.filter(pk__in=[quote.pk for quote in waiting]).update(
            state=QUOTE.transition("close").target, changed_at=clock.now()
        )
        audit.record(SYSTEM, "rfq.end_answers", request.subject, answers=answers)
        emit(
            facts.AnswersEnded(request=request.number, buyer_id=request.buyer_id, answers=answers),
            *(facts.QuoteClosed(**of_quote(request, quote)) for quote in waiting),
        )


@deadlines.handles(LAPSE)
def _lapse(subject: str) -> None:
    with transaction.atomic():
        request, quote = lock_quote(number_of(subject), Q())
        if not _holds(request, quote) or clock.now() < _until(quote):
            return
        quote.state = str(QUOTE.check(quote.state, "lapse").target)
        quote.changed_at = clock.now()
        quote.save(update_fields=["state", "changed_at"])
        audit.record(SYSTEM, "quote.lapse", quote.subject)
        emit(facts.QuoteLapsed(**of_quote(request, quote)))
        expire_if_last(request, quote)


@deadlines.handles(REMIND)
def _remind(subject: str) -> None:
    with transaction.atomic():
        request, quote = lock_quote(number_of(subject), Q())
        if _holds(request, quote):
            emit(
                facts.QuoteDue(
                    **of_quote(request, quote),
                    total_fen=quote.total_fen or 0,
                    day=last_day(_until(quote)).isoformat(),
                )
            )


def _holds(request: QuoteRequest, quote: Quote) -> bool:
    return REQUEST.allows(request.state, "accept") and QUOTE.allows(quote.state, "accept")


def _until(quote: Quote) -> datetime:
    """Until when an answer holds; whatever was answered has it."""
    assert quote.valid_until is not None
    return quote.valid_until
