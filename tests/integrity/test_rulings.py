"""Rulings: an operator says that an order is brushing, or takes it back; nothing said is lost."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pifa.benefits.labels import FIRST_ORDER_PROTECTION
from pifa.integrity import commands, queries
from pifa.integrity.errors import AnsweredAlready, NotCovered, NotPaidYet, NotRuled, RuledAlready
from pifa.integrity.models import Ruling, RulingAnswer, RulingInForce
from pifa.kernel import clock
from pifa.kernel.actors import SYSTEM, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.metrics import queries as metrics
from pifa.trade import commands as trade
from pifa.trade.errors import DeclaredOrder, MissingText
from pifa.trade.first_order.commands import claim_first_order, decide_first_order
from pifa.trade.first_order.queries import first_order_cover
from pifa.trade.models import FirstOrderClaim, Order
from tests.catalog import market as goods
from tests.finance.conftest import grant
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, trading, yuan

pytestmark = pytest.mark.django_db
WHY = "同一地址反复下单，物流单号为空包。"


@pytest.fixture
def market() -> Trading:
    return trading()


@pytest.fixture
def order(market: Trading) -> Order:
    return market.paid()


def test_a_ruling_is_told_to_both_and_read_on_the_order(market: Trading, order: Order) -> None:
    commands.rule_brushing(market.operator, order.number, WHY)
    for actor in (market.buying, market.selling, market.operator):
        view = queries.ruling_of(actor, order.number)
        assert view is not None
        assert (view.reason, view.at) == (WHY, clock.now())
    event = OutboxEvent.objects.get(name="integrity.order_ruled")
    assert event.payload == {
        "number": order.number,
        "buyer_id": market.buyer.pk,
        "seller_id": market.seller.pk,
        "ruling": Ruling.objects.get().pk,
        "reason": WHY,
        "counts_as_id": None,
    }
    deliver()
    told = Notice.objects.filter(kind="order_ruled")
    assert {(row.company_id, row.link) for row in told} == {
        (market.buyer.pk, f"/buyer/orders/{order.number}/"),
        (market.seller.pk, f"/seller/orders/{order.number}/"),
    }
    assert WHY in wording("order_ruled", told[0].params).body
    entry = AuditEntry.objects.get(action="ruling.give")
    assert (entry.user_id, entry.subject) == (market.operator.user_id, order.subject)


def test_a_ruled_order_leaves_the_metrics_until_it_is_taken_back(
    market: Trading, order: Order, market_clock: MarketClock
) -> None:
    seller, buyer = market.seller.pk, market.buyer.pk

    def figures() -> tuple[object, object, object]:
        deliver()
        found = metrics.figures([seller, buyer], clock.today())
        return (
            found[seller]["sales_30d"],
            found[seller]["buyers_30d"],
            found[buyer]["spend_30d"],
        )

    market_clock.forward(days=1)
    assert figures() == (order.paid_fen, 1, order.paid_fen)
    commands.rule_brushing(market.operator, order.number, WHY)
    assert figures() == (0, 0, 0)
    commands.take_back(market.operator, order.number, "误判")
    assert figures() == (order.paid_fen, 1, order.paid_fen)
    commands.rule_brushing(market.operator, order.number, "又查到证据")
    assert figures() == (0, 0, 0)


def test_the_money_and_the_order_are_not_touched(market: Trading, order: Order) -> None:
    commands.rule_brushing(market.operator, order.number, WHY)
    assert market.order(order.number).status == order.status


def test_what_was_ruled_and_taken_back_stays_in_the_history(market: Trading, order: Order) -> None:
    commands.rule_brushing(market.operator, order.number, WHY)
    commands.take_back(market.operator, order.number, "卖家提供了物流凭证。")
    assert queries.ruling_of(market.selling, order.number) is None
    commands.rule_brushing(market.operator, order.number, "凭证系伪造。")
    assert [
        (said.verdict, said.reason) for said in queries.history(market.operator, order.number)
    ] == [
        ("brushing", WHY),
        ("taken_back", "卖家提供了物流凭证。"),
        ("brushing", "凭证系伪造。"),
    ]
    deliver()
    assert Notice.objects.filter(kind="ruling_taken_back").count() == 2
    names = OutboxEvent.objects.filter(name__startswith="integrity.").order_by("pk")
    assert [event.name for event in names] == [
        "integrity.order_ruled",
        "integrity.ruling_taken_back",
        "integrity.order_ruled",
    ]


def test_one_ruling_at_a_time(market: Trading, order: Order) -> None:
    with pytest.raises(NotRuled):
        commands.take_back(market.operator, order.number, "误判")
    commands.rule_brushing(market.operator, order.number, WHY)
    with pytest.raises(RuledAlready):
        commands.rule_brushing(market.operator, order.number, WHY)
    assert Ruling.objects.count() == 1


def test_what_counts_nowhere_is_not_ruled(market: Trading, order: Order) -> None:
    unpaid = market.place()
    with pytest.raises(NotPaidYet):
        commands.rule_brushing(market.operator, unpaid.number, WHY)
    Order.objects.filter(pk=unpaid.pk).update(
        provenance="declared", channel="declared", external_no="1"
    )
    with pytest.raises(DeclaredOrder):
        commands.rule_brushing(market.operator, unpaid.number, WHY)
    with pytest.raises(MissingText):
        commands.rule_brushing(market.operator, order.number, "  ")
    Order.objects.filter(pk=unpaid.pk).update(
        provenance="market", channel="public", external_no=None
    )


def test_only_operators_rule(market: Trading, order: Order) -> None:
    for actor in (market.selling, market.buying, SYSTEM):
        with pytest.raises(Forbidden):
            commands.rule_brushing(actor, order.number, WHY)
    commands.rule_brushing(market.operator, order.number, WHY)
    for actor in (market.selling, market.buying):
        with pytest.raises(Forbidden):
            commands.take_back(actor, order.number, WHY)
        with pytest.raises(Forbidden):
            queries.history(actor, order.number)
        with pytest.raises(Forbidden):
            queries.rulings(actor)


def test_strangers_know_nothing_of_it(market: Trading, order: Order) -> None:
    commands.rule_brushing(market.operator, order.number, WHY)
    stranger = goods.actor(goods.seller())
    with pytest.raises(NotFound):
        queries.ruling_of(stranger, order.number)
    with pytest.raises(NotFound):
        commands.answer_ruling(stranger, order.number, "不是")


def test_the_seller_answers_once_and_operators_read_it(market: Trading, order: Order) -> None:
    with pytest.raises(NotRuled):
        commands.answer_ruling(market.selling, order.number, "真实交易")
    commands.rule_brushing(market.operator, order.number, WHY)
    with pytest.raises(Forbidden):
        commands.answer_ruling(market.buying, order.number, "真实交易")
    finance_only = goods.actor(market.seller, Role.FINANCE)
    with pytest.raises(Forbidden):
        commands.answer_ruling(finance_only, order.number, "真实交易")
    commands.answer_ruling(market.selling, order.number, "真实交易，有签收单。")
    with pytest.raises(AnsweredAlready):
        commands.answer_ruling(market.selling, order.number, "再说一次")
    seen = [queries.ruling_of(actor, order.number) for actor in (market.selling, market.buying)]
    assert [view.answer for view in seen if view] == ["真实交易，有签收单。", ""]
    (row,) = queries.rulings(market.operator, "answered").items
    assert (row.order, row.answer) == (order.number, "真实交易，有签收单。")
    commands.take_back(market.operator, order.number, "申诉成立")
    commands.rule_brushing(market.operator, order.number, "又查到证据")
    commands.answer_ruling(market.selling, order.number, "仍是真实交易")
    assert [said.answer for said in queries.history(market.operator, order.number)] == [
        "真实交易，有签收单。",
        "",
        "仍是真实交易",
    ]


def test_operators_find_rulings_by_state_and_words(market: Trading) -> None:
    first, second = market.paid(), market.paid()
    for order in (first, second):
        commands.rule_brushing(market.operator, order.number, WHY)
    commands.take_back(market.operator, first.number, "误判")

    def found(state: str, words: str = "") -> list[str]:
        return [row.order for row in queries.rulings(market.operator, state, words).items]

    assert found("in_force") == [second.number]
    assert found("taken_back") == [first.number]
    assert found("all") == [second.number, first.number]
    assert found("all", first.number) == [first.number]
    assert found("all", "永固") == [second.number, first.number]
    assert found("answered") == []
    page = queries.rulings(market.operator, "all", size=1)
    rest = queries.rulings(market.operator, "all", cursor=page.next_cursor, size=1)
    assert [row.order for row in (*page.items, *rest.items)] == [second.number, first.number]


def test_the_database_keeps_the_history_and_one_ruling_in_force(
    market: Trading, order: Order
) -> None:
    commands.rule_brushing(market.operator, order.number, WHY)
    commands.answer_ruling(market.selling, order.number, "真实交易")
    ruling = Ruling.objects.get()
    for change in (
        lambda: Ruling.objects.update(reason="别的"),
        lambda: RulingAnswer.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    other = Ruling(order=order, reason="x", given_by=ruling.given_by, at=clock.now())
    for verdict, takes_back in (("brushing", ruling), ("taken_back", None)):
        other.verdict, other.takes_back = verdict, takes_back
        with pytest.raises(IntegrityError), transaction.atomic():
            other.save(force_insert=True)
    other.verdict, other.takes_back = "brushing", None
    other.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        RulingInForce.objects.create(order=order, ruling=other)


def test_first_order_protection_does_not_cover_an_order_in_force_as_brushing(
    market: Trading,
) -> None:
    grant(market.buyer.pk, FIRST_ORDER_PROTECTION, limit="200.00")
    order = market.shipped(1000)
    case = trade.ask_refund(market.buying, order.number, "money", yuan("50.00"), "少发")
    trade.answer_refund(market.selling, case, accept=False, answer="已发足")
    claim = claim_first_order(market.buying, order.number, "refused", yuan("40.00"), "少了两箱")
    commands.rule_brushing(market.operator, order.number, WHY)
    with pytest.raises(NotCovered):
        decide_first_order(market.operator, claim, approve=True, reason="属实")
    decide_first_order(market.operator, claim, approve=False, reason="虚假交易")
    FirstOrderClaim.objects.all().delete()
    assert first_order_cover(market.buying, order.number) is None
    with pytest.raises(NotCovered):
        claim_first_order(market.buying, order.number, "refused", yuan("40.00"), "少了两箱")
    commands.take_back(market.operator, order.number, "证据不足")
    assert claim_first_order(market.buying, order.number, "refused", yuan("40.00"), "少了两箱")
