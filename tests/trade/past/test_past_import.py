"""Past trade in the tables: identity, repeats, interruptions, rejected rows, matches, reports."""

from __future__ import annotations

import os
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Max, Sum

from pifa.kernel import events
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.models import Posting
from pifa.metrics.facts import SIGNS
from pifa.metrics.models import Fact
from pifa.relationships import commands as relationships
from pifa.relationships.models import Relationship
from pifa.trade import policies
from pifa.trade.models import CancellationMatch, ImportBatch, Order, OrderLine
from pifa.trade.past import commands, queries
from pifa.trade.past.mapping import load
from pifa.trade.queries import repeat_purchase, reports, series
from tests.parties.people import company, id_of

pytestmark = pytest.mark.django_db(transaction=False)

SHARED = Path(os.environ.get("PIFA_SHARED", "../shared")) / "data" / "online_retail.csv.gz"
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
BOOKS = HEAD + (
    "1001,A1,bolt,10,2025-03-01 09:00:00,0.035,C1,North\n"
    "1001,A1,bolt,10,2025-03-01 09:00:00,0.035,C1,North\n"
    "1001,B2,nut,-1,2025-03-01 09:00:00,2.50,C1,North\n"
    "1002,A1,bolt,7,2025-03-02 10:00:00,0.035,,North\n"
    "1003,B2,nut,4,2025-03-03 10:00:00,2.50,C2,South\n"
    "1004,B2,nut,4,2025-03-04 10:00:00,2.50,C2,South\n"
    "C1005,B2,nut,-6,2025-03-05 10:00:00,2.50,C2,South\n"
    "C1006,A1,bolt,-5,2025-03-05 10:00:00,0.035,C9,South\n"
)


@pytest.fixture
def seller() -> Actor:
    return company("往来账试验厂", seller=True)


def bring_in(
    seller: Actor, path: Path, text: str = BOOKS, mapping: str = "line-export", **how: Any
) -> ImportBatch:
    path.write_text(text, encoding="utf-8")
    return commands.import_file(id_of(seller), path, load(mapping), **how)


def books(seller: Actor) -> list[tuple[Any, ...]]:
    """All declared lines of a seller, without the ids and numbers that chance gives."""
    return list(
        OrderLine.objects.filter(order__seller=id_of(seller))
        .order_by("order__external_no", "position")
        .values_list(
            "order__external_no",
            "order__paid_fen",
            "order__total_fen",
            "order__customer__external_key",
            "position",
            "kind",
            "code",
            "quantity",
            "amount_fen",
        )
    )


def matches(seller: Actor) -> list[tuple[str | None, str | None, int]]:
    return list(
        CancellationMatch.objects.filter(cancellation__order__seller=id_of(seller))
        .order_by("purchase__order__external_no")
        .values_list("cancellation__order__external_no", "purchase__order__external_no", "quantity")
    )


def test_lines_are_told_by_number_and_ordinal(seller: Actor, tmp_path: Path) -> None:
    batch = bring_in(seller, tmp_path / "books.csv")

    assert (batch.orders_new, batch.lines_new, batch.rejected) == (6, 8, 0)
    twins = [line for line in books(seller) if line[0] == "1001" and line[6] == "A1"]
    assert [(line[4], line[7], line[8]) for line in twins] == [(1, 10, 35), (2, 10, 35)]
    customers = Relationship.objects.filter(seller=id_of(seller), buyer=None)
    assert set(customers.values_list("external_key", flat=True)) == {"C1", "C2", "C9"}


def test_cancellations_find_the_latest_earlier_purchase(seller: Actor, tmp_path: Path) -> None:
    bring_in(seller, tmp_path / "books.csv")
    assert matches(seller) == [("C1005", "1003", 2), ("C1005", "1004", 4)]


