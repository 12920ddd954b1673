"""A repayment pays many orders while others change them: one lock order, nothing lost."""

from __future__ import annotations

import pytest

from pifa.finance import commands as finance
from pifa.finance.models import Payable, SecuredAccount
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.trade import commands
from pifa.trade.commands import ShipRequest
from tests.finance.conftest import grant
from tests.finance.credit.conftest import relate
from tests.finance.test_races import paid_at_the_bank, race, tell
from tests.trade import market

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # What a thread runs into (a deadlock) is no refusal: the test must not pass over it.
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]


def test_a_repayment_meets_everything_that_touches_its_orders() -> None:
    """Receipt, shipment, refunds and a second repayment at the moment the money comes."""
    trading = market.trading()
    relate(trading.seller, trading.buyer)
    draft = finance.LineDraft(Money(100_000_00), "days", 30)
    line = finance.grant_credit(trading.selling, trading.buyer.login, draft)
    orders = [trading.place(10 + number) for number in range(6)]
    for order in orders:
        payable = Payable.objects.get(subject=order.subject)
        finance.start_payment(trading.buying, payable.number, "trade_credit")
    for order in orders[:4]:
        commands.ship(trading.selling, order.number, "试验快递", f"T{order.pk}")
    for order in orders[:2]:
        commands.confirm_receipt(trading.buying, order.number)
    case = commands.ask_refund(trading.buying, orders[0].number, "money", Money(1_00), "少发")
    subjects = [order.subject for order in orders]
    notices = [
        paid_at_the_bank(
            finance.start_payment(
                trading.buying,
                finance.repay(trading.buying, line.pk, subjects=subjects[::step]),
                "gateway",
            )
        )
        for step in (1, -1)
    ]
    results = race(
        *tell(*notices),
        lambda: commands.confirm_receipt(trading.buying, orders[2].number),
        lambda: commands.confirm_receipt(trading.buying, orders[3].number),
        lambda: commands.answer_refund(trading.selling, case, True),
        lambda: commands.ship_many(
            trading.selling,
            [ShipRequest(order.number, "试验快递", "T9") for order in reversed(orders[4:])],
        ),
        lambda: finance.change_credit(
            trading.selling, line.pk, finance.LineDraft(Money(90_000_00), "days", 20)
        ),
    )
    assert [str(verdict) for verdict in results[:2]] == ["settled", "settled"]
    assert not [result for result in results if isinstance(result, Exception)]
    line.refresh_from_db()
    assert line.used_fen == 0
    assert ledger.check() == []


def test_refunds_of_orders_on_two_words_lock_the_accounts_in_one_order() -> None:
    """Half on the seller's line and half on the financier, begun in both orders: refunds, receipts
    and a repayment at once take line and account in the order of their codes, never of payment."""
    trading = market.trading()
    relate(trading.seller, trading.buyer)
    draft = finance.LineDraft(Money(100_000_00), "days", 30)
    line = finance.grant_credit(trading.selling, trading.buyer.login, draft)
    finance.join_secured(trading.selling)
    grant(trading.buyer.pk, "secured_credit", limit="100000.00")
    orders = [trading.place(100) for _number in range(8)]
    for at, order in enumerate(orders):
        payable = Payable.objects.get(subject=order.subject)
        half = Money(order.total_fen // 2)
        parts = [half, Money(order.total_fen) - half]
        finance.split_payment(trading.buying, payable.number, parts)
        methods = ("secured", "trade_credit")
        for part in (0, 1):
            method = methods[(part + at) % 2]
            finance.start_payment(trading.buying, payable.number, method, part)
    cases = [
        commands.ask_refund(trading.buying, order.number, "money", Money(order.total_fen), "不要了")
        for order in orders[:6]
    ]
    for order in orders[6:]:
        commands.ship(trading.selling, order.number, "试验快递", f"T{order.pk}")
    results = race(
        *[lambda case=case: commands.answer_refund(trading.selling, case, True) for case in cases],
        *[
            lambda n=order.number: commands.confirm_receipt(trading.buying, n)
            for order in orders[6:]
        ],
    )
    assert results == [None] * len(results)
    line.refresh_from_db()
    account = SecuredAccount.objects.get(buyer=trading.buyer)
    left = [Payable.objects.get(subject=order.subject) for order in orders[6:]]
    promised = sum(payable.amount_fen for payable in left)
    assert line.used_fen + account.used_fen == promised
    assert ledger.check() == []
