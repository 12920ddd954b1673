"""What is collected at doors and remitted, for buyers, sellers and the market's staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from pifa.finance import policies
from pifa.finance.methods.cash_on_delivery import standing
from pifa.finance.methods.cash_on_delivery.models import (
    CashBatch,
    CashFinding,
    CashItem,
    CashLine,
    CashTerms,
)
from pifa.finance.methods.cash_on_delivery.rules import Judgement
from pifa.finance.methods.cash_on_delivery.words import JUDGEMENTS
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import ZERO, Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties

STATES = CashItem.State.values


@dataclass(frozen=True, slots=True)
class CashTermsView:
    """On which terms a seller offers payment at the door; `most` is the market's own limit."""

    on: bool
    limit: Money
    regions: tuple[str, ...]
    most: Money


@dataclass(frozen=True, slots=True)
class CashItemView:
    """What is collected for one order; `order` is its number, `number` the one on the parcel.

    `to_collect` is still to be collected, or owed after less was; `with_carrier` is collected and
    not remitted, `late` since its day (`remit_by`) is over. `owed`: less was collected than asked,
    and the rest may be paid otherwise. `net` is what the seller has of it.
    """

    number: str
    subject: str
    order: str
    title: str
    seller_id: int
    seller_name: str
    buyer_id: int | None
    buyer_name: str
    state: str
    state_label: str
    carrier: str
    tracking_no: str
    promised: Money
    waived: Money
    to_collect: Money
    collected: Money
    remitted: Money
    with_carrier: Money
    fee: Money
    owed: Money
    reason: str
    handed_at: datetime | None
    reported_at: datetime | None
    remit_by: date | None
    late: bool

    @property
    def net(self) -> Money:
        """What was remitted less the carrier's fee."""
        return self.remitted - self.fee


@dataclass(frozen=True, slots=True)
class CashFindingView:
    """Something that is not as it should be; `difference` is found less expected."""

    id: int
    kind: str
    kind_label: str
    carrier: str
    expected: Money
    found: Money
    order: str
    item: str
    seller_name: str
    batch: str
    reference: str
    at: datetime
    cleared_at: datetime | None
    clear_note: str

    @property
    def difference(self) -> Money:
        """By how much the two figures differ."""
        return self.found - self.expected


@dataclass(frozen=True, slots=True)
class CashTotals:
    """Sums over items: still to be collected, with carriers, late of it, remitted, fees."""

    to_collect: Money
    with_carrier: Money
    late: Money
    remitted: Money
    fees: Money

    @property
    def net(self) -> Money:
        """What was remitted less fees."""
        return self.remitted - self.fees


@dataclass(frozen=True, slots=True)
class CashBatchView:
    """A batch; `short` is what the bank's amount lacks of what its lines say."""

    number: str
    carrier: str
    batch_no: str
    bank_receipt: str
    amount: Money
    stated: Money
    left: Money
    returned: Money
    until: date
    at: datetime
    lines: int
    open_findings: int

    @property
    def short(self) -> Money:
        """Stated less came; below zero if more came."""
        return self.stated - self.amount


@dataclass(frozen=True, slots=True)
class CashLineView:
    """A line of a batch with what was made of it."""

    position: int
    reference: str
    order: str
    seller_name: str
    collected: Money
    fee: Money
    judgement: str
    judgement_label: str
    kept: Money
    kept_fee: Money


@dataclass(frozen=True, slots=True)
class CarrierDebt:
    """What a carrier has collected and not remitted: in all, and late, of how many parcels."""

    carrier: str
    parcels: int
    amount: Money
    late: Money
    oldest: date | None


def cash_terms(seller_id: int) -> CashTermsView:
    """A seller's terms; off where it never chose."""
    row = CashTerms.objects.filter(seller=seller_id).first()
    most = standing.most()
    if row is None:
        return CashTermsView(False, ZERO, (), most)
    return CashTermsView(row.on, Money(row.limit_fen), tuple(row.regions), most)


def cash_item(subject: str) -> CashItemView | None:
    """What is collected for a subject, if anything is; for who may see the subject."""
    row = _loaded(CashItem.objects.filter(payable__subject=subject)).first()
    return _item(row) if row else None


