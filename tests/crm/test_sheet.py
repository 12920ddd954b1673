"""The customers' sheet: a round trip loses nothing, wrong rows are told, nothing half-written."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pifa.crm import commands, errors, queries
from pifa.crm import sheet as sheets
from pifa.crm.commands import FileDraft
from pifa.crm.models import CustomerFile, FileNote
from pifa.crm.rules import cells
from pifa.crm.sheet import FilesReport
from pifa.crm.sheet.columns import match_headers, purchase_header
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.sheets import SheetError
from pifa.kernel.sheets.answers import WrittenKind
from tests.crm.people import declared, file_of
from tests.parties.people import company, hire, id_of


@pytest.fixture
def seller(db: None) -> Actor:
    return company("网帮包装", seller=True)


def written(seller: Actor, kind: WrittenKind = "csv") -> bytes:
    target = io.BytesIO()
    sheets.export(seller, target, kind)
    return target.getvalue()


def brought(
    seller: Actor, data: bytes, name: str = "客户.csv", *, keep: bool = True
) -> FilesReport:
    with sheets.open_files_sheet(io.BytesIO(data), name) as sheet:
        return sheets.bring_in(seller, sheet) if keep else sheets.preview(seller, sheet)


def table(*rows: list[str], encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def all_of(seller: Actor) -> list[dict[str, Any]]:
    """What a seller's files say, without ids and moments of this market."""
    found = []
    for row in CustomerFile.objects.filter(seller=id_of(seller)).order_by("code"):
        view = queries.file(seller, row.pk)
        hidden = {
            "id",
            "_state",
            "seller_id",
            "relationship_id",
            "keeper_id",
            "created_at",
            "changed_at",
            "quiet_until",
            "buyer_id",
        }
        found.append(
            {name: value for name, value in vars(row).items() if name not in hidden}
            | {
                "keeper": row.keeper.name if row.keeper else "",
                "tags": view.row.tags,
                "prices": view.prices,
                "notes": [(note.text, note.at, note.by) for note in view.notes],
            }
        )
    return found


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="()（）"),
    max_size=12,
)
LINE = TEXT | st.sampled_from(
    ["=1+1", "+86 138", "'引号", "-1", "@x", "a;b;c", "一,二", '"', "007"]
)
WORD = TEXT.filter(lambda text: cells.is_tag(text))
GOODS = TEXT.filter(lambda text: cells.is_goods(text))


@st.composite
def drafts(draw: st.DrawFn) -> FileDraft:
    usage = draw(st.none() | st.integers(1, cells.MAX_USAGE))
    action = draw(LINE)
    prices = draw(st.dictionaries(GOODS, st.integers(1, 10**9), max_size=3))
    return FileDraft(
        name=draw(LINE.filter(bool)),
        account=draw(LINE),
        contact=draw(LINE),
        phone=draw(st.sampled_from(["", "13800138000", "0579-85551234", "+86 579"])),
        other_contacts=draw(st.lists(LINE, max_size=3).map("\n".join)),
        address=draw(LINE),
        usual_specs=draw(st.lists(LINE, max_size=3).map("\n".join)),
        daily_usage=usage,
        usage_unit=draw(TEXT.filter(cells.is_unit).map(lambda t: t[:10])) if usage else "",
        next_action=action,
        next_day=draw(st.dates(date(2001, 1, 1), date(2900, 1, 1))) if action else None,
        tags=tuple(draw(st.lists(WORD, max_size=3, unique=True))),
        prices=tuple((goods, UnitPrice(e4)) for goods, e4 in prices.items()),
        written_purchases=tuple(draw(st.lists(LINE.filter(bool), max_size=4))),
        written_fen=draw(st.integers(0, 10**11)),
    )


