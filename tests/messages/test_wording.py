"""Every kind of notice says something whole in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.messages.kinds import KINDS, Kind, placeholders
from pifa.messages.wording import ABSENT, wording

FIGURES: dict[str, object] = {
    "followups": 3,
    "slipping": 2,
    "top": 20,
    "number": "2603020001",
    "invitation": "V2603020001",
    "order": "2603020009",
    "total_fen": 123_456,
    "paid_fen": 1,
    "released_fen": 0,
    "asked_fen": 100,
    "matched_fen": 100_00,
    "amount_fen": 5_00,
    "fee_fen": 1,
    "deposit_fen": 30_00,
    "balance_fen": 70_00,
    "kept_fen": 30_00,
    "refunded_fen": 1_00,
    "produce_by": "2026-03-28T06:05:00+00:00",
    "percent": 40,
    "note": "three boxes",
    "ladder": "Medal",
    "old": "3A",
    "new": "4A",
    "day": "2026-03-28",
    "keep": "More.",
    "debt_fen": 6_00,
    "left_fen": 2_00,
    "old_total_fen": 2,
    "new_total_fen": 3,
    "due": "2026-03-28T06:05:00+00:00",
    "carrier": "Swift",
    "tracking_no": "SF001",
    "stars": 5,
    "company": "Acme",
    "title": "Bolts",
    "excerpt": "Hello",
    "reason": "why",
    "season": "2018 年 3 月通天计划",
    "season_en": "March 2018",
    "checkpoint": "15 号节点",
    "checkpoint_en": "Checkpoint of the 15th",
    "measured_fen": 19_999_900,
    "month_fen": 100_000_000,
    "answer": "as you said",
    "points": 6,
    "spec": "M8x30",
    "left": 12,
    "unit": "pcs",
    "request": "X2603020001",
    "quote": "Y2603020001",
    "lines": 7,
    "answers": 3,
    "limit_fen": 7,
    "pay_by": "2026-03-28T06:05:00+00:00",
    "orders": 3,
    "invoice_no": "26332000000012345678",
    "name": "Acme",
    "settled": "settled on day 28",
    "statement": "S2603280001",
    "days": 3,
    "masked": "**** 2230",
    "bank_name": "Cloud Bank",
    "until_at": "2026-03-28T06:05:00+00:00",
    "premium_fen": 8_00,
    "remit_by_day": "2026-03-31",
    "rest_fen": 9_00,
    "insured_fen": 12_00,
    "expected_fen": 11_00,
    "found_fen": 10_00,
    "promised_fen": 20_00,
    "owed_fen": 7_00,
    "tail": "1210",
    "per_order_fen": 20_00,
    "in_all_fen": 50_00,
    "failed": 2,
    "next_on": "2026-03-28",
    "secret": "payment password",
    "due_fen": 8_00,
    "penalty_fen": 9_00,
    "instalment": 4,
    "claim_fen": 5_00,
    "until": "2027-06-01",
    "why": "late",
    "matures_day": "2026-06-01",
    "presents_day": "2026-06-02",
    "answer_by": "2026-03-28T06:05:00+00:00",
}
CONTRACT = {
    "order_placed", "paid", "ship_by", "shipped", "receive_soon", "received", "refund_asked",
    "refund_answered", "refund_paid", "dispute_opened", "dispute_ruled", "price_changed",
    "payment_deadline", "order_closed", "review_got", "message_got", "offer_reviewed",
    "offer_taken_down", "verification_reviewed", "penalty_given", "relationship_asked",
    "relationship_answered", "stock_low",
}  # fmt: skip


def cases() -> list[tuple[Kind, str]]:
    return [(kind, outcome) for kind in KINDS.values() for outcome in ["", *kind.bodies]]


def test_every_kind_that_other_floors_use_is_there() -> None:
    assert set(KINDS) >= CONTRACT


@pytest.mark.parametrize(("kind", "outcome"), cases())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_whole_in_both_languages(kind: Kind, outcome: str, language: str) -> None:
    params = FIGURES | ({kind.choice: outcome} if kind.choice else {})
    assert kind.needs(params) <= set(params)

    words = wording(kind.code, params, language)

    for text in (words.label, words.title, words.body, words.why):
        assert text
        assert "{" not in text
        assert ABSENT not in text
        has_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
        assert has_chinese is (language == "zh-hans")
    for name in placeholders(kind.body_for(params)):
        if name not in (
            "due",
            "pay_by",
            "produce_by",
            "until_at",
            "answer_by",
        ) and not name.endswith("_fen"):
            assert str(FIGURES[name]) in words.title + words.body


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_outcomes_differ(language: str) -> None:
    for kind in KINDS.values():
        said = {
            wording(kind.code, FIGURES | {kind.choice: outcome}, language).body
            for outcome in ["", *kind.bodies]
        }
        assert len(said) == len(kind.bodies) + 1


def test_an_outcome_may_be_a_truth_value() -> None:
    accepted = wording("refund_answered", {"number": "1", "accepted": True})
    refused = wording("refund_answered", {"number": "1", "accepted": False})
    assert "已获同意" in accepted.body
    assert "被拒绝" in refused.body


def test_moments_are_told_in_the_markets_zone() -> None:
    due = {"number": "1", "due": "2026-12-31T16:30:00+00:00"}
    assert "1月1日 00:30" in wording("ship_by", due, "zh-hans").body
    assert "Jan 1, 00:30" in wording("ship_by", due, "en").body
    for odd in ("soon", "", None, "2026-01-01", 5):
        assert wording("ship_by", due | {"due": odd}).body


@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(
        st.sampled_from([*sorted(FIGURES), "accepted", "verdict", "approved", "outcome"]),
        st.none() | st.integers() | st.text() | st.booleans(),
    ),
)
def test_no_params_can_break_a_notice(kind: str, params: dict[str, object]) -> None:
    assert wording(kind, params).title
