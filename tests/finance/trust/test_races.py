"""Many at once on one buyer's mandate and one order: nothing overdrawn, paid twice, or stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.finance import commands
from pifa.finance.commands import NewPayable
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods.trust.errors import TrustNotSigned, TrustOverLimit, TrustSigned
from pifa.finance.models import Payment, SandboxWord, TrustAccount, TrustMandate
from pifa.finance.partner_bank import commands as bank
from pifa.finance.partner_bank.protocol import Secret
from pifa.finance.sandbox import financing
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.parties.models import Company
from tests.finance.credit.conftest import owner_of
from tests.finance.test_races import paid_at_the_bank, race, tell
from tests.finance.trust.conftest import (
    PAYMENT,
    balance,
    calls,
    fund,
    item,
    on_account,
    open_bank,
    payable_number,
    play,
    promise,
    run_until,
    sign,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_sixteen_orders_race_for_one_limit(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_bank(buyer)
    sign(buyer, in_all=Money(1_000_00))
    subjects = [f"order:{number}" for number in range(16)]
    commands.open_payables([NewPayable(one, buyer.pk, seller.pk, 300_00, "") for one in subjects])
    numbers = [payable_number(subject) for subject in subjects]
    results = race(
        *[
            lambda n=n: commands.start_payment(purchaser, n, "trust_payment").payment_number
            for n in numbers
        ]
    )
    lost = [result for result in results if not isinstance(result, str)]
    assert len(results) - len(lost) == 3
    assert all(isinstance(error, TrustOverLimit | MethodNotOffered) for error in lost)
    assert TrustAccount.objects.get().used_fen == 900_00
    assert Payment.objects.filter(state="promised").count() == 3
    assert ledger.check() == []


def test_a_debit_and_a_refund_of_one_order_meet(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_bank(buyer)
    fund(buyer, Money(500_00))
    sign(buyer)
    play("late")
    promise(purchaser, "order:1", seller, 400_00)
    commands.note_received("order:1")
    run_until(clock.now())
    play("funds")
    word = SandboxWord.objects.get()
    answers = race(
        lambda: financing.send(word.pk),
        lambda: commands.refund("order:1", Money(100_00), "r1", "").amount.fen,
        lambda: financing.send(word.pk),
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    run_until(clock.now())
    assert (item().claim_fen, item().debt_fen) == (0, 0)
    assert calls()[-1] == ("debit", "paid")
    assert on_account(buyer) == Money(200_00)
    assert ledger.check() == []


def test_repayments_refunds_and_orders_meet_on_one_account(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_bank(buyer)
    sign(buyer)
    subjects = [promise(purchaser, f"order:{n}", seller, 100_00) for n in range(5)]
    play("refuse")
    for subject in subjects[:4]:
        commands.note_received(subject)
    run_until(clock.now() + timedelta(days=10))
    assert TrustAccount.objects.get().debt_fen == 400_00
    begun = [
        commands.start_payment(purchaser, commands.repay_trust(purchaser, subject), "gateway")
        for subject in (subjects[0], subjects[0], subjects[1])
    ]
    results = race(
        *tell(*[paid_at_the_bank(payment) for payment in begun]),
        lambda: commands.refund(subjects[1], Money(60_00), "f1", "").amount.fen,
        lambda: commands.refund(subjects[2], Money(100_00), "f2", "").amount.fen,
        lambda: commands.refund(subjects[4], Money(100_00), "f4", "").waived.fen,
        lambda: commands.release(subjects[3], "r3"),
        lambda: commands.end_trust(owner_of(buyer)),
    )
    assert results[:3] == ["settled"] * 3
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, DomainError) for error in refused)
    account = TrustAccount.objects.get()
    assert (account.used_fen, account.debt_fen) == (100_00, 100_00)
    assert balance(buyer) >= Money(100_00)
    assert ledger.check() == []


def test_of_two_who_sign_or_end_one_does(buyer: Company) -> None:
    open_bank(buyer)
    actor = owner_of(buyer)
    tokens = [bank.authorise(actor, Secret.PAYMENT, PAYMENT) for _tab in range(4)]
    results = race(*[lambda t=t: commands.sign_trust(actor, t).number for t in tokens])
    lost = [result for result in results if not isinstance(result, str)]
    assert [type(error) for error in lost] == [TrustSigned] * 3
    ended = race(*[lambda: commands.end_trust(actor)] * 3)
    assert sorted(type(result) is TrustNotSigned for result in ended) == [False, True, True]
    assert TrustMandate.objects.get().state == "ended"
