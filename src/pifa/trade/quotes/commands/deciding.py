"""A buyer decides: takes an answer, which is an order then, turns one down, or asks no longer."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.finance.insurance.freight import commands as freight
from pifa.finance.insurance.freight.commands import Wanted
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.trade import rules as orders
from pifa.trade.commands.checkout import ask_with_orders, delivery_to, write_orders
from pifa.trade.commands.order_rows import Delivery, NewOrder
from pifa.trade.errors import PriceChanged
from pifa.trade.freight_insurance.history import quotes_for
from pifa.trade.invoices.rules import read_details
from pifa.trade.models import Order, Quote, QuoteLine, QuoteRequest, QuoteRevision
from pifa.trade.quotes import facts, opening, policies
from pifa.trade.quotes.commands.ending import end_request, ended, expire_if_last, of_quote
from pifa.trade.quotes.commands.loading import OF_QUOTE, lock_quote, lock_request
from pifa.trade.quotes.days import last_day
from pifa.trade.quotes.errors import OtherRegion, QuoteChanged, QuoteLapsed
from pifa.trade.quotes.states import QUOTE, REQUEST, QuoteState
from pifa.trade.quotes.terms import QuoteTerms
from pifa.trade.quotes.ways import check_way


def accept_quote(
    actor: Actor,
    number: str,
    revision: int,
    *,
    address_id: int | None = None,
    message: str = "",
    invoice: Mapping[str, str] | None = None,
    premium: Money | None = None,
) -> str:
    """Take a seller's answer as it was read (`revision`): it becomes an order at once.

    With a `premium` as it was shown (`queries.offer_to_insure`) its return freight is insured at the
    buyer's cost.

    Returns the order's number, the same however often and by whomever of the buyer's it is
    pressed. The request ends, and the other sellers are told that it did. Goods go to the
    request's address, or to another of the same region. `QuoteChanged`, `QuoteLapsed`,
    `OtherRegion`, `AddressGone`, `OutOfStock`, `NotForSale`, `WayNotOffered`, `PriceChanged` for
    another premium; `WrongState` once another answer was taken or the request ended.
    """
    details = read_details(invoice, "invoice.") if invoice else None
    message = orders.optional_text(message, _("买家留言"), 500, "message")
    with transaction.atomic():
        request, quote = _lock_for_buyer(actor, number)
        if quote.state == QuoteState.ACCEPTED and quote.order_id is not None:
            return Order.objects.values_list("number", flat=True).get(pk=quote.order_id)
        _check(request, quote, revision)
        delivery = _delivery(request, address_id)
        new, terms = _planned(quote, message)
        check_way(terms, quote.seller_id, request.buyer_id)
        insured = _insured(request, new, premium)
        opening.lock_terms(request.buyer_id, quote.seller_id, terms)
        placed_at = write_orders(actor, request.buyer_id, [new], delivery, details)
        freight.want(insured)
        ask_with_orders(actor, request.buyer_id, [new], details, placed_at)
        opening.promise_by_terms(actor, new, terms)
        _take(actor, request, quote, new)
    return new.number


def refuse_quote(actor: Actor, number: str, reason: str = "") -> None:
    """Turn a seller's answer down; the request goes on with the others."""
    reason = orders.optional_text(reason, _("原因"), 200, "reason")
    with transaction.atomic():
        request, quote = _lock_for_buyer(actor, number)
        quote.state = str(QUOTE.check(quote.state, "refuse").target)
        quote.reason, quote.changed_at = reason, clock.now()
        quote.save(update_fields=["state", "reason", "changed_at"])
        deadlines.clear(quote.subject, *OF_QUOTE)
        audit.record(actor, "quote.refuse", quote.subject, reason=reason)
        emit(facts.QuoteRefused(**of_quote(request, quote), reason=reason))
        expire_if_last(request, quote)


def close_request(actor: Actor, number: str) -> None:
    """Ask no longer: the request ends without an order and the sellers that wait are told."""
    with transaction.atomic():
        request = lock_request(number, policies.own_requests(actor))
        policies.require_buyer(actor, request.buyer_id)
        end_request(actor, request, "close", ended(request))


def _lock_for_buyer(actor: Actor, number: str) -> tuple[QuoteRequest, Quote]:
    request, quote = lock_quote(number, policies.quotes_to(actor))
    policies.require_buyer(actor, request.buyer_id)
    return request, quote


def _check(request: QuoteRequest, quote: Quote, revision: int) -> None:
    QUOTE.check(quote.state, "accept")
    REQUEST.check(request.state, "accept")
    if quote.valid_until is None or clock.now() >= quote.valid_until:
        raise QuoteLapsed(day=last_day(quote.valid_until or clock.now()).isoformat())
    if quote.revision != revision:
        raise QuoteChanged(
            field="revision",
            shown=revision,
            revision=quote.revision,
            total=Money(quote.total_fen or 0),
        )


def _delivery(request: QuoteRequest, address_id: int | None) -> Delivery:
    delivery = delivery_to(request.buyer_id, address_id or request.address_id)
    if delivery.region != request.region:
        raise OtherRegion(field="address_id")
    return delivery


def _insured(request: QuoteRequest, new: NewOrder, premium: Money | None) -> list[Wanted]:
    if premium is None:
        return []
    seller_id, total = new.plan.seller_id, new.plan.total
    found = quotes_for(request.buyer_id, [seller_id], request.region)[seller_id]
    if found.premium != premium:
        raise PriceChanged(shown=total + premium, total=total + found.premium)
    return [Wanted(new.subject, request.buyer_id, found)]


def _planned(quote: Quote, message: str) -> tuple[NewOrder, QuoteTerms]:
    revision = QuoteRevision.objects.filter(quote=quote, revision=quote.revision).first()
    if revision is None:
        raise NotFound()
    lines = QuoteLine.objects.filter(revision=revision).select_related("asked__offer")
    terms = QuoteTerms.from_json(revision.terms)
    asked = list(lines.order_by("asked__position"))
    return opening.new_order(quote, revision, terms, asked, message), terms


def _take(actor: Actor, request: QuoteRequest, quote: Quote, new: NewOrder) -> None:
    quote.state = str(QUOTE.transition("accept").target)
    quote.order = Order.objects.get(number=new.number)
    quote.changed_at = clock.now()
    quote.save(update_fields=["state", "order", "changed_at"])
    audit.record(
        actor,
        "quote.accept",
        quote.subject,
        order=new.number,
        revision=quote.revision,
        total_fen=new.plan.total.fen,
    )
    accepted = facts.QuoteAccepted(
        **of_quote(request, quote), number=new.number, total_fen=new.plan.total.fen
    )
    end_request(actor, request, "accept", accepted, spare=quote)
