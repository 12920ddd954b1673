"""Quick payment: from the account, on the payment password, and back with a refund."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from pifa.finance import commands as finance
from pifa.finance import queries
from pifa.finance.commands import NewPayable
from pifa.finance.errors import MethodNotOffered
from pifa.finance.models import PartnerAccount, Payment
from pifa.finance.partner_bank.errors import NotAuthorised, NotEnough
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, Forbidden
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.bank.conftest import fund, open_account, signed, there


def number_of(subject: str) -> str:
    view = queries.payable(subject)
    assert view is not None
    return view.number


def pay(actor: Actor, subject: str) -> str:
    number = number_of(subject)
    started = finance.start_payment(actor, number, "partner_bank", authorisation=signed(actor))
    return started.payment_number


def test_it_is_paid_at_once_and_both_books_know(
    order: str, owner: Actor, account: PartnerAccount, operator: Actor
) -> None:
    fund(account, 150_00)
    payment = pay(owner, order)
    assert there(account) == Money(50_00)
    assert ledger.held(order) == Money(100_00)
    assert ledger.balance(None, AccountKind.GATEWAY) == Money(100_00)
    assert queries.payment(payment).state == "succeeded"
    assert queries.reconciliation(operator).agrees


def test_a_refund_goes_back_to_the_account(
    order: str, owner: Actor, account: PartnerAccount, operator: Actor
) -> None:
    fund(account, 100_00)
    pay(owner, order)
    for _time in range(2):
        finance.refund(order, Money(30_00), "r1", "少发")
    assert there(account) == Money(30_00)
    finance.release(order, "done")
    finance.refund(order, Money(70_00), "r2", "退货")
    assert there(account) == Money(100_00)
    assert queries.reconciliation(operator).agrees


def test_without_the_password_nothing_moves(
    order: str, owner: Actor, account: PartnerAccount
) -> None:
    fund(account, 150_00)
    number = number_of(order)
    token = signed(owner)
    finance.start_payment(owner, number, "partner_bank", authorisation=token)
    finance.open_payables(
        [NewPayable("order:2", owner.company_id, Payment.objects.get().payable.payee_id, 1_00, "x")]
    )
    for wrong in ("", token):
        with pytest.raises(NotAuthorised):
            finance.start_payment(owner, number_of("order:2"), "partner_bank", authorisation=wrong)
    assert there(account) == Money(50_00)
    assert Payment.objects.count() == 1


def test_why_it_is_not_offered_is_said(
    order: str, owner: Actor, purchaser: Actor, seller: Company
) -> None:
    def why(actor: Actor) -> str | None:
        choices = {row.code: row for row in queries.methods_for(actor, number_of(order))}
        return choices["partner_bank"].why_not

    assert why(owner) == "还没有开通网商银行账户。"
    account = open_account(owner)
    assert why(owner) == "网商银行账户余额不足。"
    assert why(purchaser) == "需要企业所有者或财务角色。"
    with pytest.raises(MethodNotOffered):
        pay(owner, order)
    fund(account, 100_00)
    assert why(owner) is None
    with pytest.raises(Forbidden):
        finance.start_payment(purchaser, number_of(order), "partner_bank", authorisation="x")


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_never_take_more_than_is_there(
    order: str, owner: Actor, account: PartnerAccount, seller: Company, operator: Actor
) -> None:
    assert owner.company_id is not None
    finance.open_payables(
        [NewPayable(f"order:{n}", owner.company_id, seller.pk, 100_00, "x") for n in (2, 3)]
    )
    fund(account, 250_00)
    tokens = {subject: signed(owner) for subject in (order, "order:2", "order:3")}
    results: list[object] = []

    def run(subject: str) -> None:
        try:
            finance.start_payment(
                owner, number_of(subject), "partner_bank", authorisation=tokens[subject]
            )
            results.append("paid")
        except DomainError as refusal:
            results.append(type(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(subject,)) for subject in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [result for result in results if result != "paid"]
    assert len(refused) == 1
    assert refused[0] in (NotEnough, MethodNotOffered)
    assert there(account) == Money(50_00)
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []
