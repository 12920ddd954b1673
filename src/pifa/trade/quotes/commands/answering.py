"""A seller answers a request, changes its answer, takes it back, or says that it will not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit
from pifa.kernel.money import Money, UnitPrice
from pifa.parties import policies as parties
from pifa.trade import rules as orders
from pifa.trade.models import (
    Quote,
    QuoteLine,
    QuoteRequest,
    QuoteRequestLine,
    QuoteRevision,
)
from pifa.trade.quotes import facts, policies, rules
from pifa.trade.quotes.commands.ending import expire_if_last, of_quote
from pifa.trade.quotes.commands.loading import LAPSE, OF_QUOTE, REMIND, lock_quote
from pifa.trade.quotes.days import end_of
from pifa.trade.quotes.errors import AnswersEnded
from pifa.trade.quotes.rules import AnswerFigures
from pifa.trade.quotes.states import QUOTE, QuoteState, RequestState
from pifa.trade.quotes.terms import QuoteTerms, check_terms
from pifa.trade.quotes.ways import check_way


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """A seller's answer: unit prices by the position of the line, freight, when and how.

    A line without a price is not supplied. `valid_until` is the last market day on which it holds.
    """

    prices: Mapping[int, UnitPrice]
    freight: Money
    lead_days: int
    valid_until: date
    terms: QuoteTerms = field(default_factory=QuoteTerms)
    note: str = ""


def answer_quote(actor: Actor, number: str, answer: AnswerGiven) -> int:
    """Answer, or change the answer; returns the revision's number. Earlier ones are kept.

    `AnswersEnded`, `NothingQuoted`, `InvalidPrice`, `InvalidQuoteTotal`, `InvalidDays`,
    `InvalidDay`, `WayNotOffered`, `TermsDoNotFit`, `InvalidDeposit`, `WrongState` once it is
    decided, `NotFound` for whoever was not asked.
    """
    rules.check_lead_days(answer.lead_days)
    rules.check_valid_day(answer.valid_until, clock.today())
    note = orders.optional_text(answer.note, _("说明"), 1000, "note")
    with transaction.atomic():
        request, quote = lock_quote(number, policies.own_quotes(actor))
        policies.require_seller(actor, quote.seller_id)
        verb = "revise" if quote.state == QuoteState.QUOTED else "answer"
        target = QUOTE.check(quote.state, verb).target
        _check_open(request)
        asked = {line.position: line for line in QuoteRequestLine.objects.filter(request=request)}
        figures = rules.figures(
            {position: line.quantity for position, line in asked.items()},
            answer.prices,
            answer.freight,
        )
        check_way(answer.terms, quote.seller_id, request.buyer_id)
        check_terms(answer.terms, figures.total)
        quote.state = str(target)
        quote.reason = ""
        _write(actor, quote, asked, answer, figures, note)
        audit.record(
            actor,
            f"quote.{verb}",
            quote.subject,
            revision=quote.revision,
            total_fen=figures.total.fen,
        )
        emit(
            facts.QuoteAnswered(
                **of_quote(request, quote),
                revision=quote.revision,
                total_fen=figures.total.fen,
                day=answer.valid_until.isoformat(),
            )
        )
    return quote.revision


def withdraw_quote(actor: Actor, number: str, reason: str = "") -> None:
    """Take an answer back that was not accepted. It may be given anew while answers are taken."""
    reason = orders.optional_text(reason, _("原因"), 200, "reason")
    with transaction.atomic():
        request, quote = _end(actor, number, "withdraw", reason)
        emit(facts.QuoteWithdrawn(**of_quote(request, quote), reason=reason))
        expire_if_last(request, quote)


def decline_quote(actor: Actor, number: str, reason: str = "") -> None:
    """Say that one will not answer. It can be answered all the same while answers are taken."""
    reason = orders.optional_text(reason, _("原因"), 200, "reason")
    with transaction.atomic():
        request, quote = _end(actor, number, "decline", reason)
        emit(facts.QuoteDeclined(**of_quote(request, quote), reason=reason))


def _check_open(request: QuoteRequest) -> None:
    if request.state != RequestState.OPEN or clock.now() >= request.closes_at:
        raise AnswersEnded(request=request.number)


def _write(
    actor: Actor,
    quote: Quote,
    asked: Mapping[int, QuoteRequestLine],
    answer: AnswerGiven,
    figures: AnswerFigures,
    note: str,
) -> None:
    moment, until = clock.now(), end_of(answer.valid_until)
    quote.revision += 1
    quote.total_fen, quote.valid_until, quote.changed_at = figures.total.fen, until, moment
    quote.save()
    revision = QuoteRevision.objects.create(
        quote=quote,
        revision=quote.revision,
        freight_fen=figures.freight.fen,
        total_fen=figures.total.fen,
        lead_days=answer.lead_days,
        valid_until=until,
        terms=answer.terms.as_json(),
        note=note,
        made_by_id=parties.member_id(actor),
        made_at=moment,
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(
            revision=revision,
            asked=asked[line.position],
            price_e4=line.price.e4,
            amount_fen=line.amount.fen,
        )
        for line in figures.lines
    )
    deadlines.set_deadline(LAPSE, quote.subject, until)
    remind_at = orders.reminder(moment, until, rules.REMINDER)
    deadlines.set_deadline(REMIND, quote.subject, remind_at)


def _end(actor: Actor, number: str, verb: str, reason: str) -> tuple[QuoteRequest, Quote]:
    request, quote = lock_quote(number, policies.own_quotes(actor))
    policies.require_seller(actor, quote.seller_id)
    quote.state = str(QUOTE.check(quote.state, verb).target)
    quote.reason, quote.changed_at = reason, clock.now()
    quote.save(update_fields=["state", "reason", "changed_at"])
    deadlines.clear(quote.subject, *OF_QUOTE)
    audit.record(actor, f"quote.{verb}", quote.subject, reason=reason)
    return request, quote
