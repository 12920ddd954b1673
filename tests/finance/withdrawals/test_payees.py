"""Accounts in the company's own name only, checked by the bank, seen by their last digits."""

from __future__ import annotations

import pytest
from django.utils import translation

from pifa.finance import commands
from pifa.finance.models import PartnerAccount, PayeeAccount, SandboxPayee
from pifa.finance.partner_bank import commands as partner_bank
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.errors import NotEnough
from pifa.finance.partner_bank.rules import Identity
from pifa.finance.sandbox import books, deposits, payouts, transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.finance.withdrawals import queries
from pifa.finance.withdrawals.errors import (
    NameDiffers,
    NoPayeeAccount,
    NotRegistered,
    TooManyAccounts,
)
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.messages.models import Notice
from pifa.parties.models import Company
from tests.catalog import market as goods
from tests.finance.bank.conftest import LICENCE, PAYMENT, QUERY, there
from tests.finance.conftest import actor_of, open_payee
from tests.finance.withdrawals.conftest import ELSEWHERE, Firm

pytestmark = pytest.mark.django_db


def test_the_market_keeps_no_number_of_an_account(firm: Firm) -> None:
    added = commands.add_payee(firm.asks, "6222 0000 1111 2222", ELSEWHERE)
    row = PayeeAccount.objects.get(pk=added)
    assert (row.holder, row.masked, row.at_partner_bank) == (firm.company.name, "**** 2222", False)
    kept = {str(value) for value in PayeeAccount.objects.filter(pk=added).values().get().values()}
    assert not any("6222000011112222" in value for value in kept)
    assert SandboxPayee.objects.get(ref=row.ref).account.number == "6222000011112222"
    told = [entry.detail for entry in AuditEntry.objects.filter(action="payee.add")]
    assert told[-1] == {"account": "**** 2222", "bank": ELSEWHERE}


def test_the_same_account_is_added_once(firm: Firm) -> None:
    first = commands.add_payee(firm.asks, "6222000011112222", ELSEWHERE)
    assert commands.add_payee(firm.agrees, "6222-0000-1111-2222", ELSEWHERE) == first


@pytest.mark.parametrize("number", ["622200000000", "622200009999"])
def test_an_account_that_is_not_the_companys_is_refused(firm: Firm, number: str) -> None:
    with pytest.raises(NameDiffers) as refused:
        commands.add_payee(firm.asks, number, ELSEWHERE)
    assert refused.value.field == "number"


def test_an_account_that_the_bank_knows_of_another_is_refused(firm: Firm, buyer: Company) -> None:
    order = Transfer("别人", "6222777766665555", ELSEWHERE, "1", Money(1))
    transfers.make(order)
    with pytest.raises(NameDiffers):
        commands.add_payee(firm.asks, "6222777766665555", ELSEWHERE)


def test_without_a_registered_name_there_is_no_account(buyer: Company) -> None:
    finance = actor_of(buyer, Role.FINANCE)
    with pytest.raises(NotRegistered):
        commands.add_payee(finance, "6222000011112222", ELSEWHERE)


def test_who_may_and_what_a_number_is(firm: Firm, buyer: Company) -> None:
    clerk = actor_of(firm.company, Role.CLERK)
    with pytest.raises(Forbidden):
        commands.add_payee(clerk, "6222000011112222", ELSEWHERE)
    with pytest.raises(Forbidden):
        commands.remove_payee(clerk, firm.elsewhere)
    with pytest.raises(Forbidden):
        queries.payees(clerk)
    with pytest.raises(NotFound):
        commands.remove_payee(actor_of(buyer, Role.OWNER), firm.elsewhere)
    for number in ("", "1234567", "1" * 33, "6222x00011112222", "٦٢٢٢٠٠٠٠١١١١٢٢٢٢"):
        with pytest.raises(InvalidInput):
            commands.add_payee(firm.asks, number, ELSEWHERE)
    with pytest.raises(InvalidInput):
        commands.add_payee(firm.asks, "6222000011112222", " ")


def test_so_many_accounts_and_no_more(firm: Firm) -> None:
    for _more in range(3):
        open_payee(firm.company.pk, ELSEWHERE)
    with pytest.raises(TooManyAccounts):
        open_payee(firm.company.pk, ELSEWHERE)
    commands.remove_payee(firm.asks, firm.elsewhere)
    open_payee(firm.company.pk, ELSEWHERE)


def test_a_removed_account_is_paid_no_more(firm: Firm) -> None:
    commands.remove_payee(firm.asks, firm.elsewhere)
    with pytest.raises(NotFound):
        firm.ask(10)
    with pytest.raises(NotFound):
        commands.remove_payee(firm.asks, firm.elsewhere)
    assert commands.withdraw(firm.asks, Money(10_00)).state == "sent"  # to the only one left


def test_an_account_must_be_chosen_of_several(firm: Firm) -> None:
    with pytest.raises(NoPayeeAccount):
        commands.withdraw(firm.asks, Money(10_00))


def test_the_company_is_told_of_every_change(firm: Firm) -> None:
    commands.remove_payee(firm.asks, firm.elsewhere)
    deliver()
    kinds = Notice.objects.filter(company=firm.company, kind="payee_changed")
    assert [row.params["added"] for row in kinds.order_by("pk")] == [True, True, False]


def test_an_unknown_actor_is_no_company(operator: Actor) -> None:
    with pytest.raises(Forbidden):
        commands.add_payee(operator, "6222000011112222", ELSEWHERE)


def bank_account(firm: Firm) -> PartnerAccount:
    """The company's account at the partner bank, opened by its owner."""
    Company.objects.filter(pk=firm.company.pk).update(licence_no=LICENCE)
    told = Identity(firm.company.name, LICENCE, "")
    owner = goods.actor(firm.company)
    return partner_bank.open_account(owner, told, Passwords(QUERY, PAYMENT))


def test_the_companys_own_account_at_the_partner_bank_is_one_like_any(firm: Firm) -> None:
    """Nobody types its number; what is taken out is on it at once, and counts against no limit."""
    with pytest.raises(NotFound):
        commands.add_bank_account(firm.asks)
    account = bank_account(firm)
    number = account.number
    assert queries.bank_account_to_add(firm.asks) == number[-4:]
    with translation.override("en"):
        added = commands.add_bank_account(firm.asks)
    assert queries.bank_account_to_add(firm.asks) == ""
    row = PayeeAccount.objects.get(pk=added)
    assert (row.bank_name, row.at_partner_bank) == (books.BANK, True)
    # Typed by hand, and by the name that pages have for it, it is the same.
    assert commands.add_payee(firm.asks, number, "网商银行") == added
    before = firm.balance()
    firm.ask(100, added)
    deadlines.run_due(clock.now())
    assert (there(account), firm.balance()) == (Money(100_00), before - Money(100_00))
    assert ledger.check() == []


def test_what_its_account_has_spent_does_not_come_back(firm: Firm) -> None:
    account = bank_account(firm)
    firm.ask(100, commands.add_bank_account(firm.asks))
    deadlines.run_due(clock.now())
    deposits.pay(account.number, Money(1), "P1")
    sent = payouts.newest(1)[0]
    with pytest.raises(NotEnough):
        payouts.give_back(sent.id)
    assert there(account) == Money(99_99)
