"""A company takes money out: asked, agreed to by a second person where it is much, and sent.

A request that waits for the second person sets nothing aside: the balance stays there for refunds
and debts, and balance and limit are asked again when it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.withdrawals import rules
from pifa.finance.withdrawals.commands.days import use_day
from pifa.finance.withdrawals.commands.locking import lock_withdrawal
from pifa.finance.withdrawals.errors import NoPayeeAccount, NoSecond, SameSecond
from pifa.finance.withdrawals.events import (
    ASK_BANK,
    EXPIRY,
    WithdrawalAsked,
    WithdrawalEnded,
    WithdrawalSent,
)
from pifa.finance.withdrawals.models import PayeeAccount, Withdrawal
from pifa.finance.withdrawals.states import after
from pifa.finance.withdrawals.terms import limit_today, terms_on
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor, Role
from pifa.kernel.errors import IdempotencyConflict, InvalidInput, NotFound
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.errors import InsufficientBalance
from pifa.ledger.rules import AccountKind, TransferKind
from pifa.ledger.words import account as account_name
from pifa.parties.models import Member

ASK_AFTER = timedelta(days=1)
_LONGEST_KEY, _LONGEST_REASON = 64, 200


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawal after a command: its number, and the state it came to (`Withdrawal.State`)."""

    number: str
    state: str


def withdraw(
    actor: Actor, amount: Money, key: str | None = None, account_id: int | None = None
) -> Withdrawn:
    """Send a company's own money to its own account; owner or finance role.

    Without an account to its only one. Above the rulebook's amount it waits until another owner or
    finance person agrees. Once for a key; the same key for something else is an
    `IdempotencyConflict`. `InsufficientBalance`, `DailyLimitReached`, `NoPayeeAccount`, `NoSecond`.
    """
    company_id = policies.handles_money(actor)
    if amount.fen <= 0:
        raise InvalidInput(field="amount", reason=_("提现金额必须大于 0。"))
    key = key or uuid4().hex
    if len(key) > _LONGEST_KEY:
        raise InvalidInput(field="key", reason=_("请求标识太长。"))
    try:
        with transaction.atomic():
            return _again(company_id, key, amount, account_id) or _ask(
                actor, company_id, amount, key, _account(company_id, account_id)
            )
    except IntegrityError:
        # The same request came twice at this moment: the other one stands.
        found = _again(company_id, key, amount, account_id)
        if found is None:
            raise
        return found


def approve_withdrawal(actor: Actor, number: str) -> Withdrawn:
    """Another owner or finance person agrees: the money is sent now.

    `SameSecond` for the one who asked. Balance and the day's limit are asked anew.
    """
    return _decide(actor, number, "approve")


def refuse_withdrawal(actor: Actor, number: str, reason: str) -> Withdrawn:
    """Another owner or finance person does not agree, and says why."""
    reason = reason.strip()
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise InvalidInput(field="reason", reason=_("请写明原因，最多 200 字。"))
    return _decide(actor, number, "refuse", reason)


def cancel_withdrawal(actor: Actor, number: str) -> Withdrawn:
    """A withdrawal that waits for a second person is not wanted any more; owner or finance role."""
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        row = lock_withdrawal(number, company_id)
        _end(row, actor, "cancel", "")
        return Withdrawn(row.number, row.state)


def expire(number: str) -> None:
    """Nobody agreed in time; one that was decided meanwhile is passed over."""
    with transaction.atomic():
        row = lock_withdrawal(number)
        if row.state == Withdrawal.State.ASKED:
            _end(row, SYSTEM, "expire", "")


def _again(company_id: int, key: str, amount: Money, account_id: int | None) -> Withdrawn | None:
    row = Withdrawal.objects.filter(company=company_id, key=key).first()
    if row is None:
        return None
    if row.amount_fen != amount.fen or account_id not in (None, row.account_id):
        raise IdempotencyConflict
    return Withdrawn(row.number, row.state)


def _account(company_id: int, account_id: int | None) -> PayeeAccount:
    alive = PayeeAccount.objects.filter(company=company_id, ended_at=None)
    if account_id is not None:
        row = alive.filter(pk=account_id).first()
        if row is None:
            raise NotFound
        return row
    rows = list(alive[:2])
    if len(rows) != 1:
        raise NoPayeeAccount(field="account")
    return rows[0]