def test_report_counts_declared_trade_only_when_asked(seller: Actor, tmp_path: Path) -> None:
    bring_in(seller, tmp_path / "books.csv")
    span = (date(2025, 3, 1), date(2025, 3, 31))

    with_it = reports.sales(id_of(seller), *span, include_declared=True)
    assert with_it.sales == Money(35 + 35 + 25 + 1000 + 1000)
    assert (with_it.orders, with_it.buyers, with_it.repeat_buyers) == (4, 2, 1)
    assert (with_it.cancellations, with_it.cancelled) == (2, Money(-1500 - 18))
    without = reports.sales(id_of(seller), *span, include_declared=False)
    assert (without.sales, without.orders, without.buyers) == (Money(0), 0, 0)
    days = reports.daily_sales(seller, *span, include_declared=True)
    assert sum(day.sales.fen for day in days) == with_it.sales.fen


def test_imported_twice_it_changes_nothing(seller: Actor, tmp_path: Path) -> None:
    bring_in(seller, tmp_path / "books.csv")
    first, joined = books(seller), matches(seller)
    again = bring_in(seller, tmp_path / "books.csv")

    assert (again.orders_new, again.orders_known, again.lines_new) == (0, 6, 0)
    assert (again.customers_new, again.warnings) == (0, 0)
    assert books(seller) == first
    assert matches(seller) == joined


