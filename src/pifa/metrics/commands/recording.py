"""Facts are written once, with the projections they change, in the event's own transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Min

from pifa.kernel import bulk, clock
from pifa.kernel.events import emit
from pifa.metrics import deriving, models
from pifa.metrics.events import FactsRevised
from pifa.metrics.facts import MOVES, RULINGS, TRADE, Fact, FactKind
from pifa.metrics.grains import MEASURES, SIGNS_REACH, TRADE_REACH
from pifa.metrics.models import CountedFor, Excluded, LakeDay, PairDay

_LOCK = 0x70696661_66616374
"""The key of the lock under which facts are written and days closed (PostgreSQL)."""

Cell = tuple[int, int, date]
"""A seller, a buyer, a market day."""

_ADD = """
    INSERT INTO metrics_pairday
        (seller_id, buyer_id, day, orders, paid_fen, refunded_fen, refunds, completed)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (seller_id, buyer_id, day) DO UPDATE SET
        orders = metrics_pairday.orders + excluded.orders,
        paid_fen = metrics_pairday.paid_fen + excluded.paid_fen,
        refunded_fen = metrics_pairday.refunded_fen + excluded.refunded_fen,
        refunds = metrics_pairday.refunds + excluded.refunds,
        completed = metrics_pairday.completed + excluded.completed
"""


@transaction.atomic
def record(facts: Iterable[Fact]) -> int:
    """Write facts that are not there yet; how many were new.

    The projections follow, orders that a ruling takes out or brings back leave or re-enter them,
    those that are recounted move to another buyer, and if that touches days that are over,
    `FactsRevised` says whose and which.
    """
    given = {fact.key: fact for fact in facts}
    if not given:
        return 0
    lock()
    keys = bulk.insert(
        models.Fact,
        [deriving.as_values(fact) for fact in given.values()],
        returning="key",
        ignore_conflicts=True,
    )
    new = [given[key] for key in keys]
    _project([fact for fact in new if fact.kind in TRADE])
    for subject in dict.fromkeys(fact.subject for fact in new if fact.kind in RULINGS):
        _follow_ruling(subject)
    for subject in dict.fromkeys(fact.subject for fact in new if fact.kind in MOVES):
        _follow_move(subject)
    note_late(new)
    return len(new)


def lock() -> None:
    """Let facts be written, and days closed, by one transaction at a time, until it ends.

    Without it a day could be closed beside a fact of it that is not committed yet. On SQLite a
    transaction that writes is alone anyway. It is the last thing taken (docs/locking.md).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def counted_for(subject: str) -> int | None:
    """The buyer for whom a subject counts by the latest word; None: the one its facts name."""
    moves = models.Fact.objects.filter(subject=subject, kind__in=[str(kind) for kind in MOVES])
    return moves.order_by("-at", "-id").values_list("buyer_id", flat=True).first()


def ruled_out(subject: str) -> FactKind | None:
    """The ruling that holds for a subject: the latest."""
    rulings = models.Fact.objects.filter(subject=subject, kind__in=[str(kind) for kind in RULINGS])
    kind = rulings.order_by("-at", "-id").values_list("kind", flat=True).first()
    return FactKind(kind) if kind else None


# -------------------------------------------------------------------------- the projection
def _project(facts: Sequence[Fact]) -> None:
    if not facts:
        return
    subjects = {fact.subject for fact in facts}
    out = set(Excluded.objects.filter(subject__in=subjects).values_list("subject", flat=True))
    kept = [deriving.as_values(fact) for fact in facts if fact.subject not in out]
    moved = _moved(subjects)
    _add(_summed({**row, "buyer_id": moved.get(row["subject"], row["buyer_id"])} for row in kept))


def _moved(subjects: Iterable[str]) -> dict[str, int]:
    rows = CountedFor.objects.filter(subject__in=list(subjects))
    return dict(rows.values_list("subject", "buyer_id"))


def _summed(rows: Iterable[Mapping[str, Any]]) -> dict[Cell, Counter[str]]:
    cells: dict[Cell, Counter[str]] = defaultdict(Counter)
    for row in rows:
        cell = cells[row["seller_id"], row["buyer_id"], row["day"]]
        match row["kind"]:
            case FactKind.PAID:
                cell["orders"] += row["count"]
                cell["paid_fen"] += row["amount_fen"]
            case FactKind.REFUNDED:
                cell["refunds"] += row["count"]
                cell["refunded_fen"] += row["amount_fen"]
            case FactKind.COMPLETED:
                cell["completed"] += row["count"]
    return cells


