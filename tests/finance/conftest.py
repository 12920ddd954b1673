"""A buyer, a seller, an order's payable and the sandbox bank's buttons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import F

from pifa.benefits.commands import sync
from pifa.benefits.labels import INSTANT_PAYOUT
from pifa.benefits.rules import Held, Terms
from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable, PaymentStart
from pifa.finance.models import PayeeAccount
from pifa.finance.sandbox import bank, books
from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.parties.models import Company

Begin = Callable[[str], PaymentStart]
Press = Callable[[PaymentStart, str], list[str]]


@pytest.fixture(autouse=True)
def bank_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bank's key lives in a folder of the test run."""
    home = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setattr(settings, "HOME", home)
    return home


@pytest.fixture
def buyer(db: None) -> Company:
    return Company.objects.create(name="顺达建材行", login="shunda", created_at=clock.now())


@pytest.fixture
def seller(db: None) -> Company:
    company = Company.objects.create(name="永固紧固件厂", login="yonggu", created_at=clock.now())
    open_payee(company.pk)
    return company


def open_payee(company_id: int, bank_name: str = books.BANK) -> int:
    """A company is registered and has an account in its name, at the partner bank (no fee, no
    limit) unless another is named."""
    Company.objects.filter(pk=company_id).update(verified_name=F("name"))
    owner = Actor(ActorKind.MEMBER, company_id=company_id, roles=frozenset({Role.OWNER}))
    held = PayeeAccount.objects.filter(company=company_id).count()
    return commands.add_payee(owner, f"8812{company_id:06}{held + 1:02}", bank_name)


def actor_of(company: Company, *roles: Role) -> Actor:
    return Actor(
        ActorKind.MEMBER, company_id=company.pk, member_id=company.pk, roles=frozenset(roles)
    )


def grant_instant_payout(company_id: int, rate: str = "0.0012") -> None:
    """A company holds instant payout from today on."""
    terms = Terms({"fee_rate": rate}, rule_id="MEDAL-2")
    sync("test:medal", clock.today(), {Held(company_id, INSTANT_PAYOUT): terms}, [company_id])


def take_instant_payout(company_id: int) -> None:
    """A company loses instant payout from today on."""
    sync("test:medal", clock.today(), {}, [company_id])


def grant(company_id: int, benefit: str, **value: str) -> None:
    """A company holds a benefit from today on (and no other that a test gave it this way)."""
    sync("test:level", clock.today(), {Held(company_id, benefit): Terms(value)}, [company_id])


def take_grants(company_id: int) -> None:
    """A company loses what `grant` gave it."""
    sync("test:level", clock.today(), {}, [company_id])


@pytest.fixture
def purchaser(buyer: Company) -> Actor:
    return actor_of(buyer, Role.PURCHASER)


@pytest.fixture
def seller_finance(seller: Company) -> Actor:
    return actor_of(seller, Role.FINANCE)


@pytest.fixture
def operator() -> Actor:
    return Actor(ActorKind.OPERATOR, user_id=1)


@pytest.fixture
def order(buyer: Company, seller: Company) -> str:
    """A payable of ¥100.00 for the subject `order:1`."""
    commands.open_payables([NewPayable("order:1", buyer.pk, seller.pk, 100_00, "螺栓 M8")])
    return "order:1"


@pytest.fixture
def begin(purchaser: Actor) -> Begin:
    """begin(subject): the buyer starts to pay online."""

    def start(subject: str) -> PaymentStart:
        view = queries.payable(subject)
        assert view is not None
        return commands.start_payment(purchaser, view.number, "gateway")

    return start


@pytest.fixture
def press() -> Press:
    """press(payment, button): a button on the bank's page; the market's answers."""

    def act(payment: PaymentStart, button: str) -> list[str]:
        trade_no = payment.redirect_url.rstrip("/").rpartition("/")[2]
        return bank.act(trade_no, button)

    return act
