"""Many who open one link at once, on connections of their own: it is one order, paid once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from pifa.finance.models import Payable, Payer, Payment, PaymentRefund, SandboxNotice
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel.errors import WrongState
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.parties.models import Guest
from pifa.trade.invitations import commands, links
from pifa.trade.invitations.commands import Confirmation, Confirmed
from pifa.trade.invitations.errors import (
    CodeRefused,
    InvitationChanged,
    PaidAlready,
    TakenAlready,
)
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.trade import market
from tests.trade.invitations.market import (
    begin,
    bought,
    confirm,
    given,
    invited,
    of,
    somewhere,
    token,
)
from tests.trade.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_who_confirm_at_once_make_one_order() -> None:
    trading = market.trading()
    row = invited(trading)
    link = token(trading, row)
    said = [Confirmation(revision=1, to=somewhere(f"1390000000{number}")) for number in range(8)]
    results = race([partial(commands.confirm_invitation, None, link, item) for item in said])
    assert Counter(map(type, results)) == {Confirmed: 1, TakenAlready: 7}, results
    order = Order.objects.get()
    assert of(row.number).order == order
    assert (Payable.objects.count(), Guest.objects.count()) == (1, 1)
    assert trading.stock() == (10_000, 1000)


def test_four_who_pay_at_once_pay_once_and_the_rest_goes_back() -> None:
    trading = market.trading()
    row = invited(trading)
    confirm(trading, row)
    link = token(trading, row)
    pay_it = partial(commands.pay_invitation, link, Money.yuan("537.50"), "gateway")

    def confirm_and_pay(payer: str) -> str:
        begun = pay_it()
        (verdict,) = bank.act(market.trade_of(begun.payment_number), BankAction.PAY, payer=payer)
        return verdict

    results = race([partial(confirm_and_pay, f"6222-{number}") for number in range(4)])
    settled = [result for result in results if result == "settled"]
    assert len(settled) == 1, results
    for result in results:
        # Late ones: the trade was closed, the money went back, or there was nothing left to pay.
        assert result in ("settled", "returned") or isinstance(result, (WrongState, PaidAlready)), (
            result
        )
    order = Order.objects.get()
    assert (order.status, order.paid_fen) == ("awaiting_shipment", 53750)
    back = sum(PaymentRefund.objects.values_list("amount_fen", flat=True))
    returned = Payment.objects.filter(state="returned").count()
    assert back == 53750 * returned == 53750 * results.count("returned")


def test_money_that_two_paid_before_the_bank_told_of_either_settles_once() -> None:
    trading = market.trading()
    row = invited(trading)
    confirm(trading, row)
    trades = [market.trade_of(begin(trading, row)) for _ in range(2)]
    # The bank took both payments; its words come at the same moment.
    late = BankAction.DELAY
    for trade in trades:
        bank.act(trade, late, payer=f"6222-{trade}")
    notices = list(SandboxNotice.objects.values_list("pk", flat=True))
    results = race([partial(bank.send, notice) for notice in notices])
    assert sorted(map(str, results)) == ["returned", "settled"]
    order = Order.objects.get()
    assert order.paid_fen == 53750
    assert Payment.objects.get(state="returned").refunded_fen == 53750


def test_a_change_and_a_confirmation_at_once_leave_one_truth() -> None:
    trading = market.trading()
    rows = [invited(trading) for _ in range(4)]
    contestants: list[Callable[[], object]] = []
    for number, row in enumerate(rows):
        said = Confirmation(revision=1, to=somewhere(f"1390000000{number}"))
        contestants.append(partial(commands.confirm_invitation, None, token(trading, row), said))
        contestants.append(
            partial(
                commands.change_invitation,
                trading.selling,
                row.number,
                given(trading, freight=Money.yuan("20.00")),
            )
        )
    results = race(contestants)
    for place, row in enumerate(rows):
        confirmed, changed = results[2 * place : 2 * place + 2]
        now = of(row.number)
        if isinstance(confirmed, Confirmed) and isinstance(changed, WrongState):
            assert (now.state, now.revision, now.total_fen) == ("confirmed", 1, 53750)
        elif isinstance(confirmed, InvitationChanged):
            assert (changed, now.state, now.revision) == (None, "open", 2)
        else:
            # Confirmed first, then changed: that order is closed.
            assert (changed, now.state, now.revision) == (None, "open", 2), (confirmed, changed)
            assert isinstance(confirmed, Confirmed)
            assert trading.order(confirmed.order).status == "closed"
    living = Order.objects.exclude(status="closed").count()
    assert trading.stock() == (10_000, 1000 * living)


def test_a_recall_and_a_payment_at_once_leave_one_truth() -> None:
    trading = market.trading()
    rows = [invited(trading) for _ in range(3)]
    contestants: list[Callable[[], object]] = []
    for number, row in enumerate(rows):
        confirm(trading, row, to=somewhere(f"1390000000{number}"))
        trade = market.trade_of(begin(trading, row))
        contestants.append(partial(bank.act, trade, BankAction.PAY))
        contestants.append(partial(commands.recall_invitation, trading.selling, row.number))
    race(contestants)
    for row in rows:
        now = of(row.number)
        order = Order.objects.get(lines__title="定制挂钩", number=order_number(row.number))
        if now.state == "done":
            assert (order.status, order.paid_fen) == ("awaiting_shipment", 53750)
        else:
            assert (now.state, order.status, order.paid_fen) == ("recalled", "closed", 0)


def order_number(invitation: str) -> str:
    """The order that was confirmed, also where the invitation let go of it."""
    entry = AuditEntry.objects.get(action="invitation.confirm", subject=f"invitation:{invitation}")
    return str(entry.detail["order"])


def test_a_code_is_good_for_one_company() -> None:
    trading = market.trading()
    order = bought(trading)
    row = order.invitation
    code = links.claim_code_of(row.number, order.number)
    actors = [goods.actor(goods.company()) for _ in range(4)]
    results = race([partial(commands.take_over, actor, code) for actor in actors])
    assert Counter(map(type, results)) == {list: 1, CodeRefused: 3}, results
    taker = actors[[type(result) for result in results].index(list)]
    order.refresh_from_db()
    assert order.buyer_id == taker.company_id
    assert Payable.objects.get().payer_id == taker.company_id
    assert Payer.objects.get().company_id == taker.company_id
