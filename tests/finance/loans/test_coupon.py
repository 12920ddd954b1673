"""The interest coupon: asked for, credited on a Monday, used from the fourth instalment, ended."""

from __future__ import annotations

from datetime import date

import pytest

from pifa.benefits import queries as benefits
from pifa.finance.loans import commands
from pifa.finance.loans.commands.applying import Wish
from pifa.finance.loans.errors import (
    CouponTaken,
)
from pifa.finance.models import PartnerAccount
from pifa.kernel.actors import Actor
from pifa.kernel.errors import WrongState
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from tests.finance.bank.conftest import fund, signed
from tests.finance.loans.conftest import draw, go
from tests.plugins.clock import MarketClock


class TestCoupon:
    def test_it_comes_on_monday_and_pays_interest_from_the_fourth_instalment(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 120_000, 12)
        fund(account, 50_000_00)
        coupon = commands.ask_coupon(owner, loan.number)  # a Wednesday
        assert (coupon.state, coupon.credit_on) == ("asked", date(2026, 4, 6))
        with pytest.raises(CouponTaken):
            commands.ask_coupon(owner, loan.number)
        go(market_clock, date(2026, 4, 6))
        coupon.refresh_from_db()
        assert (coupon.state, coupon.until) == ("credited", date(2026, 10, 6))
        assert owner.company_id is not None
        assert benefits.grant_of(owner.company_id, "interest_coupon") is not None
        go(market_clock, date(2026, 7, 1), 21)
        assert loan.instalments.get(number=3).coupon_fen == 0
        go(market_clock, date(2026, 8, 1), 21)
        fourth = loan.instalments.get(number=4)
        # ¥810 interest on ¥90,000: the coupon pays 688 of it, the company 122.
        assert (fourth.interest_fen, fourth.coupon_fen, fourth.paid_interest_fen) == (
            810_00,
            688_00,
            122_00,
        )
        coupon.refresh_from_db()
        assert (coupon.state, coupon.used_fen) == ("used", 688_00)
        assert benefits.grant_of(owner.company_id, "interest_coupon") is None
        assert ledger.check() == []

    def test_what_is_left_after_six_months_expires(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 12_000, 12)
        fund(account, 50_000_00)
        coupon = commands.ask_coupon(owner, loan.number)
        go(market_clock, date(2026, 10, 6), 1)
        coupon.refresh_from_db()
        used = sum(row.coupon_fen for row in loan.instalments.filter(number__in=[4, 5, 6]))
        assert 0 < used < 688_00
        assert (coupon.state, coupon.used_fen) == ("expired", used)
        go(market_clock, date(2026, 11, 1), 21)
        assert loan.instalments.get(number=7).coupon_fen == 0

    def test_a_loan_that_is_not_drawn_has_none(self, owner: Actor, account: PartnerAccount) -> None:
        loan = commands.apply_for_loan(owner, Wish(Money.yuan(5_000), 6))
        with pytest.raises(WrongState):
            commands.ask_coupon(owner, loan.number)

    def test_a_loan_repaid_before_monday_ends_its_coupon(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner)
        coupon = commands.ask_coupon(owner, loan.number)
        commands.repay_whole(owner, loan.number, signed(owner))
        coupon.refresh_from_db()
        assert coupon.state == "expired"
        go(market_clock, date(2026, 4, 7))
        assert not Deadline.objects.exclude(error="").exists()