def test_interrupted_and_run_again_it_ends_the_same(
    seller: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = company("对照厂", seller=True)
    bring_in(other, tmp_path / "whole.csv")
    monkeypatch.setattr(commands, "CHUNK_ORDERS", 2)

    def stop(what: str, done: int, _estimate: int) -> None:
        if what == "write" and done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(seller, tmp_path / "books.csv", progress=stop)
    stopped = ImportBatch.objects.get(seller=id_of(seller))
    assert (stopped.state, stopped.orders_new) == (ImportBatch.State.STOPPED, 4)

    bring_in(seller, tmp_path / "books.csv")
    assert books(seller) == books(other)
    assert matches(seller) == matches(other)


def test_an_import_from_a_shell_that_was_killed_is_noted_as_stopped(
    seller: Actor, tmp_path: Path
) -> None:
    killed = bring_in(seller, tmp_path / "books.csv")
    ImportBatch.objects.filter(pk=killed.pk).update(state=ImportBatch.State.RUNNING, ended_at=None)
    with (tmp_path / "books.csv").open("rb") as file:
        queued = commands.start_import(seller, file, "books.csv", load("line-export"))
    noted = []

    def look(*_args: Any) -> None:
        noted.append(commands.note_left_imports())

    running = bring_in(seller, tmp_path / "books.csv", progress=look)
    killed.refresh_from_db()
    assert killed.state == ImportBatch.State.STOPPED
    assert killed.ended_at is not None
    assert noted, "nobody looked while it ran"
    assert not any(noted), "an import that was running was taken for killed"
    assert running.state == ImportBatch.State.DONE
    queued.refresh_from_db()
    assert queued.state == ImportBatch.State.WAITING, "queued ones are taken up again"


def test_a_queued_import_whose_server_died_goes_on_and_tells_the_same(
    seller: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = BOOKS.replace("1002,A1,bolt,7,", "1002,A1,bolt,seven,")
    other = company("对照厂", seller=True)
    whole = bring_in(other, tmp_path / "whole.csv", bad)
    monkeypatch.setattr(commands, "CHUNK_ORDERS", 2)
    with (tmp_path / "whole.csv").open("rb") as file:
        batch = commands.start_import(seller, file, "books.csv", load("line-export"))
    taken, left = commands._take_chunk, [2]

    def dying(*args: Any) -> bool:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        return taken(*args)

    monkeypatch.setattr(commands, "_take_chunk", dying)
    with pytest.raises(SystemExit):
        commands.import_in_background.call(batch_id=batch.pk)
    # A server that dies leaves no word: the batch stands as running.
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.RUNNING, ended_at=None)
    batch.refresh_from_db()
    assert (batch.rejected, batch.orders_new) == (1, 3)

    monkeypatch.setattr(commands, "_take_chunk", taken)
    commands.import_in_background.call(batch_id=batch.pk)
    batch.refresh_from_db()
    figures = ("state", "orders_new", "orders_known", "lines_new", "customers_new", "rejected")
    assert [getattr(batch, name) for name in figures] == [getattr(whole, name) for name in figures]
    assert [row.row for row in batch.rejections.all()] == [
        row.row for row in whole.rejections.all()
    ]
    assert books(seller) == books(other)
    assert matches(seller) == matches(other)


def test_rejected_rows_are_in_a_sheet_and_the_rest_is_in(seller: Actor, tmp_path: Path) -> None:
    bad = BOOKS.replace("1002,A1,bolt,7,", "1002,A1,bolt,seven,")
    bad = bad.replace("2025-03-04 10:00:00,2.50,C2", "2025-03-04 10:00:00,2.50001,C2")
    batch = bring_in(seller, tmp_path / "books.csv", bad)

    assert (batch.state, batch.rejected, batch.lines_new) == (ImportBatch.State.DONE, 2, 6)
    sheet = Path(batch.rejected_file.path).read_text(encoding="utf-8-sig")
    rows = sheet.splitlines()
    assert len(rows) == 3
    assert "seven" in rows[1]
    assert ",5," in rows[1]
    assert [row.row for row in batch.rejections.order_by("row")] == [5, 7]
    assert all(row.remedy for row in batch.rejections.all())


def test_a_mended_row_sent_alone_keeps_its_place(seller: Actor, tmp_path: Path) -> None:
    other = company("对照厂", seller=True)
    bring_in(other, tmp_path / "whole.csv")
    bad = BOOKS.replace("10,2025-03-01 09:00:00,0.035", "x,2025-03-01 09:00:00,0.035", 1)
    batch = bring_in(seller, tmp_path / "books.csv", bad)
    mended = Path(batch.rejected_file.path).read_text(encoding="utf-8-sig")
    head, row = mended.splitlines()[:2]

    result = bring_in(seller, tmp_path / "mended.csv", f"{head}\n{row.replace(',x,', ',10,')}\n")
    assert (result.rejected, result.lines_new) == (0, 1)
    assert books(seller) == books(other)


def test_another_content_under_the_same_identity_is_told_and_kept_out(
    seller: Actor, tmp_path: Path
) -> None:
    bring_in(seller, tmp_path / "books.csv")
    first = books(seller)
    again = bring_in(
        seller, tmp_path / "books.csv", BOOKS.replace("1003,B2,nut,4", "1003,B2,nut,9")
    )

    assert again.warnings == 1
    assert "1003" in again.rejections.get().reason
    assert books(seller) == first


def test_paid_is_authoritative_in_an_order_sheet(seller: Actor, tmp_path: Path) -> None:
    sheet = (
        "订单编号,买家公司名,买家会员名,货品总价(元),运费(元),涨价或折扣(元),实付款(元),订单状态,订单创建时间\n"
        "90001,甲店,jia,29.00,0.00,0.00,28.86,交易成功,2025-03-01 09:00\n"
        "90002,乙店,yi,10.00,0.00,0.00,0.00,交易关闭,2025-03-02 09:00\n"
    )
    batch = bring_in(seller, tmp_path / "orders.csv", sheet, "order-sheet")

    assert (batch.orders_new, batch.rejected) == (2, 0)
    assert batch.warnings == 1
    report = reports.sales(
        id_of(seller), date(2025, 3, 1), date(2025, 3, 31), include_declared=True
    )
    assert (report.sales, report.orders, report.buyers) == (Money(2886), 1, 1)


def test_nothing_is_posted_and_the_ledger_check_knows(seller: Actor, tmp_path: Path) -> None:
    bring_in(seller, tmp_path / "books.csv")
    assert not Posting.objects.exists()
    assert ledger.check() == []


def test_past_trade_is_no_fact_of_the_metrics(seller: Actor, tmp_path: Path) -> None:
    bring_in(seller, tmp_path / "books.csv")
    events.deliver()
    assert not Fact.objects.exclude(kind__in=list(SIGNS)).exists()


def test_another_company_sees_nothing_of_an_import(seller: Actor, tmp_path: Path) -> None:
    batch = bring_in(seller, tmp_path / "books.csv")
    stranger = company("别家厂", seller=True)
    assert queries.batches(stranger) == []
    with pytest.raises(NotFound):
        queries.batch(stranger, batch.pk)
    assert queries.batch(seller, batch.pk).pk == batch.pk


@pytest.mark.parametrize("known_before", [False, True])
def test_a_company_that_claims_a_customer_sees_its_declared_orders(
    seller: Actor, tmp_path: Path, known_before: bool
) -> None:
    bring_in(seller, tmp_path / "books.csv")
    buyer = company("南街五金店")
    if known_before:
        relationships.request(buyer, id_of(seller), side="buyer")
    noted = Relationship.objects.get(seller=id_of(seller), external_key="C2")
    relationships.claim(buyer, relationships.issue_claim(seller, noted.pk))

    seen = Order.objects.filter(policies.visible(buyer)).order_by("external_no")
    assert list(seen.values_list("external_no", flat=True)) == ["1003", "1004", "C1005"]
    assert {order.customer and order.customer.buyer_id for order in seen} == {id_of(buyer)}
    bring_in(
        seller, tmp_path / "more.csv", HEAD + "1009,B2,nut,1,2025-03-06 10:00:00,2.5,C2,South\n"
    )
    assert seen.all().count() == 4


@pytest.mark.skipif(not SHARED.exists(), reason="needs online_retail.csv.gz")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="once is enough for a whole year")
def test_a_year_of_a_real_wholesaler(seller: Actor) -> None:
    batch = commands.import_file(id_of(seller), SHARED, load("line-export"))

    assert (batch.orders_new, batch.lines_new, batch.rejected) == (25_900, 541_909, 0)
    assert batch.customers_new == 4_372
    assert Order.objects.filter(seller=id_of(seller), is_cancellation=True).count() == 3_836
    june = reports.sales(id_of(seller), date(2011, 6, 1), date(2011, 6, 30), include_declared=True)
    assert june.sales == Money(76_173_990)
    assert (june.orders, june.buyers, june.repeat_buyers) == (1_533, 991, 219)
    assert (june.cancellations, june.cancelled) == (329, Money(-7_061_678))
    days = series.sales_series(seller, date(2011, 6, 1), date(2011, 6, 30), True)
    assert (days.whole, sum(point.sales.fen for point in days.points)) == (june, 76_173_990)
    assert sum(point.cancelled.fen for point in days.points) == -7_061_678
    again = repeat_purchase.repeat(id_of(seller), date(2011, 6, 1), date(2011, 6, 30), True)
    assert (again.whole.buyers, again.whole.repeat_buyers) == (991, 219)
    assert again.whole.rate == Fraction(219, 991)
    # Counted in the file by hand: 242 of them had no such invoice before June.
    assert (again.new, again.returning, again.unnamed_orders) == (242, 749, 1_533 - again.orders)
    # What cancellations take back was bought, and more was cancelled than was ever bought here.
    taken = CancellationMatch.objects.values("purchase").annotate(taken=Sum("quantity"))
    most = taken.aggregate(most=Max(F("taken") - F("purchase__quantity")))["most"]
    assert most == 0
    matched = CancellationMatch.objects.aggregate(pieces=Sum("quantity"))["pieces"]
    cancelled = OrderLine.objects.filter(order__is_cancellation=True, quantity__lt=0)
    assert 0 < matched < -cancelled.aggregate(pieces=Sum("quantity"))["pieces"]
