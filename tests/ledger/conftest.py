"""Two companies with names, and short words for moving money between purses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.ledger import commands, queries, rules
from pifa.parties.models import Company

Pay = Callable[[str, str, int], bool]


@pytest.fixture(autouse=True)
def only_own_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests move money for subjects that no floor above knows: only the ledger's proofs."""
    monkeypatch.setattr(queries, "_subject_checks", [])


@pytest.fixture
def seller(db: None) -> Company:
    return Company.objects.create(name="永固紧固件厂", login="yonggu", created_at=clock.now())


@pytest.fixture
def buyer(db: None) -> Company:
    return Company.objects.create(name="顺达建材行", login="shunda", created_at=clock.now())


@pytest.fixture
def pay(seller: Company) -> Pay:
    """pay(key, subject, fen): settle a payment into the seller's escrow."""

    def settle(key: str, subject: str, fen: int) -> bool:
        return commands.transfer(key, "payment", rules.settlement(subject, seller.pk, Money(fen)))

    return settle


@pytest.fixture
def release(seller: Company) -> Pay:
    """release(key, subject, fen): from the seller's escrow to its balance."""

    def pay_out(key: str, subject: str, fen: int) -> bool:
        return commands.transfer(key, "release", rules.release(subject, seller.pk, Money(fen)))

    return pay_out
