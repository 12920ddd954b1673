"""One order with everything its page shows; a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext

from pifa.finance.insurance.freight.queries import FreightPolicyView, policy_of
from pifa.finance.models import Payable, PayableStage
from pifa.finance.queries import (
    CashItemView,
    CreditItemView,
    SecuredView,
    TrustView,
    cash_item,
    credit_item,
    secured_item,
    trust_item,
)
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.trade import policies, rules
from pifa.trade.models import (
    Dispute,
    Order,
    PriceAdjustment,
    RefundCase,
    Review,
    StagedOrder,
)
from pifa.trade.queries import stories
from pifa.trade.queries.desk import LineRow, OrderRow, line_row, order_rows, with_names
from pifa.trade.queries.disputes import expected_by, is_overdue
from pifa.trade.queries.masking import DeliveryView, delivery_view
from pifa.trade.queries.packing import goes_by_express
from pifa.trade.queries.parcels import Parcel, parcels_of
from pifa.trade.queries.stories import Event, MoneyStory
from pifa.trade.states import ENDED_REFUNDS, REFUND


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of the total while the order was unpaid."""

    at: datetime
    old_total: Money
    new_total: Money
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute with both sides' statements and the verdict, if there is one.

    It is overdue when it has none at `expected_by`.
    """

    statement: str
    seller_statement: str
    verdict: str
    verdict_label: str
    verdict_reason: str
    opened_at: datetime
    expected_by: datetime
    is_overdue: bool
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund case; `verbs` are those the reader may use now (`states.REFUND`)."""

    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    purpose: str
    asked: Money
    granted: Money
    reason: str
    answer: str
    return_tracking_no: str
    asked_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    dispute: DisputeView | None
    verbs: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it still holds the order."""
        return self.state not in ENDED_REFUNDS

    @property
    def purpose_label(self) -> str:
        """The stage that is asked back, in words; nothing if it is any money."""
        return str(PayableStage.Purpose(self.purpose).label) if self.purpose else ""


@dataclass(frozen=True, slots=True)
class QuoteLink:
    """The quote that an order was made from: its prices, freight and days are the quote's."""

    quote: str
    request: str


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order as one reader may see it.

    `side` is buyer, seller or operator. `due_at` is when the order moves on by itself
    (closes unpaid, is refunded unshipped, counts as received, completes). `payable_number` is there while it can be
    paid. `credit` says what of it is promised on a line of credit and when that is due, `secured`
    what by secured credit, `trust` what on a bank's promise. `cash` is what is collected at the door.
    `freight_policy` is that of its return freight, with the postings that were the reader's own
    money.
    `order.lines` are all lines. `lead_days` to ship from payment on and so `ship_by` are there
    where days were agreed. `coming` is what will happen by itself, and when.
    `is_divided`: it is paid in stages or parts (`trade.staged.queries.payment_story`).
    """

    order: OrderRow
    side: str
    delivery: DeliveryView
    invoice: dict[str, Any]
    close_reason: str
    refundable: Money
    released: Money
    adjustments: tuple[Adjustment, ...]
    parcels: tuple[Parcel, ...]
    same_city: bool
    refunds: tuple[RefundView, ...]
    review: Review | None
    timeline: tuple[Event, ...]
    coming: tuple[tuple[datetime, str], ...]
    money: MoneyStory
    payable_number: str | None
    is_divided: bool
    credit: CreditItemView | None
    cash: CashItemView | None
    secured: SecuredView | None
    trust: TrustView | None
    freight_policy: FreightPolicyView | None
    covered_at: datetime | None
    due_at: datetime | None
    received_at: datetime | None
    ended_at: datetime | None
    lead_days: int | None
    ship_by: datetime | None
    quote: QuoteLink | None

    @property
    def lines(self) -> tuple[LineRow, ...]:
        """All lines of the order."""
        return self.order.lines


_BY_ITSELF = (
    "order.expire",
    "order.production_late",
    "order.balance_lapse",
    "order.refund_unshipped",
    "order.receive",
    "order.complete",
)


def order(actor: Actor, number: str) -> OrderDetail:
    """An order by its number; `NotFound` for a stranger's. About fourteen statements."""
    found = (
        with_names(Order.objects.filter(policies.visible(actor), number=number))
        .select_related("review", "quote__request", "staged")
        .first()
    )
    if found is None:
        raise NotFound()
    side = policies.reading_side(actor, found.buyer_id, found.seller_id)
    lines = tuple(line_row(line) for line in found.lines.order_by("position"))
    row = replace(order_rows([found], side)[0], lines=lines, line_count=len(lines))
    cases = list(RefundCase.objects.filter(order=found).select_related("dispute").order_by("pk"))
    due = _due(found, cases)
    payable_number, is_divided = _payable(found)
    staged: StagedOrder | None = getattr(found, "staged", None)
    # What is not promised one way is promised another: no statement for those that come after it.
    credit = credit_item(found.subject) if found.promised_fen else None
    secured = secured_item(found.subject) if found.promised_fen and not credit else None
    return OrderDetail(
        order=row,
        side=side,
        delivery=delivery_view(
            found, plain=policies.sees_personal_data(actor, found.buyer_id, found.seller_id)
        ),
        invoice=found.invoice,
        close_reason=gettext(found.close_reason) if found.close_reason else "",
        refundable=rules.refundable(Money(found.covered_fen), Money(found.refunded_fen)),
        released=Money(found.released_fen),
        adjustments=_adjustments(found),
        parcels=parcels_of(found),
        same_city=goes_by_express(found),
        refunds=tuple(_refund(case, side, due) for case in cases),
        review=getattr(found, "review", None),
        timeline=tuple(stories.timeline(found)),
        coming=tuple(stories.coming(due, staged.keeper if staged else "")),
        money=stories.money_story(found, side),
        payable_number=payable_number,
        is_divided=is_divided,
        credit=credit,
        cash=cash_item(found.subject) if _was_promised(found) else None,
        secured=secured,
        trust=trust_item(found.subject) if found.promised_fen and not (credit or secured) else None,
        # Nothing is insured before it is paid or promised.
        freight_policy=policy_of(found.subject, side) if found.covered_at else None,
        covered_at=found.covered_at,
        due_at=next((at for (about, kind), at in due.items() if kind in _BY_ITSELF), None),
        received_at=found.received_at,
        ended_at=found.ended_at,
        lead_days=found.lead_days,
        ship_by=found.ship_by,
        quote=_quote(found),
    )


