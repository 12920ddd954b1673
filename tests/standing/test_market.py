"""What operators are told of all companies: who holds what, whether it is plausible, what waits."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.kernel import clock
from pifa.kernel.errors import Forbidden
from pifa.kernel.models import AuditEntry
from pifa.metrics import commands as facts
from pifa.metrics.errors import FactsIncomplete
from pifa.metrics.facts import MOVES, Fact, FactKind
from pifa.parties.models import Company
from pifa.rulebook.errors import BookError
from pifa.rulebook.rules import Figure, Ratio
from pifa.standing import archive, books, commands, queries
from pifa.standing.commands.rating import note_waiting
from pifa.standing.engine import Ratings
from pifa.standing.errors import DayNotRated
from pifa.standing.models import Kind, RatingRun
from pifa.standing.queries.plausible import PlausibilityRow
from tests.catalog import market as goods
from tests.metrics.world import COMPANIES, ONE, TODAY, at, counted_for, expected, fact, lives
from tests.plugins.clock import MarketClock
from tests.plugins.examples import examples

pytestmark = pytest.mark.django_db

SHIPPED = Path(books.__file__).parent.parent / "rulebooks" / "standing" / "2018-01-01.toml"
GROUPS = {0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3}


def rated_as(levels: dict[int, int]) -> None:
    """Let these companies have been rated today with these levels."""
    table = pa.table({"company_id": list(levels), "level": list(levels.values())})
    archive.write(Ratings(TODAY, table))
    proof = {"digest": "d" * 64, "book": "b" * 64, "rated_at": clock.now()}
    RatingRun.objects.create(day=TODAY, state=RatingRun.State.RATED, **proof)


def accounted(happened: list[Fact], levels: dict[int, int]) -> list[PlausibilityRow]:
    """The check of the levels by hand: a buyer's own shares are those of a seller turned about."""
    whose = counted_for(happened)
    turned = [
        replace(one, seller_id=whose.get(one.subject, one.buyer_id), buyer_id=one.seller_id)
        for one in happened
        if one.kind not in MOVES
    ]
    mine = {company: expected(happened, company, TODAY) for company in levels}
    sold = {company: expected(turned, company, TODAY) for company in levels}
    rows: list[PlausibilityRow] = []
    for place, name in enumerate(("L0–L1", "L2–L3", "L4–L5", "L6")):
        group = [company for company, level in levels.items() if GROUPS[level] == place]
        bought = [company for company in group if mine[company]["orders_30d"]]
        spend = sum(_whole(mine[company]["spend_30d"]) for company in bought)
        orders = sum(_whole(mine[company]["orders_30d"]) for company in bought)
        mean = spend // len(bought) if bought else 0
        below = rows[-1].spend_fen if rows else 0
        rows.append(
            PlausibilityRow(
                levels=name,
                buyers=len(bought),
                spend_fen=mean,
                orders=Fraction(orders, len(bought) or 1),
                times=Fraction(mean, below) if below > 0 and bought else None,
                refunded=_sum(sold[company]["refund_rate"] for company in group),
                disputed=_sum(sold[company]["dispute_rate_90d"] for company in group),
            )
        )
    return rows


def _whole(figure: Figure) -> int:
    assert isinstance(figure, int)
    return figure


def _sum(shares: Iterable[Figure]) -> Ratio:
    listed = [share for share in shares if isinstance(share, Ratio)]
    return Ratio(sum(share.num for share in listed), sum(share.den for share in listed))