def cash_items_of(subjects: Sequence[str]) -> dict[str, CashItemView]:
    """The same of several subjects, by subject; one statement."""
    rows = _loaded(CashItem.objects.filter(payable__subject__in=list(subjects)))
    return {row.payable.subject: _item(row) for row in rows}


def refused_at_door(subject: str) -> Money:
    """What is promised still of a parcel that was refused at the door; nothing of any other."""
    row = CashItem.objects.filter(payable__subject=subject, state=CashItem.State.REFUSED).first()
    return Money(row.open_fen) if row else ZERO


def cash_items(
    actor: Actor, *, state: str = "", cursor: str | None = None, size: int | None = None
) -> Page[CashItemView]:
    """What carriers collect for the actor's company, the latest first; owner or finance role."""
    seller_id = policies.handles_money(actor)
    return _page(CashItem.objects.filter(payable__payee=seller_id), state, cursor, size)


def cash_items_of_market(
    actor: Actor, *, state: str = "", cursor: str | None = None, size: int | None = None
) -> Page[CashItemView]:
    """What carriers collect for anybody. Operators only."""
    policies.works_for_the_market(actor)
    return _page(CashItem.objects.all(), state, cursor, size)


def cash_totals(actor: Actor) -> CashTotals:
    """The sums of the actor's company, or of the whole market for an operator; one statement."""
    rows = CashItem.objects.all()
    if not actor.is_operator:
        rows = rows.filter(payable__payee=policies.handles_money(actor))
    open_ = F("promised_fen") - F("waived_fen") - F("otherwise_fen") - F("collected_fen")
    away = F("collected_fen") - F("kept_fen")
    sums = rows.aggregate(
        to_collect=Sum(open_, filter=Q(state__in=["promised", "on_the_way"]), default=0),
        with_carrier=Sum(away, default=0),
        late=Sum(away, filter=Q(remit_by__lt=clock.today()), default=0),
        remitted=Sum("kept_fen", default=0),
        fees=Sum("fee_fen", default=0),
    )
    return CashTotals(**{name: Money(int(fen)) for name, fen in sums.items()})


def cash_findings(
    actor: Actor, *, open_only: bool = True, batch: str = "", limit: int = 100
) -> list[CashFindingView]:
    """What is not as it should be, the latest first: to a seller what is about its orders, to an
    operator all."""
    rows = CashFinding.objects.all()
    if not actor.is_operator:
        rows = rows.filter(item__payable__payee=policies.handles_money(actor))
    if open_only:
        rows = rows.filter(cleared_at=None)
    if batch:
        rows = rows.filter(batch__number=batch)
    found = rows.select_related("item__payable__payee", "batch", "line").order_by("-pk")
    return [_finding(row) for row in found[:limit]]


def cash_batches(
    actor: Actor, *, cursor: str | None = None, size: int | None = None
) -> Page[CashBatchView]:
    """Every batch, the latest first. Operators only."""
    policies.works_for_the_market(actor)
    rows = _counted(CashBatch.objects.all())
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    page = cut(list(rows.order_by("-pk")[: size + 1]), size, lambda row: (row.pk,))
    return Page([_batch(row) for row in page.items], page.next_cursor)


def cash_batch(actor: Actor, number: str) -> tuple[CashBatchView, list[CashLineView]]:
    """One batch with its lines. Operators only; `NotFound` for a number that there is not."""
    policies.works_for_the_market(actor)
    row = _counted(CashBatch.objects.filter(number=number)).first()
    if row is None:
        raise NotFound
    lines = CashLine.objects.filter(batch=row.pk).select_related("item__payable__payee")
    return _batch(row), [_line(line) for line in lines.order_by("position")]


def carrier_debts(actor: Actor) -> list[CarrierDebt]:
    """What each carrier owes, by the name that sellers ship by. Operators only; one statement."""
    policies.works_for_the_market(actor)
    away = F("collected_fen") - F("kept_fen")
    rows = (
        CashItem.objects.filter(state=CashItem.State.COLLECTED)
        .values("carrier_name")
        .annotate(
            parcels=Count("pk"),
            fen=Sum(away),
            late=Sum(away, filter=Q(remit_by__lt=clock.today()), default=0),
        )
        .order_by("-fen", "carrier_name")
    )
    oldest = dict(
        CashItem.objects.filter(state=CashItem.State.COLLECTED)
        .order_by("carrier_name", "-remit_by")
        .values_list("carrier_name", "remit_by")
    )
    return [
        CarrierDebt(
            carrier=row["carrier_name"],
            parcels=row["parcels"],
            amount=Money(int(row["fen"])),
            late=Money(int(row["late"])),
            oldest=oldest.get(row["carrier_name"]),
        )
        for row in rows
    ]


