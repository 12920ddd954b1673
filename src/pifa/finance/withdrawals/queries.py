"""What is told of withdrawals: accounts, the day's limit and what would raise it, each withdrawal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from pifa.benefits import queries as benefits
from pifa.benefits.labels import LARGE_WITHDRAWALS, label_of
from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.partner_bank.models import PartnerAccount
from pifa.finance.withdrawals import rules
from pifa.finance.withdrawals.models import PayeeAccount, Withdrawal, WithdrawalDay
from pifa.finance.withdrawals.terms import limit_today, terms_on
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties.models import Company, Member
from pifa.standing.books import book_on
from pifa.standing.labels import english, named


@dataclass(frozen=True, slots=True)
class PayeeView:
    """A company's own account; the number is masked for everybody."""

    id: int
    holder: str
    bank_name: str
    masked: str
    at_partner_bank: bool
    added_at: datetime


@dataclass(frozen=True, slots=True)
class LimitView:
    """What a company may take out today to other banks, why, and what would raise it.

    `benefit` is the name of what makes days larger, `held` whether the company holds it, `larger`
    the limit with it, `steps` which standings bring it. Above `approval_above` another person has
    to agree; `fee` is for each withdrawal to another bank. `registered_name` is empty while the
    company is not verified.
    """

    limit: Money
    used: Money
    left: Money
    benefit: str
    held: bool
    larger: Money
    steps: list[str]
    approval_above: Money
    approval_days: int
    fee: Money
    registered_name: str
    partner_bank: str


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """A withdrawal for its company or an operator; `verbs` are what the reader may do with it."""

    number: str
    company_id: int
    company: str
    amount: Money
    fee: Money
    account: PayeeView
    state: str
    state_label: str
    asked_at: datetime
    asked_by: str
    until: datetime | None
    decided_at: datetime | None
    decided_by: str
    reason: str
    sent_at: datetime | None
    ended_at: datetime | None
    verbs: list[str]


def payees(actor: Actor) -> list[PayeeView]:
    """The company's own accounts, the newest first; owner or finance role."""
    company_id = policies.handles_money(actor)
    rows = PayeeAccount.objects.filter(company=company_id, ended_at=None).order_by("-pk")
    return [_payee(row) for row in rows]


def bank_account_to_add(actor: Actor) -> str:
    """The last digits of the company's account at the partner bank, if money cannot be taken out to
    it yet; owner or finance role."""
    company_id = policies.handles_money(actor)
    account = PartnerAccount.objects.filter(company=company_id).first()
    if account is None:
        return ""
    tail = account.number[-4:]
    there = PayeeAccount.objects.filter(company=company_id, ended_at=None, at_partner_bank=True)
    return "" if there.filter(masked__endswith=tail).exists() else tail


def withdrawal_limit(actor: Actor) -> LimitView:
    """What the company may take out today; owner or finance role."""
    company_id = policies.handles_money(actor)
    today = clock.today()
    terms = terms_on(today)
    day = WithdrawalDay.objects.filter(company=company_id, day=today).first()
    limit = limit_today(company_id, terms)
    counted = rules.Day(limit, Money(day.used_fen if day is not None else 0))
    held = benefits.grant_of(company_id, LARGE_WITHDRAWALS) is not None
    return LimitView(
        limit=limit,
        used=counted.used,
        left=counted.left,
        benefit=label_of(LARGE_WITHDRAWALS),
        held=held,
        larger=rules.daily_limit(terms, {}),
        steps=_steps_that_bring_it(),
        approval_above=terms.approval_above,
        approval_days=terms.approval_days,
        fee=terms.fee,
        registered_name=Company.objects.get(pk=company_id).verified_name,
        partner_bank=str(banks.get(banks.DEFAULT).name),
    )


def withdrawals(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[WithdrawalView]:
    """The company's withdrawals, the newest first; owner or finance role."""
    company_id = policies.handles_money(actor)
    return _page(Withdrawal.objects.filter(company=company_id), actor, cursor, size)


def withdrawal(actor: Actor, number: str) -> WithdrawalView:
    """One withdrawal of the company, owner or finance role; `NotFound` for another's."""
    company_id = policies.handles_money(actor)
    rows = Withdrawal.objects.filter(company=company_id, number=number)
    found = _views(rows, actor)
    if not found:
        raise NotFound
    return found[0]


def withdrawals_of_market(
    actor: Actor, state: str = "", cursor: str | None = None, size: int | None = None
) -> Page[WithdrawalView]:
    """All withdrawals (of a `Withdrawal.State`), the newest first; operators only."""
    policies.works_for_the_market(actor)
    rows = Withdrawal.objects.filter(state=state) if state else Withdrawal.objects.all()
    return _page(rows, actor, cursor, size)


def _page(
    rows: QuerySet[Withdrawal], actor: Actor, cursor: str | None, size: int | None
) -> Page[WithdrawalView]:
    many = page_size(size)
    if cursor:
        (last,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last)
    page = cut(list(rows.order_by("-pk")[: many + 1]), many, lambda row: (row.pk,))
    views = _views(Withdrawal.objects.filter(pk__in=[row.pk for row in page.items]), actor)
    return Page(views, page.next_cursor)


def _views(rows: QuerySet[Withdrawal], actor: Actor) -> list[WithdrawalView]:
    found = list(rows.select_related("account", "company").order_by("-pk"))
    names = _names(found)
    return [
        WithdrawalView(
            number=row.number,
            company_id=row.company_id,
            company=row.company.name,
            amount=Money(row.amount_fen),
            fee=Money(row.fee_fen),
            account=_payee(row.account),
            state=row.state,
            state_label=str(row.get_state_display()),
            asked_at=row.asked_at,
            asked_by=names.get(row.asked_by or 0, ""),
            until=row.until,
            decided_at=row.decided_at,
            decided_by=names.get(row.decided_by or 0, ""),
            reason=row.reason,
            sent_at=row.sent_at,
            ended_at=row.ended_at,
            verbs=_verbs(row, actor),
        )
        for row in found
    ]


def _verbs(row: Withdrawal, actor: Actor) -> list[str]:
    if row.state != Withdrawal.State.ASKED or actor.company_id != row.company_id:
        return []
    return ["cancel"] if row.asked_by == actor.member_id else ["approve", "refuse", "cancel"]


def _names(rows: Iterable[Withdrawal]) -> dict[int, str]:
    ids = {person for row in rows for person in (row.asked_by, row.decided_by) if person}
    return dict(Member.objects.filter(Q(pk__in=ids)).values_list("pk", "name"))


def _payee(row: PayeeAccount) -> PayeeView:
    return PayeeView(
        id=row.pk,
        holder=row.holder,
        bank_name=row.bank_name,
        masked=row.masked,
        at_partner_bank=row.at_partner_bank,
        added_at=row.added_at,
    )


def _steps_that_bring_it() -> list[str]:
    """The standings from which the benefit is held, as the rulebook of today says."""
    book = book_on(clock.today())
    told = []
    for grant in book.grants:
        if grant.code == LARGE_WITHDRAWALS:
            for code in grant.ladders:
                ladder = book.ladders[code]
                name = ladder.name_en if english() else ladder.name
                told += [f"{name} {named(step)}" for step in ladder.steps if step.rank == grant.low]
    return told