def _ask(
    actor: Actor, company_id: int, amount: Money, key: str, account: PayeeAccount
) -> Withdrawn:
    today = clock.today()
    terms = terms_on(today)
    second = rules.needs_second(terms, amount)
    row = Withdrawal.objects.create(
        number=public_number("W"),
        company_id=company_id,
        account=account,
        key=key,
        amount_fen=amount.fen,
        fee_fen=rules.fee(terms, at_partner_bank=account.at_partner_bank).fen,
        asked_at=clock.now(),
        asked_by=actor.member_id,
        needs_second=second,
    )
    if not second:
        _send(row, actor, "send")
        return Withdrawn(row.number, row.state)
    _check_at_once(row, actor, terms)
    row.until = clock.start_of_day(today + timedelta(days=terms.approval_days + 1))
    row.save(update_fields=["until"])
    deadlines.set_deadline(EXPIRY, row.subject, row.until)
    audit.record(actor, "withdrawal.ask", row.subject, amount_fen=amount.fen)
    emit(
        WithdrawalAsked(
            company_id=company_id,
            number=row.number,
            amount_fen=amount.fen,
            until_at=row.until.isoformat(),
        )
    )
    return Withdrawn(row.number, row.state)


def _check_at_once(row: Withdrawal, actor: Actor, terms: rules.Terms) -> None:
    """What could not be sent anyway need not wait for anybody."""
    needed = Money(row.amount_fen + row.fee_fen)
    balance = books.balance(row.company_id, AccountKind.BALANCE)
    if balance < needed:
        raise InsufficientBalance(
            account=account_name(AccountKind.BALANCE), balance=balance, needed=needed
        )
    use_day(row, limit_today(row.company_id, terms), only_look=True)
    people = Member.objects.filter(company=row.company_id, active=True, user__is_active=True)
    others = people.exclude(pk=actor.member_id or 0)
    if not any(member.role_set & {Role.OWNER, Role.FINANCE} for member in others):
        raise NoSecond(above=terms.approval_above)


def _decide(actor: Actor, number: str, verb: str, reason: str = "") -> Withdrawn:
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        row = lock_withdrawal(number, company_id)
        after(row.state, verb)
        if row.asked_by == actor.member_id:
            raise SameSecond
        row.decided_by, row.decided_at = actor.member_id, clock.now()
        if verb == "approve":
            if row.account.ended_at is not None:
                raise NoPayeeAccount(field="account")
            _send(row, actor, verb)
        else:
            _end(row, actor, verb, reason)
        return Withdrawn(row.number, row.state)


def _send(row: Withdrawal, actor: Actor, verb: str) -> None:
    """Take the day's limit and the money, and tell the bank; all or nothing."""
    row.state = after(row.state, verb)
    row.sent_at, row.sent_day = clock.now(), clock.today()
    if not row.account.at_partner_bank:
        use_day(row, limit_today(row.company_id, terms_on(row.sent_day)))
    amount, cost = Money(row.amount_fen), Money(row.fee_fen)
    legs = postings.withdrawal(row.subject, row.company_id, amount, cost)
    ledger.transfer(row.subject, TransferKind.WITHDRAWAL, legs)
    row.save(update_fields=["state", "sent_at", "sent_day", "decided_by", "decided_at"])
    banks.get(row.account.bank).pay_out(row.account.ref, amount, row.subject)
    deadlines.clear(row.subject, EXPIRY)
    deadlines.set_deadline(ASK_BANK, row.subject, row.sent_at + ASK_AFTER)
    audit.record(actor, "balance.withdraw", row.subject, amount_fen=amount.fen)
    emit(
        WithdrawalSent(
            company_id=row.company_id, number=row.number, amount_fen=amount.fen, fee_fen=cost.fen
        )
    )


def _end(row: Withdrawal, actor: Actor, verb: str, reason: str) -> None:
    row.state = after(row.state, verb)
    row.reason, row.ended_at = reason, clock.now()
    row.save(update_fields=["state", "reason", "ended_at", "decided_by", "decided_at"])
    deadlines.clear(row.subject, EXPIRY)
    audit.record(actor, f"withdrawal.{verb}", row.subject)
    if verb != "cancel":
        emit(
            WithdrawalEnded(
                company_id=row.company_id,
                number=row.number,
                amount_fen=row.amount_fen,
                outcome=row.state,
                reason=reason,
            )
        )
