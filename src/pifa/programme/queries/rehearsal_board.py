"""A rehearsal as its seller follows it: conditions live, which orders count, why others do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.metrics.models import Excluded
from pifa.parties import policies as parties
from pifa.programme import shelf
from pifa.programme.models import Rehearsal
from pifa.programme.queries import figures
from pifa.programme.queries.ways import past_of
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.calendar import Way, dashboard_from, enrolment_way
from pifa.programme.rules.rehearsal import OrderSum, progress
from pifa.programme.rules.season import Round, Season
from pifa.programme.states import RehearsalState
from pifa.trade.models import Order, OrderChannel

SHOWN = 100
"""Orders that are named."""

COUNTED = (RehearsalState.OPEN, RehearsalState.PASSED, RehearsalState.FAILED)


class Why(StrEnum):
    """Why an order of the rehearsal's days does not count."""

    CHANNEL = "channel"
    RULED = "ruled"
    REFUNDED = "refunded"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class RehearsedOrder:
    """An order paid within the days. `why` is None for one that counts; `fen` is what came for it
    less what went back; `large` and `by_bank` are the conditions that it meets."""

    number: str
    buyer_name: str
    channel_label: str
    paid_at: datetime | None
    fen: int
    large: bool
    by_bank: bool
    why: Why | None


@dataclass(frozen=True, slots=True)
class RehearsalBoard:
    """The latest rehearsal of a company. Before `opens` there is nothing to see: no answers and no
    orders; None while nobody has approved it."""

    season: Season
    round: Round
    state: str
    state_label: str
    reason: str
    opens: date | None
    is_open: bool
    answers: tuple[Answer, ...]
    orders: tuple[RehearsedOrder, ...]
    days_left: int
    enrolment: Way


def rehearsal_board(actor: Actor, code: str) -> RehearsalBoard:
    """The dashboard of the actor's latest rehearsal in a season; `NotFound` without one. At most
    eleven statements, however many orders."""
    company_id = parties.require(actor)
    rows = Rehearsal.objects.filter(company=company_id, season__code=code)
    row = rows.select_related("season").order_by("-pk").first()
    if row is None:
        raise NotFound
    season, today = shelf.season_of(row.season), clock.today()
    round_ = season.round(row.round)
    state = RehearsalState(row.state)
    approved = row.decided_at if state in COUNTED else None
    opens = dashboard_from(clock.market_day(approved)) if approved else None
    is_open = opens is not None and today >= opens
    sums = figures.rehearsal_orders(season, round_, company_id) if is_open else []
    return RehearsalBoard(
        season=season,
        round=round_,
        state=state.value,
        state_label=str(state.label),
        reason=row.reason,
        opens=opens,
        is_open=is_open,
        answers=progress(season.rehearsing, sums).answers if is_open else (),
        orders=tuple(_orders(season, round_, company_id, sums)) if is_open else (),
        days_left=max((round_.rehearsal.last - today).days + 1, 0),
        enrolment=enrolment_way(season, past_of(row.season, season, company_id, today), today),
    )


def _orders(
    season: Season, round_: Round, company_id: int, sums: list[OrderSum]
) -> list[RehearsedOrder]:
    """The orders paid within the days, the latest first. Two statements."""
    span = round_.rehearsal
    begin = clock.start_of_day(span.first)
    end = clock.start_of_day(span.last + timedelta(days=1))
    paid = Order.objects.filter(seller=company_id, paid_at__gte=begin, paid_at__lt=end)
    rows = list(paid.select_related("buyer").order_by("-paid_at", "-pk")[:SHOWN])
    ruled = set(
        Excluded.objects.filter(subject__in=[row.subject for row in rows]).values_list(
            "subject", flat=True
        )
    )
    counted = {one.number: one for one in sums}
    found = []
    for row in rows:
        mine = counted.get(row.number)
        fen = mine.fen if mine else 0
        why = _why(row, mine, row.subject in ruled, season)
        found.append(
            RehearsedOrder(
                number=row.number,
                buyer_name=row.buyer.name if row.buyer else "",
                channel_label=str(OrderChannel(row.channel).label),
                paid_at=row.paid_at,
                fen=fen if why is None else row.paid_fen,
                large=why is None and fen >= season.rehearsing.large_fen,
                by_bank=why is None and mine is not None and mine.by_bank,
                why=why,
            )
        )
    return found


def _why(row: Order, mine: OrderSum | None, ruled: bool, season: Season) -> Why | None:
    if row.channel not in season.rehearsing.channels:
        return Why.CHANNEL
    if ruled:
        return Why.RULED
    if mine is None:
        return Why.COMING
    return None if mine.fen > 0 else Why.REFUNDED
