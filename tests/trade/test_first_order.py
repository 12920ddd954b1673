"""First-order protection: what can be claimed, by whom, until when; who pays, within which limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from pifa.benefits.labels import FIRST_ORDER_PROTECTION
from pifa.finance.errors import BenefitNotHeld, ProtectionExhausted
from pifa.finance.models import ProtectionYear
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.trade import commands
from pifa.trade.errors import (
    AlreadyClaimed,
    InvalidAmount,
    MissingText,
    NothingToClaim,
    NotTheFirstOrder,
)
from pifa.trade.first_order import rules
from pifa.trade.first_order.commands import claim_first_order, decide_first_order
from pifa.trade.first_order.queries import (
    first_order_claim,
    first_order_claims,
    first_order_cover,
)
from pifa.trade.first_order.rules import CaseFacts
from pifa.trade.models import FirstOrderClaim, Order
from tests.catalog import market as goods
from tests.finance.conftest import grant, take_grants
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan


@pytest.fixture
def covered(trading: Trading) -> Trading:
    """A buyer whose first order is covered up to ¥200.00."""
    grant(trading.buyer.pk, FIRST_ORDER_PROTECTION, limit="200.00")
    return trading


def refused(trading: Trading, order: Order, amount: str = "50.00", kind: str = "money") -> str:
    case = commands.ask_refund(trading.buying, order.number, kind, yuan(amount), "少发")
    commands.answer_refund(trading.selling, case, accept=False, answer="已发足")
    return case


def balance(trading: Trading) -> Money:
    return ledger.balance(trading.buyer.pk, AccountKind.BALANCE)


def losses(trading: Trading, order: Order) -> list[tuple[str, Money]]:
    cover = first_order_cover(trading.buying, order.number)
    assert cover is not None
    return [(loss.kind, loss.most) for loss in cover.losses]


def test_a_refused_refund_is_made_good_by_the_market(covered: Trading) -> None:
    order = covered.shipped(1000)
    assert losses(covered, order) == []
    refused(covered, order)
    assert losses(covered, order) == [("refused", yuan("50.00"))]
    number = claim_first_order(covered.buying, order.number, "refused", yuan("40.00"), "少了两箱")
    decide_first_order(covered.operator, number, approve=True, reason="属实")
    assert balance(covered) == yuan("40.00")
    assert ledger.balance(None, AccountKind.PROTECTION) == yuan("40.00")
    assert [entry.words for entry in ledger.entries(f"claim:{number}")] == [
        "首单交易无忧赔付，进入买家余额"
    ]
    assert covered.order(order.number).refunded_fen == 0
    cover = first_order_cover(covered.buying, order.number)
    assert cover is not None
    assert cover.claim is not None
    assert (cover.claim.state, cover.claim.paid) == ("approved", yuan("40.00"))
    deliver()
    (told,) = Notice.objects.filter(kind="first_order_decided")
    assert told.company_id == covered.buyer.pk
    assert "¥40.00" in wording(told.kind, told.params).body
    actions = AuditEntry.objects.filter(subject=f"claim:{number}").values_list("action", flat=True)
    assert list(actions) == ["first_order.claim", "first_order.decide"]


def test_an_operator_refuses_with_a_reason_or_pays_a_part(covered: Trading) -> None:
    order = covered.shipped(1000)
    refused(covered, order)
    number = claim_first_order(covered.buying, order.number, "refused", yuan("50.00"), "少发")
    with pytest.raises(MissingText):
        decide_first_order(covered.operator, number, approve=False, reason=" ")
    with pytest.raises(InvalidAmount):
        decide_first_order(covered.operator, number, True, "", yuan("50.01"))
    decide_first_order(covered.operator, number, True, "按一箱计", yuan("20.00"))
    assert balance(covered) == yuan("20.00")
    for approve in (True, False):
        with pytest.raises(WrongState):
            decide_first_order(covered.operator, number, approve, "再来")
    with pytest.raises(NotFound):
        decide_first_order(covered.operator, "G0", approve=True, reason="")


def test_a_refusal_is_told_with_its_reason(covered: Trading) -> None:
    order = covered.shipped(1000)
    refused(covered, order)
    number = claim_first_order(covered.buying, order.number, "refused", yuan("50.00"), "少发")
    decide_first_order(covered.operator, number, approve=False, reason="签收单齐全")
    assert balance(covered) == Money(0)
    deliver()
    (told,) = Notice.objects.filter(kind="first_order_decided")
    assert "签收单齐全" in wording(told.kind, told.params).body


def test_disputes_that_were_not_granted_in_full(covered: Trading) -> None:
    order = covered.shipped(1000)
    case = refused(covered, order, "150.00")
    commands.open_dispute(covered.buying, case, "有照片")
    assert losses(covered, order) == []
    commands.rule_dispute(covered.operator, case, "partly", "各担一半", yuan("90.00"))
    assert losses(covered, order) == [("dispute", yuan("60.00"))]
    second = refused(covered, order, "100.00")
    commands.open_dispute(covered.buying, second, "有照片")
    commands.rule_dispute(covered.operator, second, "seller", "证据不足")
    assert losses(covered, order) == [("dispute", yuan("100.00"))]


def test_a_dispute_ruled_for_the_buyer_is_no_loss(covered: Trading) -> None:
    order = covered.shipped(1000)
    case = refused(covered, order)
    commands.open_dispute(covered.buying, case, "有照片")
    commands.rule_dispute(covered.operator, case, "buyer", "属实")
    assert losses(covered, order) == []


def test_return_freight_is_covered_up_to_the_limit(covered: Trading) -> None:
    order = covered.shipped(1000)
    case = commands.ask_refund(covered.buying, order.number, "return", yuan("310.00"), "发错")
    commands.answer_refund(covered.selling, case, accept=True)
    commands.send_return(covered.buying, case, "T9")
    assert losses(covered, order) == []
    commands.confirm_return(covered.selling, case)
    assert covered.order(order.number).status == "closed"
    assert losses(covered, order) == [("freight", yuan("200.00"))]


def test_a_refusal_that_lapsed_counts_and_one_taken_back_does_not(
    covered: Trading, market_clock: MarketClock
) -> None:
    order = covered.shipped(1000)
    first = refused(covered, order)
    commands.withdraw_refund(covered.buying, first)
    assert losses(covered, order) == []
    refused(covered, order, "60.00")
    deadlines.run_due(market_clock.forward(days=4))
    assert losses(covered, order) == [("refused", yuan("60.00"))]


def test_it_is_claimed_in_time_or_not_at_all(covered: Trading, market_clock: MarketClock) -> None:
    order = covered.shipped(1000)
    refused(covered, order)
    market_clock.forward(days=15)
    assert losses(covered, order)
    market_clock.forward(minutes=1)
    assert losses(covered, order) == []
    with pytest.raises(NothingToClaim):
        claim_first_order(covered.buying, order.number, "refused", yuan("1.00"), "少发")


def test_once_and_for_the_first_paid_order_only(covered: Trading) -> None:
    unpaid = covered.place(100)
    first, second = covered.shipped(1000), covered.shipped(1000)
    for order in (first, second):
        refused(covered, order)
    for other in (second, unpaid):
        with pytest.raises(NotTheFirstOrder):
            claim_first_order(covered.buying, other.number, "refused", yuan("1.00"), "少发")
    assert first_order_cover(covered.buying, second.number) is None
    claim_first_order(covered.buying, first.number, "refused", yuan("1.00"), "少发")
    with pytest.raises(AlreadyClaimed):
        claim_first_order(covered.buying, first.number, "refused", yuan("1.00"), "少发")


def test_the_benefit_held_then_or_now_covers(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.shipped(1000)
    refused(trading, order)
    assert first_order_cover(trading.buying, order.number) is None
    with pytest.raises(BenefitNotHeld):
        claim_first_order(trading.buying, order.number, "refused", yuan("1.00"), "少发")
    grant(trading.buyer.pk, FIRST_ORDER_PROTECTION, limit="30.00")
    assert losses(trading, order) == [("refused", yuan("30.00"))]
    market_clock.forward(days=2)
    take_grants(trading.buyer.pk)
    assert losses(trading, order) == [("refused", yuan("30.00"))]
    with pytest.raises(InvalidAmount):
        claim_first_order(trading.buying, order.number, "refused", yuan("30.01"), "少发")


def test_a_grant_that_names_no_limit_has_the_markets(trading: Trading) -> None:
    grant(trading.buyer.pk, FIRST_ORDER_PROTECTION)
    cover = first_order_cover(trading.buying, trading.paid().number)
    assert cover is not None
    assert cover.limit == Money(settings.MARKET["first_order_limit_fen"])


def test_who_claims_and_who_decides(covered: Trading) -> None:
    order = covered.shipped(1000)
    refused(covered, order)
    stranger = goods.actor(goods.seller())
    for actor, refusal in (
        (covered.selling, Forbidden),
        (covered.operator, Forbidden),
        (goods.actor(covered.buyer, Role.FINANCE), Forbidden),
        (stranger, NotFound),
    ):
        with pytest.raises(refusal):
            claim_first_order(actor, order.number, "refused", yuan("1.00"), "少发")
    for actor in (covered.selling, stranger):
        with pytest.raises(NotFound):
            first_order_cover(actor, order.number)
    number = claim_first_order(covered.buying, order.number, "refused", yuan("1.00"), "少发")
    for actor in (covered.buying, covered.selling):
        with pytest.raises(Forbidden):
            decide_first_order(actor, number, approve=True, reason="")
        with pytest.raises(Forbidden):
            first_order_claims(actor)
    assert [row.number for row in first_order_claims(covered.operator).items] == [number]
    decide_first_order(covered.operator, number, approve=True, reason="")
    assert first_order_claims(covered.operator).items == []
    (row,) = first_order_claims(covered.operator, waiting=False).items
    assert row == first_order_claim(covered.operator, number)


def test_the_year_has_a_limit(
    covered: Trading, monkeypatch: pytest.MonkeyPatch, market_clock: MarketClock
) -> None:
    monkeypatch.setitem(settings.MARKET, "protection_year_fen", 60_00)
    ProtectionYear.objects.create(year=clock.today().year, paid_fen=0)
    order = covered.shipped(1000)
    refused(covered, order, "61.00")
    number = claim_first_order(covered.buying, order.number, "refused", yuan("61.00"), "少发")
    with pytest.raises(ProtectionExhausted) as said:
        decide_first_order(covered.operator, number, approve=True, reason="")
    assert said.value.figures["left"] == yuan("60.00")
    assert first_order_claim(covered.operator, number).state == "waiting"
    assert balance(covered) == Money(0)
    decide_first_order(covered.operator, number, True, "", yuan("60.00"))
    assert ProtectionYear.objects.get().paid_fen == 60_00


def test_a_new_year_begins_anew(
    covered: Trading, monkeypatch: pytest.MonkeyPatch, market_clock: MarketClock
) -> None:
    monkeypatch.setitem(settings.MARKET, "protection_year_fen", 60_00)
    ProtectionYear.objects.create(year=2025, paid_fen=0)
    market_clock.set(datetime(2026, 12, 31, 23, 50, tzinfo=clock.zone()))
    order = covered.shipped(1000)
    refused(covered, order)
    number = claim_first_order(covered.buying, order.number, "refused", yuan("50.00"), "少发")
    market_clock.forward(minutes=20)
    decide_first_order(covered.operator, number, approve=True, reason="")
    assert dict(ProtectionYear.objects.values_list("year", "paid_fen")) == {2025: 0, 2027: 50_00}
    assert ledger.check() == []


@pytest.mark.cooked_books
def test_the_check_finds_cooked_claims_and_years(covered: Trading) -> None:
    order = covered.shipped(1000)
    refused(covered, order)
    number = claim_first_order(covered.buying, order.number, "refused", yuan("50.00"), "少发")
    decide_first_order(covered.operator, number, approve=True, reason="")
    FirstOrderClaim.objects.update(paid_fen=49_00)
    assert [row.code for row in ledger.check()] == ["claim"]
    FirstOrderClaim.objects.all().delete()
    assert [row.code for row in ledger.check()] == ["claim"]
    ProtectionYear.objects.update(paid_fen=1)
    assert "protection" in {row.code for row in ledger.check()}
    ProtectionYear.objects.all().delete()
    assert "payments of years that have no row" in {row.what for row in ledger.check()}


def test_the_database_holds_the_limits(covered: Trading) -> None:
    order = covered.shipped(1000)
    refused(covered, order)
    claim_first_order(covered.buying, order.number, "refused", yuan("50.00"), "少发")
    for change in (
        {"asked_fen": 200_01},
        {"state": "approved", "decided_at": clock.now()},
        {"state": "refused", "decided_at": clock.now(), "reason": ""},
        {"paid_fen": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FirstOrderClaim.objects.update(**change)


money = st.integers(0, 10**6).map(Money)
moments = st.one_of(
    st.none(),
    st.integers(0, 1000).map(
        lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)
    ),
)
cases = st.lists(
    st.builds(
        CaseFacts,
        is_return=st.booleans(),
        asked=money,
        granted=st.just(Money(0)),
        is_paid=st.booleans(),
        ended_at=moments,
        refused_at=moments,
        verdict=st.sampled_from(["", "buyer", "partly", "seller", "withdrawn"]),
        decided_at=moments,
    ),
    max_size=5,
)


@given(cases, money)
def test_losses_are_within_the_limit_and_one_of_a_kind(
    found: list[CaseFacts], limit: Money
) -> None:
    told = rules.losses(found, limit)
    assert len({loss.kind for loss in told}) == len(told)
    for loss in told:
        assert Money(0) < loss.most <= limit
        since = {case.refused_at for case in found} | {case.decided_at for case in found}
        assert loss.since in since | {case.ended_at for case in found}
    if not any(case.is_return and case.is_paid for case in found):
        assert rules.FREIGHT not in {loss.kind for loss in told}
