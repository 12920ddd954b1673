"""Notices, tabs and buyers at the same moment: one settles, nothing is lost, nobody deadlocks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest
from django.db import connection, transaction

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable, PaymentStart
from pifa.finance.errors import RefundTooLarge
from pifa.finance.events import MoneyArriving
from pifa.finance.models import Payment, SandboxTrade
from pifa.finance.sandbox import keys, trades
from pifa.kernel import events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press, actor_of, grant_instant_payout

pytestmark = pytest.mark.django_db(transaction=True)


def race(*acts: Callable[[], object]) -> list[object]:
    """Run all at once in threads; what each returned, or the refusal it met."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            connection.ensure_connection()  # or the first is done before the others are connected
            start.wait()
            results[index] = acts[index]()
        except DomainError as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def paid_at_the_bank(payment: PaymentStart) -> dict[str, str]:
    """The buyer has paid; the notice (not yet sent) tells of it."""
    trade = SandboxTrade.objects.get(payment_number=payment.payment_number)
    trades.receive(trade)
    return {
        "notice_id": uuid4().hex,
        "payment_number": payment.payment_number,
        "outcome": "paid",
        "receipt_no": f"{trade.trade_no}-1",
        "amount_fen": str(trade.amount_fen),
    }


def pay_from_balance(payer: Company, subject: str) -> None:
    """Paid at once, and let go to the payee."""
    view = queries.payable(subject)
    assert view is not None
    commands.start_payment(actor_of(payer, Role.FINANCE), view.number, "balance")
    commands.release(subject, subject)


def tell(*notices: dict[str, str]) -> Sequence[Callable[[], object]]:
    def take(notice: dict[str, str]) -> Callable[[], object]:
        return lambda: commands.receive_notice("sandbox", notice, keys.sign(notice)).value

    return [take(notice) for notice in notices]


def test_one_notice_told_by_eight_at_once(order: str, begin: Begin) -> None:
    notice = paid_at_the_bank(begin(order))
    verdicts = race(*tell(*[notice] * 8))
    assert sorted(map(str, verdicts)) == ["repeated"] * 7 + ["settled"]
    assert ledger.held(order) == Money(100_00)
    assert ledger.check() == []


def test_many_notices_of_one_payment(order: str, begin: Begin) -> None:
    notice = paid_at_the_bank(begin(order))
    verdicts = race(*tell(*[{**notice, "notice_id": f"n{number}"} for number in range(6)]))
    assert sorted(map(str, verdicts)) == ["repeated"] * 5 + ["settled"]
    assert ledger.held(order) == Money(100_00)
    assert ledger.check() == []


def test_two_tabs_paid_at_once(order: str, begin: Begin, operator: Actor) -> None:
    notices = [paid_at_the_bank(begin(order)) for _tab in range(3)]
    verdicts = race(*tell(*notices))
    assert sorted(map(str, verdicts)) == ["returned", "returned", "settled"]
    assert ledger.held(order) == Money(100_00)
    assert Payment.objects.filter(state="succeeded").count() == 1
    assert queries.reconciliation(operator).difference == Money(0)
    assert ledger.check() == []


