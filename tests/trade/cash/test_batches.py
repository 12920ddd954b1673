"""What a carrier brings, line by line: right, short, twice, unknown, missing, late, never."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.methods.cash_on_delivery.commands.batches import receive_batch
from pifa.finance.models import CashBatch, CashFinding, SandboxCarrierWord
from pifa.finance.sandbox import carrier, keys
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.ledger.rules import AccountKind
from pifa.trade import commands
from tests.trade.cash.door import Door


def suspense(door: Door) -> int:
    return books.reconciliation(door.trading.operator).suspense.fen


def test_a_batch_pays_every_line_and_the_bank_agrees(door: Door) -> None:
    first, second = door.collected(), door.collected(50)
    assert carrier.remit() == ["settled"]
    batch, lines = books.cash_batch(door.trading.operator, CashBatch.objects.get().number)
    both = first.total_fen + second.total_fen
    assert (batch.short.fen, batch.left.fen, len(lines)) == (0, 0, 2)
    assert batch.amount.fen == both - sum(carrier.fee_of(line.collected).fen for line in lines)
    assert {line.judgement for line in lines} == {"matched"}
    assert (door.found(), suspense(door)) == ([], 0)
    assert books.reconciliation(door.trading.operator).agrees


def test_a_batch_counts_once(door: Door) -> None:
    door.collected()
    assert carrier.remit("tell_twice") == ["settled", "repeated"]
    assert CashBatch.objects.count() == 1


def test_a_batch_of_a_known_number_with_other_words_waits(door: Door) -> None:
    door.remitted()
    told = SandboxCarrierWord.objects.get(kind="batch").payload
    for change in ({"amount_fen": "1"}, {"batch_no": "H-other"}):
        says = {**told, **change}
        assert receive_batch("sandbox", says, keys.sign(says)) == "contradicts"
    assert CashBatch.objects.count() == 1
    assert len(books.flagged_notices(door.trading.operator)) == 2


@pytest.mark.parametrize(
    "change",
    [{"lines": []}, {"lines": [{}]}, {"amount_fen": "0"}, {"until": "soon"}, {"batch_no": "\x00"}],
)
def test_a_batch_that_makes_no_sense_is_refused(door: Door, change: dict[str, object]) -> None:
    door.remitted()
    says = {**SandboxCarrierWord.objects.get(kind="batch").payload, **change}
    assert receive_batch("sandbox", says, keys.sign(says)) == "malformed"


def test_a_batch_with_a_wrong_signature_is_not_believed(door: Door) -> None:
    order = door.collected()
    assert carrier.remit("wrong_signature") == ["bad_signature"]
    assert door.item(order).state == "collected"
    # The bank has the money of which we have not been told.
    assert not books.reconciliation(door.trading.operator).agrees
    carrier.send(SandboxCarrierWord.objects.get(sent_at=None).pk)
    assert door.item(order).state == "remitted"
    assert books.reconciliation(door.trading.operator).agrees


def test_a_short_line_leaves_the_rest_with_the_carrier(door: Door) -> None:
    order = door.collected()
    carrier.remit("short_line")
    half = order.total_fen - order.total_fen // 2
    order.refresh_from_db()
    assert (order.paid_fen, order.promised_fen) == (half, order.total_fen - half)
    assert door.carrier_owes() == order.total_fen - half
    assert door.found() == [("short", order.total_fen, half)]
    (seen,) = books.cash_findings(door.trading.selling)
    assert (seen.order, seen.difference.fen) == (order.number, half - order.total_fen)
    carrier.remit()
    assert (door.item(order).state, door.found()) == ("remitted", [])


def test_what_is_left_out_of_a_batch_is_found(door: Door) -> None:
    first, _second = door.collected(), door.collected(50)
    carrier.remit("leave_out")
    assert door.found() == [("missing", first.total_fen, 0)]
    carrier.remit()
    assert door.found() == []


def test_a_line_twice_pays_once_and_the_rest_goes_back(door: Door) -> None:
    order = door.collected()
    carrier.remit("line_twice")
    more = order.total_fen - carrier.fee_of(Money(order.total_fen)).fen
    assert door.found() == [("twice", 0, order.total_fen)]
    assert suspense(door) == more
    batch = CashBatch.objects.get()
    operator = door.trading.operator
    with pytest.raises(InvalidInput):
        finance.return_batch(operator, batch.number, "重复", Money(more + 1))
    finance.return_batch(operator, batch.number, "重复", Money(more))
    assert (suspense(door), books.reconciliation(operator).agrees) == (0, True)
    with pytest.raises(InvalidInput):
        finance.return_batch(operator, batch.number, "重复", Money(0))


def test_an_unknown_order_waits_in_suspense(door: Door) -> None:
    door.collected()
    carrier.remit("stranger")
    assert door.found() == [("unknown", 0, 88_00)]
    assert suspense(door) == 88_00
    # It is nobody's, so no seller reads of it.
    assert books.cash_findings(door.trading.selling) == []


def test_less_money_than_the_lines_say_pays_what_it_reaches(door: Door) -> None:
    first, second = door.collected(), door.collected(50)
    carrier.remit("less_money")
    kinds = [kind for kind, _expected, _found in door.found()]
    assert kinds == ["bank_short", "uncovered"]
    assert (door.item(first).state, door.item(second).state) == ("remitted", "collected")
    assert suspense(door) > 0


def test_money_for_what_was_never_reported_is_kept_when_it_is(door: Door) -> None:
    order = door.shipped()
    door.play(order, "wrong_signature")
    carrier.remit()
    assert door.found() == [("not_collected", 0, order.total_fen)]
    assert (door.item(order).state, suspense(door) > 0) == ("on_the_way", True)
    carrier.send(SandboxCarrierWord.objects.get(sent_at=None).pk)
    batch = CashBatch.objects.get()
    kept = finance.recheck_batch(door.trading.operator, batch.number)
    assert kept.fen == order.total_fen - carrier.fee_of(Money(order.total_fen)).fen
    assert (door.item(order).state, door.found(), suspense(door)) == ("remitted", [], 0)
    assert finance.recheck_batch(door.trading.operator, batch.number) == Money(0)


def test_a_carrier_that_never_remits_owes_and_the_claim_stands(door: Door) -> None:
    order = door.collected()
    item = door.item(order)
    assert item.remit_by is not None
    ends = clock.start_of_day(item.remit_by + timedelta(days=1))
    deadlines.run_due(ends - timedelta(seconds=1))
    assert door.found() == []
    deadlines.run_due(ends)
    assert door.found() == [("late", order.total_fen, 0)]
    with clock.frozen(ends + timedelta(days=40)):
        deadlines.run_due(clock.now())
        (debt,) = books.carrier_debts(door.trading.operator)
        assert (debt.carrier, debt.amount.fen, debt.late.fen) == (
            "沙箱快运",
            order.total_fen,
            order.total_fen,
        )
        assert books.cash_totals(door.trading.selling).late.fen == order.total_fen
    order.refresh_from_db()
    assert (order.status, order.promised_fen) == ("completed", order.total_fen)
    assert door.balance(AccountKind.PROMISED) == order.total_fen
    assert len(door.found()) == 1
    carrier.remit()
    assert (door.found(), door.carrier_owes()) == ([], 0)


def test_the_day_is_a_business_day(door: Door) -> None:
    with clock.frozen(clock.start_of_day(date(2026, 3, 6)) + timedelta(hours=20)):
        order = door.collected()
    assert door.item(order).remit_by == date(2026, 3, 11)


def test_a_parcel_of_which_nothing_is_heard_is_found(door: Door) -> None:
    order = door.shipped()
    deadlines.run_due(clock.now() + timedelta(days=15, minutes=1))
    assert door.found() == [("silent", order.total_fen, 0)]


def test_an_operator_clears_a_finding_with_a_note(door: Door) -> None:
    door.collected()
    carrier.remit("stranger")
    finding = CashFinding.objects.get()
    with pytest.raises(Forbidden):
        finance.clear_finding(door.trading.selling, finding.pk, "x")
    with pytest.raises(InvalidInput):
        finance.clear_finding(door.trading.operator, finding.pk, " ")
    finance.clear_finding(door.trading.operator, finding.pk, "已与承运商核对")
    with pytest.raises(NotFound):
        finance.clear_finding(door.trading.operator, finding.pk, "再次")
    assert door.found() == []


def test_batches_and_debts_are_the_markets_to_read(door: Door) -> None:
    door.remitted()
    number = CashBatch.objects.get().number
    for read in (
        lambda: books.cash_batches(door.trading.selling),
        lambda: books.cash_batch(door.trading.selling, number),
        lambda: books.carrier_debts(door.trading.selling),
        lambda: finance.recheck_batch(door.trading.selling, number),
    ):
        with pytest.raises(Forbidden):
            read()
    assert [item.order for item in books.cash_items(door.trading.selling).items]
    assert books.cash_items(door.trading.buying).items == []


def test_a_batch_of_several_parts_and_sellers_fits_one_request(door: Door) -> None:
    orders = [door.shipped(10 + at) for at in range(3)]
    for order in orders:
        door.play(order, "collect")
        commands.confirm_receipt(door.trading.buying, order.number)
    carrier.remit()
    assert {door.item(order).state for order in orders} == {"remitted"}
    fees = sum(carrier.fee_of(Money(order.total_fen)).fen for order in orders)
    assert door.balance() == sum(order.total_fen for order in orders) - fees