class TestRoundTrip:
    @settings(
        max_examples=12,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        st.lists(st.tuples(drafts(), st.lists(LINE, max_size=2)), min_size=1, max_size=3),
        st.sampled_from(["csv", "xlsx"]),
    )
    def test_loses_nothing(
        self, seller: Actor, customers: list[tuple[FileDraft, list[str]]], kind: WrittenKind
    ) -> None:
        """In the same market nothing changes; in another seller's all is there."""
        CustomerFile.objects.filter(seller=id_of(seller)).exists()
        mine = company("发出", seller=True)
        for number, (draft, notes) in enumerate(customers):
            try:
                row = commands.add_file(mine, draft, f"K{number}")
            except errors.BadField:
                continue  # what cleaning leaves of a text may be nothing
            for text in notes:
                if text.strip():
                    commands.add_note(mine, row.pk, text + "\n第二行")
        data, name = written(mine, kind), f"客户.{kind}"
        before = all_of(mine)

        again = brought(mine, data, name)
        assert (again.errors, again.changed, again.created) == ([], 0, 0)
        assert all_of(mine) == before

        other = company("收到", seller=True)
        fresh = brought(other, data, name)
        assert fresh.errors == []
        assert all_of(other) == before

    def test_orders_among_the_purchases_are_known_again(self, seller: Actor) -> None:
        row = file_of(seller, "小王", "K1", written_purchases=("早年 20捆",), written_fen=5_00)
        declared(row, (date(2025, 3, 21), 100_00, 10), (date(2025, 4, 6), 200_00, 100))
        commands.refresh(id_of(seller))
        data = written(seller)
        text = data.decode("utf-8-sig")
        assert "2025-03-21 垃圾袋 32*45 ×10捆" in text
        assert "305.00" in text

        assert brought(seller, data).changed == 0
        row.refresh_from_db()
        assert row.written_purchases == ["早年 20捆"]

        other = company("收到", seller=True)
        brought(other, data)
        (there,) = queries.files(other).items
        assert there.amount == Money(305_00)
        assert there.file.written_purchases[1:] == [
            "2025-03-21 垃圾袋 32*45 ×10捆",
            "2025-04-06 垃圾袋 32*45 ×100捆",
        ]

    def test_exports_are_logged(self, seller: Actor) -> None:
        written(seller)
        assert AuditEntry.objects.filter(action="crm.export").count() == 1
        with pytest.raises(Forbidden):
            written(hire(seller, Role.FINANCE))

    def test_statements_do_not_grow_with_the_files(self, seller: Actor) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as statements:
                written(seller)
            return len(statements)

        declared(file_of(seller, "甲"), (date(2026, 3, 1), 1_00, 1))
        few = asked()
        for number in range(9):
            declared(file_of(seller, f"客户{number}"), (date(2026, 3, 1), 1_00, 1))
        assert asked() == few


DECK = [
    ["旺旺ID", "电话", "客户姓名", "客服", "客户描述", "", "", "", "第一次采购", "第二次采购", ""],
    ["", "", "", "", "客户地址", "常用规格", "定货价格", "日使用量", "", "", "累计金额"],
    [
        "小王 (可上门拜访) (至尊VIP)",
        "13800138000",
        "王强",
        "周晨",
        "义乌市业州路200号",
        "28*42加厚 38*52加厚",
        "28*42加厚=0.35",
        "2000个",
        "3.21号 32*45-10捆",
        "4.6号 100捆",
        "11355",
    ],
]


class TestTheDecksSheet:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_is_taken_as_it_is(self, seller: Actor, encoding: str) -> None:
        report = brought(seller, table(*DECK, encoding=encoding))

        assert (report.rows, report.created, report.errors) == (1, 1, [])
        (row,) = queries.files(seller).items
        view = queries.file(seller, row.file.pk)
        file = row.file
        assert row.tags == ("可上门拜访", "至尊VIP")
        assert (file.account, file.phone, file.contact) == ("小王", "13800138000", "王强")
        assert file.keeper is not None
        assert (file.keeper.name, file.daily_usage, file.usage_unit) == ("周晨", 2000, "个")
        assert view.prices == (("28*42加厚", UnitPrice.yuan("0.35")),)
        assert file.written_purchases == ["3.21号 32*45-10捆", "4.6号 100捆"]
        assert row.amount == Money(11_355_00)

    def test_as_a_workbook_too(self, seller: Actor) -> None:
        book = Workbook()
        for line in DECK:
            assert book.active is not None
            book.active.append(line)
        out = io.BytesIO()
        book.save(out)
        assert brought(seller, out.getvalue(), "客户.xlsx").created == 1


