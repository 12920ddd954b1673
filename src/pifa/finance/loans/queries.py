"""What a company reads of its loans: how much, at which rate, why; schedules; what early costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.loans import book, costs, words
from pifa.finance.loans.book import CouponTerms, Terms
from pifa.finance.loans.costs import Row, Whole
from pifa.finance.loans.models import InterestCoupon, Loan, LoanInstalment, LoanLine
from pifa.finance.loans.rules import Basis, Instalment, Method, Rate, schedule
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, page_size, read_cursor, write_cursor
from pifa.rulebook.rules import Step
from pifa.standing.labels import named
from pifa.standing.queries import LadderStory, tell_ladder

_S = Loan.State
RUNS = (_S.RUNNING.value, _S.OVERDUE.value, _S.DEFAULTED.value)


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step of the ladder by name, with what it brings."""

    name: str
    limit: Money
    rate: str


@dataclass(frozen=True, slots=True)
class LoanOffer:
    """How much a company may borrow today and why. `step` is None below the first.

    `story` tells what keeps the step and what the next asks; `blocked` why nothing can be drawn.
    """

    day: date
    effective: date
    step: StepOffer | None
    next: StepOffer | None
    daily: Decimal
    limit: Money
    used: Money
    free: Money
    blocked: str
    story: LadderStory
    terms: Terms


@dataclass(frozen=True, slots=True)
class InstalmentView:
    """An instalment as it is: asked, paid, and whether it is due."""

    number: int
    due_on: date
    days: int
    opening: Money
    early: Money
    principal: Money
    interest: Money
    coupon: Money
    penalty: Money
    paid: Money
    open: Money
    state: str
    state_label: str


@dataclass(frozen=True, slots=True)
class CouponView:
    """A loan's interest coupon."""

    amount: Money
    used: Money
    state: str
    state_label: str
    from_instalment: int
    credit_on: date
    until: date


@dataclass(frozen=True, slots=True)
class LoanPaymentView:
    """What was taken for a loan at once."""

    at: datetime
    what_label: str
    penalty: Money
    interest: Money
    principal: Money
    coupon: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class LoanView:
    """A loan with its words."""

    number: str
    company_id: int
    company_name: str
    state: str
    state_label: str
    amount: Money
    owed: Money
    due: Money
    months: int
    method: str
    method_label: str
    basis: str
    basis_label: str
    daily_rate: Decimal
    rate: str
    applied_at: datetime
    offer_until: date | None
    drawn_on: date | None
    next_due: date | None
    why_refused: str
    step: str


@dataclass(frozen=True, slots=True)
class LoanDetail:
    """A loan with everything about it."""

    loan: LoanView
    instalments: tuple[InstalmentView, ...]
    payments: tuple[LoanPaymentView, ...]
    coupon: CouponView | None
    may_ask_coupon: bool


def loan_offer(actor: Actor) -> LoanOffer:
    """How much, at which rate, why; owner or finance role."""
    company_id = policies.handles_money(actor)
    today = clock.today()
    rules = book.book_on(today)
    terms = book.terms_on(today)
    story, _figures = tell_ladder(company_id, "loan", rules.ladders[book.LADDER], today)
    offer = book.offer_of(story.held, terms.most)
    line = LoanLine.objects.filter(company=company_id).first()
    used = Money(line.used_fen if line else 0)
    limit = offer.limit if offer else Money(0)
    late = Loan.objects.filter(company=company_id, state__in=["overdue", "defaulted"]).exists()
    blocked = ""
    if offer is None:
        blocked = words.why_refused({"refused": "no_step"})
    elif late:
        blocked = words.why_refused({"refused": "overdue"})
    return LoanOffer(
        day=today,
        effective=rules.effective,
        step=_step_offer(story.held, terms),
        next=_step_offer(story.next, terms),
        daily=_decimal(offer.daily) if offer else Decimal(0),
        limit=limit,
        used=used,
        free=Money(0) if blocked else max(limit - used, Money(0)),
        blocked=blocked,
        story=story,
        terms=terms,
    )


