"""Applying for a loan, decided at once; drawing it, any hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.loans import book
from pifa.finance.loans.book import Offer, Terms
from pifa.finance.loans.commands.locking import SUBJECT, lock_line, lock_loan
from pifa.finance.loans.commands.planning import LAPSE_DEADLINE, plan_next
from pifa.finance.loans.errors import LoanLimitExceeded, LoanOverdueFirst, OfferLapsed
from pifa.finance.loans.events import LoanDrawn
from pifa.finance.loans.models import Loan, LoanInstalment, LoanLine
from pifa.finance.loans.rules import Basis, Instalment, Method, Rate, schedule
from pifa.finance.loans.states import loan_after
from pifa.finance.partner_bank import registry
from pifa.finance.partner_bank.commands.passwords import account_for, spend
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.standing import wording
from pifa.standing.queries import tell_ladder

_S = Loan.State


@dataclass(frozen=True, slots=True)
class Wish:
    """What a company applies for: how much, for how many months, paid back how, counted how."""

    amount: Money
    months: int
    method: str = Method.EQUAL_PRINCIPAL.value
    basis: str = Basis.THIRTY_360.value


def apply_for_loan(actor: Actor, wish: Wish) -> Loan:
    """Apply; the decision is made at once by the rulebook and kept with its figures.

    Owner or finance role, of a company with an account (`NoAccount`). `InvalidInput` for what no
    loan has; what the rules refuse is a loan in the state `refused` that says why.
    """
    company_id = policies.handles_money(actor)
    account_for(company_id)
    today = clock.today()
    terms = book.terms_on(today)
    check(wish, terms)
    with transaction.atomic():
        line = lock_line(company_id)
        decided, offer = decide(company_id, line, wish.amount, today)
        approved = not decided["refused"]
        loan = Loan.objects.create(
            number=public_number("L"),
            company_id=company_id,
            state=_S.APPROVED if approved else _S.REFUSED,
            amount_fen=wish.amount.fen,
            months=wish.months,
            method=wish.method,
            basis=wish.basis,
            daily_rate=_decimal(offer.daily) if offer else 0,
            penalty_factor=_decimal(terms.penalty_factor),
            decided=decided,
            applied_at=clock.now(),
            offer_until=today + timedelta(days=terms.offer_days) if approved else None,
        )
        if loan.offer_until is not None:
            ends = clock.start_of_day(loan.offer_until + timedelta(days=1))
            deadlines.set_new([(LAPSE_DEADLINE, SUBJECT + loan.number, ends)])
        audit.record(
            actor,
            "loan.apply",
            SUBJECT + loan.number,
            amount_fen=wish.amount.fen,
            refused=decided["refused"],
            step=decided["step"],
        )
    return loan


def check_wish(wish: Wish) -> None:
    """`InvalidInput` for what no loan of today is: a calculation says so before it is applied for."""
    check(wish, book.terms_on(clock.today()))


def check(wish: Wish, terms: Terms) -> None:
    """`InvalidInput` for an amount, a term, a method or a basis that no loan of the day has."""
    if not terms.least <= wish.amount <= terms.most:
        words = _("贷款金额须在 {least} 到 {most} 之间。")
        raise InvalidInput(field="amount", reason=words.format(least=terms.least, most=terms.most))
    if wish.months not in terms.months:
        words = _("期限可选 {months} 个月。")
        months = _("、").join(map(str, terms.months))
        raise InvalidInput(field="months", reason=words.format(months=months))
    if wish.method not in set(Method):
        raise InvalidInput(field="method", reason=_("请选择列出的还款方式。"))
    if wish.basis not in {each.value for each in terms.bases}:
        raise InvalidInput(field="basis", reason=_("请选择列出的计息方式。"))


def decide(
    company_id: int, line: LoanLine, amount: Money, today: date
) -> tuple[dict[str, Any], Offer | None]:
    """The decision about an amount as it is kept: its figures, the rules' day and digest, the step.

    `refused` is empty, or the reason: `no_step`, `overdue` or `limit`.
    """
    rules = book.book_on(today)
    story, figures = tell_ladder(company_id, "loan", rules.ladders[book.LADDER], today)
    offer = book.offer_of(story.held, book.terms_on(today).most)
    refused = ""
    if offer is None:
        refused = "no_step"
    elif is_late(company_id):
        refused = "overdue"
    elif line.used_fen + amount.fen > offer.limit.fen:
        refused = "limit"
    decided = {
        "day": today.isoformat(),
        "effective": rules.effective.isoformat(),
        "digest": rules.digest,
        "step": story.held.code if story.held else "",
        "limit_fen": offer.limit.fen if offer else 0,
        "used_fen": line.used_fen,
        "refused": refused,
        "figures": {name: wording.plain(figure) for name, figure in figures.items()},
    }
    return decided, offer


def is_late(company_id: int) -> bool:
    """Whether any of the company's loans is overdue or in default."""
    late = [_S.OVERDUE, _S.DEFAULTED]
    return Loan.objects.filter(company=company_id, state__in=late).exists()


