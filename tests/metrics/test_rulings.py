"""Orders ruled out and in again, facts that come late, and whom that concerns."""

from __future__ import annotations

from datetime import date

import pytest

from pifa.kernel.models import OutboxEvent
from pifa.metrics import commands, engine, lake, proving, queries
from pifa.metrics.events import FactsRevised
from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.models import CountedFor, LakeDay
from pifa.rulebook.rules import Figure, Ratio
from tests.metrics.world import ONE, TODAY, fact, figures_of

pytestmark = pytest.mark.django_db

SELLER, BUYER, OTHER = 1, 2, 3
YESTERDAY = TODAY - ONE


def of_order(kind: FactKind, day: date, number: int, **values: int | str) -> Fact:
    return fact(
        kind, day, f"{kind}:{number}:{day}", subject=f"order:{number}",
        **{"seller_id": SELLER, "buyer_id": BUYER, **values},
    )  # fmt: skip


def trade() -> None:
    """One order with everything an order can have, and another one beside it on the same days."""
    commands.record(
        [
            of_order(FactKind.PAID, TODAY - 20 * ONE, 1, amount_fen=500, count=1),
            of_order(FactKind.PAID, TODAY - 20 * ONE, 2, amount_fen=70, count=1),
            of_order(FactKind.REFUNDED, TODAY - 10 * ONE, 1, amount_fen=200, count=1),
            of_order(FactKind.DISPUTE_OPENED, TODAY - 11 * ONE, 1, ref="refund:1", count=1),
            of_order(FactKind.COMPLETED, YESTERDAY, 1, count=1),
            of_order(FactKind.COMPLETED, YESTERDAY, 2, count=1),
        ]
    )
    commands.heal()


def seen() -> dict[str, Figure]:
    """The seller's figures; the lake says the same."""
    found = queries.figures([SELLER], TODAY)[SELLER]
    rows = {row["company_id"]: figures_of(row) for row in engine.measure(TODAY).to_pylist()}
    assert rows[SELLER] == found
    return found


def revisions() -> list[dict[str, object]]:
    rows = OutboxEvent.objects.filter(name=FactsRevised.name).order_by("id")
    return list(rows.values_list("payload", flat=True))


def test_an_order_ruled_out_leaves_with_everything_and_comes_back() -> None:
    trade()
    before = seen()
    assert before["sales_30d"] == 500 + 70 - 200
    assert before["dispute_rate_90d"] == Ratio(1, 2)

    commands.record([of_order(FactKind.EXCLUDED, TODAY, 1)])
    without = seen()
    assert without["sales_30d"] == 70
    assert without["dispute_rate_90d"] == Ratio(0, 1)
    assert without["refund_rate"] == Ratio(0, 70)
    assert queries.figures([BUYER], TODAY)[BUYER]["completed_90d"] == 1

    # What happens to it meanwhile counts no more than the rest of it, until the ruling ends.
    commands.record([of_order(FactKind.REFUNDED, TODAY, 1, amount_fen=50, count=1)])
    tomorrow = queries.figures([SELLER], TODAY + ONE)[SELLER]
    assert tomorrow["refund_rate"] == Ratio(0, 70)
    commands.record([of_order(FactKind.INCLUDED, TODAY, 1)])
    assert seen() == before
    assert queries.figures([SELLER], TODAY + ONE)[SELLER]["refund_rate"] == Ratio(250, 570)


def test_a_ruling_changes_no_closed_file_and_the_day_still_proves() -> None:
    trade()
    files = dict(LakeDay.objects.values_list("day", "sha256"))
    commands.record([of_order(FactKind.EXCLUDED, TODAY, 1)])
    assert commands.heal() == []
    assert dict(LakeDay.objects.values_list("day", "sha256")) == files
    commands.rebuild(TODAY - 20 * ONE)
    assert dict(LakeDay.objects.values_list("day", "sha256")) == files


def test_a_ruling_tells_which_ratings_it_touches() -> None:
    trade()
    ruling = of_order(FactKind.EXCLUDED, TODAY, 1)
    commands.record([ruling])
    commands.record([ruling])
    assert revisions() == [
        {
            "first_day": f"{TODAY - 19 * ONE}",
            "last_day": f"{YESTERDAY + 90 * ONE}",
            "company_ids": [SELLER, BUYER],
        }
    ]


def test_a_ruling_of_today_s_order_touches_no_rating() -> None:
    commands.record([of_order(FactKind.PAID, TODAY, 9, amount_fen=500, count=1)])
    commands.record([of_order(FactKind.EXCLUDED, TODAY, 9)])
    assert revisions() == []
    assert queries.figures([SELLER], TODAY + ONE)[SELLER]["sales_30d"] == 0


def test_a_ruling_may_come_before_what_it_rules_out() -> None:
    commands.record(
        [
            of_order(FactKind.EXCLUDED, YESTERDAY, 1),
            of_order(FactKind.PAID, YESTERDAY, 1, amount_fen=500, count=1),
            of_order(FactKind.PAID, YESTERDAY, 2, amount_fen=70, count=1),
        ]
    )
    commands.heal()
    assert seen()["sales_30d"] == 70


