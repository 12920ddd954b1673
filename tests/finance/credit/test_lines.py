"""Lines are granted to known buyers, changed, frozen, brought in by sheet; their history is kept."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from pifa.finance import commands, queries
from pifa.finance.commands import LineDraft
from pifa.finance.methods.trade_credit import sheet as sheets
from pifa.finance.methods.trade_credit.errors import LineExists, UnknownBuyer
from pifa.finance.models import CreditChange, CreditItem, CreditLine, CreditStatement
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.money import Money
from pifa.kernel.sheets import open_sheet, write_csv, write_xlsx
from pifa.parties.models import Company
from tests.catalog import market as goods
from tests.finance.conftest import actor_of
from tests.finance.credit.conftest import (
    LIMIT,
    line_of,
    noon,
    owner_of,
    promise,
    relate,
    run_until,
)

pytestmark = pytest.mark.django_db


class TestGranting:
    def test_only_to_a_buyer_that_is_known(self, seller: Company, buyer: Company) -> None:
        owner, draft = owner_of(seller), LineDraft(LIMIT, "monthly", 28)
        with pytest.raises(UnknownBuyer, match=buyer.login):
            commands.grant_credit(owner, buyer.login, draft)
        with pytest.raises(UnknownBuyer):
            commands.grant_credit(owner, "nobody", draft)
        relate(seller, buyer)
        commands.grant_credit(owner, buyer.login, draft)
        with pytest.raises(LineExists):
            commands.grant_credit(owner, buyer.login, draft)

    @pytest.mark.parametrize(
        "draft",
        [
            LineDraft(Money(-1), "monthly", 28),
            LineDraft(Money(10**14), "monthly", 28),
            LineDraft(LIMIT, "monthly", 0),
            LineDraft(LIMIT, "monthly", 32),
            LineDraft(LIMIT, "days", 181),
            LineDraft(LIMIT, "yearly", 1),
        ],
    )
    def test_senseless_drafts(self, seller: Company, buyer: Company, draft: LineDraft) -> None:
        relate(seller, buyer)
        with pytest.raises(InvalidInput):
            commands.grant_credit(owner_of(seller), buyer.login, draft)

    def test_by_owner_and_finance_only(self, seller: Company, buyer: Company) -> None:
        relate(seller, buyer)
        with pytest.raises(Forbidden):
            commands.grant_credit(
                actor_of(seller, Role.CLERK), buyer.login, LineDraft(LIMIT, "monthly", 28)
            )

    def test_a_stranger_finds_nothing(self, line: CreditLine) -> None:
        stranger = goods.actor(goods.company("路人"))
        with pytest.raises(NotFound):
            commands.change_credit(stranger, line.pk, LineDraft(LIMIT, "monthly", 1))
        with pytest.raises(NotFound):
            queries.credit_line(stranger, line.pk)


class TestChanging:
    def test_lowered_below_what_is_used(
        self, line: CreditLine, seller: Company, purchaser: Actor
    ) -> None:
        promise(purchaser, "order:1", seller, 800_00)
        commands.change_credit(owner_of(seller), line.pk, LineDraft(Money(500_00), "monthly", 28))
        view = queries.credit_line(purchaser, line.pk)
        assert (view.limit, view.used, view.free) == (Money(500_00), Money(800_00), Money(0))
        line.refresh_from_db()
        assert line.over_fen == 300_00
        commands.refund("order:1", Money(400_00), "f1", "")
        line.refresh_from_db()
        assert (line.used_fen, line.over_fen) == (400_00, 0)

    def test_the_database_keeps_the_limit(self, line: CreditLine) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CreditLine.objects.filter(pk=line.pk).update(used_fen=line.limit_fen + 1)

    def test_the_history_cannot_be_changed(self, line: CreditLine) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CreditChange.objects.update(limit_fen=1)

    def test_new_terms_hold_from_tomorrow_and_cut_the_period(
        self, seller: Company, buyer: Company, purchaser: Actor
    ) -> None:
        with clock.frozen(noon(date(2026, 3, 1))):
            line = line_of(seller, buyer, number=28)
            for number in range(3):
                promise(purchaser, f"order:{number}", seller, 100_00)
        with clock.frozen(noon(date(2026, 3, 10))):
            commands.note_received("order:0")
            commands.change_credit(owner_of(seller), line.pk, LineDraft(LIMIT, "monthly", 20))
            commands.note_received("order:1")
        with clock.frozen(noon(date(2026, 3, 11))):
            commands.note_received("order:2")
        run_until(date(2026, 3, 28))
        found = CreditStatement.objects.order_by("due_on")
        assert [
            (row.period_start, row.period_end, row.due_on, row.amount_fen) for row in found
        ] == [
            (date(2026, 3, 11), date(2026, 3, 20), date(2026, 3, 20), 100_00),
            (date(2026, 3, 1), date(2026, 3, 11), date(2026, 3, 28), 200_00),
        ]

    def test_frozen_and_opened_again(self, line: CreditLine, seller: Company) -> None:
        owner = owner_of(seller)
        with pytest.raises(InvalidInput):
            commands.freeze_credit(owner, line.pk, "  ")
        commands.freeze_credit(owner, line.pk, "对账中")
        with pytest.raises(WrongState):
            commands.freeze_credit(owner, line.pk, "再来")
        commands.unfreeze_credit(owner, line.pk)
        with pytest.raises(WrongState):
            commands.unfreeze_credit(owner, line.pk)
        told = [row.what for row in queries.credit_history(owner, line.pk)]
        assert told == ["unfreeze", "freeze", "grant"]


class TestPeriodsOfReceipts:
    @pytest.mark.parametrize("number", [28, 29, 30, 31])
    def test_february_of_a_leap_year(
        self, seller: Company, buyer: Company, purchaser: Actor, number: int
    ) -> None:
        """Every day from January to March has its receipt, and each is on one statement."""
        with clock.frozen(noon(date(2028, 1, 1))):
            line_of(seller, buyer, Money(10_000_00), number=number)
            subjects = [promise(purchaser, f"order:{n}", seller, 1_00) for n in range(0, 91, 3)]
        for at, subject in enumerate(subjects):
            moment = clock.start_of_day(date(2028, 1, 1) + timedelta(days=3 * at))
            # The first and the last second of a day belong to it.
            more = timedelta() if at % 2 else timedelta(days=1, seconds=-1)
            with clock.frozen(moment + more):
                commands.note_received(subject)
        run_until(date(2028, 4, 30))
        statements = list(CreditStatement.objects.order_by("period_start"))
        for before, after in itertools.pairwise(statements):
            assert before.period_end == after.period_start
        for item in CreditItem.objects.select_related("statement"):
            assert item.statement is not None
            assert item.received_at is not None
            day = clock.market_day(item.received_at)
            assert item.statement.period_start <= day < item.statement.period_end
        assert sum(row.amount_fen for row in statements) == len(subjects) * 1_00
        due = {row.due_on for row in statements}
        assert date(2028, 2, min(number, 29)) in due


class TestSheet:
    HEADERS = ("买家会员名", "额度", "结算方式", "结算日或天数")

    def read(
        self,
        actor: Actor,
        rows: Sequence[Sequence[object]],
        keep: bool,
        headers: Sequence[str] = HEADERS,
    ) -> sheets.LinesReport:
        file = io.BytesIO()
        write_csv(file, headers, rows)
        file.seek(0)
        with open_sheet(file, name="lines.csv") as sheet:
            return (sheets.bring_lines_in if keep else sheets.preview_lines)(actor, sheet)

    def test_each_row_is_taken_or_says_why_not(self, seller: Company, line: CreditLine) -> None:
        owner = owner_of(seller)
        other = goods.company("晨光五金")
        relate(seller, other)
        rows = [
            (line.buyer.login, Money(2_000_00), "按月结算", 15),
            (other.login, "3,000.00", "按天", 45),
            ("nobody", Money(1_00), "按月结算", 1),
            (other.login, "abc", "按月结算", 1),
            (other.login, Money(1_00), "每周", 1),
            (other.login, Money(1_00), "按月结算", 40),
            ("", Money(1_00), "按月结算", 1),
        ]
        for keep in (False, True):
            report = self.read(owner, rows, keep)
            assert [outcome.kind for outcome in report.outcomes] == ["changed", "created"]
            assert [(error.row, error.field) for error in report.errors] == [
                (4, "买家会员名"),
                (5, "额度"),
                (6, "结算方式"),
                (7, "结算日或天数"),
                (8, "买家会员名"),
            ]
            assert CreditLine.objects.count() == (2 if keep else 1)
        assert self.read(owner, rows[:2], True).count("unchanged") == 2

    def test_a_column_freezes_and_opens(self, seller: Company, line: CreditLine) -> None:
        owner, terms = owner_of(seller), (Money(line.limit_fen), "按月结算", 28)
        for reason, kind in (("对账中", "changed"), ("对账中", "unchanged"), ("", "changed")):
            report = self.read(
                owner, [(line.buyer.login, *terms, reason)], True, (*self.HEADERS, "冻结原因")
            )
            assert [(row.kind, row.frozen) for row in report.outcomes] == [(kind, reason)]
            line.refresh_from_db()
            assert (line.frozen_reason, line.frozen_at is not None) == (reason, bool(reason))
        commands.freeze_credit(owner, line.pk, "对账中")
        report = self.read(owner, [(line.buyer.login, *terms)], True)
        assert report.count("unchanged") == 1
        told = [row.what for row in queries.credit_history(owner, line.pk)]
        assert told == ["freeze", "unfreeze", "freeze", "grant"]

    def test_a_buyer_is_named_once(self, seller: Company, line: CreditLine) -> None:
        rows = [(line.buyer.login, Money(fen), "按月结算", 28) for fen in (5_00, 6_00)]
        report = self.read(owner_of(seller), rows, True)
        assert [(error.row, error.field) for error in report.errors] == [(3, "买家会员名")]
        assert "第 2 行" in str(report.errors[0].reason)
        line.refresh_from_db()
        assert line.limit_fen == 5_00

    def test_a_sheet_that_is_too_long_writes_nothing(
        self, seller: Company, line: CreditLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sheets, "MAX_ROWS", 1)
        rows = [(line.buyer.login, Money(5_00), "按月结算", 28), ("nobody", "1", "按月结算", 1)]
        with pytest.raises(sheets.CreditSheetTooLong):
            self.read(owner_of(seller), rows, True)
        line.refresh_from_db()
        assert line.limit_fen != 5_00

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_what_is_written_comes_in_again(
        self, seller: Company, line: CreditLine, language: str
    ) -> None:
        owner = owner_of(seller)
        file = io.BytesIO()
        with translation.override(language):
            write_xlsx(file, sheets.COLUMNS, sheets.lines_written(owner))
        file.seek(0)
        with open_sheet(file, name="lines.xlsx") as sheet:
            report = sheets.bring_lines_in(owner, sheet)
        assert (report.count("unchanged"), report.errors) == (1, ())
