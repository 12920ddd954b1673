"""What a company reads of its account: what there is, its cards, and the month's statement."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from pifa.finance import policies
from pifa.finance.partner_bank import registry
from pifa.finance.partner_bank.errors import NotAuthorised
from pifa.finance.partner_bank.models import BankAuthorisation, PartnerAccount
from pifa.finance.partner_bank.protocol import AccountLine, Secret
from pifa.finance.partner_bank.rules import digest_of
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, total
from pifa.parties import policies as parties


@dataclass(frozen=True, slots=True)
class CardView:
    """A bound card by its last digits."""

    id: int
    bank: str
    tail: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account without what the query password guards; `tail` are its last digits."""

    bank_name: str
    holder: str
    tail: str
    opened_at: datetime
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class AccountMoney:
    """What the query password shows: the whole number and what is there."""

    number: str
    balance: Money


@dataclass(frozen=True, slots=True)
class MonthStatement:
    """A month's movements, oldest first, between two balances."""

    number: str
    holder: str
    month: date
    opening: Money
    closing: Money
    came: Money
    went: Money
    lines: tuple[AccountLine, ...]


def account(actor: Actor) -> AccountView | None:
    """The company's account, if it has one. Owner or finance role."""
    row = _row(policies.handles_money(actor))
    if row is None:
        return None
    return AccountView(
        bank_name=str(registry.get(row.bank).name),
        holder=row.company.verified_name,
        tail=row.number[-4:],
        opened_at=row.opened_at,
        cards=tuple(
            CardView(card.pk, card.bank, card.tail) for card in row.cards.order_by("bound_at", "pk")
        ),
    )


def account_money(actor: Actor, authorisation: str) -> AccountMoney:
    """Number and balance, for who gave the query password; else `NotAuthorised`."""
    row = _shown(actor, authorisation)
    return AccountMoney(row.number, registry.get(row.bank).balance(row.number))


def month_statement(actor: Actor, authorisation: str, month: date) -> MonthStatement:
    """The statement of the market month that a day lies in; with the query password."""
    row = _shown(actor, authorisation)
    first = month.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    opening, lines = registry.get(row.bank).lines(row.number, first, last)
    return MonthStatement(
        number=row.number,
        holder=row.company.verified_name,
        month=first,
        opening=opening,
        closing=lines[-1].balance if lines else opening,
        came=total(line.incoming for line in lines),
        went=total(line.outgoing for line in lines),
        lines=tuple(lines),
    )


def is_shown(actor: Actor, authorisation: str) -> bool:
    """Whether the query password was given, and not too long ago."""
    row = _row(policies.handles_money(actor))
    return row is not None and _is_authorised(actor, row, authorisation)


def available(company_id: int) -> Money | None:
    """What a company could pay with; None without an account. For ways to pay and loans."""
    row = _row(company_id)
    return None if row is None else registry.get(row.bank).balance(row.number)


def _shown(actor: Actor, authorisation: str) -> PartnerAccount:
    row = _row(policies.handles_money(actor))
    if row is None or not _is_authorised(actor, row, authorisation):
        raise NotAuthorised("authorisation")
    return row


def _is_authorised(actor: Actor, row: PartnerAccount, authorisation: str) -> bool:
    return BankAuthorisation.objects.filter(
        account=row,
        member_id=parties.member_id(actor),
        which=Secret.QUERY.value,
        digest=digest_of(authorisation),
        expires_at__gt=clock.now(),
    ).exists()


def _row(company_id: int) -> PartnerAccount | None:
    return PartnerAccount.objects.select_related("company").filter(company=company_id).first()
