"""A seller with money, an account at the partner bank and one elsewhere, and two finance people."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pifa.finance import commands
from pifa.finance.commands import NewPayable
from pifa.finance.sandbox import bank
from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company, Member, User
from tests.finance.conftest import open_payee
from tests.trade.market import trade_of

ELSEWHERE = "云汀商业银行"


@dataclass
class Firm:
    """A company that takes money out: who asks, who may agree, and where the money may go."""

    company: Company
    asks: Actor
    agrees: Actor
    own_bank: int
    elsewhere: int

    def balance(self) -> Money:
        return ledger.balance(self.company.pk, AccountKind.BALANCE)

    def ask(self, yuan: int, account: int | None = None, key: str | None = None) -> str:
        """Ask for a withdrawal to the account elsewhere, unless another is named; its number."""
        to = account or self.elsewhere
        return commands.withdraw(self.asks, Money(yuan * 100), key, to).number


def person(company: Company, name: str, *roles: Role) -> Actor:
    """A member who may act."""
    user = User.objects.create(username=f"{company.login}-{name}")
    member = Member.objects.create(
        company=company,
        user=user,
        name=name,
        roles=[role.value for role in roles],
        invited_at=clock.now(),
    )
    return Actor(ActorKind.MEMBER, user.pk, company.pk, member.pk, frozenset(roles))


def fund(seller: Company, paying: Actor, amount: Money) -> None:
    """A seller has so much more on its balance, paid by somebody for something."""
    subject = f"order:{seller.pk}{amount.fen}"
    assert paying.company_id is not None
    commands.open_payables([NewPayable(subject, paying.company_id, seller.pk, amount.fen, "货")])
    payable = seller.receivables.get(subject=subject)
    started = commands.start_payment(paying, payable.number, "gateway")
    bank.act(trade_of(started.payment_number), "pay")
    commands.release(subject, subject)


@pytest.fixture
def firm(seller: Company, purchaser: Actor) -> Firm:
    """It has ¥1,000,000.00 on its balance."""
    fund(seller, purchaser, Money(1_000_000_00))
    return Firm(
        seller,
        person(seller, "会计", Role.FINANCE),
        person(seller, "老板", Role.OWNER),
        seller.payee_accounts.get().pk,
        open_payee(seller.pk, ELSEWHERE),
    )
