"""Customer files: opening, writing, history, the list, and who may see any of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pifa.crm import commands, errors, queries
from pifa.crm.commands import FileDraft
from pifa.crm.models import AgreedPrice, CustomerFile, FileNote
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money, UnitPrice
from pifa.relationships import commands as relationships
from tests.crm.people import declared, file_of, names
from tests.parties.people import company, hire, id_of, operator


@pytest.fixture
def seller(db: None) -> Actor:
    return company("网帮包装", seller=True)


FULL = FileDraft(
    name="小王包装厂",
    account="xiaowang",
    contact="王强",
    phone="138 0013 8000",
    other_contacts="李会计 0579-85551234",
    address="浙江省金华市义乌市业州路200号",
    usual_specs="28*42加厚\n38*52加厚",
    daily_usage=2000,
    usage_unit="个",
    next_action="送样品",
    next_day=date(2026, 4, 1),
    tags=("至尊VIP", "可上门拜访"),
    prices=(("28*42加厚", UnitPrice.yuan("0.35")), ("32*45", UnitPrice.yuan("0.42"))),
)


class TestWriting:
    def test_a_file_says_what_was_written(self, seller: Actor) -> None:
        keeper = hire(seller, Role.CLERK, name="赵客服")
        row = commands.add_file(seller, FULL, "K-1")
        commands.change_file(
            seller, row.pk, FileDraft(**{**_values(FULL), "keeper_id": keeper.member_id})
        )

        view = queries.file(seller, row.pk)
        file = view.row.file
        assert (file.code, file.contact, file.phone) == ("K-1", "王强", "13800138000")
        assert view.row.tags == ("可上门拜访", "至尊VIP")
        assert view.prices == FULL.prices
        assert file.keeper is not None
        assert file.keeper.name == "赵客服"
        assert file.usual_specs == "28*42加厚\n38*52加厚"

    def test_without_a_code_the_account_is_one(self, seller: Actor) -> None:
        assert commands.add_file(seller, FULL).code == "xiaowang"
        with pytest.raises(errors.BadField):
            commands.add_file(seller, FULL)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"next_day": None},
            {"next_action": ""},
            {"daily_usage": 0},
            {"tags": ("有，逗号",)},
            {"tags": ("字" * 21,)},
            {"prices": (("a=b", UnitPrice(1)),)},
            {"prices": (("a", UnitPrice(0)),)},
            {"account": "王 (VIP)"},
            {"contact": "长" * 61},
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, seller: Actor, wrong: dict[str, Any]) -> None:
        with pytest.raises(errors.BadField) as refused:
            commands.add_file(seller, FileDraft(**{**_values(FULL), **wrong}))
        assert str(refused.value)
        assert not CustomerFile.objects.exists()

    def test_only_own_members_keep_files(self, seller: Actor) -> None:
        stranger = company()
        with pytest.raises(errors.NoSuchKeeper):
            commands.add_file(
                seller, FileDraft(**{**_values(FULL), "keeper_id": stranger.member_id})
            )

    def test_notes_stay_as_they_were_written(self, seller: Actor) -> None:
        row = file_of(seller, "老王")
        note = commands.add_note(seller, row.pk, "爱喝茶")

        (seen,) = queries.file(seller, row.pk).notes
        assert (seen.text, seen.by, seen.kind) == ("爱喝茶", "周晨", "note")
        with pytest.raises(DatabaseError), transaction.atomic():
            FileNote.objects.filter(pk=note.pk).update(text="不爱喝茶")
        with pytest.raises(DatabaseError), transaction.atomic():
            FileNote.objects.filter(pk=note.pk).delete()

    def test_changes_are_audited_without_what_is_personal(self, seller: Actor) -> None:
        row = commands.add_file(seller, FULL)
        entries = AuditEntry.objects.filter(subject=f"file:{row.pk}")
        assert entries.filter(action="crm.file.add").count() == 1
        assert "13800138000" not in str(list(entries.values_list("detail", flat=True)))

        before = AuditEntry.objects.count()
        commands.change_file(seller, row.pk, FULL)
        assert AuditEntry.objects.count() == before

    def test_the_database_knows_what_must_not_be(self, seller: Actor) -> None:
        row = file_of(seller, "老王")
        for wrong in ({"next_action": "x"}, {"written_fen": -1}, {"daily_usage": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                CustomerFile.objects.filter(pk=row.pk).update(**wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            AgreedPrice.objects.create(file=row, goods="a", price_e4=0)


class TestBorders:
    def test_others_find_nothing(self, seller: Actor) -> None:
        row = commands.add_file(seller, FULL)
        other = company("别家", seller=True)

        for verb in (
            lambda: queries.file(other, row.pk),
            lambda: commands.change_file(other, row.pk, FULL),
            lambda: commands.add_note(other, row.pk, "x"),
            lambda: commands.mark(other, row.pk, commands.Mark.CALLED),
            lambda: commands.merge(other, row.pk, row.pk),
        ):
            with pytest.raises(NotFound):
                verb()
        assert queries.files(other).items == []
        assert queries.tags(other) == []

    def test_operators_see_no_file(self, seller: Actor) -> None:
        row = commands.add_file(seller, FULL)
        with pytest.raises(Forbidden):
            queries.file(operator(), row.pk)
        with pytest.raises(Forbidden):
            queries.files(operator())

    def test_who_is_no_clerk_reads_only(self, seller: Actor) -> None:
        row = commands.add_file(seller, FULL)
        finance = hire(seller, Role.FINANCE)

        assert queries.file(finance, row.pk).phone == "13800138000"
        with pytest.raises(Forbidden):
            commands.change_file(finance, row.pk, FULL)
        with pytest.raises(Forbidden):
            commands.mark(finance, row.pk, commands.Mark.DONE)


class TestLists:
    def test_pages_by_money_each_file_once(self, seller: Actor) -> None:
        for number in range(7):
            row = file_of(seller, f"客户{number}", f"K{number}")
            if number:
                declared(row, (date(2026, 1, number), number * 100, 1))
        commands.refresh(id_of(seller))

        for sort, first in (("amount", "客户6"), ("last", "客户6"), ("chance", None)):
            seen: list[str] = []
            cursor = None
            while True:
                page = queries.files(seller, sort=sort, cursor=cursor, size=3)  # type: ignore[arg-type]
                seen += names(page.items)
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert sorted(seen) == [f"客户{n}" for n in range(7)]
            if first:
                assert seen == [f"客户{n}" for n in (6, 5, 4, 3, 2, 1, 0)]

    def test_found_by_words_tag_and_keeper(self, seller: Actor) -> None:
        keeper = hire(seller, Role.CLERK)
        commands.add_file(seller, FileDraft(**{**_values(FULL), "keeper_id": keeper.member_id}))
        file_of(seller, "老李")

        assert names(queries.files(seller, words="业州路").items) == ["小王包装厂"]
        assert names(queries.files(seller, tag="至尊VIP").items) == ["小王包装厂"]
        assert names(queries.files(seller, keeper_id=keeper.member_id).items) == ["小王包装厂"]
        assert queries.count(seller, words="老") == 1

    def test_a_page_is_three_statements(self, seller: Actor) -> None:
        for number in range(12):
            file_of(seller, f"客户{number}", tags=("新",))
        with CaptureQueriesContext(
            connection,
        ) as few:
            queries.files(seller, size=2)
        with CaptureQueriesContext(connection) as many:
            queries.files(seller, size=12)
        assert len(few) == len(many) == 3

    def test_a_file_is_a_bounded_number_of_statements(self, seller: Actor) -> None:
        row = commands.add_file(seller, FULL)
        declared(row, *((date(2026, 1, day), 100, 5) for day in range(1, 9)))
        for number in range(5):
            commands.add_note(seller, row.pk, f"第{number}条")
        with CaptureQueriesContext(connection) as asked:
            view = queries.file(seller, row.pk)
        assert len(view.orders) == 8
        assert len(asked) <= 9

    def test_agreed_prices_are_there_for_price_lists(self, seller: Actor) -> None:
        row = commands.add_file(seller, FULL)
        assert row.relationship_id is not None
        found = queries.agreed_prices(id_of(seller), [row.relationship_id])
        assert found == {row.relationship_id: FULL.prices}
        assert queries.agreed_prices(id_of(company()), [row.relationship_id]) == {}


class TestOpening:
    def test_customers_of_the_books_get_a_file_with_their_latest_address(
        self, seller: Actor
    ) -> None:
        ids = relationships.note_customers(id_of(seller), [("C1", "南街五金", "浙江")])
        assert commands.refresh(id_of(seller)) == 1
        (row,) = queries.files(seller).items
        assert (row.file.code, row.file.name) == ("C1", "南街五金")
        assert row.file.relationship_id == ids["C1"]

        assert commands.refresh(id_of(seller)) == 1

    def test_the_amount_counts_what_the_books_had_before(self, seller: Actor) -> None:
        row = file_of(seller, "老王", written_fen=100_00)
        declared(row, (date(2026, 1, 5), 50_00, 3))
        commands.refresh(id_of(seller))
        (found,) = queries.files(seller).items
        assert found.amount == Money(150_00)
        assert found.figures.as_of == clock.today()


def _values(draft: FileDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in FileDraft.__slots__}
