"""Purchase approval: what waits, who decides, and that no way to pay leads around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.finance.errors import PaymentBlocked
from pifa.finance.models import Payable
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.parties.models import Member
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.approval import queries, rules
from pifa.trade.approval.commands import decide_purchase, follow_company_limit, set_limit
from pifa.trade.commands import CheckoutRequest
from pifa.trade.errors import MissingText, PriceChanged
from pifa.trade.models import Order, PurchaseApproval
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, trade_of, yuan

amounts = st.integers(0, 10**6).map(Money)


@pytest.fixture
def purchaser(trading: Trading) -> Actor:
    """A purchaser of a buyer whose purchasers order up to ¥50.00 alone."""
    set_limit(trading.buying, yuan("50.00"))
    return goods.actor(trading.buyer, Role.PURCHASER)


def place(trading: Trading, actor: Actor, *lines: tuple[int, int]) -> list[Order]:
    view = trade.preview_checkout(actor, lines=lines, region="33")
    request = CheckoutRequest(lines=lines, address_id=trading.address.pk, shown_total=view.total)
    return [trading.order(number) for number in commands.place_orders(actor, request)]


def start(actor: Actor, order: Order) -> str:
    payable = Payable.objects.get(subject=order.subject)
    return trade_of(finance.start_payment(actor, payable.number, "gateway").payment_number)


def pay(actor: Actor, order: Order) -> None:
    assert bank.act(start(actor, order), BankAction.PAY) == ["settled"]


def states(order: Order) -> list[str]:
    rows = PurchaseApproval.objects.filter(order=order).order_by("pk")
    return list(rows.values_list("state", flat=True))


@given(amounts, amounts.map(lambda a: a) | st.none(), st.none() | st.tuples(amounts | st.none()))
def test_which_limit_holds(
    checkout: Money, wide: Money | None, own: tuple[Money | None] | None
) -> None:
    limit = rules.limit_for(own, wide)
    assert limit == (own[0] if own else wide)
    assert rules.needs_approval(checkout, limit) == (limit is not None and checkout.fen > limit.fen)


@given(amounts, amounts | st.none())
def test_an_approval_reaches_as_far_as_its_amount(total: Money, approved: Money | None) -> None:
    assert rules.is_covered(total, approved) == (approved is not None and total <= approved)


def test_nobody_can_pay_before_it_is_approved(trading: Trading, purchaser: Actor) -> None:
    (order,) = place(trading, purchaser, (trading.skus[0], 200))
    assert trading.stock() == (10_000, 200)
    for actor in (purchaser, trading.buying, goods.actor(trading.buyer, Role.FINANCE)):
        with pytest.raises(PaymentBlocked, match="审批"):
            start(actor, order)
    payable = Payable.objects.get(subject=order.subject)
    assert all(not m.offered and m.why_not for m in money.methods_for(purchaser, payable.number))
    finance_person = goods.actor(trading.buyer, Role.FINANCE)
    decide_purchase(finance_person, order.number, True, yuan("70.00"), "照付")
    pay(purchaser, order)
    assert trading.order(order.number).status == "awaiting_shipment"
    (view,) = queries.approvals_of(purchaser, order.number)
    assert (view.state, view.decided_by, view.reason) == ("approved", "某人", "照付")
    entry = AuditEntry.objects.get(action="approval.approve")
    assert (entry.subject, entry.user_id) == (order.subject, finance_person.user_id)
    told = [event.action for event in trade.order(purchaser, order.number).timeline]
    assert told[:3] == ["order.place", "approval.ask", "approval.approve"]


def test_up_to_the_limit_and_for_others_nothing_waits(trading: Trading, purchaser: Actor) -> None:
    (at_limit,) = place(trading, purchaser, (trading.skus[0], 142))
    assert at_limit.total_fen == 4970
    pay(purchaser, at_limit)
    for actor in (trading.buying, goods.actor(trading.buyer, Role.PURCHASER, Role.FINANCE)):
        (order,) = place(trading, actor, (trading.skus[0], 200))
        pay(actor, order)
    assert not PurchaseApproval.objects.exists()


def test_orders_of_one_checkout_count_together(
    trading: Trading, purchaser: Actor, market_clock: MarketClock
) -> None:
    sku = goods.sku_ids(goods.offer(goods.seller("恒达轴承厂")))[0]
    orders = place(trading, purchaser, (trading.skus[0], 100), (sku, 100))
    assert [states(order) for order in orders] == [["waiting"], ["waiting"]]
    market_clock.forward(minutes=1)
    (alone,) = place(trading, purchaser, (trading.skus[0], 100))
    assert states(alone) == []
    decide_purchase(trading.buying, orders[0].number, True, yuan("35.00"))
    pay(purchaser, orders[0])
    with pytest.raises(PaymentBlocked):
        start(purchaser, orders[1])


def test_a_refused_order_closes_with_the_reason(trading: Trading, purchaser: Actor) -> None:
    (order,) = place(trading, purchaser, (trading.skus[0], 200))
    with pytest.raises(MissingText):
        decide_purchase(trading.buying, order.number, False, yuan("70.00"), " ")
    decide_purchase(trading.buying, order.number, False, yuan("70.00"), "本月预算用完")
    now = trading.order(order.number)
    assert (now.status, now.close_reason) == ("closed", "本月预算用完")
    assert trading.stock() == (10_000, 0)
    assert states(order) == ["refused"]
    with pytest.raises(WrongState):
        decide_purchase(trading.buying, order.number, True, yuan("70.00"))
    deliver()
    rows = Notice.objects.filter(company=trading.buyer).order_by("pk")
    assert [row.kind for row in rows] == ["approval_asked", "approval_decided"]
    assert "本月预算用完" in wording(rows[1].kind, rows[1].params).body
    assert Notice.objects.filter(company=trading.seller, kind="order_closed").count() == 1


def test_who_may_decide(trading: Trading, purchaser: Actor) -> None:
    (order,) = place(trading, purchaser, (trading.skus[0], 200))
    clerk = goods.actor(trading.buyer, Role.CLERK)
    other = goods.actor(goods.company())
    refused: Sequence[tuple[Actor, type[Exception]]] = (
        (purchaser, Forbidden),
        (clerk, Forbidden),
        (trading.operator, Forbidden),
        (trading.selling, NotFound),
        (other, NotFound),
    )
    for actor, error in refused:
        with pytest.raises(error):
            decide_purchase(actor, order.number, True, yuan("70.00"))
    assert states(order) == ["waiting"]
    with pytest.raises(NotFound):
        queries.approvals_of(trading.selling, order.number)


def test_another_price_asks_anew(trading: Trading, purchaser: Actor) -> None:
    (order,) = place(trading, purchaser, (trading.skus[0], 200))
    commands.adjust_price(trading.selling, order.number, yuan("80.00"))
    with pytest.raises(PriceChanged):
        decide_purchase(trading.buying, order.number, True, yuan("70.00"))
    decide_purchase(trading.buying, order.number, True, yuan("80.00"))
    trade_no = start(purchaser, order)
    commands.adjust_price(trading.selling, order.number, yuan("90.00"))
    with pytest.raises(PaymentBlocked):
        start(purchaser, order)
    with pytest.raises(WrongState):
        bank.act(trade_no, BankAction.PAY)
    # What was approved reaches for less; a price within the limit needs nobody.
    commands.adjust_price(trading.selling, order.number, yuan("75.00"))
    start(purchaser, order)
    commands.adjust_price(trading.selling, order.number, yuan("85.00"))
    commands.adjust_price(trading.selling, order.number, yuan("50.00"))
    pay(purchaser, order)
    assert states(order) == ["lapsed", "approved", "lapsed", "lapsed"]


def test_a_raise_above_the_limit_waits_too(trading: Trading, purchaser: Actor) -> None:
    (order,) = place(trading, purchaser, (trading.skus[0], 100))
    start(purchaser, order)
    commands.adjust_price(trading.selling, order.number, yuan("50.01"))
    with pytest.raises(PaymentBlocked):
        start(purchaser, order)
    assert trade.order(purchaser, order.number).order.awaits_approval
    (owners,) = place(trading, trading.buying, (trading.skus[0], 100))
    commands.adjust_price(trading.selling, owners.number, yuan("500.00"))
    pay(trading.buying, owners)


def test_late_money_does_not_go_around_it(trading: Trading, purchaser: Actor) -> None:
    """Whatever a provider sends for a held payable goes back."""
    (order,) = place(trading, purchaser, (trading.skus[0], 100))
    trade_no = start(purchaser, order)
    Payable.objects.filter(subject=order.subject).update(blocked="审批")
    assert bank.act(trade_no, BankAction.PAY) == ["returned"]
    assert trading.order(order.number).status == "awaiting_payment"


def test_what_nobody_decides_closes_by_itself(
    trading: Trading, purchaser: Actor, market_clock: MarketClock
) -> None:
    (order,) = place(trading, purchaser, (trading.skus[0], 200))
    (cancelled,) = place(trading, purchaser, (trading.skus[0], 200))
    commands.cancel_order(purchaser, cancelled.number)
    (view,) = queries.approvals(trading.buying).items
    assert view.due_at is not None
    market_clock.set(view.due_at)
    deadlines.run_due()
    assert trading.order(order.number).status == "closed"
    assert states(order) == states(cancelled) == ["lapsed"]
    assert queries.approvals_waiting(trading.buying) == 0
    assert trading.stock() == (10_000, 0)


def test_limits_of_the_company_and_of_members(trading: Trading, purchaser: Actor) -> None:
    member = purchaser.member_id
    assert member is not None
    set_limit(trading.buying, Money(0), member)
    (order,) = place(trading, purchaser, (trading.skus[0], 1))
    assert states(order) == ["waiting"]
    set_limit(trading.buying, None, member)
    (free,) = place(trading, purchaser, (trading.skus[0], 1000))
    assert states(free) == []
    found = queries.limits(trading.buying)
    assert found.company_wide == yuan("50.00")
    assert [(row.member_id, row.own, row.limit) for row in found.members] == [(member, True, None)]
    follow_company_limit(trading.buying, member)
    assert queries.limits(trading.buying).members[0].limit == yuan("50.00")
    set_limit(trading.buying, None)
    assert queries.limits(trading.buying).company_wide is None
    foreign = Member.objects.get(company=trading.seller).pk
    bad: Sequence[tuple[Callable[[], object], type[Exception]]] = (
        (lambda: set_limit(trading.buying, Money(-1)), InvalidInput),
        (lambda: set_limit(trading.buying, Money(1), foreign), NotFound),
        (lambda: set_limit(purchaser, Money(1)), Forbidden),
        (lambda: follow_company_limit(purchaser, member), Forbidden),
        (lambda: queries.limits(purchaser), Forbidden),
    )
    for act, error in bad:
        with pytest.raises(error):
            act()
    assert AuditEntry.objects.filter(action="approval.set_limit").count() == 4


def test_a_queue_shows_purchasers_only_what_they_asked(trading: Trading, purchaser: Actor) -> None:
    other = goods.actor(trading.buyer, Role.PURCHASER)
    mine, theirs = (place(trading, who, (trading.skus[0], 200))[0] for who in (purchaser, other))

    def seen(actor: Actor, waiting: bool = True) -> list[str]:
        return [row.order_number for row in queries.approvals(actor, waiting).items]

    assert seen(trading.buying) == [theirs.number, mine.number]
    assert seen(purchaser) == [mine.number]
    assert (queries.approvals_waiting(trading.buying), queries.approvals_waiting(purchaser)) == (
        2,
        0,
    )
    decide_purchase(trading.buying, mine.number, True, yuan("70.00"))
    assert (seen(purchaser), seen(purchaser, False)) == ([], [mine.number])
    assert seen(trading.selling) == []


def test_the_table_keeps_to_the_rule(trading: Trading, purchaser: Actor) -> None:
    (order,) = place(trading, purchaser, (trading.skus[0], 200))
    row = PurchaseApproval.objects.get(order=order)
    for change in ({"limit_fen": 7000}, {"state": "approved"}, {"state": "refused"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PurchaseApproval.objects.filter(pk=row.pk).update(**change)
