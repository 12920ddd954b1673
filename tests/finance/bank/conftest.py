"""A verified company with an account at the partner bank, and what its people do there."""

from __future__ import annotations

import pytest

from pifa.finance.partner_bank import commands, registry
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.models import BoundCard, PartnerAccount
from pifa.finance.partner_bank.protocol import Card, Secret
from pifa.finance.partner_bank.rules import Identity
from pifa.finance.sandbox import transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel.actors import Actor, Role
from pifa.kernel.money import Money
from pifa.parties.models import Company
from tests.catalog import market as goods

QUERY, PAYMENT = "kan-yi-kan-2026", "fu-kuan-2026-x"
LICENCE = "91330100MA27Y8X04B"
IDENTITY = Identity("顺达建材行", LICENCE, "王顺")


def verify(company: Company, representative: str = "王顺") -> Company:
    """What an approved enterprise verification leaves on a company."""
    company.verified_name, company.licence_no = company.name, LICENCE
    company.verified_representative = representative
    company.save()
    return company


def open_account(actor: Actor) -> PartnerAccount:
    return commands.open_account(actor, IDENTITY, Passwords(QUERY, PAYMENT))


def signed(actor: Actor) -> str:
    """The payment password, given rightly."""
    return commands.authorise(actor, Secret.PAYMENT, PAYMENT)


def seen(actor: Actor) -> str:
    """The query password, given rightly."""
    return commands.authorise(actor, Secret.QUERY, QUERY)


def fund(account: PartnerAccount, fen: int, payer: str = "路人甲商行") -> None:
    """Somebody transfers to the account's number from another bank."""
    order = Transfer(payer, "62220000", "云汀商业银行", account.number, Money(fen))
    assert transfers.make(order).answers == []


def there(account: PartnerAccount) -> Money:
    """What is on the account."""
    return registry.get(account.bank).balance(account.number)


def bind(actor: Actor) -> BoundCard:
    return commands.bind_card(
        actor, Card("6222020200112230", "顺达建材行", "云汀商业银行"), signed(actor)
    )


@pytest.fixture
def owner(buyer: Company) -> Actor:
    """The owner of a verified company, as a member with a login."""
    return goods.actor(verify(buyer))


@pytest.fixture
def cashier(owner: Actor, buyer: Company) -> Actor:
    return goods.actor(buyer, Role.FINANCE)


@pytest.fixture
def account(owner: Actor) -> PartnerAccount:
    return open_account(owner)
