"""The demo market's quick way of telling trade leaves the rows that commands leave."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction

from pifa.demo import setting
from pifa.demo.history.replay import replay
from pifa.demo.plan.market import make_plan
from pifa.demo.plan.script import Trade, Verb
from pifa.demo.world import World
from pifa.kernel import clock, events
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.ledger.guard import assert_books_balance
from pifa.messages.commands import deliver_mail
from pifa.metrics import commands as facts
from pifa.metrics import queries
from pifa.parties.models import Company
from pifa.rulebook.rules import Figure
from pifa.trade.carriers import registry
from pifa.trade.models import Order
from pifa.trade.states import OrderStatus
from tests.demo import told_by_commands
from tests.demo.rows import Rows, all_rows, differences
from tests.demo.small import some_trade, verbs_of, write_base

pytestmark = pytest.mark.django_db

PAID_IN_STAGES = {OrderStatus.IN_PRODUCTION.value, OrderStatus.AWAITING_BALANCE.value}
"""States that the history does not tell of: none of its offers has a plan."""

OWN_DEADLINES = {
    "order.expire",
    "order.payment_due",
    "order.shipment_due",
    "order.refund_unshipped",
    "order.receipt_due",
    "order.receive",
    "order.complete",
    "refund.grant",
    "refund.lapse",
    "refund.receive_return",
}

Figures = dict[int, dict[str, Figure]]


class _Undo(Exception):
    pass


def test_replay_leaves_the_rows_that_commands_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    # The history's parcels went by carriers that tell this market nothing.
    monkeypatch.setattr(registry, "CARRIERS", {})
    plan = make_plan(setting.SEED, 0.1)
    trade = some_trade(plan)
    assert verbs_of(trade.orders) == set(Verb)
    world = write_base(plan, trade)
    events.deliver(10_000)
    deliver_mail(10_000)
    by_commands, figures = _by_commands(trade, world)
    replay(
        trade,
        world,
        seed=plan.seed,
        until=setting.OPENING,
        told_since=setting.OPENING - timedelta(days=400),
    )
    found = differences(by_commands, _rows())
    assert not found, "\n".join(found)
    # A replay writes no facts: they are made of what it announced, all at once.
    with clock.frozen(setting.OPENING):
        facts.backfill()
    assert _figures() == figures


def _rows() -> Rows:
    """What is stored, but for what is reckoned from it: facts, and the figures of customer files."""
    reckoned = ("metrics.", "crm.")
    found = {name: rows for name, rows in all_rows().items() if not name.startswith(reckoned)}
    found["kernel.Deadline"] = [
        row for row in found["kernel.Deadline"] if not row["kind"].startswith("crm.")
    ]
    return found


def _figures() -> Figures:
    """What the metrics say of every company, today included."""
    ids = Company.objects.values_list("pk", flat=True)
    return queries.figures(ids, clock.market_day(setting.OPENING) + timedelta(days=1))


def _by_commands(trade: Trade, world: World) -> tuple[Rows, Figures]:
    """The rows and figures after commands told the trade, which is then taken back."""
    rows: Rows = {}
    figures: Figures = {}
    with suppress(_Undo), transaction.atomic():
        told_by_commands.play(trade, world, setting.OPENING)
        done = Deadline.objects.exclude(done_at=None).values_list("kind", flat=True)
        assert set(done) >= OWN_DEADLINES
        told = set(OrderStatus.values) - PAID_IN_STAGES
        assert set(Order.objects.values_list("status", flat=True)) == told
        assert OutboxEvent.objects.filter(name="stock.low").exists()
        assert_books_balance()
        rows, figures = _rows(), _figures()
        assert any(of_one["sales_30d"] for of_one in figures.values())
        raise _Undo
    return rows, figures
