"""Whom metrics count: a distinct buyer is a verified payer, whoever's number was typed."""

from __future__ import annotations

from datetime import timedelta

from pifa.finance import commands as finance
from pifa.finance.commands.payers import digest_of
from pifa.finance.models import GatewayNotice, Payable, Payer, Payment, SandboxTrade
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock, deadlines, events
from pifa.metrics import queries as metrics
from pifa.rulebook.rules import Figure, Ratio
from pifa.trade import commands as orders
from pifa.trade.invitations import commands
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.invitations.market import begin, bought, confirm, invited, of, pay, somewhere
from tests.trade.invitations.test_taking_over import code_of
from tests.trade.market import Trading, trade_of

THREE = ("13900000001", "13900000002", "13900000003")


def figures(company_id: int) -> dict[str, Figure]:
    """As they stand now, today included."""
    while events.deliver():
        pass
    return metrics.figures([company_id], clock.today() + timedelta(days=1))[company_id]


def test_three_guests_with_one_payer_are_one_buyer(trading: Trading) -> None:
    made = [bought(trading, mobile, "6222-one") for mobile in THREE]
    assert len({order.buyer_id for order in made}) == 3
    sold = figures(trading.seller.pk)
    assert (sold["buyers_30d"], sold["repeat_rate"]) == (1, Ratio(1, 1))
    assert sold["sales_30d"] == 3 * 53750
    first = figures(made[0].buyer_id or 0)
    assert (first["orders_30d"], first["spend_30d"]) == (3, 3 * 53750)
    assert figures(made[1].buyer_id or 0)["orders_30d"] == 0


def test_three_guests_with_three_payers_are_three(trading: Trading) -> None:
    for mobile in THREE:
        bought(trading, mobile, f"6222-{mobile}")
    assert figures(trading.seller.pk)["buyers_30d"] == 3


def test_one_guest_whose_bank_tells_nothing_is_counted_by_its_number(trading: Trading) -> None:
    for mobile in (THREE[0], THREE[0], THREE[1]):
        bought(trading, mobile, "")
    assert figures(trading.seller.pk)["buyers_30d"] == 2
    assert not Payer.objects.exists()


def test_a_payer_who_is_a_member_counts_as_the_member(trading: Trading) -> None:
    order = trading.place(100)
    payable = Payable.objects.get(subject=order.subject)
    begun = finance.start_payment(trading.buying, payable.number, "gateway")
    bank.act(trade_of(begun.payment_number), BankAction.PAY, payer="6222-member")
    for mobile in THREE:
        guest = bought(trading, mobile, "6222-member")
        assert guest.counts_as_id == trading.buyer.pk
        assert guest.buyer_id != trading.buyer.pk
    assert figures(trading.seller.pk)["buyers_30d"] == 1
    assert figures(trading.buyer.pk)["orders_30d"] == 4


def test_a_member_takes_the_place_of_a_guest_from_its_first_payment_on(trading: Trading) -> None:
    guest = bought(trading, THREE[0], "6222-one")
    assert Payer.objects.get().company_id == guest.buyer_id
    row = invited(trading)
    confirm(trading, row, trading.buying, to=somewhere())
    pay(trading, row, "6222-one")
    assert Payer.objects.get().company_id == trading.buyer.pk
    assert bought(trading, THREE[1], "6222-one").counts_as_id == trading.buyer.pk
    # A member is verified by signing in: whoever pays for it, it counts as itself.
    member = Order.objects.get(placed_by=trading.buying.member_id)
    assert member.counts_as_id is None


def as_a_member(trading: Trading, payer: str) -> Order:
    """The member buys by a link of its own, from an account."""
    row = invited(trading)
    confirm(trading, row, trading.buying, to=somewhere())
    pay(trading, row, payer)
    order = of(row.number).order
    assert order is not None
    return order


