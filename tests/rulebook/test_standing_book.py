"""The shipped rulebook `standing` says what the market's rules say."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pifa
from pifa.demo.plan import standing as plan
from pifa.demo.vocabulary import MedalSystem
from pifa.rulebook.loading import load
from pifa.rulebook.rules import Book, Figure, Ratio, granted, held, score
from tests.rulebook.words import WORDS

YUAN = 100
LADDERS = {
    MedalSystem.CONSUMER_1: "medal_consumer_1",
    MedalSystem.CONSUMER_2: "medal_consumer_2",
    MedalSystem.NON_CONSUMER: "medal_non_consumer",
}


@cache
def book() -> Book:
    shipped = Path(pifa.__file__).parent / "rulebooks"
    return load(shipped, WORDS).on("standing", date(2026, 3, 2))


def band(**now: Figure) -> str:
    return score(book().scorecards["credit"], now).band.name


def level(**now: Figure) -> str:
    step = held(book().ladders["buyer_level"], now)
    assert step is not None
    return step.code


def tier(**now: Figure) -> str | None:
    step = held(book().ladders["seller_tier"], now)
    return step.code if step else None


def medal(system: MedalSystem, **now: Figure) -> int:
    step = held(book().ladders[LADDERS[system]], now)
    return step.rank if step else 0


# ------------------------------------------------------------------------------ buyer levels
@given(st.integers(0, 150), st.integers(0, 200_000), st.integers(0, 6))
def test_a_level_needs_both_lower_bounds_and_the_band(orders: int, yuan: int, rank: int) -> None:
    bounds = zip(plan.LEVEL_ORDERS, plan.LEVEL_MONEY, strict=True)
    wanted = max(
        number
        for number, (few, money) in enumerate(bounds)
        if orders >= few and yuan >= money and rank >= number
    )
    assert level(orders_30d=orders, spend_30d=yuan * YUAN, credit_rank=rank) == f"LEVEL-{wanted}"


@pytest.mark.parametrize(
    ("completed", "name"),
    [
        (0, "较少"), (1, "偏少"), (4, "偏少"), (5, "一般"), (9, "一般"), (10, "较好"), (14, "较好"),
        (15, "良好"), (29, "良好"), (30, "优秀"), (300, "优秀"),
    ],
)  # fmt: skip
def test_completed_orders_alone_lead_up_to_excellent(completed: int, name: str) -> None:
    assert band(completed_90d=completed) == name


@given(st.integers(100, 10_000), st.integers(100_000, 10**8))
def test_a_busy_clean_buyer_is_outstanding(orders: int, yuan: int) -> None:
    now: dict[str, Figure] = {"orders_30d": orders, "spend_30d": yuan * YUAN}
    now["completed_90d"] = orders
    assert band(**now) == "极好"
    assert level(**now, credit_rank=6) == "LEVEL-6"


@given(st.integers(0, 59), st.integers(0, 10**7), st.integers(0, 400))
def test_nobody_is_outstanding_by_money_and_old_orders_alone(
    orders: int, yuan: int, completed: int
) -> None:
    assert band(orders_30d=orders, spend_30d=yuan * YUAN, completed_90d=completed) != "极好"


COUNTED = ("completed_90d", "orders_30d", "spend_30d", "repaid_on_time_90d")
HELD_AGAINST = ("disputes_lost_90d", "refunds_90d", "overdue_days_90d")


@given(
    st.dictionaries(st.sampled_from(COUNTED + HELD_AGAINST), st.integers(0, 10**8)),
    st.sampled_from(COUNTED + HELD_AGAINST),
    st.integers(0, 10**8),
)
def test_the_score_rises_with_good_trade_and_falls_with_bad(
    now: dict[str, Figure], metric: str, more: int
) -> None:
    card = book().scorecards["credit"]
    before = score(card, now)
    after = score(card, {**now, metric: int(now.get(metric) or 0) + more})  # type: ignore[arg-type]
    assert 0 <= before.points <= 100
    assert before.band.low <= before.points <= before.band.high
    if metric in COUNTED:
        assert after.points >= before.points
    else:
        assert after.points <= before.points


def test_disputes_and_overdue_days_bring_a_good_buyer_down() -> None:
    assert band(completed_90d=20, overdue_days_90d=0) == "良好"
    assert band(completed_90d=20, overdue_days_90d=10) == "较好"
    assert band(completed_90d=20, disputes_lost_90d=4) == "较好"
    assert band(completed_90d=20, disputes_lost_90d=9, overdue_days_90d=40) == "较少"


# ------------------------------------------------------------------------------ medals
@given(
    st.sampled_from(list(LADDERS)),
    st.sampled_from((-1, 0, 1)) | st.integers(0, 120_000_000),
    st.integers(0, 45),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from((40, 1_700, 10_000)),
)
def test_a_medal_is_the_highest_of_which_everything_holds(
    system: MedalSystem, fen: int, buyers: int, member: bool, disputes: int, orders: int
) -> None:
    limit = 8 if system is MedalSystem.NON_CONSUMER else 6
    calm = disputes == 1 or disputes * 10_000 <= limit * orders
    wanted = 0
    for number in range(1, 6):
        sales = plan.MEDAL_SALES[system][number - 1] * YUAN
        reached = fen > 0 if number == 1 else fen >= sales
        if number > 1 and buyers < plan.MEDAL_BUYERS[system][number - 1]:
            reached = reached and number == 2 and system is not MedalSystem.NON_CONSUMER
        if number >= 3:
            reached = reached and calm and (member or system is MedalSystem.NON_CONSUMER)
        wanted = number if reached else wanted
    assert wanted == medal(
        system,
        sales_30d=fen,
        buyers_30d=buyers,
        member=member,
        disputes_90d=disputes,
        dispute_rate_90d=Ratio(disputes, orders),
    )


# ------------------------------------------------------------------------------ tiers
CORE: dict[str, Figure] = {
    "medal": 3,
    "tradable_offers": 12,
    "mobile_shop": True,
    "sales_30d": 1,
    "last_backend_login": 7,
    "last_chat_reply": 7,
    "corporate_transfer": False,
    "ka_certified": False,
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "TIER-CORE"),
        ({"last_chat_reply": 8}, "TIER-ACTIVE"),
        ({"last_chat_reply": None}, "TIER-ACTIVE"),
        ({"medal": 2}, "TIER-ACTIVE"),
        ({"last_backend_login": 8}, "TIER-PROSPECT"),
        ({"tradable_offers": 0}, "TIER-PROSPECT"),
        ({"mobile_shop": False}, "TIER-PROSPECT"),
        ({"medal": 1}, "TIER-PROSPECT"),
        ({"medal": 0}, None),
        ({"medal": 5}, "TIER-CORE"),
        ({"medal": 5, "corporate_transfer": True}, "TIER-KA"),
        ({"medal": 5, "corporate_transfer": True, "last_backend_login": None}, "TIER-KA"),
        ({"medal": 4, "corporate_transfer": True}, "TIER-CORE"),
        ({"medal": 1, "corporate_transfer": True, "ka_certified": True}, "TIER-KA"),
        # A shop below 1A has no tier, whatever an operator certified (standing.md, decision).
        (
            {"medal": 0, "sales_30d": 0, "corporate_transfer": True, "ka_certified": True},
            None,
        ),
        ({"medal": 0, "ka_certified": True}, None),
    ],
)
def test_a_tier_stands_on_those_below_and_ka_alone(
    change: dict[str, Figure], code: str | None
) -> None:
    assert tier(**{**CORE, **change}) == code


# ------------------------------------------------------------------------------ benefits
@pytest.mark.parametrize(
    ("ladder", "rank", "member", "codes"),
    [
        ("medal_consumer_1", 1, True, {"search_boost"}),
        ("medal_consumer_2", 2, True, {"search_boost", "instant_payout"}),
        ("medal_consumer_2", 5, True, {"search_boost", "instant_payout"}),
        ("medal_consumer_1", 5, False, set()),
        ("medal_non_consumer", 1, True, {"search_boost", "recommended"}),
        (
            "medal_non_consumer", 3, True,
            {"search_boost", "recommended", "instant_payout", "industry_benefits"},
        ),
        (
            "medal_non_consumer", 4, True,
            {
                "search_boost", "recommended", "instant_payout", "industry_benefits",
                "large_withdrawals",
            },
        ),
        ("buyer_level", 0, False, {"first_order_protection", "sourcing_assistant"}),
    ],
)  # fmt: skip
def test_a_step_brings_its_benefits(ladder: str, rank: int, member: bool, codes: set[str]) -> None:
    step = book().ladders[ladder].at(rank)
    found = granted(book().grants, ladder, step, {"member": member})
    assert {rule.code for rule in found} == codes
    assert len(found) == len(codes)
    for rule in found:
        if rule.code == "search_boost":
            assert rule.value == {"boost": rank}
        if rule.code == "instant_payout":
            assert rule.value == {"fee_rate": "0.0012"}


def test_every_rule_says_where_it_comes_from() -> None:
    steps = [step for ladder in book().ladders.values() for step in ladder.steps]
    assert {step.rule_id for step in steps} == (
        {f"LEVEL-{number}" for number in range(7)}
        | {f"MEDAL-{number}" for number in range(1, 6)}
        | {"TIER-PROSPECT", "TIER-ACTIVE", "TIER-CORE", "TIER-KA"}
    )
    assert all(step.source for step in steps)
    assert all(rule.rule_id and rule.source for rule in book().grants)
