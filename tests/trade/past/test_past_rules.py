"""What past lines are, and which purchase a cancellation takes back."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pifa.trade.models import OrderLine, OrderStatus
from pifa.trade.past.drafts import DeclaredOrderDraft, LineDraft
from pifa.trade.past.mapping import STATUSES
from pifa.trade.past.rules import (
    UNPAID_STATUSES,
    LineKind,
    Match,
    OrderKind,
    PastLine,
    is_sale,
    line_kind,
    match_cancellations,
    order_kind,
    sales_figures,
)

START = datetime(2026, 3, 1, tzinfo=UTC)


def line(
    order_no: str, quantity: int, *, day: int = 0, price: int = 100, customer: str = "k", n: int = 1
) -> PastLine:
    return PastLine(order_no, n, customer, "M8", START + timedelta(days=day), quantity, price)


def told(lines: list[PastLine]) -> list[tuple[str, str | None, int]]:
    return [
        (m.cancellation.order_no, m.purchase and m.purchase.order_no, m.quantity)
        for m in match_cancellations(lines)
    ]


class TestKinds:
    def test_orders(self) -> None:
        assert order_kind("C1", "", "C", ()) is OrderKind.CANCELLATION
        assert order_kind("C1", "", "", ()) is OrderKind.ORDER
        assert order_kind("1", "cancelled", "", ("cancelled",)) is OrderKind.CANCELLATION
        assert order_kind("1", "", "", ("",)) is OrderKind.ORDER

    def test_lines(self) -> None:
        assert line_kind(OrderKind.ORDER, 1, 1) is LineKind.GOODS
        assert line_kind(OrderKind.ORDER, 1, 0) is LineKind.CORRECTION
        assert line_kind(OrderKind.ORDER, -1, 5) is LineKind.CORRECTION
        assert line_kind(OrderKind.ORDER, 1, -5) is LineKind.CORRECTION
        assert line_kind(OrderKind.CANCELLATION, 1, 5) is LineKind.CANCELLATION
        assert is_sale(OrderKind.ORDER, 3, 1)
        assert not is_sale(OrderKind.CANCELLATION, 3, 1)

    def test_words_are_those_of_the_tables(self) -> None:
        assert {str(kind) for kind in LineKind} == set(OrderLine.Kind.values)
        assert set(STATUSES) == set(OrderStatus.values)
        assert set(OrderStatus.values) >= UNPAID_STATUSES


class TestMatching:
    def test_most_recent_earlier_purchase_first_in_parts(self) -> None:
        lines = [line("1", 5), line("2", 5, day=1), line("9", 9, day=3), line("C", -7, day=2)]
        assert told(lines) == [("C", "2", 5), ("C", "1", 2)]

    def test_the_same_price_goes_before_a_more_recent_purchase(self) -> None:
        lines = [line("1", 5), line("2", 5, day=1, price=90), line("C", -7, day=2)]
        assert told(lines) == [("C", "1", 5), ("C", "2", 2)]

    def test_what_is_not_found_is_a_standalone_credit(self) -> None:
        assert told([line("1", 2), line("C", -5, day=1)]) == [("C", "1", 2), ("C", None, 3)]

    def test_a_later_purchase_is_not_taken_back(self) -> None:
        assert told([line("1", 5, day=2), line("C", -5, day=1)]) == [("C", None, 5)]

    def test_a_purchase_of_the_same_moment_is(self) -> None:
        assert told([line("C", -5), line("D", 5)]) == [("C", "D", 5)]

    def test_another_customer_or_an_unknown_one_is_not_matched(self) -> None:
        assert told([line("1", 5, customer="a"), line("C", -5, day=1)]) == [("C", None, 5)]
        unknown = [line("1", 5, customer=""), line("C", -5, day=1, customer="")]
        assert told(unknown) == [("C", None, 5)]

    def test_earlier_cancellations_have_the_first_choice(self) -> None:
        lines = [line("1", 5), line("C2", -4, day=3), line("C1", -4, day=2)]
        assert told(lines) == [("C1", "1", 4), ("C2", "1", 1), ("C2", None, 3)]


some_lines = st.lists(
    st.builds(
        lambda n, customer, code, day, quantity, price: PastLine(
            f"{n}", 1, customer, code, START + timedelta(days=day), quantity, price
        ),
        n=st.integers(0, 10**6),
        customer=st.sampled_from(["", "a", "b"]),
        code=st.sampled_from(["M8", "M10"]),
        day=st.integers(0, 6),
        quantity=st.integers(-9, 9).filter(bool),
        price=st.sampled_from([100, 200]),
    ),
    max_size=30,
    unique_by=lambda item: item.order_no,
)


@given(some_lines)
def test_nothing_is_taken_back_twice_or_invented(lines: list[PastLine]) -> None:
    taken: Counter[PastLine] = Counter()
    given_back: Counter[PastLine] = Counter()
    for match in match_cancellations(lines):
        assert match.quantity > 0
        taken[match.cancellation] += match.quantity
        if match.purchase is not None:
            given_back[match.purchase] += match.quantity
            assert match.purchase.customer == match.cancellation.customer != ""
            assert match.purchase.code == match.cancellation.code
            assert match.purchase.placed_at <= match.cancellation.placed_at
    assert all(given_back[purchase] <= purchase.quantity for purchase in given_back)
    assert taken == Counter({item: -item.quantity for item in lines if item.quantity < 0})


@given(some_lines)
def test_a_credit_stands_alone_only_when_nothing_was_left_to_take(lines: list[PastLine]) -> None:
    """Against the plain reading of the rule, one candidate list per cancellation."""
    left = {item: item.quantity for item in lines if item.quantity > 0}
    expected: list[Match] = []
    for back in sorted(
        (i for i in lines if i.quantity < 0), key=lambda i: (i.placed_at, i.order_no)
    ):
        wanted = -back.quantity
        candidates = [
            item
            for item in left
            if item.customer
            and (item.customer, item.code) == (back.customer, back.code)
            and item.placed_at <= back.placed_at
        ]
        candidates.sort(key=lambda i: (i.placed_at, i.order_no), reverse=True)
        candidates.sort(key=lambda i: i.price_e4 != back.price_e4)
        for item in candidates:
            amount = min(wanted, left[item])
            if amount:
                left[item] -= amount
                wanted -= amount
                expected.append(Match(back, item, amount))
        if wanted:
            expected.append(Match(back, None, wanted))
    assert sorted(match_cancellations(lines), key=str) == sorted(expected, key=str)


@given(some_lines, st.randoms())
def test_the_order_of_the_lines_does_not_matter(lines: list[PastLine], random: object) -> None:
    first = list(match_cancellations(lines))
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert list(match_cancellations(lines)) == first


class TestFigures:
    def order(
        self,
        number: str,
        *amounts: int,
        kind: OrderKind = OrderKind.ORDER,
        customer: str = "",
        paid: int | None = None,
        status: str = "completed",
    ) -> DeclaredOrderDraft:
        return DeclaredOrderDraft(
            number,
            kind,
            START,
            customer_key=customer,
            paid_fen=paid,
            status=status,
            lines=[
                LineDraft(n, n, line_kind(kind, 1, a), "M8", "", 1, "", a * 100, a)
                for n, a in enumerate(amounts, 1)
            ],
        )

    def test_sales_orders_and_buyers(self) -> None:
        figures = sales_figures(
            [
                self.order("1", 500, -200, customer="a"),  # a correction lowers no sales
                self.order("2", 300, customer="a"),
                self.order("3", 100),  # sold to nobody known
                self.order("4", -100, customer="b"),  # corrections only: no order
                self.order("C5", -250, customer="a", kind=OrderKind.CANCELLATION),
            ]
        )
        assert figures.sales_fen == 900
        assert (figures.orders, figures.buyers, figures.returning_buyers) == (3, 1, 1)
        assert (figures.cancellations, figures.cancelled_fen) == (1, -250)

    def test_paid_is_authoritative(self) -> None:
        assert sales_figures([self.order("1", 2900, paid=2886)]).sales_fen == 2886
        assert sales_figures([self.order("1", paid=2886)]).orders == 1
        assert sales_figures([self.order("1", 2900, paid=0)]).orders == 0

    def test_unpaid_and_closed_orders_are_no_sales(self) -> None:
        for status in UNPAID_STATUSES:
            assert sales_figures([self.order("1", paid=2886, status=status)]).orders == 0
