"""The figures that are kept, the list of the morning, its marks and its notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.crm import commands, queries, words
from pifa.crm.commands import Mark
from pifa.crm.models import CustomerFile, FileFigures, SellerRhythm
from pifa.crm.queries import figures
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import InvalidInput
from pifa.kernel.models import Deadline
from pifa.messages import commands as messages
from pifa.messages import queries as notices
from pifa.messages.models import Delivery, Notice
from pifa.parties.models import Member, User
from tests.crm.people import at, declared, file_of, names
from tests.parties.people import company, hire, id_of
from tests.trade import market

TODAY = date(2026, 3, 2)


@pytest.fixture
def seller(db: None) -> Actor:
    return company("网帮包装", seller=True)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(at(TODAY)):
        yield


def regular(
    seller: Actor, name: str, gap: int, times: int, last: int, **values: Any
) -> CustomerFile:
    """A customer that bought `times` times, `gap` days apart, `last` days ago at last."""
    row = file_of(seller, name, **values)
    first = TODAY - timedelta(days=last + gap * (times - 1))
    declared(row, *((first + timedelta(days=gap * n), 500_00, 1600) for n in range(times)))
    return row


def kept(seller_id: int) -> dict[int, dict[str, object]]:
    rows = FileFigures.objects.filter(seller=seller_id)
    return {row["file_id"]: dict(row) for row in rows.values()}


def plain(seller_id: int) -> dict[int, dict[str, object]]:
    """The plain computation, as rows of the table are."""
    files = figures.whose(seller_id)
    _typical, found = figures.computed(seller_id, clock.today(), None, files)
    return {pk: {name: getattr(one, name) for name in one.__slots__} for pk, one in found.items()}


class TestFigures:
    @settings(
        max_examples=15,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        st.lists(
            st.tuples(
                st.none() | st.integers(1, 300),
                st.lists(
                    st.tuples(st.integers(0, 500), st.integers(1, 10**7), st.integers(1, 5000)),
                    max_size=6,
                ),
            ),
            min_size=1,
            max_size=5,
        )
    )
    def test_kept_figures_are_the_plain_computation(
        self, seller: Actor, customers: list[tuple[int | None, list[tuple[int, int, int]]]]
    ) -> None:
        for number, (usage, sales) in enumerate(customers):
            row = file_of(
                seller,
                f"客户{number}",
                f"{number}-{CustomerFile.objects.count()}",
                daily_usage=usage,
            )
            declared(row, *((TODAY - timedelta(days=ago), fen, n) for ago, fen, n in sales))
        commands.refresh(id_of(seller))
        expected = plain(id_of(seller))

        found = kept(id_of(seller))
        assert found.keys() == expected.keys()
        for pk, figures_of in expected.items():
            assert {name: found[pk][name] for name in figures_of} == figures_of

    def test_a_payment_on_the_market_is_counted_by_its_event(self, db: None) -> None:
        trading = market.trading()
        order = trading.paid()
        events.deliver()

        (row,) = queries.files(trading.selling).items
        assert row.file.buyer_id == trading.buyer.pk
        assert (row.figures.orders, row.figures.amount_fen) == (1, order.paid_fen)
        assert (row.file.contact, row.file.phone) == ("王小明", "13812345678")
        before = kept(trading.seller.pk)
        commands.refresh(trading.seller.pk)
        assert _comparable(kept(trading.seller.pk)) == _comparable(before)

    def test_statements_do_not_grow_with_the_files(self, seller: Actor) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as statements:
                commands.refresh(id_of(seller))
            return len(statements)

        regular(seller, "甲", 10, 4, 3)
        commands.refresh(id_of(seller))
        few = asked()
        for number in range(20):
            regular(seller, f"客户{number}", 5 + number, 4, 3)
        assert asked() == few <= 25


class TestMorning:
    def test_each_line_says_why_with_figures(self, seller: Actor) -> None:
        regular(seller, "该来的", 23, 12, 31)
        regular(seller, "快用完", 200, 2, 10, daily_usage=100, usage_unit="个")
        regular(seller, "久不来", 20, 6, 75)
        file_of(seller, "要跟进", next_action="送样册", next_day=TODAY - timedelta(days=2))
        file_of(seller, "以后跟进", next_action="回访", next_day=TODAY + timedelta(days=1))
        commands.refresh(id_of(seller))

        found = queries.morning(seller)

        assert set(names(found.due)) == {"该来的", "快用完"}
        assert names(found.slipping) == ["久不来"]
        assert names(found.followups) == ["要跟进"]
        assert names(found.top)[0] == "该来的"
        said = {row.file.name: words.why_due(row.file, row.figures, TODAY) for row in found.due}
        assert said["该来的"].startswith("每 23 天进货一次，上次 31 天前；30 天内再进货的可能 ")
        assert "每天用 100个，上次进 1,600，还够 6 天" in said["快用完"]
        (slipping,) = found.slipping
        assert words.why_slipping(slipping.figures, TODAY) == (
            "每 20 天进货一次，上次 75 天前，已是平时的 3.8 倍；进过 6 次，共 ¥3,000.00"
        )
        (follow,) = found.followups
        assert words.why_followup(follow.file, TODAY) == "已过 2 天：送样册"

    def test_of_one_keeper(self, seller: Actor) -> None:
        keeper = hire(seller, Role.CLERK)
        regular(seller, "别人的", 7, 10, 8)
        regular(seller, "我的", 7, 10, 8, keeper_id=keeper.member_id)
        commands.refresh(id_of(seller))
        assert names(queries.morning(seller, keeper.member_id).due) == ["我的"]
        assert queries.morning(seller, keeper.member_id).counts.due == 1

    def test_the_list_is_a_bounded_number_of_statements(self, seller: Actor) -> None:
        for number in range(15):
            regular(seller, f"客户{number}", 7, 8, 8, tags=("新",))
        commands.refresh(id_of(seller))
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.morning(seller).due) == 15
        assert len(asked) <= 7


class TestMarks:
    def test_called_rests_a_week(self, seller: Actor) -> None:
        row = regular(seller, "该来的", 7, 10, 8)
        commands.refresh(id_of(seller))
        commands.mark(seller, row.pk, Mark.CALLED, note="说周五下单")

        assert queries.morning(seller).due == ()
        with clock.frozen(at(TODAY + timedelta(days=7))):
            assert names(queries.morning(seller).due) == ["该来的"]
        (note,) = queries.file(seller, row.pk).notes
        assert (note.kind, note.text) == ("called", "说周五下单")

    def test_snoozed_moves_a_follow_up(self, seller: Actor) -> None:
        row = file_of(seller, "要跟进", next_action="送样册", next_day=TODAY)
        commands.mark(seller, row.pk, Mark.SNOOZED, days=3)

        row.refresh_from_db()
        assert (row.next_day, row.quiet_until) == (TODAY + timedelta(days=3),) * 2
        assert queries.morning(seller).followups == ()

    def test_done_takes_it_out_and_says_what_was_done(self, seller: Actor) -> None:
        row = file_of(seller, "要跟进", next_action="送样册", next_day=TODAY)
        commands.mark(seller, row.pk, Mark.DONE, note="很满意")

        row.refresh_from_db()
        assert (row.next_action, row.next_day) == ("", None)
        (note,) = queries.file(seller, row.pk).notes
        assert (note.kind, note.text) == ("done", "送样册\n很满意")

    def test_a_follow_up_that_was_called_waits_for_tomorrow(self, seller: Actor) -> None:
        row = file_of(seller, "要跟进", next_action="送样册", next_day=TODAY)
        commands.mark(seller, row.pk, Mark.CALLED)
        row.refresh_from_db()
        assert row.next_day == TODAY + timedelta(days=1)

    @pytest.mark.parametrize("days", [0, 366])
    def test_snoozing_has_its_limits(self, seller: Actor, days: int) -> None:
        row = file_of(seller, "要跟进")
        with pytest.raises(InvalidInput):
            commands.mark(seller, row.pk, Mark.SNOOZED, days=days)


class TestNotice:
    def test_one_a_morning_while_there_is_somebody_to_call(self, seller: Actor) -> None:
        with clock.frozen(at(TODAY, 6)):
            regular(seller, "该来的", 7, 10, 8)
            file_of(seller, "要跟进", next_action="送样册", next_day=TODAY)
        deadlines.run_due(at(TODAY, 7))
        assert not Notice.objects.filter(kind="customers_to_call").exists()
        deadlines.run_due(at(TODAY, 20))
        (notice,) = Notice.objects.filter(kind="customers_to_call")
        assert notice.params == {"followups": 1, "due": 1, "slipping": 0, "top": 1}
        assert (notice.member_id, notice.link) == (seller.member_id, "/seller/followups/")
        assert SellerRhythm.objects.get(seller=id_of(seller)).as_of == TODAY

        deadlines.run_due(at(TODAY + timedelta(days=1), 20))
        assert Notice.objects.filter(kind="customers_to_call").count() == 2

    def test_each_keeper_hears_of_its_own_list_only(self, seller: Actor) -> None:
        first, second, idle = (hire(seller, Role.CLERK) for _ in range(3))
        finance = hire(seller, Role.FINANCE)
        messages.set_preference(second, "customers_to_call", in_app=True, email=True)
        Member.objects.filter(pk=second.member_id or 0).update(name="乙")
        User.objects.filter(pk=second.user_id or 0).update(email="second@example.com")
        with clock.frozen(at(TODAY, 6)):
            regular(seller, "甲的", 7, 10, 8, keeper_id=first.member_id)
            file_of(seller, "乙的", next_action="送样", next_day=TODAY, keeper_id=second.member_id)
            regular(seller, "没人的", 20, 6, 75)
        deadlines.run_due(at(TODAY, 20))

        told = {row.member_id: row for row in Notice.objects.filter(kind="customers_to_call")}
        assert {pk: (row.params, row.link) for pk, row in told.items()} == {
            first.member_id: (counts(due=1, top=1), f"/seller/followups/?keeper={first.member_id}"),
            second.member_id: (
                counts(followups=1),
                f"/seller/followups/?keeper={second.member_id}",
            ),
            idle.member_id: (counts(slipping=1, top=1), "/seller/followups/?keeper=0"),
            seller.member_id: (counts(slipping=1, top=1), "/seller/followups/?keeper=0"),
        }
        assert [item.id for item in notices.notices(first).items] == [told[first.member_id].pk]
        assert notices.notices(finance).items == []
        assert notices.unread_count(id_of(seller), finance.member_id) == 0
        assert messages.mark_all_read(idle) == 1
        assert notices.unread_count(id_of(seller), first.member_id) == 1
        mails = Delivery.objects.filter(way="email").values_list("member", "to")
        assert list(mails) == [(second.member_id, "second@example.com")]
        assert names(queries.morning(seller, queries.NOBODY).slipping) == ["没人的"]

    def test_where_every_clerk_keeps_files_the_owner_hears_of_the_others(
        self, seller: Actor
    ) -> None:
        with clock.frozen(at(TODAY, 6)):
            regular(seller, "老板的", 7, 10, 8, keeper_id=seller.member_id)
            file_of(seller, "没人的", next_action="送样", next_day=TODAY)
        deadlines.run_due(at(TODAY, 20))
        (notice,) = Notice.objects.filter(kind="customers_to_call")
        assert notice.params == counts(followups=1, due=1, top=1)

    def test_once_a_day_whatever_sets_the_morning_again(self, seller: Actor) -> None:
        with clock.frozen(at(TODAY, 6)):
            regular(seller, "该来的", 7, 10, 8)
        deadlines.run_due(at(TODAY, 8))
        with clock.frozen(at(TODAY, 10)):
            Deadline.objects.filter(kind="crm.morning", done_at=None).update(due_at=clock.now())
        deadlines.run_due(at(TODAY, 20))
        assert Deadline.objects.filter(kind="crm.morning").exclude(done_at=None).count() == 2
        assert Notice.objects.filter(kind="customers_to_call").count() == 1

    def test_nobody_to_call_nothing_said(self, seller: Actor) -> None:
        with clock.frozen(at(TODAY, 6)):
            file_of(seller, "新客户")
        deadlines.run_due(at(TODAY, 20))
        assert not Notice.objects.filter(kind="customers_to_call").exists()
        assert Deadline.objects.filter(kind="crm.morning", done_at=None).count() == 1


def counts(**figures: int) -> dict[str, int]:
    """What a notice says of a list."""
    return {"followups": 0, "due": 0, "slipping": 0, "top": 0} | figures


def _comparable(rows: dict[int, dict[str, object]]) -> dict[int, dict[str, object]]:
    """Figures but for the row's own id, and the chance, which is beside the median customer."""
    hidden = {"id", "chance", "likely"}
    return {
        pk: {name: value for name, value in row.items() if name not in hidden}
        for pk, row in rows.items()
    }