def test_paid_while_the_buyer_cancels(
    order: str,
    begin: Begin,
    buyer: Company,
    operator: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The order's own row (here the buyer's stands in for it) is locked before the payable."""

    def lock_own_row(_event: object = None) -> None:
        list(Company.objects.select_for_update().filter(pk=buyer.pk))

    def cancel() -> str:
        with transaction.atomic():
            lock_own_row()
            commands.close_payable(order)
        return "closed"

    monkeypatch.setitem(events._subscribers, MoneyArriving, [lock_own_row])
    notice = paid_at_the_bank(begin(order))
    verdict, _cancelled = race(*tell(notice), cancel)
    view = queries.payable(order)
    assert view is not None
    assert (verdict, view.state) in {("settled", "settled"), ("returned", "closed")}
    assert queries.reconciliation(operator).difference == Money(0)
    assert ledger.check() == []


def test_refunds_and_a_release_at_once_share_what_is_there(
    order: str, begin: Begin, press: Press, seller: Company, operator: Actor
) -> None:
    press(begin(order), "pay")

    def refund(number: int) -> Callable[[], object]:
        return lambda: commands.refund(order, Money(40_00), f"f{number}", "").amount

    results = race(*(refund(number) for number in range(4)), lambda: commands.release(order, "r"))
    refused = [result for result in results[:4] if isinstance(result, DomainError)]
    assert len(refused) == 2
    assert all(isinstance(refusal, RefundTooLarge) for refusal in refused)
    left = ledger.balance(seller.pk, AccountKind.BALANCE) + ledger.held(order)
    assert left == Money(20_00)
    assert queries.reconciliation(operator).difference == Money(0)
    assert ledger.check() == []


def test_the_same_refund_asked_by_many_goes_back_once(
    order: str, begin: Begin, press: Press
) -> None:
    press(begin(order), "pay")
    race(*[lambda: commands.refund(order, Money(40_00), "f1", "")] * 5)
    assert SandboxTrade.objects.get().refunded_fen == 40_00
    assert ledger.held(order) == Money(60_00)
    assert ledger.check() == []


def test_two_refunds_of_two_orders_draw_on_one_balance(
    order: str, buyer: Company, seller: Company, begin: Begin, press: Press
) -> None:
    commands.open_payables([NewPayable("order:2", buyer.pk, seller.pk, 100_00, "")])
    for subject in (order, "order:2"):
        press(begin(subject), "pay")
        commands.release(subject, f"r{subject}")
    results = race(
        lambda: commands.refund(order, Money(100_00), "f1", ""),
        lambda: commands.refund("order:2", Money(100_00), "f2", ""),
    )
    assert not [result for result in results if isinstance(result, DomainError)]
    assert ledger.balance(seller.pk, AccountKind.BALANCE) == Money(0)
    assert ledger.check() == []


def test_two_companies_that_refund_each_other_from_their_balances(
    order: str, buyer: Company, seller: Company, begin: Begin, press: Press
) -> None:
    """Each is the other's buyer and seller; the accounts of both are locked in one order."""
    press(begin(order), "pay")
    commands.release(order, "first")
    theirs = [f"order:{number}" for number in range(2, 7)]
    ours = [f"order:{number}" for number in range(12, 17)]
    commands.open_payables(
        [NewPayable(subject, buyer.pk, seller.pk, 10_00, "") for subject in theirs]
        + [NewPayable(subject, seller.pk, buyer.pk, 10_00, "") for subject in ours]
        + [NewPayable("order:kept", seller.pk, buyer.pk, 50_00, "")]
    )
    pay_from_balance(seller, "order:kept")
    for our, their in zip(ours, theirs, strict=True):
        pay_from_balance(seller, our)
        pay_from_balance(buyer, their)
    results = race(
        *[lambda s=s: commands.refund(s, Money(10_00), f"f{s}", "").amount for s in ours + theirs]
    )
    assert results == [Money(10_00)] * 10
    assert ledger.balance(seller.pk, AccountKind.BALANCE) == Money(50_00)
    assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(50_00)
    assert ledger.check() == []


def test_everything_that_touches_one_seller_at_once(
    order: str, buyer: Company, seller: Company, begin: Begin, press: Press, operator: Actor
) -> None:
    """Refunds from the balance, releases, withdrawals and the deposit take locks in one order."""
    finance = actor_of(seller, Role.FINANCE)
    subjects = [f"order:{number}" for number in range(2, 8)]
    commands.open_payables(
        [NewPayable(subject, buyer.pk, seller.pk, 1_000_00, "") for subject in subjects]
    )
    for subject in subjects:
        press(begin(subject), "pay")
    for subject in subjects[:3]:
        commands.release(subject, subject)
    notice = paid_at_the_bank(begin(order))
    race(
        lambda: commands.refund(subjects[0], Money(900_00), "f0", ""),
        lambda: commands.refund(subjects[1], Money(1_000_00), "f1", ""),
        lambda: commands.release(subjects[3], "r3"),
        lambda: commands.release(subjects[4], "r4"),
        lambda: commands.refund(subjects[5], Money(500_00), "f5", ""),
        lambda: commands.withdraw(finance, Money(100_00)),
        lambda: commands.join_buyer_protection(finance),
        lambda: commands.leave_buyer_protection(finance),
        *tell(notice),
    )
    assert queries.reconciliation(operator).difference == Money(0)
    assert ledger.check() == []


def test_a_debt_that_arises_while_income_comes_is_paid_by_it(
    order: str, buyer: Company, seller: Company, begin: Begin, press: Press, operator: Actor
) -> None:
    """Refunds of money that was paid out at once meet releases and withdrawals of the seller."""
    finance = actor_of(seller, Role.FINANCE)
    grant_instant_payout(seller.pk)
    commands.switch_instant_payout(finance, True)
    early = [order, *(f"order:{number}" for number in range(2, 4))]
    late = [f"order:{number}" for number in range(4, 7)]
    commands.open_payables(
        [NewPayable(subject, buyer.pk, seller.pk, 100_00, "") for subject in [*early[1:], *late]]
    )
    for subject in [*early, *late]:
        press(begin(subject), "pay")
    for subject in early:
        commands.pay_out_at_once(subject)
    commands.withdraw(finance, Money(290_00))
    results = race(
        *[lambda s=s: commands.refund(s, Money(100_00), f"f{s}", "").amount for s in early],
        *[lambda s=s: commands.release(s, s) for s in late],
        lambda: commands.withdraw(finance, Money(50_00)),
    )
    assert results[:6] == [Money(100_00)] * 6
    out = Money(290_00) if isinstance(results[6], DomainError) else Money(340_00)
    balance = ledger.balance(seller.pk, AccountKind.BALANCE)
    owed = ledger.balance(seller.pk, AccountKind.CLAWBACK)
    assert balance - owed == Money(300_00 - 36) - out
    assert ledger.check() == []
    assert queries.reconciliation(operator).difference == Money(0)