def test_first_a_guest_and_later_a_member_it_counts_once(trading: Trading) -> None:
    guests = [bought(trading, mobile, "6222-one") for mobile in THREE[:2]]
    other = bought(trading, THREE[0], "6222-other")
    assert figures(trading.seller.pk)["buyers_30d"] == 1  # one number, whoever pays for it first
    as_a_member(trading, "6222-one")
    sold = figures(trading.seller.pk)
    assert (sold["buyers_30d"], sold["sales_30d"]) == (2, 4 * 53750)
    assert sold["repeat_rate"] == Ratio(1, 2)
    mine = figures(trading.buyer.pk)
    assert (mine["orders_30d"], mine["spend_30d"]) == (3, 3 * 53750)
    assert figures(guests[0].buyer_id or 0)["orders_30d"] == 1
    for order in (*guests, other):
        order.refresh_from_db()
    assert [order.counts_as_id for order in guests] == [trading.buyer.pk] * 2
    assert other.counts_as_id is None
    # What follows counts for the member too.
    orders.ship(trading.selling, guests[1].number, "试验快递", "T1")
    assert commands.take_over(trading.buying, code_of(guests[1]))
    orders.confirm_receipt(trading.buying, guests[1].number)
    assert figures(trading.seller.pk)["buyers_30d"] == 2


def test_what_is_taken_over_counts_for_who_took_it(trading: Trading) -> None:
    told, silent = bought(trading, THREE[0], "6222-one"), bought(trading, THREE[1], "")
    elsewhere = bought(trading, THREE[2], "6222-one")
    for order in (told, silent):
        commands.take_over(trading.buying, code_of(order))
    sold = figures(trading.seller.pk)
    assert (sold["buyers_30d"], sold["sales_30d"]) == (1, 3 * 53750)
    elsewhere.refresh_from_db()
    assert elsewhere.counts_as_id == trading.buyer.pk
    assert figures(trading.buyer.pk)["orders_30d"] == 3


def test_what_counts_for_another_member_stays_there(trading: Trading) -> None:
    as_a_member(trading, "6222-one")
    guest = bought(trading, THREE[0], "6222-one")
    other = goods.actor(goods.company())
    commands.take_over(other, code_of(guest))
    events.deliver()
    guest.refresh_from_db()
    assert (guest.buyer_id, guest.counts_as_id) == (other.company_id, trading.buyer.pk)


def test_what_follows_a_payment_counts_for_the_same_buyer(
    trading: Trading, market_clock: MarketClock
) -> None:
    first = bought(trading, THREE[0], "6222-one")
    second = bought(trading, THREE[1], "6222-one")
    orders.ship(trading.selling, second.number, "试验快递", "T1")
    market_clock.forward(days=30)
    deadlines.run_due()
    assert trading.order(second.number).status == "completed"
    assert figures(first.buyer_id or 0)["completed_90d"] == 1
    assert figures(second.buyer_id or 0)["completed_90d"] == 0


def test_only_a_keyed_digest_of_the_account_is_kept(trading: Trading) -> None:
    bought(trading, payer="6222-0001-0002-0003")
    payment = Payment.objects.get()
    assert payment.payer_digest == digest_of("6222-0001-0002-0003")
    assert len(payment.payer_digest) == 64
    kept = [
        *Payment.objects.values_list(),
        *Payer.objects.values_list(),
        *GatewayNotice.objects.values_list("payload", flat=True),
    ]
    assert "6222-0001" not in str(kept)
    # The sandbox bank's own book has it, as a bank has.
    assert SandboxTrade.objects.get().payer == "6222-0001-0002-0003"


def test_a_bank_that_was_asked_tells_who_paid_too(trading: Trading) -> None:
    row = invited(trading)
    confirm(trading, row)
    begun = begin(trading, row)
    bank.act(trade_of(begun), BankAction.WRONG_SIGNATURE, payer="6222-late")
    assert of(row.number).state == "confirmed"
    finance.refresh_payment(begun)
    assert of(row.number).state == "done"
    assert Payment.objects.get().payer_digest == digest_of("6222-late")