def reads_cash(actor: Actor) -> int:
    """The company whose terms an actor may read: owner, finance or clerk role."""
    return parties.require(actor, Role.FINANCE, Role.CLERK)


def _page(
    rows: QuerySet[CashItem], state: str, cursor: str | None, size: int | None
) -> Page[CashItemView]:
    if state:
        rows = rows.filter(state=state)
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    found = list(_loaded(rows).order_by("-pk")[: size + 1])
    page = cut(found, size, lambda row: (row.pk,))
    return Page([_item(row) for row in page.items], page.next_cursor)


def _loaded(rows: QuerySet[CashItem]) -> QuerySet[CashItem]:
    return rows.select_related("payable__payee", "payable__payer")


def _counted(rows: QuerySet[CashBatch]) -> QuerySet[CashBatch]:
    return rows.annotate(
        line_count=Count("lines", distinct=True),
        finding_count=Count("findings", filter=Q(findings__cleared_at=None), distinct=True),
    )


def _item(row: CashItem) -> CashItemView:
    payable = row.payable
    collected = row.state in (CashItem.State.COLLECTED, CashItem.State.REMITTED)
    away = Money(row.with_carrier_fen)
    return CashItemView(
        number=row.number,
        subject=payable.subject,
        order=number_of(payable.subject),
        title=payable.title,
        seller_id=payable.payee_id,
        seller_name=payable.payee.name,
        buyer_id=payable.payer_id,
        buyer_name=payable.payer.name if payable.payer else "",
        state=row.state,
        state_label=str(row.get_state_display()),
        carrier=row.carrier_name,
        tracking_no=row.tracking_no,
        promised=Money(row.promised_fen),
        waived=Money(row.waived_fen),
        to_collect=Money(row.open_fen),
        collected=Money(row.collected_fen),
        remitted=Money(row.kept_fen),
        with_carrier=away,
        fee=Money(row.fee_fen),
        owed=Money(row.open_fen) if collected else ZERO,
        reason=row.reason,
        handed_at=row.handed_at,
        reported_at=row.reported_at,
        remit_by=row.remit_by,
        late=bool(away and row.remit_by and row.remit_by < clock.today()),
    )


def _finding(row: CashFinding) -> CashFindingView:
    item = row.item
    return CashFindingView(
        id=row.pk,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        carrier=item.carrier_name if item else row.carrier,
        expected=Money(row.expected_fen),
        found=Money(row.found_fen),
        order=number_of(item.payable.subject) if item else "",
        item=item.number if item else "",
        seller_name=item.payable.payee.name if item else "",
        batch=row.batch.number if row.batch else "",
        reference=row.line.reference if row.line else "",
        at=row.at,
        cleared_at=row.cleared_at,
        clear_note=row.clear_note,
    )


def _batch(row: CashBatch) -> CashBatchView:
    return CashBatchView(
        number=row.number,
        carrier=row.carrier,
        batch_no=row.batch_no,
        bank_receipt=row.bank_receipt,
        amount=Money(row.amount_fen),
        stated=Money(row.stated_fen),
        left=Money(row.left_fen),
        returned=Money(row.returned_fen),
        until=row.until,
        at=row.at,
        lines=row.line_count,  # type: ignore[attr-defined]  # annotated by _counted
        open_findings=row.finding_count,  # type: ignore[attr-defined]
    )


def _line(row: CashLine) -> CashLineView:
    return CashLineView(
        position=row.position + 1,
        reference=row.reference,
        order=number_of(row.item.payable.subject) if row.item else "",
        seller_name=row.item.payable.payee.name if row.item else "",
        collected=Money(row.collected_fen),
        fee=Money(row.fee_fen),
        judgement=row.judgement,
        judgement_label=str(JUDGEMENTS[Judgement(row.judgement)]),
        kept=Money(row.kept_fen),
        kept_fee=Money(row.kept_fee_fen),
    )