def test_the_later_ruling_holds_whichever_comes_first() -> None:
    trade()
    commands.record([of_order(FactKind.INCLUDED, TODAY, 1)])
    commands.record([of_order(FactKind.EXCLUDED, YESTERDAY, 1)])
    commands.heal()
    assert seen()["sales_30d"] == 500 + 70 - 200


class TestRecounted:
    """Whoever paid as a guest is known as a member: its order counts for the other buyer."""

    def recount(self, buyer_id: int = OTHER, day: date = TODAY) -> None:
        commands.record([of_order(FactKind.RECOUNTED, day, 1, buyer_id=buyer_id)])

    def test_everything_of_the_order_counts_for_the_other(self) -> None:
        trade()
        before = queries.figures([SELLER, BUYER], TODAY)
        assert before[SELLER]["buyers_30d"] == 1
        files = dict(LakeDay.objects.values_list("day", "sha256"))
        self.recount()
        assert seen()["buyers_30d"] == 2
        after = queries.figures([SELLER, BUYER, OTHER], TODAY)
        for name in ("spend_30d", "orders_30d", "completed_90d", "refunds_90d"):
            assert after[BUYER][name] + after[OTHER][name] == before[BUYER][name]  # type: ignore[operator]
        assert (after[OTHER]["spend_30d"], after[BUYER]["spend_30d"]) == (300, 70)
        # No file changes, each day still proves, and what comes later goes the same way.
        commands.record([of_order(FactKind.DISPUTE_ENDED, TODAY, 1, ref="refund:1")])
        commands.rebuild(TODAY - 20 * ONE)
        assert dict(LakeDay.objects.values_list("day", "sha256")) == files
        assert [fault.what for fault in proving.check()] == []
        tomorrow = queries.figures([BUYER, OTHER], TODAY + ONE)
        assert [tomorrow[one]["disputes_lost_90d"] for one in (BUYER, OTHER)] == [0, 1]
        first = TODAY - 30 * ONE
        assert queries.daily(OTHER, "buyer", "spend_30d", first, YESTERDAY) == {
            TODAY - 20 * ONE: 500,
            TODAY - 10 * ONE: -200,
        }
        self.recount(BUYER, TODAY + ONE)
        assert queries.figures([SELLER, BUYER], TODAY) == before

    def test_it_tells_which_ratings_it_touches(self) -> None:
        trade()
        self.recount()
        self.recount()
        assert revisions() == [
            {
                "first_day": f"{TODAY - 19 * ONE}",
                "last_day": f"{YESTERDAY + 90 * ONE}",
                "company_ids": [SELLER, BUYER, OTHER],
            }
        ]

    def test_ruled_out_meanwhile_it_comes_back_to_the_other(self) -> None:
        trade()
        commands.record([of_order(FactKind.EXCLUDED, TODAY, 1)])
        self.recount()
        assert queries.figures([OTHER], TODAY)[OTHER]["spend_30d"] == 0
        commands.record([of_order(FactKind.INCLUDED, TODAY, 1)])
        assert queries.figures([OTHER], TODAY)[OTHER]["spend_30d"] == 300
        assert seen()["buyers_30d"] == 2

    def test_it_may_come_before_what_it_recounts(self) -> None:
        self.recount(day=TODAY - 21 * ONE)
        trade()
        assert seen()["buyers_30d"] == 2

    def test_made_anew_from_the_outbox_it_is_the_same(self) -> None:
        trade()
        self.recount()
        before = seen()
        CountedFor.objects.all().delete()
        commands.rebuilding._follow_moves()
        for day in LakeDay.objects.values_list("day", flat=True):
            commands.rebuild(day)
        assert seen() == before


def test_a_late_fact_opens_its_day_again() -> None:
    trade()
    day = TODAY - 20 * ONE
    before = LakeDay.objects.get(day=day).sha256
    commands.record([of_order(FactKind.PAID, day, 3, amount_fen=9, count=1, buyer_id=OTHER)])
    assert commands.missing_days() == [day]
    assert revisions() == [
        {
            "first_day": f"{day + ONE}",
            "last_day": f"{day + 90 * ONE}",
            "company_ids": [SELLER, OTHER],
        }
    ]
    [closed] = commands.heal()
    assert closed.sha256 != before
    assert lake.digest(lake.path_of(day)) == closed.sha256
    assert seen()["sales_30d"] == 500 + 70 - 200 + 9
    assert [fault.what for fault in proving.check()] == []


def test_what_is_ruled_out_leaves_the_days_too() -> None:
    trade()
    first = TODAY - 30 * ONE
    assert queries.daily(SELLER, "seller", "sales_30d", first, YESTERDAY) == {
        TODAY - 20 * ONE: 570,
        TODAY - 10 * ONE: -200,
    }
    commands.record([of_order(FactKind.EXCLUDED, TODAY, 1)])
    assert queries.daily(SELLER, "seller", "sales_30d", first, YESTERDAY) == {TODAY - 20 * ONE: 70}
    assert queries.daily(SELLER, "seller", "disputes_90d", first, YESTERDAY) == {}
