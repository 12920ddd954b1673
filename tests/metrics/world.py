"""Facts out of thin air, and an account of what the metrics must say of them, in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from pifa.kernel import clock
from pifa.metrics.definitions import METRICS
from pifa.metrics.facts import Fact, FactKind
from pifa.rulebook.rules import Figure, Ratio

TODAY = date(2026, 3, 20)
COMPANIES = (1, 2, 3, 4)
ONE = timedelta(days=1)


def at(day: date, hour: int = 12) -> datetime:
    """A moment of a market day."""
    return clock.start_of_day(day) + timedelta(hours=hour)


def fact(kind: FactKind, day: date, key: str, **values: Any) -> Fact:
    """A fact with what the test does not care about filled in."""
    return Fact(**{"subject": "company:1", "key": key, "kind": kind, "at": at(day), **values})


@st.composite
def lives(draw: st.DrawFn) -> list[Fact]:
    """Orders with what may follow, signs of life and penalties; days around every window's edge."""
    edges = [0, 1, 2, 29, 30, 31, 32, 60, 89, 90, 91, 92, 120]
    ages = st.one_of(st.sampled_from(edges), st.integers(0, 130))
    found: list[Fact] = []
    for number in range(draw(st.integers(0, 12))):
        found += draw(_order(number, ages))
    for number in range(draw(st.integers(0, 4))):
        found += draw(_penalty(number))
    for number in range(draw(st.integers(0, 4))):
        seller, buyer = draw(
            st.sampled_from([(s, b) for s in COMPANIES for b in COMPANIES if s != b])
        )
        line: dict[str, Any] = {
            "seller_id": seller, "buyer_id": buyer, "subject": f"credit:{number}", "count": 1,
        }  # fmt: skip
        for age in draw(st.sets(ages, max_size=4)):
            kind = draw(st.sampled_from([FactKind.REPAID, FactKind.OVERDUE]))
            day = TODAY - age * ONE
            found.append(fact(kind, day, f"{kind}:{number}:{day}", **line))
    for company in COMPANIES:
        for kind in (FactKind.LOGIN, FactKind.REPLY):
            for age in draw(st.sets(st.sampled_from([0, 1, 2, 7, 8, 100]), max_size=3)):
                day = TODAY - age * ONE
                found.append(fact(kind, day, f"{kind}:{company}:{day}", seller_id=company, count=1))
    return sorted(found, key=lambda item: item.at)


@st.composite
def _order(draw: st.DrawFn, number: int, ages: st.SearchStrategy[int]) -> list[Fact]:
    seller, buyer = draw(st.sampled_from([(s, b) for s in COMPANIES for b in COMPANIES if s != b]))
    day = TODAY - draw(ages) * ONE
    both: dict[str, Any] = {
        "seller_id": seller, "buyer_id": buyer, "subject": f"order:{number}",
    }  # fmt: skip
    paid = draw(st.integers(1, 10**9))
    found = [fact(FactKind.PAID, day, f"paid:{number}", amount_fen=paid, count=1, **both)]

    def later(kind: FactKind, key: str, since: date = day, **values: Any) -> date:
        then = min(TODAY, since + draw(st.integers(0, 70)) * ONE)
        found.append(fact(kind, then, f"{key}:{number}", **both, **values))
        return then

    if draw(st.booleans()):
        later(FactKind.PAID, "stage", amount_fen=draw(st.integers(1, 10**6)), count=0)
    if draw(st.booleans()):
        later(FactKind.REFUNDED, "refunded", amount_fen=draw(st.integers(1, paid)), count=1)
    if draw(st.booleans()):
        later(FactKind.COMPLETED, "completed", count=1)
    if draw(st.booleans()):
        case = f"refund:{number}"
        opened = later(FactKind.DISPUTE_OPENED, "dispute", ref=case, count=1)
        match draw(st.sampled_from(["open", "upheld", "lost", "withdrawn"])):
            case "open":
                pass
            case "withdrawn":
                later(FactKind.DISPUTE_WITHDRAWN, "withdrawn", opened, ref=case)
            case verdict:
                upheld = int(verdict == "upheld")
                later(FactKind.DISPUTE_ENDED, "ruled", opened, ref=case, count=upheld)
    if draw(st.integers(0, 3)) == 0:
        for time in range(draw(st.integers(1, 2))):
            other = draw(st.sampled_from([one for one in COMPANIES if one != seller]))
            key = f"recounted:{number}:{time}"
            then = min(TODAY, day + draw(st.integers(0, 70)) * ONE)
            found.append(fact(FactKind.RECOUNTED, then, key, **both | {"buyer_id": other}))
    if draw(st.integers(0, 3)) == 0:
        later(FactKind.EXCLUDED, "excluded")
        if draw(st.booleans()):
            found.append(fact(FactKind.INCLUDED, TODAY, f"included:{number}", **both))
    return found


@st.composite
def _penalty(draw: st.DrawFn, number: int) -> list[Fact]:
    company = draw(st.sampled_from(COMPANIES))
    day = TODAY - draw(st.sampled_from([0, 1, 50, 78, 79, 80, 120])) * ONE
    points = draw(st.integers(1, 48))
    ref = f"penalty:{number}"
    values: dict[str, Any] = {"seller_id": company, "ref": ref}
    found = [fact(FactKind.PENALTY, day, ref, count=points, **values)]
    if draw(st.booleans()):
        then = min(TODAY, day + draw(st.integers(0, 100)) * ONE)
        found.append(fact(FactKind.PENALTY, then, f"revoked:{number}", count=-points, **values))
    return found


