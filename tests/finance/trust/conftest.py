"""A buyer with an account at the partner bank and a mandate on it; pure finance, no orders."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable
from pifa.finance.models import PartnerAccount, SandboxMandate, TrustCall, TrustItem, TrustMandate
from pifa.finance.partner_bank import commands as bank
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.protocol import Secret
from pifa.finance.partner_bank.rules import Identity
from pifa.finance.sandbox import bank as gateway
from pifa.finance.sandbox import transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.credit.conftest import owner_of
from tests.trade.market import trade_of

PAYMENT = "fu-kuan-2026-x"
MONDAY = date(2026, 3, 2)


def noon(day: date) -> datetime:
    """The middle of a market day."""
    return clock.start_of_day(day) + timedelta(hours=12)


def open_bank(company: Company) -> None:
    """The company's account at the partner bank, with nothing on it."""
    licence = f"L{company.pk}"
    Company.objects.filter(pk=company.pk).update(verified_name=company.name, licence_no=licence)
    told = Identity(company.name, licence, "")
    bank.open_account(owner_of(company), told, Passwords("kan-yi-kan-2026", PAYMENT))


def sign(company: Company, actor: Actor | None = None, **limits: Money) -> TrustMandate:
    """A mandate on the account, with the payment password."""
    actor = actor or owner_of(company)
    token = bank.authorise(actor, Secret.PAYMENT, PAYMENT)
    return commands.sign_trust(actor, token, **limits)


def fund(company: Company, amount: Money) -> None:
    """Somebody transfers to the account."""
    number = PartnerAccount.objects.get(company=company).number
    transfers.make(Transfer("路人乙", "62221", "云汀商业银行", number, amount))


def on_account(company: Company) -> Money:
    """What is on the account at the partner bank."""
    from pifa.finance.sandbox import books

    return books.balance(PartnerAccount.objects.get(company=company).number)


def play(how: str) -> None:
    """What the bank does from now on when it is asked to debit."""
    SandboxMandate.objects.update(play=how)


def promise(actor: Actor, subject: str, seller: Company, fen: int) -> str:
    """An order's payable, promised by trust payment; returns its subject."""
    assert actor.company_id is not None
    commands.open_payables([NewPayable(subject, actor.company_id, seller.pk, fen, "螺栓 M8")])
    commands.start_payment(actor, payable_number(subject), "trust_payment")
    return subject


def payable_number(subject: str) -> str:
    """The number of a subject's payable."""
    view = queries.payable(subject)
    assert view is not None
    return view.number


def item(subject: str = "order:1") -> TrustItem:
    """The item of a subject as it is now."""
    return TrustItem.objects.get(payable__subject=subject)


def calls(subject: str = "order:1") -> list[tuple[str, str]]:
    """Every time that the bank was asked, and what it made of it."""
    rows = TrustCall.objects.filter(item__payable__subject=subject).order_by("pk")
    return list(rows.values_list("kind", "state"))


def balance(company: Company) -> Money:
    """What the company has with the market."""
    return ledger.balance(company.pk, AccountKind.BALANCE)


def agrees(operator: Actor) -> bool:
    """Whether the books prove, and agree with the bank's."""
    return queries.reconciliation(operator).agrees and ledger.check() == []


def repaid(actor: Actor, number: str) -> None:
    """A repayment's payable is paid online."""
    start = commands.start_payment(actor, number, "gateway")
    gateway.act(trade_of(start.payment_number), "pay")


def run_until(moment: datetime) -> None:
    """Let everything happen that is due by a moment."""
    deadlines.run_due(moment)