class TestErrors:
    @pytest.mark.parametrize(
        ("header", "cell"),
        [
            ("日使用量", "很多"),
            ("定货价格", "..."),
            ("累计金额", "-5"),
            ("跟进日期", "下周"),
            ("客服", "没有这个人"),
            ("标签", "字" * 30),
            ("客户姓名", "长" * 61),
            ("备注", "2026-13-01"),
        ],
    )
    def test_a_wrong_row_is_told_and_the_others_taken(
        self, seller: Actor, header: str, cell: str
    ) -> None:
        rows = [["客户编号", "客户名称", header], ["1", "好的", ""], ["2", "错的", cell]]
        report = brought(seller, table(*rows))
        if header == "备注":
            assert report.created == 2  # any text is a note
            return
        (error,) = report.errors
        assert (error.row, error.field) == (3, header)
        assert str(error.reason)
        assert str(error.remedy)
        assert error.cells[1] == "错的"
        assert [row.file.name for row in queries.files(seller).items] == ["好的"]

    def test_twice_the_same_customer_and_nobody(self, seller: Actor) -> None:
        rows = [["客户编号", "电话"], ["1", "13800138000"], ["1", ""], ["", ""], ["2", ""]]
        report = brought(seller, table(*rows))
        assert [(error.row, error.field) for error in report.errors] == [(3, "客户编号")]
        assert report.created == 2
        rows = [["客户编号", "客户地址"], ["", "义乌"]]
        assert [error.row for error in brought(seller, table(*rows)).errors] == [2]

    def test_the_amount_is_not_below_the_orders(self, seller: Actor) -> None:
        row = file_of(seller, "小王", "K1")
        declared(row, (date(2025, 3, 1), 100_00, 1))
        commands.refresh(id_of(seller))
        report = brought(seller, table(["客户编号", "累计金额"], ["K1", "99.99"]))
        assert [error.field for error in report.errors] == ["累计金额"]

    def test_columns_that_are_not_there_leave_their_fields(self, seller: Actor) -> None:
        row = file_of(seller, "小王", "K1", address="义乌", tags=("VIP",))
        report = brought(seller, table(["客户编号", "电话"], ["K1", "13800138000"]))
        assert report.changed == 1
        row.refresh_from_db()
        assert (row.address, row.phone) == ("义乌", "13800138000")
        assert queries.file(seller, row.pk).row.tags == ("VIP",)

    def test_a_preview_leaves_nothing(self, seller: Actor) -> None:
        report = brought(seller, table(*DECK), keep=False)
        assert report.created == 1
        assert not CustomerFile.objects.exists()
        assert not AuditEntry.objects.filter(action__startswith="crm").exists()

    def test_what_stops_halfway_leaves_nothing(
        self, seller: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from pifa.crm.sheet import bringing_in

        def stop(*_args: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(bringing_in, "expect_mornings", stop)
        with pytest.raises(KeyboardInterrupt):
            brought(seller, table(*DECK))
        assert not CustomerFile.objects.exists()

    def test_notes_are_only_added(self, seller: Actor) -> None:
        row = file_of(seller, "小王", "K1")
        commands.add_note(seller, row.pk, "爱喝茶")
        for _again in range(2):
            brought(seller, table(["客户编号", "备注"], ["K1", "周末不接电话"]))
        brought(seller, table(["客户编号", "备注"], ["K1", ""]))
        assert sorted(FileNote.objects.values_list("text", flat=True)) == ["周末不接电话", "爱喝茶"]

    @pytest.mark.parametrize(
        "data", [b"", b"PK\x03\x04broken", b"\x00\x01", table(["甲", "乙"], ["1", "2"])]
    )
    def test_hostile_or_senseless_files_are_refused(self, seller: Actor, data: bytes) -> None:
        with pytest.raises((SheetError, errors.NoSheetHeader)):
            brought(seller, data)

    def test_formulas_are_refused_by_their_cell(self, seller: Actor) -> None:
        book = Workbook()
        assert book.active is not None
        book.active.append(["客户编号", "客户地址"])
        book.active.append(["K1", '=HYPERLINK("http://x")'])
        out = io.BytesIO()
        book.save(out)
        report = brought(seller, out.getvalue(), "客户.xlsx")
        assert [(error.row, error.field) for error in report.errors] == [(2, "客户地址")]


@given(st.integers(1, 99))
def test_headers_of_purchases_are_numbers(number: int) -> None:
    from django.utils import translation

    for language in ("zh-hans", "en"):
        with translation.override(language):
            places = match_headers(
                ["客户编号", purchase_header(number), purchase_header(number + 1)]
            )
        assert places.purchases == (1, 2)
        assert places.unknown == ()