@dataclass(frozen=True, slots=True)
class TermsToday:
    """What a page says of every loan: how many times the rate lateness costs, and the coupon."""

    penalty: str
    coupon: CouponTerms


def terms_today() -> TermsToday:
    """The rulebook's terms of today."""
    today = clock.today()
    factor = _decimal(book.terms_on(today).penalty_factor)
    return TermsToday(f"{factor.normalize():f}", book.coupon_on(today))


def loan_schedule(
    amount: Money, months: int, method: str, basis: str, daily: Decimal
) -> tuple[Instalment, ...]:
    """What a loan drawn today would cost, instalment by instalment; `InvalidInput`."""
    try:
        rate = Rate(Fraction(daily), by_day=True)
        kinds = Method(method), Basis(basis)
        return schedule(amount, rate, months, *kinds, clock.today())
    except ValueError as error:
        raise InvalidInput(field="amount", reason=_("金额须大于 0，每期至少 1 分。")) from error


def loans(actor: Actor) -> list[LoanView]:
    """Every loan and application of the company, the newest first."""
    company_id = policies.handles_money(actor)
    rows = _with_sums(Q(company=company_id))
    return [_view(row) for row in rows.order_by("-pk")[:100]]


def loan(actor: Actor, number: str) -> LoanDetail:
    """One loan, for its company's owner or finance role, or the market; else `NotFound`."""
    row = _with_sums(Q(number=number) & _own(actor)).first()
    if row is None:
        raise NotFound
    today = clock.today()
    coupon = InterestCoupon.objects.filter(loan=row).first()
    return LoanDetail(
        loan=_view(row),
        instalments=tuple(_instalment(one, today) for one in row.instalments.order_by("number")),
        payments=tuple(
            LoanPaymentView(
                at=paid.at,
                what_label=str(paid.get_what_display()),
                penalty=Money(paid.penalty_fen),
                interest=Money(paid.interest_fen),
                principal=Money(paid.principal_fen),
                coupon=Money(paid.coupon_fen),
                amount=Money(paid.penalty_fen + paid.interest_fen + paid.principal_fen),
            )
            for paid in row.payments.order_by("-pk")
        ),
        coupon=_coupon(coupon) if coupon else None,
        may_ask_coupon=coupon is None and row.state in RUNS,
    )


def whole_cost(actor: Actor, number: str) -> Whole:
    """What ending the loan today costs; `NotFound` unless it runs."""
    row, rows = _running(actor, number)
    return costs.whole(rows, Money(row.owed_fen), _terms(row), clock.today())


def part_preview(actor: Actor, number: str, amount: Money) -> list[Row]:
    """The coming instalments if so much of the principal came today; `InvalidInput`."""
    row, rows = _running(actor, number)
    today = clock.today()
    if costs.due_rows(rows, today) or not 0 < amount.fen < row.owed_fen:
        reason = _("提前还本须大于 0、小于剩余本金 {owed}，且没有到期未还。")
        raise InvalidInput(field="amount", reason=reason.format(owed=Money(row.owed_fen)))
    return costs.part(rows, amount, _terms(row), today)


def market_loans(
    actor: Actor, *, typed: str = "", state: str = "", cursor: str | None = None, size: int = 50
) -> Page[LoanView]:
    """Every drawn loan, those that are late first in their state's list; operators only."""
    policies.works_for_the_market(actor)
    wanted = Q(drawn_on__isnull=False)
    if state:
        wanted &= Q(state=state)
    if typed:
        wanted &= Q(company__name__icontains=typed) | Q(number=typed) | Q(company__login=typed)
    rows = _with_sums(wanted).order_by("-pk")
    if cursor:
        (last,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last)
    found = list(rows[: page_size(size) + 1])
    shown = found[: page_size(size)]
    following = write_cursor(shown[-1].pk) if len(found) > len(shown) else None
    return Page([_view(row) for row in shown], following)


