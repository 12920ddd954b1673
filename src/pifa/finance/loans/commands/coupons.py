"""Interest coupons: asked for of a drawn loan, credited on the next Monday, used by themselves."""

from __future__ import annotations

from django.db import transaction

from pifa.benefits import commands as benefits
from pifa.benefits.labels import INTEREST_COUPON
from pifa.benefits.rules import Held, Terms
from pifa.finance import policies
from pifa.finance.loans import book
from pifa.finance.loans.commands.locking import SUBJECT, lock_loan
from pifa.finance.loans.commands.planning import COUPON_DEADLINE, COUPON_END_DEADLINE
from pifa.finance.loans.early import next_monday
from pifa.finance.loans.errors import CouponTaken
from pifa.finance.loans.events import CouponCredited
from pifa.finance.loans.models import InterestCoupon, Loan
from pifa.finance.loans.rules import months_later
from pifa.finance.loans.states import coupon_after, loan_after
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit
from pifa.kernel.money import Money

_S = InterestCoupon.State


def ask_coupon(actor: Actor, number: str) -> InterestCoupon:
    """Ask for the interest coupon of a drawn loan; it is credited on the next Monday.

    Owner or finance role. `CouponTaken` for a second one: reductions are not combined;
    `WrongState` unless the loan runs.
    """
    company_id = policies.handles_money(actor)
    today = clock.today()
    terms = book.coupon_on(today)
    with transaction.atomic():
        _line, loan = lock_loan(number, company_id)
        loan_after(loan.state, "collect")
        if InterestCoupon.objects.filter(loan=loan).exists():
            raise CouponTaken
        monday = next_monday(today)
        coupon = InterestCoupon.objects.create(
            loan=loan,
            amount_fen=terms.amount.fen,
            from_instalment=terms.from_instalment,
            asked_at=clock.now(),
            credit_on=monday,
            until=months_later(monday, terms.valid_months),
        )
        subject = SUBJECT + loan.number
        deadlines.set_deadline(COUPON_DEADLINE, subject, clock.start_of_day(monday))
        audit.record(actor, "loan.coupon", subject, amount_fen=terms.amount.fen)
    return coupon


def credit(subject: str) -> None:
    """Monday: the coupon may be used, and is held as a benefit."""
    with transaction.atomic():
        _line, loan = lock_loan(subject.removeprefix(SUBJECT))
        coupon = InterestCoupon.objects.get(loan=loan)
        coupon.state = coupon_after(coupon.state, "credit")
        coupon.save(update_fields=["state"])
        deadlines.set_deadline(COUPON_END_DEADLINE, subject, clock.start_of_day(coupon.until))
        _sync(loan, coupon)
        emit(
            CouponCredited(
                company_id=loan.company_id,
                number=loan.number,
                amount_fen=coupon.amount_fen,
                instalment=coupon.from_instalment,
                day=coupon.until.isoformat(),
            )
        )


def expire(subject: str) -> None:
    """Its months are over."""
    with transaction.atomic():
        _line, loan = lock_loan(subject.removeprefix(SUBJECT))
        coupon = InterestCoupon.objects.get(loan=loan)
        if coupon.state == _S.CREDITED:
            coupon.state = coupon_after(coupon.state, "expire")
            coupon.save(update_fields=["state"])
            _sync(loan, coupon)


def usable_coupon(loan: Loan, instalment: int) -> InterestCoupon | None:
    """The coupon that pays interest of an instalment today, if there is one; the loan is locked."""
    today = clock.today()
    found = InterestCoupon.objects.filter(
        loan=loan,
        state=_S.CREDITED,
        from_instalment__lte=instalment,
        credit_on__lte=today,
        until__gt=today,
    )
    return found.first()


def use(coupon: InterestCoupon, interest_fen: int) -> int:
    """Pay so much interest of it, as far as it reaches; how much it paid."""
    part = min(interest_fen, coupon.amount_fen - coupon.used_fen)
    coupon.used_fen += part
    whole = coupon.used_fen == coupon.amount_fen
    coupon.state = coupon_after(coupon.state, "use_up" if whole else "use")
    coupon.save(update_fields=["used_fen", "state"])
    if whole:
        _sync(coupon.loan, coupon)
    return part


def end_with(loan: Loan) -> None:
    """What is left of a coupon ends with its loan."""
    coupon = InterestCoupon.objects.filter(loan=loan, state__in=[_S.ASKED, _S.CREDITED]).first()
    if coupon is not None:
        coupon.state = coupon_after(coupon.state, "expire")
        coupon.save(update_fields=["state"])
        _sync(loan, coupon)


def _sync(loan: Loan, coupon: InterestCoupon) -> None:
    held: dict[Held, Terms] = {}
    if coupon.state == _S.CREDITED:
        value = {"amount": str(Money(coupon.amount_fen).decimal), "loan": loan.number}
        held[Held(loan.company_id, INTEREST_COUPON)] = Terms(
            value, rule_id="LOAN-COUPON", reason={"loan": loan.number}
        )
    benefits.sync(f"coupon:{loan.number}", clock.today(), held, [loan.company_id])
