"""Answering: one living answer a seller, its revisions kept; what ends it, by hand and by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import DomainError, Forbidden, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry, Deadline, OutboxEvent
from pifa.kernel.money import Money, UnitPrice
from pifa.messages.models import Notice
from pifa.trade.models import QuoteRequest, QuoteRevision
from pifa.trade.quotes import commands, errors, queries
from pifa.trade.quotes.commands import AnswerGiven
from pifa.trade.quotes.states import PayWay
from pifa.trade.quotes.terms import QuoteTerms
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading
from tests.trade.quotes.market import BOLTS, another_seller, answer, ask, quote_of


def test_a_changed_answer_is_a_revision_and_the_earlier_is_kept(trading: Trading) -> None:
    number = ask(trading)
    answer(trading.selling, number, note="含包装")
    answer(trading.selling, number, "0.2750", lead_days=7)
    (quote,) = queries.quote_request(trading.buying, number).quotes
    assert quote.answer is not None
    assert (quote.answer.revision, quote.answer.lead_days) == (2, 7)
    assert quote.answer.prices[0].price == UnitPrice(2750)
    (earlier,) = quote.earlier
    assert (earlier.revision, earlier.note, earlier.total) == (1, "含包装", Money(44375))
    with pytest.raises(DatabaseError), transaction.atomic():
        QuoteRevision.objects.update(note="")


def test_it_can_be_taken_back_and_given_anew(trading: Trading) -> None:
    number = ask(trading)
    quote = answer(trading.selling, number)
    commands.withdraw_quote(trading.selling, quote.number, "缺料")
    with pytest.raises(WrongState):
        commands.accept_quote(trading.buying, quote.number, 1)
    again = answer(trading.selling, number, "0.31")
    assert (again.state, again.revision, again.reason) == ("quoted", 2, "")


def test_who_declined_may_still_answer(trading: Trading) -> None:
    number = ask(trading)
    commands.decline_quote(trading.selling, quote_of(number, trading.selling).number, "不做")
    assert quote_of(number, trading.selling).reason == "不做"
    assert answer(trading.selling, number).state == "quoted"


def test_a_refused_answer_is_over(trading: Trading) -> None:
    number = ask(trading)
    quote = answer(trading.selling, number)
    commands.refuse_quote(trading.buying, quote.number, "太贵")
    assert quote_of(number, trading.selling).state == "refused"
    with pytest.raises(WrongState):
        answer(trading.selling, number)
    assert QuoteRequest.objects.get().state == "open"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"prices": {}}, errors.NothingQuoted),
        ({"prices": {2: UnitPrice(1)}}, errors.NothingQuoted),
        ({"prices": {1: UnitPrice(0)}}, errors.InvalidPrice),
        ({"freight": Money(-1)}, errors.InvalidQuoteTotal),
        ({"lead_days": 0}, errors.InvalidDays),
        ({"lead_days": 61}, errors.InvalidDays),
        ({"terms": QuoteTerms(way=PayWay.TRADE_CREDIT)}, errors.WayNotOffered),
        ({"terms": QuoteTerms(way=PayWay.STAGED, deposit_percent=30)}, errors.TermsDoNotFit),
        ({"terms": QuoteTerms(deposit_percent=30)}, errors.TermsDoNotFit),
    ],
)
def test_answers_that_are_refused(
    trading: Trading, fields: dict[str, Any], refusal: type[DomainError]
) -> None:
    number = ask(trading)
    with pytest.raises(refusal):
        answer(trading.selling, number, **fields)
    assert quote_of(number, trading.selling).revision == 0


def test_only_who_sells_for_a_seller_that_was_asked_may_answer(trading: Trading) -> None:
    other = another_seller(trading)
    quote = quote_of(ask(trading), trading.selling)
    given = AnswerGiven({1: UnitPrice(1)}, Money(0), 1, clock.today())
    for actor, refusal in (
        (other, NotFound),
        (trading.buying, NotFound),
        (goods.actor(trading.seller, Role.FINANCE), Forbidden),
        (trading.operator, Forbidden),
    ):
        with pytest.raises(refusal):
            commands.answer_quote(actor, quote.number, given)


def test_after_its_last_day_a_request_takes_no_answers(
    trading: Trading, market_clock: MarketClock
) -> None:
    number = ask(trading)
    market_clock.set(QuoteRequest.objects.get().closes_at)
    with pytest.raises(errors.AnswersEnded):
        answer(trading.selling, number)
    assert deadlines.run_due() == 1
    assert QuoteRequest.objects.get().state == "expired"
    assert quote_of(number, trading.selling).state == "closed"
    with pytest.raises(WrongState):
        answer(trading.selling, number)


def test_answers_that_hold_longer_can_be_taken_until_the_last_has_lapsed(
    trading: Trading, market_clock: MarketClock
) -> None:
    other, silent = another_seller(trading), another_seller(trading)
    number = ask(trading, seller_ids=[other.company_id, silent.company_id])
    today = clock.today()
    answer(trading.selling, number, valid_until=today + timedelta(days=8))
    answer(other, number, valid_until=today + timedelta(days=6))
    market_clock.forward(days=5.8)
    deadlines.run_due()
    assert QuoteRequest.objects.get().state == "deciding"
    assert quote_of(number, silent).state == "closed"
    view = queries.asked_quote(other, quote_of(number, other).number)
    assert view.quotes[0].verbs == ("withdraw",)
    with pytest.raises(errors.AnswersEnded):
        answer(other, number)
    market_clock.forward(days=1)
    deadlines.run_due()
    assert (quote_of(number, other).state, QuoteRequest.objects.get().state) == (
        "lapsed",
        "deciding",
    )
    market_clock.forward(days=2)
    deadlines.run_due()
    assert quote_of(number, trading.selling).state == "lapsed"
    assert QuoteRequest.objects.get().state == "expired"
    assert not Deadline.objects.filter(done_at=None).exists()


def test_the_last_one_withdrawn_or_refused_after_the_end_ends_the_request(
    trading: Trading, market_clock: MarketClock
) -> None:
    quotes = [answer(trading.selling, ask(trading)) for _ in range(2)]
    market_clock.forward(days=6)
    deadlines.run_due()
    commands.withdraw_quote(trading.selling, quotes[0].number)
    commands.refuse_quote(trading.buying, quotes[1].number)
    assert set(QuoteRequest.objects.values_list("state", flat=True)) == {"expired"}


def test_an_answer_that_lapsed_can_be_renewed_while_answers_are_taken(
    trading: Trading, market_clock: MarketClock
) -> None:
    number = ask(trading)
    answer(trading.selling, number, valid_until=clock.today())
    market_clock.forward(days=1)
    deadlines.run_due()
    assert quote_of(number, trading.selling).state == "lapsed"
    assert answer(trading.selling, number).state == "quoted"


def test_a_longer_validity_moves_the_deadline(trading: Trading, market_clock: MarketClock) -> None:
    number = ask(trading)
    answer(trading.selling, number, valid_until=clock.today())
    answer(trading.selling, number, valid_until=clock.today() + timedelta(days=3))
    market_clock.forward(days=1)
    deadlines.run_due()
    assert quote_of(number, trading.selling).state == "quoted"


def test_a_closed_request_tells_the_sellers_that_wait(trading: Trading) -> None:
    silent = another_seller(trading)
    number = ask(trading, seller_ids=[silent.company_id])
    answer(trading.selling, number)
    commands.close_request(trading.buying, number)
    deliver()
    told = Notice.objects.filter(kind="quote_closed")
    assert {notice.company_id for notice in told} == {trading.seller.pk, silent.company_id}
    assert not Notice.objects.filter(kind="quote_request_ended").exists()
    with pytest.raises(WrongState):
        commands.close_request(trading.buying, number)


def test_each_step_is_told_once_to_whom_it_concerns(
    trading: Trading, market_clock: MarketClock
) -> None:
    number = ask(trading)
    quote = answer(trading.selling, number)
    commands.withdraw_quote(trading.selling, quote.number)
    answer(trading.selling, number)
    market_clock.forward(days=20)
    deadlines.run_due()
    deliver()
    told = [(n.company_id, n.kind) for n in Notice.objects.order_by("id")]
    buyer, seller = trading.buyer.pk, trading.seller.pk
    assert told == [
        (seller, "quote_asked"),
        (buyer, "quote_answered"),
        (buyer, "quote_withdrawn"),
        (buyer, "quote_answered"),
        (buyer, "quote_answers_ended"),
        (buyer, "quote_due"),
        (buyer, "quote_lapsed"),
        (seller, "quote_lapsed"),
        (buyer, "quote_request_ended"),
    ]
    links = {n.link for n in Notice.objects.all()}
    assert links == {f"/buyer/quotes/{number}/", f"/seller/quotes/{quote.number}/"}
    assert not OutboxEvent.objects.filter(delivered_at=None).exists()


def test_who_did_what_is_in_the_audit_log(trading: Trading) -> None:
    number = ask(trading, [BOLTS], offer_ids=[trading.offer.pk])
    quote = answer(trading.selling, number)
    commands.accept_quote(trading.buying, quote.number, 1)
    done = AuditEntry.objects.filter(subject__in=[f"rfq:{number}", quote.subject]).order_by("id")
    assert [entry.action for entry in done] == [
        "rfq.ask",
        "quote.answer",
        "quote.accept",
        "rfq.accept",
    ]