@settings(
    max_examples=examples(6),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happened=lives(), levels=st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_the_check_of_the_levels_is_what_an_account_by_hand_says(
    happened: list[Fact], levels: list[int], lake: Path
) -> None:
    shutil.rmtree(lake, ignore_errors=True)
    held = dict(zip(COMPANIES, levels, strict=True))
    with transaction.atomic():
        facts.record(happened)
        facts.heal()
        rated_as(held)
        day, rows = queries.plausibility(goods.OPERATOR)
        transaction.set_rollback(True)
    assert day == TODAY
    assert rows == accounted(happened, held)


def test_there_is_no_check_before_the_first_night() -> None:
    with pytest.raises(DayNotRated):
        queries.plausibility(goods.OPERATOR)


# ------------------------------------------------------------------------------ distributions
def trade(seller: Company, buyer: Company, fen: int, *, age: int = 3) -> None:
    """A purchase some days ago."""
    day = TODAY - age * ONE
    key = f"paid:{seller.pk}:{buyer.pk}:{age}"
    both = {"seller_id": seller.pk, "buyer_id": buyer.pk, "subject": key}
    facts.record([fact(FactKind.PAID, day, key, amount_fen=fen, count=1, **both)])


@pytest.fixture
def market(market_clock: MarketClock) -> list[Company]:
    """Three shops and a buyer that has bought of two of them."""
    market_clock.set(at(TODAY - 10 * ONE))
    shops, buyer = [goods.seller() for _ in range(3)], goods.company()
    market_clock.set(at(TODAY))
    trade(shops[0], buyer, 2_000_000)
    trade(shops[1], buyer, 100)
    return [*shops, buyer]


def test_a_distribution_counts_whom_the_list_of_a_step_names(market: list[Company]) -> None:
    commands.rate(TODAY)
    for kind in Kind:
        spread = queries.distribution(goods.OPERATOR, kind)
        assert spread.total == (3 if kind in (Kind.MEDAL, Kind.TIER) else 4)
        for step in spread.steps:
            listed = queries.companies_at(goods.OPERATOR, kind, step.code, size=100).items
            assert len(listed) == step.companies, (kind, step)
    medals = {
        step.code: step.companies for step in queries.distribution(goods.OPERATOR, "medal").steps
    }
    assert medals == {"": 1, "MEDAL-1": 2, "MEDAL-2": 0, "MEDAL-3": 0, "MEDAL-4": 0, "MEDAL-5": 0}


def test_a_distribution_tells_what_changed_since_the_night_before(
    market: list[Company], market_clock: MarketClock
) -> None:
    commands.rate(TODAY)
    assert {step.change for step in queries.distribution(goods.OPERATOR, "medal").steps} == {None}
    trade(market[2], market[3], 100, age=0)
    market_clock.set(at(TODAY + ONE))
    commands.rate(TODAY + ONE)
    changed = {
        step.code: step.change for step in queries.distribution(goods.OPERATOR, "medal").steps
    }
    assert (changed[""], changed["MEDAL-1"], changed["MEDAL-2"]) == (-1, 1, 0)


def test_reading_the_market_costs_the_same_for_few_and_for_many(market: list[Company]) -> None:
    def read() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            for kind in Kind:
                queries.distribution(goods.OPERATOR, kind)
            queries.companies_at(goods.OPERATOR, "medal", "MEDAL-1", size=100)
            queries.plausibility(goods.OPERATOR)
            queries.runs(goods.OPERATOR)
            queries.waiting(goods.OPERATOR)
        return len(caught)

    commands.rate(TODAY)
    few = read()
    for _ in range(8):
        trade(goods.seller(), market[3], 100)
    Company.objects.update(created_at=at(TODAY - 9 * ONE))
    commands.rate(TODAY)
    assert read() == few


# ------------------------------------------------------------------------------ nights, by hand
def test_a_day_that_waits_says_since_when_in_both_languages(market_clock: MarketClock) -> None:
    error = FactsIncomplete(day="2026-03-19", waiting=3, since="2026-03-18 08:00")
    note_waiting(TODAY, error)
    begun = clock.now()
    market_clock.forward(hours=2)
    note_waiting(TODAY, error)

    (run,) = queries.waiting(goods.OPERATOR)
    assert (run.day, run.waiting_since, run.waits) == (TODAY, begun, True)
    assert run.reason_words == str(error)
    with translation.override("en"):
        assert run.reason_words == str(error)
    assert queries.runs(goods.OPERATOR) == [run]


def test_a_day_rated_by_hand_is_as_the_night_rates_it_and_on_the_audit_log(
    market: list[Company],
) -> None:
    operator = goods.operator()
    result = commands.rate_by_hand(operator, TODAY)
    assert commands.rate(TODAY).digest == result.digest
    entry = AuditEntry.objects.get(action="standing.rate")
    assert (entry.subject, entry.user_id) == (f"day:{TODAY}", operator.user_id)
    assert entry.detail["digest"] == result.digest
    with pytest.raises(Forbidden):
        commands.rate_by_hand(goods.actor(market[0]), TODAY)
    assert AuditEntry.objects.filter(action="standing.rate").count() == 1


def test_history_of_what_was_never_rated_is_empty() -> None:
    assert queries.history(goods.company().pk, Kind.MEDAL) == ()


# ------------------------------------------------------------------------------ broken books
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Rulebooks of the test's own: the shipped one."""
    place = tmp_path / "rulebooks" / "standing"
    place.mkdir(parents=True)
    shutil.copy(SHIPPED, place)
    monkeypatch.setattr(books, "_last_good", [])
    with override_settings(RULEBOOKS=place.parent):
        yield place


def test_broken_books_are_told_while_the_last_good_ones_go_on(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sound = books.book_on(TODAY)
    assert books.problems() == ()
    text = SHIPPED.read_text().replace("effective = 2018-01-01", "effective = 2026-03-01")
    broken = text.replace('metric = "orders_30d", above = 1', 'metric = "orders", above = 1')
    line = 1 + broken[: broken.index('metric = "orders", above')].count("\n")
    (folder / "2026-03-01.toml").write_text(broken)

    (problem,) = books.problems()
    assert (problem.file, problem.line) == ("standing/2026-03-01.toml", line)
    assert books.book_on(TODAY) == sound
    assert books.book_on(TODAY) == sound
    # Read once, and said once: pages ask for the books dozens of times.
    assert [line for line in caplog.messages if "2026-03-01.toml" in line] == caplog.messages
    assert len(caplog.messages) == 1
    (folder / "2026-03-01.toml").write_text(text)
    assert books.problems() == ()
    assert books.book_on(TODAY).effective == date(2026, 3, 1)


def test_broken_books_are_refused_where_none_was_read_before(folder: Path) -> None:
    (folder / "2018-01-01.toml").write_text("name = ")
    assert books.problems()
    with pytest.raises(BookError):
        books.book_on(TODAY)