def market_loan_sums(actor: Actor) -> dict[str, tuple[int, Money]]:
    """How many loans are in each state, and what is owed of them; operators only."""
    policies.works_for_the_market(actor)
    found: dict[str, tuple[int, Money]] = {}
    for state in (*RUNS, _S.REPAID.value):
        rows = Loan.objects.filter(state=state)
        owed = rows.aggregate(fen=Sum("owed_fen"))["fen"] or 0
        found[state] = (rows.count(), Money(owed))
    return found


def _own(actor: Actor) -> Q:
    if actor.is_operator or actor.is_system:
        return Q()
    return Q(company=policies.handles_money(actor))


def _running(actor: Actor, number: str) -> tuple[Loan, list[LoanInstalment]]:
    row = Loan.objects.filter(Q(number=number, state__in=RUNS) & _own(actor)).first()
    if row is None:
        raise NotFound
    return row, list(row.instalments.order_by("number"))


def _with_sums(wanted: Q) -> QuerySet[Loan]:
    today = clock.today()
    open_ = Q(instalments__settled_on=None, instalments__due_on__lte=today)
    due = (
        F("instalments__principal_fen")
        + F("instalments__interest_fen")
        + F("instalments__penalty_fen")
        - F("instalments__coupon_fen")
        - F("instalments__paid_principal_fen")
        - F("instalments__paid_interest_fen")
        - F("instalments__paid_penalty_fen")
    )
    return (
        Loan.objects.filter(wanted)
        .select_related("company")
        .annotate(due_fen=Sum(due, filter=open_))
    )


def _view(row: Loan) -> LoanView:
    coming = row.instalments.filter(settled_on=None).order_by("number").first()
    return LoanView(
        number=row.number,
        company_id=row.company_id,
        company_name=row.company.name,
        state=row.state,
        state_label=str(row.get_state_display()),
        amount=Money(row.amount_fen),
        owed=Money(row.owed_fen),
        due=Money(getattr(row, "due_fen", 0) or 0),
        months=row.months,
        method=row.method,
        method_label=str(words.METHODS[row.method]),
        basis=row.basis,
        basis_label=str(words.BASES[row.basis]),
        daily_rate=row.daily_rate,
        rate=words.rate_words(row.daily_rate),
        applied_at=row.applied_at,
        offer_until=row.offer_until,
        drawn_on=row.drawn_on,
        next_due=coming.due_on if coming else None,
        why_refused=words.why_refused(row.decided),
        step=str(row.decided.get("step", "")),
    )


def _instalment(row: LoanInstalment, today: date) -> InstalmentView:
    if row.settled_on is not None:
        state, label = "paid", _("已还")
    elif row.due_on < today:
        state, label = "overdue", _("逾期")
    elif row.due_on == today:
        state, label = "due", _("今天扣款")
    else:
        state, label = "coming", _("未到期")
    return InstalmentView(
        number=row.number,
        due_on=row.due_on,
        days=row.days,
        opening=Money(row.opening_fen),
        early=Money(row.early_fen),
        principal=Money(row.principal_fen),
        interest=Money(row.interest_fen),
        coupon=Money(row.coupon_fen),
        penalty=Money(row.penalty_fen),
        paid=Money(row.paid_principal_fen + row.paid_interest_fen + row.paid_penalty_fen),
        open=Money(row.open_fen),
        state=state,
        state_label=label,
    )


def _coupon(row: InterestCoupon) -> CouponView:
    return CouponView(
        amount=Money(row.amount_fen),
        used=Money(row.used_fen),
        state=row.state,
        state_label=str(row.get_state_display()),
        from_instalment=row.from_instalment,
        credit_on=row.credit_on,
        until=row.until,
    )


def _step_offer(step: Step | None, terms: Terms) -> StepOffer | None:
    offer = book.offer_of(step, terms.most)
    if step is None or offer is None:
        return None
    return StepOffer(named(step), offer.limit, words.rate_words(_decimal(offer.daily)))


def _terms(row: Loan) -> costs.Terms:
    return costs.Terms(Fraction(row.daily_rate), Basis(row.basis))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
