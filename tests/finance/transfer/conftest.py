"""A pair of companies with legal names, its virtual account, and transfers to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pifa.finance import commands
from pifa.finance.commands import NewPayable
from pifa.finance.methods.corporate_transfer.accounts import open_account
from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.finance.models import Payable
from pifa.finance.sandbox import transfers
from pifa.finance.sandbox.transfers import Delivery, Sent, Transfer
from pifa.kernel.money import Money
from pifa.parties.models import Company

BUYER_NAME = "云汀市顺达建材（集团）有限公司"
SELLER_NAME = "永固紧固件厂"

Send = Callable[..., Sent]
Owe = Callable[..., str]


@pytest.fixture
def buyer(buyer: Company) -> Company:
    Company.objects.filter(pk=buyer.pk).update(verified_name=BUYER_NAME)
    return buyer


@pytest.fixture
def seller(seller: Company) -> Company:
    Company.objects.filter(pk=seller.pk).update(verified_name=SELLER_NAME)
    return seller


@pytest.fixture
def account(buyer: Company, seller: Company) -> str:
    """The pair's virtual account."""
    return open_account(buyer.pk, seller.pk).number


@pytest.fixture
def owe(buyer: Company, seller: Company) -> Owe:
    """owe(subject, yuan): the buyer owes the seller; returns the payable's number."""

    def open_one(subject: str, yuan: int, **more: object) -> str:
        made = NewPayable(
            subject,
            buyer.pk,
            seller.pk,
            yuan * 100,
            "货品",
            **more,  # type: ignore[arg-type]
        )
        return commands.open_payables([made])[0]

    return open_one


@pytest.fixture
def send(account: str) -> Send:
    """send(yuan, remark=…, name=…, to=…, delivery=…): a transfer to the pair's account."""

    def make(
        yuan: int,
        remark: str = "",
        *,
        name: str = BUYER_NAME,
        to: str = account,
        delivery: str = Delivery.NOW,
    ) -> Sent:
        order = Transfer(name, "6222000011112222", "云汀商业银行", to, Money(yuan * 100), remark)
        return transfers.make(order, delivery)

    return make


def line_of(sent: Sent) -> BankLine:
    return BankLine.objects.get(line_no=sent.line_no)


def settled(subject: str) -> int:
    """What was paid for a subject, in yuan."""
    return Payable.objects.get(subject=subject).settled_fen // 100