def refund(actor: Actor, number: str) -> tuple[OrderDetail, RefundView]:
    """A refund case with its order; `NotFound` for a stranger's."""
    order_number = (
        RefundCase.objects.filter(number=number).values_list("order__number", flat=True).first()
    )
    if order_number is None:
        raise NotFound()
    detail = order(actor, order_number)
    return detail, next(case for case in detail.refunds if case.number == number)


def _was_promised(found: Order) -> bool:
    """Whether something was not paid before the order went on: then it was promised."""
    late = found.covered_at and found.paid_at and found.paid_at > found.covered_at
    return bool(found.promised_fen or found.waived_fen or late)


_Due = dict[tuple[str, str], datetime]


def _due(found: Order, cases: list[RefundCase]) -> _Due:
    subjects = [found.subject, *(f"refund:{case.number}" for case in cases)]
    waiting = Deadline.objects.filter(subject__in=subjects, done_at=None)
    return {
        (subject, kind): due_at
        for subject, kind, due_at in waiting.values_list("subject", "kind", "due_at")
    }


def _refund(case: RefundCase, side: str, due: _Due) -> RefundView:
    dispute = getattr(case, "dispute", None)
    subject = f"refund:{case.number}"
    return RefundView(
        number=case.number,
        kind=case.kind,
        kind_label=case.get_kind_display(),
        state=case.state,
        state_label=case.get_state_display(),
        purpose=case.purpose,
        asked=Money(case.asked_fen),
        granted=Money(case.granted_fen),
        reason=gettext(case.reason) if case.at_the_door else case.reason,
        answer=case.answer,
        return_tracking_no=case.return_tracking_no,
        asked_at=case.asked_at,
        ended_at=case.ended_at,
        due_at=next((at for (about, _kind), at in due.items() if about == subject), None),
        dispute=_dispute(dispute) if dispute is not None else None,
        verbs=tuple(
            verb
            for verb in REFUND.verbs(case.state, side)
            if not (case.at_the_door and verb == "refuse")
        ),
    )


def _dispute(dispute: Dispute) -> DisputeView:
    return DisputeView(
        statement=dispute.statement,
        seller_statement=dispute.seller_statement,
        verdict=dispute.verdict,
        verdict_label=dispute.get_verdict_display(),
        verdict_reason=dispute.verdict_reason,
        opened_at=dispute.opened_at,
        expected_by=expected_by(dispute),
        is_overdue=is_overdue(dispute),
        decided_at=dispute.decided_at,
    )


def _adjustments(found: Order) -> tuple[Adjustment, ...]:
    rows = PriceAdjustment.objects.filter(order=found).order_by("pk")
    return tuple(
        Adjustment(row.at, Money(row.old_total_fen), Money(row.new_total_fen), row.reason)
        for row in rows
    )


def _quote(found: Order) -> QuoteLink | None:
    quote = getattr(found, "quote", None)
    return QuoteLink(quote.number, quote.request.number) if quote is not None else None


def _payable(found: Order) -> tuple[str | None, bool]:
    """The number of what is still to be paid, and whether it is paid in stages or parts."""
    rows = Payable.objects.filter(subject=found.subject).annotate(parts=Count("stages"))
    row = rows.values_list("number", "state", "parts").first()
    if row is None:
        return None, False
    number, state, parts = row
    return (number if state == Payable.State.OPEN else None), parts > 1