def draw_loan(actor: Actor, number: str, authorisation: str) -> Loan:
    """Sign and draw: the money is on the account with the answer. With the payment password.

    The limit is asked again as it is today; the rate is that of the approval. `OfferLapsed`,
    `LoanOverdueFirst`, `LoanLimitExceeded`, `WrongState` unless it waits to be drawn.
    """
    company_id = policies.handles_money(actor)
    account = account_for(company_id)
    today = clock.today()
    with transaction.atomic():
        line, loan = lock_loan(number, company_id)
        loan.state = loan_after(loan.state, "draw")
        assert loan.offer_until is not None
        if today > loan.offer_until:
            raise OfferLapsed(day=loan.offer_until.isoformat())
        spend(actor, account, authorisation)
        _take_limit(company_id, line, loan, today)
        loan.drawn_at, loan.drawn_on, loan.owed_fen = clock.now(), today, loan.amount_fen
        loan.save(update_fields=["state", "drawn_at", "drawn_on", "owed_fen"])
        rows = planned(loan, today)
        LoanInstalment.objects.bulk_create(_kept(loan, rows, today))
        registry.get(account.bank).lend(account.number, loan.number, Money(loan.amount_fen))
        deadlines.clear(SUBJECT + loan.number, LAPSE_DEADLINE)
        plan_next(loan)
        audit.record(actor, "loan.draw", SUBJECT + loan.number, amount_fen=loan.amount_fen)
        first = rows[0]
        assert first.due_on is not None
        emit(
            LoanDrawn(
                company_id=company_id,
                number=loan.number,
                amount_fen=loan.amount_fen,
                day=first.due_on.isoformat(),
                due_fen=first.payment.fen,
            )
        )
    return loan


def planned(loan: Loan, drawn_on: date) -> tuple[Instalment, ...]:
    """The schedule of a loan that is drawn on a day."""
    rate = Rate(Fraction(loan.daily_rate), by_day=True)
    amount, method = Money(loan.amount_fen), Method(loan.method)
    return schedule(amount, rate, loan.months, method, Basis(loan.basis), drawn_on)


def lapse(subject: str) -> None:
    """Nobody drew what was approved."""
    with transaction.atomic():
        _line, loan = lock_loan(subject.removeprefix(SUBJECT))
        if loan.state == _S.APPROVED:
            loan.state = loan_after(loan.state, "lapse")
            loan.ended_at = clock.now()
            loan.save(update_fields=["state", "ended_at"])


def _take_limit(company_id: int, line: LoanLine, loan: Loan, today: date) -> None:
    amount = Money(loan.amount_fen)
    decided, offer = decide(company_id, line, amount, today)
    limit, used = Money(decided["limit_fen"]), Money(line.used_fen)
    if decided["refused"] == "overdue":
        raise LoanOverdueFirst(due=used)
    if offer is None or used + amount > limit:
        free = max(limit - used, Money(0))
        raise LoanLimitExceeded(limit=limit, used=used, free=free, amount=amount)
    line.limit_fen, line.over_fen = limit.fen, 0
    line.used_fen = used.fen + amount.fen
    line.save(update_fields=["limit_fen", "over_fen", "used_fen"])


def _kept(loan: Loan, rows: tuple[Instalment, ...], drawn_on: date) -> list[LoanInstalment]:
    since, found = drawn_on, []
    for row in rows:
        assert row.due_on is not None
        found.append(
            LoanInstalment(
                loan=loan,
                number=row.number,
                since=since,
                due_on=row.due_on,
                days=row.days,
                opening_fen=row.opening.fen,
                principal_fen=row.principal.fen,
                interest_fen=row.interest.fen,
                penalty_until=row.due_on,
            )
        )
        since = row.due_on
    return found


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
