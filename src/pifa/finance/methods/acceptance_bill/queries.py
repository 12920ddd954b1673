"""What is told of acceptance bills: to the buyer, to the seller, to the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from pifa.finance import policies
from pifa.finance.bills import registry as banks
from pifa.finance.methods.acceptance_bill import standing, words
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.finance.models import Payment
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.kernel.paging import BadCursor, Page, cut, page_size, read_cursor

_State = Bill.State
TABS: dict[str, tuple[str, ...]] = {
    "to_answer": (_State.OFFERED,),
    "maturing": (_State.ACCEPTED, _State.PRESENTED),
    "dishonoured": (_State.DISHONOURED,),
    "all": (),
}
"""Which states a list shows; all: every one."""


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill. `amount` is what it is for, `owed` what is still promised by it, `kept` what it paid
    the seller and `rest` what of it went to the buyer. `late`: its day is over and the bank is
    silent."""

    number: str
    subject: str
    order: str
    title: str
    buyer_id: int
    buyer_name: str
    seller_id: int
    seller_name: str
    state: str
    state_label: str
    acceptor: str
    drawer: str
    payee: str
    bill_no: str
    amount: Money
    owed: Money
    kept: Money
    rest: Money
    issued_on: date
    matures_on: date
    presents_on: date
    answer_by: datetime
    reason: str
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    late: bool

    @property
    def to_answer(self) -> bool:
        """Whether its seller is to accept or refuse it."""
        return self.state == _State.OFFERED

    @property
    def dishonoured(self) -> bool:
        """Whether it was not paid, and something is owed still."""
        return self.state == _State.DISHONOURED


@dataclass(frozen=True, slots=True)
class BillDay:
    """What matures (and is presented) on a day: of how many bills, how much is owed of them."""

    day: date
    bills: int
    amount: Money


@dataclass(frozen=True, slots=True)
class BillTotals:
    """Sums over bills: waiting for an answer, promised, dishonoured and owed still, paid."""

    to_answer: Money
    maturing: Money
    dishonoured: Money
    honoured: Money


@dataclass(frozen=True, slots=True)
class BillDraft:
    """What a buyer may ask for with a payment that it began by bill; `why_not` if it may not.

    `number` is the bill that was asked for already, if so.
    """

    payment_number: str
    subject: str
    order: str
    amount: Money
    payee: str
    acceptors: tuple[tuple[str, str], ...]
    first_day: date
    last_day: date
    open: bool
    number: str
    why_not: str


def bill_draft(actor: Actor, payment_number: str) -> BillDraft:
    """What may be asked for; for the payer's owner and finance role, else `NotFound`."""
    rows = Payment.objects.filter(number=payment_number, method=standing.CODE)
    payment = rows.select_related("payable__payee").first()
    if payment is None:
        raise NotFound
    payable = payment.payable
    policies.may_pay(actor, payable)
    policies.handles_money(actor)
    today = clock.today()
    drawn = Bill.objects.filter(parts__payment=payment).values_list("number", flat=True).first()
    assert payable.payer_id is not None
    refusal = standing.refusal(payable.payer_id)
    return BillDraft(
        payment_number=payment.number,
        subject=payable.subject,
        order=number_of(payable.subject),
        amount=Money(payment.amount_fen),
        payee=payable.payee.verified_name or payable.payee.name,
        acceptors=tuple((code, str(name)) for code, name in banks.get(banks.DEFAULT).acceptors),
        first_day=today + standing.ONE_DAY,
        last_day=standing.last_maturity(today),
        open=payment.state == Payment.State.STARTED,
        number=drawn or "",
        why_not=str(refusal) if refusal else "",
    )


def bill(actor: Actor, number: str) -> BillView:
    """One bill for owner, finance and clerks of either side, and for the market; else `NotFound`."""
    row = _loaded(Bill.objects.filter(number=number)).first()
    if row is None:
        raise NotFound
    if not (actor.is_operator or actor.company_id in (row.buyer_id, row.seller_id)):
        raise NotFound
    return _view(row)


def bills_of(subject: str) -> list[BillView]:
    """The bills for a subject, the latest first; for who may see the subject. One statement."""
    rows = _loaded(Bill.objects.filter(payable__subject=subject))
    return [_view(row) for row in rows.order_by("-pk")]


