"""An invitation from its draft to its order, and what ends it in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pifa.catalog.models import Offer
from pifa.finance.errors import MethodNotOffered
from pifa.finance.models import Payment
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money, UnitPrice
from pifa.parties.models import Guest
from pifa.trade import commands as orders
from pifa.trade.errors import NotForSale
from pifa.trade.invitations import commands, links, queries
from pifa.trade.invitations.commands import Confirmation
from pifa.trade.invitations.errors import (
    InvitationChanged,
    NotYourCustomer,
    NotYourGoods,
    OwnInvitation,
    PaidAlready,
    TakenAlready,
    WayNeedsMember,
    WayUnknown,
)
from pifa.trade.invitations.rules import Destination, GoodsGiven
from pifa.trade.models import Order, OrderInvitation
from pifa.trade.quotes.terms import QuoteTerms
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade import market
from tests.trade.invitations.market import (
    MOBILE,
    begin,
    confirm,
    given,
    invited,
    of,
    pay,
    somewhere,
    token,
)
from tests.trade.test_credit_orders import grant

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    """Events of invitations, in their order."""
    rows = OutboxEvent.objects.filter(name__startswith="invitation.").order_by("pk")
    return list(rows.values_list("name", flat=True))


def test_a_guest_confirms_and_pays_what_the_seller_filled_in() -> None:
    trading = market.trading()
    row = invited(trading)
    assert (row.state, row.goods_fen, row.freight_fen, row.total_fen) == (
        "open",
        52550,
        1200,
        53750,
    )
    assert trading.stock() == (10_000, 0), "nothing is reserved by an invitation"
    confirmed = confirm(trading, row)
    order = trading.order(confirmed.order)
    assert (order.status, order.channel, order.scene) == (
        "awaiting_payment",
        "invitation",
        "custom",
    )
    assert (order.total_fen, order.freight_fen, order.mobile) == (53750, 1200, MOBILE)
    lines = list(order.lines.order_by("position").values_list("title", "price_e4", "amount_fen"))
    assert lines[0][1:] == (2755, 27550)
    assert lines[1] == ("定制挂钩", 125000, 25000)
    assert trading.stock() == (10_000, 1000), "reserved from the confirmation on"
    guest = Guest.objects.get()
    assert (guest.company_id, guest.host_id, guest.mobile) == (
        order.buyer_id,
        trading.seller.pk,
        MOBILE,
    )
    assert guest.company.members.count() == 0
    assert pay(trading, row) == ["settled"]
    order.refresh_from_db()
    assert (order.status, order.paid_fen) == ("awaiting_shipment", 53750)
    assert of(row.number).state == "done"
    assert names() == ["invitation.sent", "invitation.confirmed", "invitation.completed"]
    orders.ship(trading.selling, order.number, "试验快递", "T1")
    assert trading.order(order.number).status == "awaiting_receipt"


def test_a_draft_shows_nothing_until_it_is_sent() -> None:
    trading = market.trading()
    number = commands.draft_invitation(trading.selling, given(trading))
    view = queries.invitation(trading.selling, number)
    assert (view.said.state, view.token, view.verbs) == ("draft", "", ("edit", "send", "recall"))
    with pytest.raises(NotFound):
        queries.opened(links.token_of(number, 1))
    commands.send_invitation(trading.selling, number)
    view = queries.invitation(trading.selling, number)
    assert queries.opened(view.token).said.total == Money.yuan("537.50")
    with pytest.raises(WrongState):
        commands.send_invitation(trading.selling, number)


def test_two_who_confirm_have_one_order() -> None:
    trading = market.trading()
    row = invited(trading)
    confirm(trading, row)
    with pytest.raises(TakenAlready):
        confirm(trading, row, to=somewhere("13700000000"))
    with pytest.raises(TakenAlready):
        confirm(trading, row, trading.buying)
    assert Order.objects.count() == 1
    assert Guest.objects.count() == 1


def test_money_of_a_second_payer_goes_back_by_itself() -> None:
    trading = market.trading()
    row = invited(trading)
    confirm(trading, row)
    first, second = begin(trading, row), begin(trading, row)
    assert bank.act(market.trade_of(first), "pay", payer="a") == ["settled"]
    # The second trade was closed with it; money that was on its way all the same comes back.
    assert Payment.objects.get(number=second).state == "failed"
    with pytest.raises(PaidAlready):
        begin(trading, row)


def test_a_change_before_payment_closes_what_was_begun() -> None:
    trading = market.trading()
    row = invited(trading)
    number = confirm(trading, row).order
    begun = begin(trading, row)
    dearer = [GoodsGiven(quantity=1000, price=UnitPrice.yuan("0.3"), sku_id=trading.skus[0])]
    commands.change_invitation(trading.selling, row.number, given(trading, lines=dearer))
    changed = of(row.number)
    assert (changed.state, changed.revision, changed.total_fen) == ("open", 2, 31200)
    assert trading.order(number).status == "closed"
    assert trading.order(number).close_reason == "卖家修改了订单邀请"
    assert trading.stock() == (10_000, 0)
    payment = Payment.objects.get(number=begun)
    assert (payment.state, payment.outcome) == ("failed", "closed")
    with pytest.raises(InvitationChanged) as refused:
        confirm(trading, row)
    assert refused.value.figures["total"] == Money.yuan("312.00")
    again = confirm(trading, changed).order
    assert again != number
    assert trading.order(again).total_fen == 31200


def test_an_adjusted_price_has_to_be_seen_before_it_is_paid() -> None:
    trading = market.trading()
    row = invited(trading)
    number = confirm(trading, row).order
    link = token(trading, row)
    orders.adjust_price(trading.selling, number, Money.yuan("500.00"), "老客户")
    with pytest.raises(InvitationChanged):
        commands.pay_invitation(link, Money.yuan("537.50"), "gateway")
    assert commands.pay_invitation(link, Money.yuan("500.00"), "gateway").redirect_url


@pytest.mark.parametrize("when", ["open", "confirmed", "draft"])
def test_a_recalled_one_shows_nothing(when: str) -> None:
    trading = market.trading()
    if when == "draft":
        number = commands.draft_invitation(trading.selling, given(trading))
        commands.recall_invitation(trading.selling, number)
        assert of(number).state == "recalled"
        return
    row = invited(trading)
    link = token(trading, row)
    placed = confirm(trading, row).order if when == "confirmed" else None
    commands.recall_invitation(trading.selling, row.number)
    assert of(row.number).state == "recalled"
    if placed:
        assert trading.order(placed).status == "closed"
    said = Confirmation(revision=1, to=somewhere())
    acts: list[Callable[[], object]] = [
        lambda: queries.opened(link),
        lambda: commands.confirm_invitation(None, link, said),
        lambda: commands.pay_invitation(link, Money.yuan("537.50"), "gateway"),
        lambda: queries.opened_picture(link, 2),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()


def test_what_is_paid_is_neither_changed_nor_recalled() -> None:
    trading = market.trading()
    row = invited(trading)
    confirm(trading, row)
    pay(trading, row)
    with pytest.raises(WrongState):
        commands.change_invitation(trading.selling, row.number, given(trading))
    with pytest.raises(WrongState):
        commands.recall_invitation(trading.selling, row.number)
    assert of(row.number).state == "done"


def test_validity_ends_by_itself_and_a_change_opens_the_same_link(
    market_clock: MarketClock,
) -> None:
    trading = market.trading()
    row = invited(trading)
    link = token(trading, row)
    market_clock.forward(days=6, hours=23)
    deadlines.run_due()
    assert names()[-1] == "invitation.due"
    market_clock.forward(days=2)
    with pytest.raises(NotFound):
        queries.opened(link)  # also before the deadline was run
    deadlines.run_due()
    assert of(row.number).state == "expired"
    assert names()[-1] == "invitation.expired"
    commands.change_invitation(trading.selling, row.number, given(trading))
    assert token(trading, row) == link
    assert queries.opened(link).said.revision == 2


def test_an_order_that_nobody_pays_leaves_the_invitation_open(market_clock: MarketClock) -> None:
    trading = market.trading()
    row = invited(trading)
    first = confirm(trading, row).order
    market_clock.forward(hours=73)
    deadlines.run_due()
    assert trading.order(first).status == "closed"
    assert of(row.number).state == "open"
    assert names()[-1] == "invitation.reopened"
    second = confirm(trading, row).order
    market_clock.forward(days=6)
    deadlines.run_due()
    assert trading.order(second).status == "closed"
    assert of(row.number).state == "expired", "its validity ended meanwhile"


def test_a_renewed_link_ends_the_one_before() -> None:
    trading = market.trading()
    row = invited(trading)
    old = token(trading, row)
    commands.renew_link(trading.selling, row.number)
    new = token(trading, of(row.number))
    assert new != old
    assert queries.opened(new).said.number == row.number
    with pytest.raises(NotFound):
        queries.opened(old)


def test_a_member_pays_as_its_company_on_credit() -> None:
    trading = market.trading()
    grant(trading, Money.yuan("1000.00"))
    row = invited(trading)
    done = confirm(
        trading,
        row,
        trading.buying,
        to=None,
        address_id=trading.address.pk,
        way="trade_credit",
    )
    order = trading.order(done.order)
    assert (order.buyer_id, order.placed_by_id) == (trading.buyer.pk, trading.buying.member_id)
    assert (order.status, order.promised_fen) == ("awaiting_shipment", 53750)
    assert (of(row.number).state, done.claim_code) == ("done", "")
    assert not Guest.objects.exists()


def test_only_the_ways_that_the_seller_named_may_be_used() -> None:
    trading = market.trading()
    row = invited(trading, ways=["transfer", "trade_credit"])
    assert row.ways == ["transfer", "trade_credit"]
    with pytest.raises(WayNeedsMember):
        confirm(trading, row, way="trade_credit")
    with pytest.raises(WayUnknown):
        confirm(trading, row, way="gateway")
    confirm(trading, row)
    with pytest.raises(MethodNotOffered):
        begin(trading, row)
    with pytest.raises(WayUnknown):
        invited(trading, ways=["shells"])
    every = invited(trading, ways=["gateway", "balance", "transfer", "trade_credit"])
    assert set(every.ways) <= {"gateway", "balance", "transfer", "trade_credit"}


def test_stages_are_paid_one_after_the_other() -> None:
    trading = market.trading()
    terms = QuoteTerms("staged", deposit_percent=30, production_days=5)
    row = invited(trading, terms=terms)
    assert queries.opened(token(trading, row)).said.deposit == Money.yuan("161.25")
    number = confirm(trading, row).order
    assert pay(trading, row) == ["settled"]
    order = trading.order(number)
    assert (order.status, order.paid_fen) == ("in_production", 16125)
    assert of(row.number).state == "done"


def test_the_sellers_address_is_used_and_masked() -> None:
    trading = market.trading()
    to = Destination("王小明", "13812345678", "33", "杭州市", "试验路 1 号")
    row = invited(trading, to=to)
    masked = queries.opened(token(trading, row)).to
    assert masked is not None
    assert (masked.consignee, masked.mobile, masked.place) == ("王**", "138****5678", "浙江 杭州市")
    order = trading.order(confirm(trading, row).order)
    assert (order.consignee, order.mobile) == ("王小明", "13812345678")
    assert "试验路 1 号" in order.address


def test_what_others_have_is_not_to_be_had() -> None:
    trading = market.trading()
    row = invited(trading)
    stranger = goods.actor(goods.seller())
    for act in (
        lambda: queries.invitation(stranger, row.number),
        lambda: commands.recall_invitation(stranger, row.number),
        lambda: commands.change_invitation(
            stranger, row.number, given(trading, lines=[given(trading).lines[1]])
        ),
        lambda: commands.renew_link(stranger, row.number),
        lambda: commands.repeat_order(stranger, confirm(trading, row).order),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotYourGoods):
        commands.draft_invitation(stranger, given(trading))
    related = goods.relate(trading.seller, trading.buyer)
    with pytest.raises(NotYourCustomer):
        commands.draft_invitation(
            stranger, given(trading, lines=[given(trading).lines[1]], customer_id=related.pk)
        )
    with pytest.raises(Forbidden):
        commands.draft_invitation(goods.actor(trading.seller, Role.FINANCE), given(trading))
    with pytest.raises(OwnInvitation):
        commands.confirm_invitation(
            trading.selling,
            token(trading, invited(trading)),
            Confirmation(revision=1, to=somewhere()),
        )


def test_goods_taken_down_meanwhile_are_not_sold() -> None:
    trading = market.trading()
    row = invited(trading)
    Offer.objects.update(state="taken_down", state_reason="违规")
    with pytest.raises(NotForSale):
        confirm(trading, row)


def test_a_past_order_is_repeated_as_a_draft() -> None:
    trading = market.trading()
    order = trading.received(300)
    number = commands.repeat_order(trading.selling, order.number)
    view = queries.invitation(trading.selling, number)
    assert view.said.state == "draft"
    assert (view.said.goods.fen, view.said.freight.fen) == (order.goods_fen, order.freight_fen)
    assert view.to.is_empty
    assert view.said.valid_until == clock.today() + timedelta(days=7)
    commands.send_invitation(trading.selling, number)
    assert OrderInvitation.objects.filter(state="open").count() == 1


def test_a_named_customers_order_is_in_its_file() -> None:
    trading = market.trading()
    related = goods.relate(trading.seller, trading.buyer)
    row = invited(trading, customer_id=related.pk)
    assert trading.order(confirm(trading, row).order).customer_id == related.pk
    other = goods.company()
    row = invited(trading, customer_id=related.pk)
    done = confirm(
        trading,
        row,
        goods.actor(other),
        to=None,
        address_id=market.address(other).pk,
    )
    assert trading.order(done.order).customer_id is None, "another company is not that customer"
