"""An accepted quote is an order at once, with exactly what was quoted, and only one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.catalog.errors import OutOfStock
from pifa.catalog.models import Offer, Sku
from pifa.finance import commands as money
from pifa.finance import queries as finance
from pifa.finance.commands import LineDraft
from pifa.finance.errors import MethodNotOffered
from pifa.finance.models import FreightPolicy, Payable
from pifa.finance.sandbox import bank
from pifa.kernel import clock, events
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.money import UnitPrice
from pifa.ledger import queries as ledger
from pifa.trade import commands as trade
from pifa.trade.approval.commands import set_limit
from pifa.trade.errors import AddressGone, NotForSale, PriceChanged
from pifa.trade.models import InvoicedOrder, Order, PurchaseApproval, QuoteRequest
from pifa.trade.quotes import commands, queries
from pifa.trade.quotes.errors import OtherRegion, QuoteChanged, QuoteLapsed, WayNotOffered
from pifa.trade.quotes.rules import GoodsWanted
from pifa.trade.quotes.states import PayWay
from pifa.trade.quotes.terms import QuoteTerms
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade import market as trades
from tests.trade.invoicing import ORDINARY
from tests.trade.market import Trading, pay, trade_of, yuan
from tests.trade.quotes.market import BOLTS, accept, another_seller, answer, ask, quote_of


def test_an_accepted_quote_is_an_order_with_its_prices_freight_and_days(trading: Trading) -> None:
    quote = answer(trading.selling, ask(trading))
    number = accept(trading, quote, message="请装箱")
    order = trading.order(number)
    (line,) = order.lines.all()
    # 1500 × ¥0.2875 = ¥431.25; the price function would have said ¥0.31 each.
    assert (line.sku_id, line.offer_id) == (trading.skus[0], trading.offer.pk)
    assert (line.quantity, line.price_e4, line.amount_fen) == (1500, 2875, 43125)
    assert (order.goods_fen, order.freight_fen, order.total_fen) == (43125, 1250, 44375)
    assert (order.status, order.lead_days, order.message) == ("awaiting_payment", 3, "请装箱")
    assert (order.region, order.mobile) == ("33", trading.address.mobile)
    assert Payable.objects.get(subject=order.subject).amount_fen == 44375
    assert trading.stock() == (10_000, 1500)
    quote.refresh_from_db()
    assert (quote.state, quote.order) == ("accepted", order)
    assert QuoteRequest.objects.get().state == "ordered"


def test_each_line_is_rounded_once_and_lines_without_price_are_left_out(trading: Trading) -> None:
    lines = [
        GoodsWanted(quantity=3, sku_id=trading.skus[0]),
        GoodsWanted(quantity=3, sku_id=trading.skus[1]),
        BOLTS,
    ]
    prices = {1: UnitPrice(50), 3: UnitPrice(1)}  # 1.5 fen, and 20 fen
    quote = answer(trading.selling, ask(trading, lines), prices=prices)
    order = trading.order(accept(trading, quote))
    found = order.lines.order_by("position").values_list("position", "sku", "code", "amount_fen")
    assert list(found) == [(1, trading.skus[0], f"{trading.offer.code}-0", 2), (2, None, "", 20)]
    assert (order.goods_fen, order.scene) == (22, "custom")
    assert trading.stock(1) == (5_000, 0)


def test_it_goes_on_as_any_other_order(trading: Trading) -> None:
    number = accept(
        trading, answer(trading.selling, ask(trading, [BOLTS], seller_ids=[_related(trading)]))
    )
    trade.adjust_price(trading.selling, number, yuan("500.00"))
    pay(trading.buying, number)
    trade.ship(trading.selling, number, "试验快递", "T1")
    trade.confirm_receipt(trading.buying, number)
    order = trading.order(number)
    assert (order.status, order.paid_fen, order.released_fen) == ("awaiting_review", 50000, 50000)


def _related(trading: Trading) -> int:
    goods.relate(trading.seller, trading.buyer)
    return trading.seller.pk


def test_a_purchaser_above_its_limit_waits_for_approval_as_at_a_checkout(
    trading: Trading,
) -> None:
    set_limit(trading.buying, yuan("50.00"))
    quote = answer(trading.selling, ask(trading))
    purchaser = goods.actor(trading.buyer, Role.PURCHASER)
    order = trading.order(commands.accept_quote(purchaser, quote.number, quote.revision))
    assert list(PurchaseApproval.objects.values_list("order", "state")) == [(order.pk, "waiting")]
    assert Payable.objects.get(subject=order.subject).blocked


def test_staged_terms_become_the_orders_stages(trading: Trading) -> None:
    terms = QuoteTerms(PayWay.STAGED, deposit_percent=30, production_days=12)
    quote = answer(trading.selling, ask(trading), terms=terms)
    order = trading.order(accept(trading, quote))
    stages = finance.stages(order.subject)
    assert [(row.purpose, row.amount) for row in stages] == [
        ("deposit", yuan("133.13")),  # 30 % of ¥443.75 is ¥133.125
        ("balance", yuan("310.62")),
    ]
    assert order.scene == "custom"
    assert pay(trading.buying, order.number) == ["settled"]
    order.refresh_from_db()
    assert order.status == "in_production"


def test_terms_on_credit_are_promised_with_the_order(trading: Trading) -> None:
    with pytest.raises(WayNotOffered):
        answer(trading.selling, ask(trading), terms=QuoteTerms(PayWay.TRADE_CREDIT))
    goods.relate(trading.seller, trading.buyer)
    finance_person = goods.actor(trading.seller, Role.FINANCE)
    money.grant_credit(finance_person, trading.buyer.login, LineDraft(yuan("500.00"), "days", 30))
    first = answer(trading.selling, ask(trading), terms=QuoteTerms(PayWay.TRADE_CREDIT))
    second = answer(trading.selling, ask(trading), terms=QuoteTerms(PayWay.TRADE_CREDIT))
    order = trading.order(accept(trading, first))
    assert (order.status, order.promised_fen) == ("awaiting_shipment", order.total_fen)
    with pytest.raises(MethodNotOffered, match=r"56\.25"):  # what is left of ¥500.00
        accept(trading, second)
    assert Order.objects.count() == 1


def test_an_invoice_is_asked_for_with_the_order(trading: Trading) -> None:
    quote = answer(trading.selling, ask(trading))
    order = trading.order(accept(trading, quote, invoice=ORDINARY))
    assert order.invoice["title"] == ORDINARY["title"]
    assert InvoicedOrder.objects.filter(order=order).count() == 1


def test_its_return_freight_is_insured_for_the_premium_that_was_read(trading: Trading) -> None:
    quote = answer(trading.selling, ask(trading))
    offer = queries.offer_to_insure(trading.buying, quote.number)
    premium = offer.quote.premium
    assert (offer.given, premium) == (False, yuan("0.45"))
    with pytest.raises(NotFound):
        queries.offer_to_insure(trading.selling, quote.number)
    with pytest.raises(PriceChanged):
        accept(trading, quote, premium=premium + yuan("0.01"))
    assert not Order.objects.exists()
    order = Order.objects.get(number=accept(trading, quote, premium=premium))
    assert order.total_fen == quote.total_fen  # the premium is no part of it
    payable = Payable.objects.get(subject=order.subject)
    paid = money.start_insured(trading.buying, payable.number, "gateway").payment_number
    bank.act(trade_of(paid), "pay")
    while events.deliver():
        pass
    policy = FreightPolicy.objects.get(covers=order.subject)
    assert (policy.payer_id, policy.premium_fen) == (trading.buyer.pk, premium.fen)
    assert FreightPolicy.objects.count() == 1
    assert ledger.check() == []


def test_pressed_again_it_is_the_same_order(trading: Trading) -> None:
    quote = answer(trading.selling, ask(trading))
    first = accept(trading, quote)
    colleague = goods.actor(trading.buyer, Role.PURCHASER)
    assert commands.accept_quote(colleague, quote.number, quote.revision) == first
    assert Order.objects.count() == 1


def test_the_others_are_closed_and_cannot_be_taken_any_more(trading: Trading) -> None:
    other, silent = another_seller(trading), another_seller(trading)
    ids = [other.company_id, silent.company_id]
    request = ask(trading, seller_ids=ids)
    quotes = [answer(trading.selling, request), answer(other, request, "0.25")]
    accept(trading, quotes[0])
    assert [quote_of(request, seller).state for seller in (other, silent)] == ["closed", "closed"]
    with pytest.raises(WrongState):
        accept(trading, quotes[1])
    assert Order.objects.count() == 1


def test_the_same_goods_of_another_seller_have_no_sku(trading: Trading) -> None:
    other = another_seller(trading)
    request = ask(trading, seller_ids=[other.company_id])
    order = trading.order(accept(trading, answer(other, request)))
    (line,) = order.lines.all()
    assert (line.sku_id, line.offer_id, line.code) == (None, None, "")
    assert line.title == trading.offer.title
    assert trading.stock() == (10_000, 0)


def test_nothing_is_written_when_stock_is_short(trading: Trading) -> None:
    quote = answer(trading.selling, ask(trading))
    Sku.objects.filter(pk=trading.skus[0]).update(stock=1499)
    with pytest.raises(OutOfStock):
        accept(trading, quote)
    assert quote_of(quote.request.number, trading.selling).state == "quoted"
    assert not Order.objects.exists()


def test_an_offline_offer_can_be_had_but_not_one_the_market_took_down(trading: Trading) -> None:
    quotes = [answer(trading.selling, ask(trading)) for _ in range(2)]
    offers = Offer.objects.filter(pk=trading.offer.pk)
    offers.update(state="offline")
    accept(trading, quotes[0])
    offers.update(state="taken_down", state_reason="违规")
    with pytest.raises(NotForSale):
        accept(trading, quotes[1])


def test_a_changed_answer_has_to_be_read_first(trading: Trading) -> None:
    request = ask(trading)
    seen = answer(trading.selling, request)
    answer(trading.selling, request, "0.30")
    with pytest.raises(QuoteChanged, match=r"第 2 版，合计 ¥462\.50"):
        accept(trading, seen)


def test_an_answer_holds_through_its_last_day(trading: Trading, market_clock: MarketClock) -> None:
    until = clock.today() + timedelta(days=1)
    quotes = [answer(trading.selling, ask(trading), valid_until=until) for _ in range(2)]
    end = clock.start_of_day(until + timedelta(days=1))
    market_clock.set(end - timedelta(seconds=1))
    accept(trading, quotes[0])
    market_clock.set(end)
    with pytest.raises(QuoteLapsed, match=until.isoformat()):
        accept(trading, quotes[1])


def test_goods_go_to_another_address_of_the_same_region_only(trading: Trading) -> None:
    quotes = [answer(trading.selling, ask(trading)) for _ in range(2)]
    near, far, foreign = (
        trades.address(trading.buyer),
        trades.address(trading.buyer),
        trades.address(goods.company()),
    )
    near.city, far.region = "宁波市", "44"
    near.save()
    far.save()
    order = trading.order(accept(trading, quotes[0], address_id=near.pk))
    assert "宁波市" in order.address
    with pytest.raises(OtherRegion):
        accept(trading, quotes[1], address_id=far.pk)
    with pytest.raises(AddressGone):
        accept(trading, quotes[1], address_id=foreign.pk)


def test_only_who_buys_for_the_asking_company_can_take_it(trading: Trading) -> None:
    quote = answer(trading.selling, ask(trading))
    for actor, refusal in (
        (trading.selling, NotFound),
        (goods.actor(goods.company()), NotFound),
        (goods.actor(trading.buyer, Role.CLERK), Forbidden),
        (trading.operator, Forbidden),
    ):
        with pytest.raises(refusal):
            commands.accept_quote(actor, quote.number, quote.revision)