# -------------------------------------------------------------------------- what must come out
def expected(facts: Sequence[Fact], company: int, day: date) -> dict[str, Figure]:
    """The metrics of a company, counted by hand."""
    seen = _seen(facts, day)
    sold = [item for item in seen if item.seller_id == company]
    bought = [item for item in seen if item.buyer_id == company]
    month, quarter = day - 30 * ONE, day - 90 * ONE
    orders: Counter[int | None] = Counter()
    for item in _of(sold, FactKind.PAID, quarter):
        orders[item.buyer_id] += item.count
    standing = [case for case in _cases(sold, quarter) if case in ("open", "upheld")]
    lost = [case for case in _cases(bought, quarter) if case == "lost"]
    return {
        "sales_30d": _money(sold, FactKind.PAID, month) - _money(sold, FactKind.REFUNDED, month),
        "buyers_30d": len({item.buyer_id for item in _of(sold, FactKind.PAID, month)}),
        "dispute_rate_90d": Ratio(len(standing), sum(orders.values())),
        "disputes_90d": len(standing),
        "repeat_rate": Ratio(
            sum(times >= 2 for times in orders.values()),
            sum(times >= 1 for times in orders.values()),
        ),
        "refund_rate": Ratio(
            _money(sold, FactKind.REFUNDED, quarter), _money(sold, FactKind.PAID, quarter)
        ),
        "last_backend_login": _since(sold, FactKind.LOGIN, day),
        "last_chat_reply": _since(sold, FactKind.REPLY, day),
        "penalty_points": _points(sold, day),
        "orders_30d": sum(item.count for item in _of(bought, FactKind.PAID, month)),
        "spend_30d": _money(bought, FactKind.PAID, month)
        - _money(bought, FactKind.REFUNDED, month),
        "completed_90d": len(_of(bought, FactKind.COMPLETED, quarter)),
        "repaid_on_time_90d": len(_of(bought, FactKind.REPAID, quarter)),
        "disputes_lost_90d": len(lost),
        "refunds_90d": len(_of(bought, FactKind.REFUNDED, quarter)),
        "overdue_days_90d": len(_of(bought, FactKind.OVERDUE, quarter)),
    }


def ruled_out(facts: Iterable[Fact]) -> set[str]:
    """The orders that are ruled out when all is said."""
    holding: dict[str, FactKind] = {}
    for item in sorted(facts, key=lambda each: each.at):
        if item.kind in (FactKind.EXCLUDED, FactKind.INCLUDED):
            holding[item.subject] = item.kind
    return {subject for subject, kind in holding.items() if kind is FactKind.EXCLUDED}


def counted_for(facts: Iterable[Fact]) -> dict[str, int | None]:
    """Whom the orders that were recounted count for when all is said."""
    moves = [item for item in facts if item.kind is FactKind.RECOUNTED]
    return {item.subject: item.buyer_id for item in sorted(moves, key=lambda each: each.at)}


def figures_of(row: dict[str, Any]) -> dict[str, Figure]:
    """A row of the table of all companies as figures."""
    found: dict[str, Figure] = {}
    for name, metric in METRICS.items():
        values = [row[column] for column in metric.columns]
        found[name] = Ratio(*values) if len(values) == 2 else values[0]
    return found


def _seen(facts: Sequence[Fact], day: date) -> list[Fact]:
    out, moved = ruled_out(facts), counted_for(facts)
    return [
        replace(item, buyer_id=moved.get(item.subject, item.buyer_id))
        for item in facts
        if item.subject not in out and clock.market_day(item.at) < day
    ]


def _of(facts: Iterable[Fact], kind: FactKind, first: date) -> list[Fact]:
    return [item for item in facts if item.kind is kind and clock.market_day(item.at) >= first]


def _money(facts: Iterable[Fact], kind: FactKind, first: date) -> int:
    return sum(item.amount_fen for item in _of(facts, kind, first))


def _since(facts: Iterable[Fact], kind: FactKind, day: date) -> int | None:
    days = [clock.market_day(item.at) for item in _of(facts, kind, day - 400 * ONE)]
    return (day - max(days)).days if days else None


def _cases(facts: Sequence[Fact], first: date) -> list[str]:
    found = {item.ref: "open" for item in _of(facts, FactKind.DISPUTE_OPENED, first)}
    for item in facts:
        if item.ref in found and item.kind is FactKind.DISPUTE_WITHDRAWN:
            found[item.ref] = "withdrawn"
        elif item.ref in found and item.kind is FactKind.DISPUTE_ENDED:
            found[item.ref] = "upheld" if item.count else "lost"
    return list(found.values())


def _points(facts: Sequence[Fact], day: date) -> int:
    entries: dict[str, list[Fact]] = defaultdict(list)
    for item in facts:
        if item.kind is FactKind.PENALTY:
            entries[item.ref].append(item)
    points = 0
    for entry in entries.values():
        given = [item for item in entry if item.count > 0]
        if given and clock.market_day(given[0].at).year == day.year:
            points += sum(item.count for item in entry)
    return points