def bills(
    actor: Actor, side: str, *, tab: str = "all", cursor: str | None = None, size: int | None = None
) -> Page[BillView]:
    """The bills of the actor's company as buyer or seller, by tab (`TABS`); owner or finance role.

    What matures comes in the order of its days, anything else the latest first.
    """
    company_id = policies.handles_money(actor)
    mine = Q(seller=company_id) if side == "seller" else Q(buyer=company_id)
    return _page(Bill.objects.filter(mine), tab, cursor, size)


def bills_of_market(
    actor: Actor, *, tab: str = "all", cursor: str | None = None, size: int | None = None
) -> Page[BillView]:
    """Every bill. Operators only."""
    policies.works_for_the_market(actor)
    return _page(Bill.objects.all(), tab, cursor, size)


def bill_totals(actor: Actor, side: str = "") -> BillTotals:
    """The sums of the actor's company on a side, or of the market for an operator; one statement."""
    rows = Bill.objects.all()
    if not actor.is_operator:
        company_id = policies.handles_money(actor)
        rows = rows.filter(**{side or "seller": company_id})
    sums = rows.aggregate(
        to_answer=Sum("face_fen", filter=Q(state=_State.OFFERED), default=0),
        maturing=Sum("owed_fen", filter=Q(state__in=TABS["maturing"]), default=0),
        dishonoured=Sum("owed_fen", filter=Q(state=_State.DISHONOURED), default=0),
        honoured=Sum("kept_fen", default=0),
    )
    return BillTotals(**{name: Money(int(fen)) for name, fen in sums.items()})


def bill_calendar(actor: Actor, side: str = "seller") -> list[BillDay]:
    """What is to come in (or out) on which business day; owner or finance role. One statement."""
    company_id = policies.handles_money(actor)
    rows = Bill.objects.filter(**{side: company_id}, state__in=TABS["maturing"])
    days = rows.values("presents_on").annotate(bills=Count("pk"), fen=Sum("owed_fen"))
    return [
        BillDay(row["presents_on"], row["bills"], Money(int(row["fen"])))
        for row in days.order_by("presents_on")
    ]


def _page(rows: QuerySet[Bill], tab: str, cursor: str | None, size: int | None) -> Page[BillView]:
    states = TABS.get(tab, ())
    if states:
        rows = rows.filter(state__in=states)
    size = page_size(size)
    if tab == "maturing":
        if cursor:
            text, after = read_cursor(cursor, str, int)
            day = _day(text)
            rows = rows.filter(Q(presents_on__gt=day) | Q(presents_on=day, pk__gt=after))
        found = list(_loaded(rows).order_by("presents_on", "pk")[: size + 1])
        page = cut(found, size, lambda row: (row.presents_on.isoformat(), row.pk))
    else:
        if cursor:
            (before,) = read_cursor(cursor, int)
            rows = rows.filter(pk__lt=before)
        found = list(_loaded(rows).order_by("-pk")[: size + 1])
        page = cut(found, size, lambda row: (row.pk,))
    return Page([_view(row) for row in page.items], page.next_cursor)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadCursor from error


def _loaded(rows: QuerySet[Bill]) -> QuerySet[Bill]:
    return rows.select_related("payable", "buyer", "seller")


def _view(row: Bill) -> BillView:
    return BillView(
        number=row.number,
        subject=row.payable.subject,
        order=number_of(row.payable.subject),
        title=row.payable.title,
        buyer_id=row.buyer_id,
        buyer_name=row.buyer.name,
        seller_id=row.seller_id,
        seller_name=row.seller.name,
        state=row.state,
        state_label=str(row.get_state_display()),
        acceptor=words.acceptor(row.bank, row.acceptor),
        drawer=row.drawer_name,
        payee=row.payee_name,
        bill_no=row.bill_no or "",
        amount=Money(row.face_fen),
        owed=Money(row.owed_fen),
        kept=Money(row.kept_fen),
        rest=Money(row.rest_fen),
        issued_on=row.issued_on,
        matures_on=row.matures_on,
        presents_on=row.presents_on,
        answer_by=row.answer_by,
        reason=words.reason(row.reason),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        late=row.state == _State.PRESENTED and row.presents_on < clock.today(),
    )
