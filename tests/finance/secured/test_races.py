"""Many at once on one buyer's limit and one order: nothing overdrawn, paid twice, or stuck."""

from __future__ import annotations

import pytest

from pifa.finance import commands
from pifa.finance.commands import NewPayable
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods.secured.errors import SecuredOverLimit
from pifa.finance.models import Payment, SecuredAccount, SecuredReceivable
from pifa.finance.sandbox import financing
from pifa.finance.sandbox.models import SandboxWord
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.conftest import actor_of
from tests.finance.credit.conftest import owner_of
from tests.finance.secured.conftest import open_between, payable_number, promise, row
from tests.finance.test_races import paid_at_the_bank, race, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_sixteen_orders_race_for_one_limit(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_between(seller, buyer)
    subjects = [f"order:{number}" for number in range(16)]
    commands.open_payables([NewPayable(one, buyer.pk, seller.pk, 300_00, "") for one in subjects])
    numbers = [payable_number(subject) for subject in subjects]
    results = race(
        *[
            lambda n=n: commands.start_payment(purchaser, n, "secured").payment_number
            for n in numbers
        ]
    )
    lost = [result for result in results if not isinstance(result, str)]
    assert len(results) - len(lost) == 3
    assert all(isinstance(error, SecuredOverLimit | MethodNotOffered) for error in lost)
    assert SecuredAccount.objects.get().used_fen == 900_00
    assert Payment.objects.filter(state="promised").count() == 3
    assert ledger.check() == []


def test_sixty_four_buyers_order_of_one_seller(seller: Company) -> None:
    commands.join_secured(owner_of(seller))
    numbers, actors = [], []
    for at in range(64):
        company = Company.objects.create(
            name=f"买家{at}", login=f"buyer{at}", created_at=seller.created_at
        )
        grant_of = {"limit": "100.00"}
        grant_each(company, grant_of)
        (number,) = commands.open_payables(
            [NewPayable(f"order:{at}", company.pk, seller.pk, 100_00, "")]
        )
        numbers.append(number)
        actors.append(actor_of(company, *owner_of(company).roles))
    acts = [
        lambda a=a, n=n: commands.start_payment(a, n, "secured").payment_number
        for a, n in zip(actors, numbers, strict=True)
    ]
    # In waves: SQLite has one writer, and the last of 64 would wait longer than it is let.
    results = [result for at in range(0, 64, 16) for result in race(*acts[at : at + 16])]
    assert len(results) == 64
    assert all(isinstance(result, str) for result in results)
    assert ledger.balance(seller.pk, AccountKind.PROMISED) == Money(6_400_00)
    assert ledger.check() == []


def grant_each(company: Company, value: dict[str, str]) -> None:
    """A limit of its own for each of many companies."""
    from pifa.benefits.commands import sync
    from pifa.benefits.rules import Held, Terms
    from pifa.kernel import clock

    held = Held(company.pk, "secured_credit")
    sync(f"test:{company.pk}", clock.today(), {held: Terms(value)}, [company.pk])


def test_two_repayments_of_one_debt_pay_it_once(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_between(seller, buyer)
    subjects = [promise(purchaser, f"order:{n}", seller, 200_00) for n in range(4)]
    for subject in subjects:
        commands.note_received(subject)
    begun = [
        commands.start_payment(purchaser, commands.repay_secured(purchaser), "gateway")
        for _tab in range(3)
    ]
    verdicts = race(*tell(*[paid_at_the_bank(payment) for payment in begun]))
    assert verdicts == ["settled"] * 3
    assert SecuredAccount.objects.get().used_fen == 0
    # What came twice and thrice is the buyer's own.
    assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(1_600_00)
    assert ledger.check() == []


def test_everything_at_once_on_one_account(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_between(seller, buyer, "10000.00")
    owner = owner_of(seller)
    subjects = [promise(purchaser, f"order:{n}", seller, 100_00) for n in range(8)]
    for subject in subjects[:4]:
        commands.note_received(subject)
    commands.collect_early(owner, subjects[:3])
    words = list(SandboxWord.objects.order_by("pk").values_list("pk", flat=True))
    begun = commands.start_payment(
        purchaser, commands.repay_secured(purchaser, Money(350_00)), "gateway"
    )
    results = race(
        *tell(paid_at_the_bank(begun)),
        *[lambda pk=pk: financing.send(pk) for pk in (*words, *words)],
        lambda: commands.refund(subjects[0], Money(60_00), "f0", "").amount,
        lambda: commands.refund(subjects[1], Money(100_00), "f1", "").amount,
        lambda: commands.refund(subjects[7], Money(100_00), "f7", "").amount,
        lambda: commands.note_received(subjects[4]),
        lambda: commands.collect_early(owner, [subjects[3]]),
        lambda: commands.release(subjects[2], "r2"),
        lambda: commands.leave_secured(owner),
    )
    assert results[0] == "settled"
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, DomainError) for error in refused)
    owed = sum(SecuredReceivable.objects.values_list("owed_fen", flat=True))
    assert SecuredAccount.objects.get().used_fen == owed
    assert ledger.check() == []


def test_a_payout_and_a_refund_of_one_order_meet(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_between(seller, buyer)
    promise(purchaser, "order:1", seller, 400_00)
    commands.note_received("order:1")
    commands.collect_early(owner_of(seller), ["order:1"])
    word = SandboxWord.objects.get()
    answers = race(
        lambda: financing.send(word.pk),
        lambda: commands.refund("order:1", Money(100_00), "r1", "").waived.fen,
        lambda: financing.send(word.pk),
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    found = row()
    if found.paid_fen:
        assert (found.paid_fen, found.clawed_fen, found.owed_fen) == (400_00, 100_00, 300_00)
    else:
        assert (found.claim_fen, found.waived_fen, found.owed_fen) == (300_00, 100_00, 300_00)
    assert ledger.check() == []
