"""Plans of staged payment: what is accepted, and the cell of the goods sheet that tells one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.catalog import commands, problems, queries
from pifa.catalog.goods_sheet.cells import CellError
from pifa.catalog.goods_sheet.plans import read_plan, write_plan
from pifa.catalog.models import OfferStagedPlan
from pifa.catalog.problems import Unacceptable
from pifa.catalog.rules import StagedPlan, check_plan, shared_plan
from tests.catalog import market as goods

SHARE = StagedPlan(production_days=15, balance_days=7, deposit_bp=3_000)
AMOUNT = StagedPlan(production_days=20, balance_days=3, deposit_fen=500_00, keeper="buyer")
plans = st.builds(
    StagedPlan,
    production_days=st.integers(1, 180),
    balance_days=st.integers(1, 30),
    deposit_bp=st.integers(100, 9_900),
    keeper=st.sampled_from(["seller", "buyer"]),
) | st.builds(
    StagedPlan,
    production_days=st.integers(1, 180),
    balance_days=st.integers(1, 30),
    deposit_fen=st.integers(1, 10**10),
    keeper=st.sampled_from(["seller", "buyer"]),
)


@given(plans)
def test_a_cell_is_read_back_as_it_was_written(plan: StagedPlan) -> None:
    assert read_plan(write_plan(plan)) == plan


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("定金:30%;生产:15天", SHARE),
        ("deposit:30%;production:15;balance:7;keeper:seller", SHARE),
        ("定金：￥500；生产：20；尾款：3；定金归：买家", AMOUNT),
    ],
)
def test_a_cell_as_people_write_it(text: str, plan: StagedPlan) -> None:
    assert read_plan(text) == plan


@pytest.mark.parametrize(
    "text",
    [
        "定金:30%",
        "生产:15",
        "定金:三成;生产:15",
        "定金:101%;生产:15",
        "定金:30%;生产:十五",
        "定金:30%;生产:15;定金归:平台",
        "定金:30%;生产:15;定金:20%",
        "全款",
    ],
)
def test_a_cell_that_is_not_clear_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_plan(text)


@pytest.mark.parametrize(
    ("plan", "scene", "found"),
    [
        (None, "stock", []),
        (SHARE, "custom", []),
        (AMOUNT, "pre_sale", []),
        (SHARE, "stock", [problems.NotStaged]),
        (StagedPlan(15), "custom", [problems.OneDeposit]),
        (StagedPlan(15, deposit_bp=3_000, deposit_fen=1), "custom", [problems.OneDeposit]),
        (StagedPlan(15, deposit_bp=99), "custom", [problems.DepositShare]),
        (StagedPlan(15, deposit_bp=9_901), "custom", [problems.DepositShare]),
        (StagedPlan(15, deposit_fen=0), "custom", [problems.DepositAmount]),
        (StagedPlan(0, 31, deposit_bp=3_000), "custom", [problems.OutOfRange] * 2),
        (StagedPlan(181, 0, deposit_bp=3_000), "custom", [problems.OutOfRange] * 2),
        (StagedPlan(15, deposit_bp=3_000, keeper="us"), "custom", [problems.UnknownChoice]),
    ],
)
def test_what_is_wrong_with_a_plan(
    plan: StagedPlan | None, scene: str, found: list[type[problems.Problem]]
) -> None:
    assert [type(problem) for problem in check_plan(plan, scene)] == found


def test_an_order_has_a_plan_only_if_all_its_offers_have_that_one() -> None:
    assert shared_plan([SHARE, SHARE]) == SHARE
    assert shared_plan([SHARE, AMOUNT]) is None
    assert shared_plan([SHARE, None]) is None
    assert shared_plan([None]) is None


@pytest.mark.django_db
def test_a_plan_is_saved_with_its_offer_changed_and_taken_away() -> None:
    seller = goods.seller()
    actor = goods.actor(seller)
    offer = goods.offer(seller, scene="custom")
    draft = queries.own_offer(actor, offer.pk).draft
    assert draft.staged is None
    for plan in (SHARE, AMOUNT, None):
        commands.save_offer(actor, replace(draft, staged=plan), offer.pk)
        assert queries.own_offer(actor, offer.pk).draft.staged == plan
        assert queries.offer_plan(offer.pk) == plan
    commands.save_offer(actor, replace(draft, staged=SHARE), offer.pk)
    with pytest.raises(Unacceptable):
        commands.save_offer(actor, replace(draft, staged=SHARE, scene="stock"), offer.pk)
    assert OfferStagedPlan.objects.count() == 1


@pytest.mark.django_db
def test_a_seller_has_one_plan_to_begin_with() -> None:
    actor = goods.actor(goods.seller())
    for plan in (SHARE, AMOUNT, None):
        commands.set_default_plan(actor, plan)
        assert queries.default_plan(actor) == plan
    with pytest.raises(Unacceptable):
        commands.set_default_plan(actor, StagedPlan(15))
