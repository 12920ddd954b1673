"""Asking: which goods of whom, until when; what is refused, and that nobody learns of the others."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from pifa.catalog.models import Offer
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.errors import DomainError, Forbidden, IdempotencyConflict, NotFound
from pifa.kernel.events import deliver
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import UnitPrice
from pifa.kernel.pictures import PictureError
from pifa.messages.models import Notice
from pifa.parties.models import Member
from pifa.trade.errors import AddressGone, InvalidQuantity, MissingText, NotForSale, OwnGoods
from pifa.trade.models import PurchaseLine, Quote, QuoteRequest
from pifa.trade.quotes import commands, errors, queries, rules
from pifa.trade.quotes.rules import GoodsWanted
from tests.catalog import market as goods
from tests.trade import market as trades
from tests.trade.market import Trading
from tests.trade.quotes.market import BOLTS, another_seller, answer, ask, quote_of


def test_the_seller_of_a_sku_is_asked_with_the_words_of_its_goods(trading: Trading) -> None:
    number = ask(trading, [GoodsWanted(1500, trading.skus[0], wanted=UnitPrice(2800)), BOLTS])
    view = queries.asked_quote(trading.selling, quote_of(number, trading.selling).number)
    first, second = view.lines
    assert (first.sku_id, first.code) == (trading.skus[0], f"{trading.offer.code}-0")
    assert (first.title, first.unit, first.wanted) == (trading.offer.title, "件", UnitPrice(2800))
    assert (second.sku_id, second.title, second.spec_text) == (None, "外六角螺栓", "M8×30")
    assert (view.region, view.city, view.address_id) == ("33", "杭州市", None)
    assert view.buyer_name == trading.buyer.name


def test_a_seller_learns_neither_who_else_was_asked_nor_the_address(trading: Trading) -> None:
    other = another_seller(trading)
    number = ask(trading, seller_ids=[other.company_id])
    answer(trading.selling, number)
    view = queries.asked_quote(other, quote_of(number, other).number)
    told = str(view)
    assert trading.seller.name not in told
    assert trading.offer.code not in told
    assert trading.address.detail not in told
    assert trading.address.consignee not in told
    assert [quote.seller_id for quote in view.quotes] == [other.company_id]
    (line,) = view.lines
    assert (line.sku_id, line.offer_id, line.code) == (None, None, "")
    with pytest.raises(NotFound):
        queries.asked_quote(other, quote_of(number, trading.selling).number)
    with pytest.raises(NotFound):
        queries.quote_request(other, number)


def test_no_notice_and_no_event_to_one_seller_names_another(trading: Trading) -> None:
    other = another_seller(trading)
    number = ask(trading, seller_ids=[other.company_id])
    quote = answer(trading.selling, number)
    commands.accept_quote(trading.buying, quote.number, 1)
    deliver()
    told = Notice.objects.filter(company=other.company_id)
    assert [notice.kind for notice in told.order_by("id")] == ["quote_asked", "quote_closed"]
    for notice in told:
        assert trading.seller.name not in str(notice.params)
        assert quote.number not in str(notice.params) + notice.link
        assert set(notice.params) & {"answers", "sellers", "total_fen"} == set()


def test_sellers_are_known_by_relationship_trade_or_the_purchase_list(trading: Trading) -> None:
    stranger = goods.seller()
    offer = goods.offer(stranger)
    with pytest.raises(errors.NotYourSeller):
        ask(trading, [BOLTS], seller_ids=[stranger.pk])
    by_offer = ask(trading, [BOLTS], offer_ids=[offer.pk])
    assert [quote.seller_id for quote in Quote.objects.filter(request__number=by_offer)] == [
        stranger.pk
    ]
    PurchaseLine.objects.create(
        member=Member.objects.get(company=trading.buyer),
        sku_id=goods.sku_ids(offer)[0],
        quantity=1,
        price_seen_e4=1,
        added_at=clock.now(),
    )
    trading.place(1)
    names = {seller_id for seller_id, _name in queries.sellers_to_ask(trading.buying)}
    assert names == {stranger.pk, trading.seller.pk}
    ask(trading, [BOLTS], seller_ids=sorted(names))


def related(trading: Trading, count: int) -> list[int]:
    return [another_seller(trading).company_id or 0 for _ in range(count)]


def test_one_to_twenty_sellers(trading: Trading) -> None:
    with pytest.raises(errors.NobodyAsked):
        ask(trading, [BOLTS])
    many = related(trading, 21)
    with pytest.raises(errors.NobodyAsked, match="21"):
        ask(trading, [BOLTS], seller_ids=many)
    ask(trading, [BOLTS], seller_ids=[*many[:20], many[0]])
    assert Quote.objects.count() == 20


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([GoodsWanted(1)], MissingText),
        ([GoodsWanted(1, title="螺栓", unit=" ")], MissingText),
        ([GoodsWanted(0, title="螺栓", unit="件")], InvalidQuantity),
        ([GoodsWanted(1, title="螺栓", unit="件", wanted=UnitPrice(0))], errors.InvalidPrice),
        ([BOLTS] * 201, errors.NothingAsked),
    ],
)
def test_lines_that_cannot_be_asked_for(
    trading: Trading, lines: list[GoodsWanted], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        ask(trading, lines)


def test_goods_that_cannot_be_asked_for(trading: Trading) -> None:
    own = goods.sku_ids(goods.offer(trading.buyer))[0]
    other = goods.sku_ids(goods.offer(goods.seller()))[0]
    first = trading.skus[0]
    for skus, refusal in (
        ([own], OwnGoods),
        ([first, other], errors.MixedGoods),
        ([first, first], errors.NothingAsked),
        ([2**40], NotForSale),
    ):
        with pytest.raises(refusal):
            ask(trading, [GoodsWanted(1, sku_id) for sku_id in skus])
    Offer.objects.update(state="offline")
    with pytest.raises(NotForSale):
        ask(trading)


def test_days_lie_ahead_within_limits(trading: Trading) -> None:
    today = clock.today()
    bad: list[dict[str, Any]] = [
        {"until": today - timedelta(days=1)},
        {"until": today + timedelta(days=rules.MAX_ANSWER_DAYS + 1)},
        {"needed_by": today - timedelta(days=1)},
        {"needed_by": today + timedelta(days=rules.MAX_NEEDED_DAYS + 1)},
    ]
    for fields in bad:
        with pytest.raises(errors.InvalidDay):
            ask(trading, **fields)
    ask(trading, until=today, needed_by=today)
    assert QuoteRequest.objects.get().closes_at == clock.start_of_day(today + timedelta(days=1))


def test_the_address_is_the_buyers_own(trading: Trading) -> None:
    with pytest.raises(AddressGone):
        ask(trading, address_id=trades.address(goods.company()).pk)


def test_asked_twice_with_one_key_it_is_one_request(trading: Trading) -> None:
    assert ask(trading, idempotency_key="k") == ask(trading, idempotency_key="k")
    assert QuoteRequest.objects.count() == 1
    with pytest.raises(IdempotencyConflict):
        ask(trading, idempotency_key="k", note="别的")


def test_a_buyer_may_not_have_too_many_open(
    trading: Trading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MAX_OPEN", 1)
    first = ask(trading)
    with pytest.raises(errors.TooManyOpen):
        ask(trading)
    commands.close_request(trading.buying, first)
    ask(trading)


def test_only_who_buys_may_ask(trading: Trading) -> None:
    clerk = goods.actor(trading.buyer, Role.CLERK)
    for actor in (clerk, trading.operator):
        with pytest.raises(Forbidden):
            commands.ask_quotes(
                actor, commands.AskRequest([BOLTS], trading.address.pk, clock.today())
            )
    assert not OutboxEvent.objects.filter(name="quote.asked").exists()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_cleaned_kept_private_and_shown_to_both_sides_only(trading: Trading) -> None:
    other = another_seller(trading)
    number = ask(trading, picture=picture())
    request = QuoteRequest.objects.get()
    assert request.picture.url == ""
    for actor, key in (
        (trading.buying, number),
        (trading.selling, quote_of(number, trading.selling).number),
    ):
        shown = queries.request_picture(actor, key)
        assert shown.kind == "png"
        assert Image.open(io.BytesIO(shown.data)).size == (20, 10)
        with pytest.raises(NotFound):
            queries.request_picture(other, key)
    with pytest.raises(PictureError):
        ask(trading, picture=b"<svg/>")
