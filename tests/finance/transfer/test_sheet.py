"""Statement sheets: the same lines as by the feed, per-row refusals, equal honest lines."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.finance.methods.corporate_transfer import sheet
from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.finance.sandbox import transfers
from pifa.finance.sandbox.transfers import Delivery
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput
from pifa.kernel.money import Money
from pifa.kernel.sheets import write_xlsx
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.conftest import actor_of
from tests.finance.transfer.conftest import BUYER_NAME, Owe, Send, settled
from tests.plugins.examples import examples

pytestmark = pytest.mark.django_db
HEADERS = sheet.sample_columns()


def file_of(*rows: list[str], headers: list[str] = HEADERS, encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def row(account: str, amount: str = "100.00", line_no: str = "", **more: str) -> list[str]:
    values = {
        "line_no": line_no,
        "account_no": account,
        "payer_name": BUYER_NAME,
        "payer_account": "6222000011112222",
        "payer_bank": "云汀商业银行",
        "amount": amount,
        "value_day": clock.today().isoformat(),
        "remark": "",
        **more,
    }
    return [values[name] for name in sheet.HEADERS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_statement_is_looked_through_and_brought_in(
    owe: Owe, account: str, operator: Actor, encoding: str
) -> None:
    owe("order:1", 100)
    file = file_of(row(account, "1,00.00", "N1"), row("12345", "¥5", "N2"), encoding=encoding)
    found = sheet.preview(operator, file)
    assert [line.verdict for line in found.lines] == ["settled", "settled"]
    assert found.new_total == Money(105_00)
    assert not BankLine.objects.exists()
    done = sheet.bring_in(operator, file)
    assert (len(done.new), done.known, done.errors) == (2, 0, [])
    assert settled("order:1") == 100
    assert ledger.balance(None, AccountKind.SUSPENSE) == Money(5_00)
    again = sheet.bring_in(operator, file)
    assert (len(again.new), again.known) == (0, 2)
    assert BankLine.objects.count() == 2


def test_a_workbook_with_dates_and_numbers(owe: Owe, account: str, operator: Actor) -> None:
    owe("order:1", 100)
    file = io.BytesIO()
    cells: list[object] = list(row(account, line_no="N1"))
    cells[5], cells[6] = Money(100_00).decimal, clock.today()
    write_xlsx(file, HEADERS, [cells], title="对账单")
    file.seek(0)
    assert len(sheet.bring_in(operator, file).new) == 1
    assert settled("order:1") == 100


def test_the_banks_own_statement_tells_what_the_feed_told(
    owe: Owe, send: Send, operator: Actor
) -> None:
    owe("order:1", 100)
    send(100)
    send(7, delivery=Delivery.NEVER)
    rows = list(sheet.as_rows(transfers.statement(clock.today(), clock.today())))
    done = sheet.bring_in(operator, file_of(*rows))
    assert ([line.notice.amount for line in done.new], done.known) == ([Money(7_00)], 1)


def test_rows_without_a_number_are_known_by_what_they_say(
    owe: Owe, send: Send, account: str, operator: Actor
) -> None:
    owe("order:1", 300)
    send(100)
    file = file_of(row(account), row(account), row(account, "50"))
    done = sheet.bring_in(operator, file)
    # The first is the feed's; the second of the same words is a transfer of its own.
    assert ([line.notice.amount.fen for line in done.new], done.known) == ([100_00, 50_00], 1)
    assert settled("order:1") == 250
    assert not sheet.bring_in(operator, file).new


def test_a_line_that_a_sheet_told_first_gets_its_number_from_the_feed(
    owe: Owe, send: Send, account: str, operator: Actor
) -> None:
    owe("order:1", 300)
    sheet.bring_in(operator, file_of(row(account), row(account)))
    first, second, third = (send(100) for _time in range(3))
    assert [sent.answers for sent in (first, second, third)] == [
        ["repeated"],
        ["repeated"],
        ["settled"],
    ]
    assert set(BankLine.objects.values_list("line_no", flat=True)) == {
        first.line_no,
        second.line_no,
        third.line_no,
    }
    assert settled("order:1") == 300


def test_rows_are_told_in_their_order_each_with_its_own_reason(
    account: str, operator: Actor
) -> None:
    sheet.bring_in(operator, file_of(row(account, line_no="N1")))
    rows = [row(account, "7", "N1"), row(account, "9" * 20), row(account, "-1")]
    told = sheet.preview(operator, file_of(*rows)).errors
    assert [error.row for error in told] == [2, 3, 4]
    assert ["大得不可能" in str(error) for error in told] == [False, True, False]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "0"}, "金额"),
        ({"amount": "-3"}, "金额"),
        ({"amount": "1.005"}, "金额"),
        ({"amount": "NaN"}, "金额"),
        ({"amount": "1.23E+05"}, "金额"),
        ({"amount": "1_000"}, "金额"),
        ({"amount": "9" * 20}, "金额"),
        ({"amount": "钱"}, "金额"),
        ({"value_day": "2026-02-30"}, "入账日期"),
        ({"value_day": "昨天"}, "入账日期"),
        ({"payer_name": ""}, "付款户名"),
        ({"remark": "长" * 201}, "附言"),
    ],
)
def test_a_row_that_is_refused_leaves_the_others_alone(
    owe: Owe, account: str, operator: Actor, change: dict[str, str], field: str
) -> None:
    owe("order:1", 100)
    done = sheet.bring_in(operator, file_of(row(account, **change), row(account)))
    assert [(error.row, error.field) for error in done.errors] == [(2, field)]
    assert len(done.new) == 1


def test_the_same_number_twice_on_a_sheet_and_with_other_words(
    account: str, operator: Actor
) -> None:
    done = sheet.bring_in(operator, file_of(row(account, "5", "N1"), row(account, "6", "N1")))
    assert [error.row for error in done.errors] == [3]
    done = sheet.bring_in(operator, file_of(row(account, "6", "N1")))
    assert [error.row for error in done.errors] == [2]
    assert BankLine.objects.get().amount_fen == 5_00


def test_a_sheet_may_say_less_than_the_feed(
    owe: Owe, send: Send, account: str, operator: Actor
) -> None:
    owe("order:1", 100)
    sent = send(100, "货款")
    file = file_of(row(account, line_no=sent.line_no, payer_bank=""))
    assert sheet.bring_in(operator, file).known == 1
    other = file_of(row(account, line_no=sent.line_no, payer_account="6222"))
    assert [error.row for error in sheet.bring_in(operator, other).errors] == [2]
    assert BankLine.objects.count() == 1


def test_without_its_columns(operator: Actor) -> None:
    with pytest.raises(InvalidInput, match="付款账号"):
        sheet.preview(operator, file_of(["1", "2"], headers=["收款账号", "金额"]))


def test_for_operators_only(buyer: Company) -> None:
    with pytest.raises(Forbidden):
        sheet.preview(actor_of(buyer, Role.OWNER), file_of())


told = st.lists(
    st.tuples(st.sampled_from(["feed", "sheet", "bare"]), st.integers(1, 2)), min_size=1, max_size=6
)


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from([30, 30, 70]), min_size=1, max_size=4), told)
def test_whatever_tells_of_them_how_often_each_transfer_counts_once(
    owe: Owe,
    send: Send,
    account: str,
    operator: Actor,
    yuan: list[int],
    told: list[tuple[str, int]],
) -> None:
    """A day's transfers, told by feed, by statement, by a statement without numbers, in any
    order and again."""
    with transaction.atomic():
        for amount in yuan:
            send(amount, delivery=Delivery.HOLD)
        rows = list(sheet.as_rows(transfers.statement(clock.today(), clock.today())))
        for way, times in told:
            for _time in range(times):
                if way == "feed":
                    transfers.deliver_held()
                else:
                    shown = [["", *cells[1:]] for cells in rows] if way == "bare" else rows
                    sheet.bring_in(operator, file_of(*shown))
        assert BankLine.objects.count() == len(yuan)
        total = Money(sum(yuan) * 100)
        assert ledger.balance(None, AccountKind.SUSPENSE) == total
        assert ledger.check() == []
        transaction.set_rollback(True)
