"""The pure rules of customer files: the reorder prediction, standing, cells, duplicates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.crm.rules import cells, duplicates, reorder
from pifa.crm.rules.duplicates import Known, Why
from pifa.crm.rules.standing import HABIT, LOST, SOON, TWICE, Day, standing
from pifa.kernel.money import UnitPrice

TODAY = date(2026, 3, 1)
GAPS = st.lists(st.integers(1, 120), max_size=12)


def every(gap: int, times: int, last: int, fen: int = 50_000) -> list[Day]:
    """A customer that bought `times` times, `gap` days apart, `last` days ago at last."""
    first = TODAY - timedelta(days=last + gap * (times - 1))
    return [Day(first + timedelta(days=gap * n), fen, 100) for n in range(times)]


@st.composite
def histories(draw: st.DrawFn) -> list[Day]:
    day = TODAY - timedelta(days=draw(st.integers(1, 500)))
    days = [Day(day, draw(st.integers(1, 10**7)), draw(st.integers(0, 5000)))]
    for gap in draw(GAPS):
        day -= timedelta(days=gap)
        days.insert(0, Day(day, draw(st.integers(1, 10**7)), draw(st.integers(0, 5000))))
    return days


class TestReorder:
    @given(histories(), st.integers(0, 10**8))
    def test_a_chance_is_a_chance_and_knows_no_future(self, days: list[Day], typical: int) -> None:
        bought = [(one.day, one.fen) for one in days]
        chance = reorder.chance(bought, TODAY, typical)

        assert 0 <= chance <= 1000
        later = [*bought, (TODAY, 500), (TODAY + timedelta(days=3), 500)]
        assert reorder.chance(later, TODAY, typical) == chance

    def test_without_purchases_there_is_none(self) -> None:
        assert reorder.chance([], TODAY, 0) == 0
        assert reorder.chance([(TODAY, 100)], TODAY, 0) == 0

    def test_who_comes_every_week_is_due_and_who_came_once_is_not(self) -> None:
        weekly = [(one.day, one.fen) for one in every(7, 20, 8)]
        once = [(TODAY - timedelta(days=200), 50_000)]

        assert reorder.chance(weekly, TODAY, 50_000) > 900
        assert reorder.chance(once, TODAY, 50_000) < 200

    @given(st.integers(5, 40), st.integers(3, 12))
    def test_the_longer_away_the_less_likely(self, gap: int, times: int) -> None:
        def away(last: int) -> int:
            days = every(gap, times, last)
            return reorder.chance([(one.day, one.fen) for one in days], TODAY, 50_000)

        assert away(gap) >= away(6 * gap + 100)

    @given(histories(), st.integers(-40, 400))
    def test_buying_within_the_days_ahead(self, days: list[Day], before: int) -> None:
        bought = [(one.day, one.fen) for one in days]
        moment = TODAY - timedelta(days=before)
        wanted = any(moment <= day < moment + timedelta(days=30) for day, _fen in bought)

        assert reorder.buys(bought, moment) is wanted
        assert [day for day, _fen in reorder.until(bought, moment)] == [
            day for day, _fen in bought if day < moment
        ]

    def test_the_figures_are_those_of_the_table(self) -> None:
        bought = [(TODAY - timedelta(days=days), 10_000) for days in (95, 65, 35, 5)]
        found = reorder.figures(bought, TODAY, 9_999)

        expected = (4, 6, 8 / ((90 + 60) / 4))
        assert [round(2.718281828459045**value, 9) for value in found[:3]] == [
            pytest.approx(value, rel=1e-6) for value in expected
        ]
        assert found[4] == pytest.approx(4 / 4)
        assert 2.718281828459045 ** found[5] == pytest.approx(1 + 2)
        assert 2.718281828459045 ** found[6] == pytest.approx(1 + 3)
        assert 2.718281828459045 ** found[7] == pytest.approx(40_001 / 10_000)


class TestStanding:
    def test_nothing_bought_says_nothing(self) -> None:
        found = standing([], TODAY, 100, 0)
        assert (found.orders, found.due, found.slipping, found.last_day) == (0, False, False, None)

    @given(histories(), st.none() | st.integers(1, 500), st.integers(0, 10**7))
    def test_sums_and_sections_are_sane(
        self, days: list[Day], usage: int | None, typical: int
    ) -> None:
        found = standing(days, TODAY, usage, typical)

        assert found.amount_fen == sum(one.fen for one in days)
        assert (found.first_day, found.last_day) == (days[0].day, days[-1].day)
        assert not (found.due and found.slipping)
        since = (TODAY - days[-1].day).days
        if found.slipping:
            assert found.interval is not None
            assert max(SOON, TWICE * found.interval) < since <= LOST
            assert found.days >= HABIT
        if found.runs_out is not None:
            assert usage
            lasted = (found.runs_out - days[-1].day).days
            assert (lasted - 1) * usage < days[-1].pieces
            assert lasted == 400 or lasted * usage >= days[-1].pieces

    def test_goods_that_run_out_within_a_week_are_due(self) -> None:
        days = [
            Day(TODAY - timedelta(days=100), 100, 1),
            Day(TODAY - timedelta(days=10), 100, 1600),
        ]

        assert standing(days, TODAY, 100, 10**9).due  # lasts 16 days, 6 more
        assert not standing(days, TODAY, 80, 10**9).due  # lasts 20 days
        assert not standing(days, TODAY, None, 10**9).due
        stopped = [Day(TODAY - timedelta(days=60), 100, 1600)]
        assert standing(stopped, TODAY, 100, 10**9).runs_out is None

    def test_who_stays_away_twice_its_interval_slips_away(self) -> None:
        assert standing(every(30, 4, 75), TODAY, None, 10**9).slipping
        assert not standing(every(30, 4, 60), TODAY, None, 10**9).slipping
        assert not standing(every(30, 2, 75), TODAY, None, 10**9).slipping
        assert not standing(every(30, 4, LOST + 1), TODAY, None, 10**9).slipping

    @pytest.mark.parametrize(("times", "gap"), [(70, 3), (12, 30), (1, 30)])
    def test_who_left_long_ago_is_likely_for_nothing(self, times: int, gap: int) -> None:
        """The weights know only customers who come: one that left years ago they would call due."""
        stays = reorder.GIVEN_UP * (gap if times > 1 else reorder.GAP) + SOON
        assert standing(every(gap, times, stays), TODAY, None, 50_000).chance > 0
        for since in (stays + 1, 5_000):
            gone = standing(every(gap, times, since), TODAY, None, 50_000)
            assert (gone.chance, gone.likely) == (0, False)

    def test_who_bought_today_counts_today(self) -> None:
        days = [*every(10, 5, 10), Day(TODAY, 700, 5)]
        found = standing(days, TODAY, None, 50_000)
        assert (found.last_day, found.orders) == (TODAY, 6)


NO_MARKS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters=";；=＝"),
    min_size=1,
    max_size=20,
)


class TestCells:
    @given(st.dictionaries(NO_MARKS, st.integers(1, 10**9), max_size=5))
    def test_prices_come_back(self, prices: dict[str, int]) -> None:
        wanted = {goods: UnitPrice(e4) for goods, e4 in prices.items() if cells.is_goods(goods)}
        assert cells.read_prices(cells.write_prices(wanted.items())) == wanted

    @pytest.mark.parametrize("text", ["...", "28*42", "a=", "a=0", "a=-1", "a=1.23456", "a=1\na=2"])
    def test_what_is_no_price_is_told(self, text: str) -> None:
        assert cells.read_prices(text) is None

    def test_prices_as_people_type_them(self) -> None:
        assert cells.read_prices("28*42加厚＝¥0.35；32*45 = 0.4") == {
            "28*42加厚": UnitPrice.yuan("0.35"),
            "32*45": UnitPrice.yuan("0.4"),
        }

    @given(st.integers(1, cells.MAX_USAGE), st.text(max_size=10))
    def test_usage_comes_back(self, usage: int, unit: str) -> None:
        if not unit or cells.is_unit(unit):
            assert cells.read_usage(cells.write_usage(usage, unit)) == (usage, unit)

    @pytest.mark.parametrize("text", ["0个", "-5", "多", "1.5箱", "9999999999个"])
    def test_what_is_no_usage(self, text: str) -> None:
        assert cells.read_usage(text) is None

    def test_the_account_of_the_deck(self) -> None:
        account, tags = cells.read_account("小王包装 (可上门拜访) （至尊VIP）")
        assert (account, tags) == ("小王包装", ["可上门拜访", "至尊VIP"])

    @given(
        st.lists(
            st.builds(
                cells.Note,
                text=st.text("甲ab|：2 \n", min_size=1, max_size=30).map(str.strip).filter(bool),
                at=st.datetimes(datetime(2001, 1, 1), datetime(2900, 1, 1)).map(
                    lambda moment: moment.replace(microsecond=0)
                ),
                by=st.text("周晨ab ", max_size=8).map(str.strip),
            ),
            max_size=5,
        )
    )
    def test_notes_come_back(self, notes: list[cells.Note]) -> None:
        assert cells.read_notes(cells.write_notes(notes)) == notes

    def test_a_note_typed_in_a_sheet_bears_no_stamp(self) -> None:
        (note,) = cells.read_notes("爱喝茶\n周末不接电话")
        assert (note.text, note.at) == ("爱喝茶\n周末不接电话", None)


class TestDuplicates:
    def known(self, number: int, name: str = "", **values: object) -> Known:
        fields = {"phone": "", "address": "", "is_member": False} | values
        return Known(number, name, **fields)  # type: ignore[arg-type]

    def test_pairs_say_why(self) -> None:
        files = [
            self.known(1, "老王五金", phone="138 0013 8000", address="义乌市业州路200号"),
            self.known(2, "老王 五金", phone="13800138000"),
            self.known(3, "李记", address="义乌市 业州路 200 号"),
            self.known(4, "张三"),
        ]
        assert [(pair.first, pair.second, pair.why) for pair in duplicates.pairs(files)] == [
            (1, 2, (Why.PHONE, Why.NAME)),
            (1, 3, (Why.ADDRESS,)),
        ]

    def test_two_companies_are_no_pair_and_a_crowd_is_none(self) -> None:
        members = [self.known(n, "同名商行", is_member=True) for n in (1, 2)]
        assert duplicates.pairs(members) == []
        assert len(duplicates.pairs([*members, self.known(3, "同名商行")])) == 2
        crowd = [self.known(n, f"店{n}", phone="0579-85550000") for n in range(6)]
        assert duplicates.pairs(crowd) == []