def _add(cells: Mapping[Cell, Counter[str]]) -> None:
    with connection.cursor() as cursor:
        for cell, sums in sorted(cells.items()):
            cursor.execute(_ADD, [*cell, *(sums[measure] for measure in MEASURES)])


def _take_out(cells: Mapping[Cell, Counter[str]]) -> None:
    # An INSERT of what is below zero would be refused before it met the row that is there.
    for (seller_id, buyer_id, day), sums in sorted(cells.items()):
        row = PairDay.objects.filter(seller_id=seller_id, buyer_id=buyer_id, day=day)
        row.update(**{measure: F(measure) - sums[measure] for measure in MEASURES})


# -------------------------------------------------------------------------- rulings and moves
def _follow_ruling(subject: str) -> None:
    """Take an order out of the projection, or put it back, if the ruling that holds is new."""
    out = ruled_out(subject) is FactKind.EXCLUDED
    if out == Excluded.objects.filter(subject=subject).exists():
        return
    cells = _cells_of(subject, _moved([subject]).get(subject))
    if out:
        Excluded.objects.create(subject=subject, since=clock.now())
        _take_out(cells)
    else:
        Excluded.objects.filter(subject=subject).delete()
        _add(cells)
    _revise_subject(subject)


def _follow_move(subject: str) -> None:
    """Let all of an order count for another buyer, if the word that holds is new."""
    whose, before = counted_for(subject), _moved([subject]).get(subject)
    if whose is None or whose == before:
        return
    if not Excluded.objects.filter(subject=subject).exists():
        _take_out(_cells_of(subject, before))
        _add(_cells_of(subject, whose))
    CountedFor.objects.update_or_create(subject=subject, defaults={"buyer_id": whose})
    _revise_subject(subject, *filter(None, [before]))


def _cells_of(subject: str, buyer_id: int | None) -> dict[Cell, Counter[str]]:
    """What a subject brought to the projection, with a buyer in place of those its facts name."""
    columns = ("kind", "seller_id", "buyer_id", "day", "amount_fen", "count")
    trade = models.Fact.objects.filter(subject=subject, kind__in=[str(kind) for kind in TRADE])
    rows = trade.values(*columns)
    return _summed({**row, "buyer_id": buyer_id or row["buyer_id"]} for row in rows)


def _revise_subject(subject: str, *others: int) -> None:
    """Announce the ratings that look at facts of a subject: of all it ever counted for."""
    named = models.Fact.objects.filter(subject=subject)
    named = named.exclude(kind__in=[str(kind) for kind in RULINGS])
    theirs = named.exclude(kind__in=[str(kind) for kind in MOVES])
    span = theirs.aggregate(first=Min("day"), last=Max("day"))
    if span["first"]:
        pairs = named.values_list("seller_id", "buyer_id")
        ids = {*others, *(company_id for row in pairs for company_id in row)}
        _revise(span["first"], span["last"] + timedelta(days=TRADE_REACH), ids)


# -------------------------------------------------------------------------- days that are over
def note_late(facts: Iterable[Fact]) -> None:
    """Of facts just written some may be of days that are closed: those must be written anew."""
    by_day: dict[date, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_day[clock.market_day(fact.at)].append(fact)
    closed = LakeDay.objects.filter(day__in=by_day)
    late = sorted(closed.values_list("day", flat=True))
    if not late:
        return
    LakeDay.objects.filter(day__in=late).update(state=LakeDay.State.STALE)
    came = [fact for day in late for fact in by_day[day] if fact.kind not in (*RULINGS, *MOVES)]
    if came:
        ids = {company_id for fact in came for company_id in (fact.seller_id, fact.buyer_id)}
        _revise(late[0], max(_reach(fact) for fact in came), ids)


def _reach(fact: Fact) -> date:
    """The last day whose rating looks at a fact."""
    day = clock.market_day(fact.at)
    match fact.kind:
        case FactKind.PENALTY:
            return date(day.year, 12, 31)
        case FactKind.LOGIN | FactKind.REPLY:
            return day + timedelta(days=SIGNS_REACH)
        case _:
            return day + timedelta(days=TRADE_REACH)


def _revise(first: date, last_rating: date, ids: Iterable[int | None]) -> None:
    """Announce which ratings look at facts that changed, if any of their days is here yet."""
    first_rating = first + timedelta(days=1)
    if first_rating <= clock.today():
        companies = tuple(_sorted(ids))
        emit(FactsRevised(first_day=first_rating, last_day=last_rating, company_ids=companies))


def _sorted(ids: Iterable[int | None]) -> Iterator[int]:
    yield from sorted({company_id for company_id in ids if company_id is not None})
