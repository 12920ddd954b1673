"""A guest's orders join the history of a member, by the code of who paid."""

from __future__ import annotations

import pytest

from pifa.finance.models import Payable, Payer
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.trade import commands as orders
from pifa.trade import queries as trade
from pifa.trade.invitations import commands, links
from pifa.trade.invitations.errors import CodeRefused, OwnInvitation
from pifa.trade.models import Order, OrderInvitation
from tests.catalog import market as goods
from tests.trade.invitations.market import MOBILE, bought, confirm, invited, pay, somewhere
from tests.trade.market import Trading

OTHER = "13700000001"


def code_of(order: Order) -> str:
    """What stood on the page after payment."""
    row = OrderInvitation.objects.get(order=order)
    return links.claim_code_of(row.number, order.number)


def test_the_order_is_the_members_from_then_on(trading: Trading) -> None:
    order = bought(trading)
    guest_id = order.buyer_id
    with pytest.raises(NotFound):
        trade.order(trading.buying, order.number)
    assert commands.take_over(trading.buying, code_of(order).lower()) == [order.number]
    order.refresh_from_db()
    assert (order.buyer_id, order.counts_as_id) == (trading.buyer.pk, guest_id)
    assert Payable.objects.get().payer_id == trading.buyer.pk
    assert Payer.objects.get().company_id == trading.buyer.pk
    assert trade.order(trading.buying, order.number).order.number == order.number
    orders.ship(trading.selling, order.number, "试验快递", "T1")
    orders.confirm_receipt(trading.buying, order.number)
    assert trading.order(order.number).status == "awaiting_review"
    # Its next purchase as a guest counts as the member.
    assert bought(trading, OTHER).counts_as_id == trading.buyer.pk


def test_a_refund_after_it_goes_the_way_the_money_came(trading: Trading) -> None:
    order = bought(trading)
    commands.take_over(trading.buying, code_of(order))
    refund = orders.ask_refund(
        trading.buying, order.number, "money", Money.yuan("10.00"), "少了一件"
    )
    orders.answer_refund(trading.selling, refund, accept=True)
    assert trading.order(order.number).refunded_fen == 1000


def test_what_the_same_payer_paid_comes_along_and_nothing_else(trading: Trading) -> None:
    first = bought(trading, MOBILE, "6222-mine")
    second = bought(trading, MOBILE, "6222-mine")
    theirs = bought(trading, MOBILE, "6222-theirs")
    elsewhere = bought(trading, OTHER, "6222-mine")
    unpaid = invited(trading)
    confirm(trading, unpaid, to=somewhere(MOBILE))
    assert len({row.buyer_id for row in (first, second, theirs)}) == 1
    taken = commands.take_over(trading.buying, code_of(second))
    assert taken == [second.number, first.number]
    theirs.refresh_from_db()
    elsewhere.refresh_from_db()
    assert trading.buyer.pk not in (theirs.buyer_id, elsewhere.buyer_id)
    for used in (first, second):
        with pytest.raises(CodeRefused):
            commands.take_over(goods.actor(goods.company()), code_of(used))
    assert commands.take_over(goods.actor(goods.company()), code_of(theirs))


def test_typing_somebodys_number_gives_nothing(trading: Trading) -> None:
    bought(trading, MOBILE, "6222-victim")
    row = invited(trading)
    confirm(trading, row, to=somewhere(MOBILE))
    unpaid = Order.objects.get(status="awaiting_payment")
    with pytest.raises(CodeRefused):
        commands.take_over(trading.buying, code_of(unpaid))
    pay(trading, row, "6222-thief")
    assert commands.take_over(trading.buying, code_of(unpaid)) == [unpaid.number]
    assert Order.objects.filter(buyer=trading.buyer).count() == 1


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC-DDDD", "〇" * 16, "\x00", "-"])
def test_wrong_codes_are_refused_alike(trading: Trading, code: str) -> None:
    bought(trading)
    with pytest.raises(CodeRefused):
        commands.take_over(trading.buying, code)


def test_a_seller_does_not_become_its_own_customer(trading: Trading) -> None:
    order = bought(trading)
    with pytest.raises(OwnInvitation):
        commands.take_over(trading.selling, code_of(order))
