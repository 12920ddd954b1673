"""A day's rating: the same for the same facts and rules, kept by day, turned into grants."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from pifa.benefits import queries as benefits
from pifa.kernel import deadlines, events
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import DomainError
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.messages.models import Notice
from pifa.metrics import commands as facts
from pifa.metrics import lake as lake_module
from pifa.standing import archive, commands, queries
from pifa.standing.errors import DayAhead
from pifa.standing.models import FallWarning, RatingRun, Standing
from tests.metrics.world import ONE, TODAY, at
from tests.plugins.clock import MarketClock
from tests.standing import market
from tests.standing.market import BUYERS, SELLER

pytestmark = pytest.mark.django_db

SHIPPED = Path(settings.RULEBOOKS) / "standing"


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Path]:
    """A folder of rulebooks of the test's own, with the shipped one."""
    folder = tmp_path / "books"
    shutil.copytree(SHIPPED, folder / "standing")
    with override_settings(RULEBOOKS=folder):
        yield folder / "standing"


def amend(books: Path, day: date, old: str, new: str) -> Path:
    """A book from a day on that differs in one place."""
    text = (
        (next(books.glob("2018-*.toml")))
        .read_text()
        .replace("effective = 2018-01-01", f"effective = {day}")
    )
    assert old in text
    path = books / f"{day}.toml"
    path.write_text(text.replace(old, new))
    return path


def kept(day: date, column: str) -> object:
    """What the day's archive says of the seller."""
    rows = archive.columns(day, ["company_id", column]).to_pylist()
    return next(row[column] for row in rows if row["company_id"] == SELLER)


def medal(day: date | None = None) -> int:
    """The seller's medal by the rows that are kept, on a day (the latest)."""
    rows = Standing.objects.filter(company=SELLER, kind="medal")
    if day:
        rows = rows.filter(since__lte=day)
    found = rows.order_by("-since").values_list("rank", flat=True).first()
    assert found is not None
    return found


class TestADay:
    def test_the_same_facts_and_rules_give_the_same_digest_and_change_nothing(self) -> None:
        market.settle()
        market.sell(60_000, 3, TODAY - 5 * ONE)
        first = commands.rate(TODAY)
        rows = list(Standing.objects.order_by("pk").values())
        again = commands.rate(TODAY)
        assert (again.digest, again.changed) == (first.digest, False)
        assert list(Standing.objects.order_by("pk").values()) == rows
        assert RatingRun.objects.get(day=TODAY).revision == 1

    def test_another_fact_gives_another_digest(self) -> None:
        market.settle()
        first = commands.rate(TODAY)
        market.pay(BUYERS[0], TODAY - ONE, 1)
        assert commands.rate(TODAY).digest != first.digest
        assert RatingRun.objects.get(day=TODAY).revision == 2

    def test_what_is_held_is_kept_by_the_day_it_began(self) -> None:
        market.settle()
        market.sell(60_000, 3, TODAY - 33 * ONE)
        commands.rate_days(market.days(TODAY - 6 * ONE, 7))
        spans = queries.history(SELLER, "medal")
        assert [(span.rank, span.since, span.until) for span in spans] == [
            (3, TODAY - 6 * ONE, TODAY - 2 * ONE),
            (0, TODAY - 2 * ONE, None),
        ]
        assert kept(TODAY - 3 * ONE, "medal") == 3
        assert kept(TODAY, "medal") == 0

    def test_a_day_to_come_is_refused(self) -> None:
        with pytest.raises(DayAhead):
            commands.rate(TODAY + ONE)

    def test_a_past_day_is_rated_by_the_rules_of_that_day(self, books: Path) -> None:
        market.settle()
        market.sell(60_000, 3, TODAY - 10 * ONE)
        amend(
            books,
            TODAY,
            '{ metric = "sales_30d", at_least = "50000.00" },',
            '{ metric = "sales_30d", at_least = "90000.00" },',
        )
        commands.rate(TODAY)
        assert medal() == 2
        commands.rate(TODAY - ONE)
        assert (medal(TODAY - ONE), medal(TODAY)) == (3, 2)
        assert RatingRun.objects.get(day=TODAY).book_effective == TODAY

    def test_a_book_that_breaks_changes_nothing_and_never_half(self, books: Path) -> None:
        market.settle()
        market.sell(60_000, 3, TODAY - 10 * ONE)
        first = commands.rate(TODAY)
        path = amend(books, TODAY, 'at_least = "10000.00"', 'at_least = "1.00"')
        path.write_text(path.read_text().replace("orders_30d", "no_such_metric", 1))
        assert commands.rate(TODAY).digest == first.digest
        assert medal() == 3

    def test_a_day_rated_anew_leaves_the_days_after_it_as_they_are(self) -> None:
        market.settle()
        subject = market.pay(BUYERS[0], TODAY - 9 * ONE, 30_000)
        market.sell(30_000, 3, TODAY - 9 * ONE)
        commands.rate_days(market.days(TODAY - 4 * ONE, 5))
        assert medal() == 3
        market.rule_out(subject, TODAY)
        commands.rate(TODAY - 2 * ONE)
        assert [medal(TODAY - ago * ONE) for ago in (3, 2, 1, 0)] == [3, 2, 3, 3]
        commands.rate(TODAY - ONE)
        assert [medal(TODAY - ago * ONE) for ago in (3, 2, 1, 0)] == [3, 2, 2, 3]

    def test_a_missing_day_of_the_lake_is_found_and_rebuilt(self, lake: Path) -> None:
        market.settle()
        market.sell(60_000, 3, TODAY - 5 * ONE)
        first = commands.rate(TODAY)
        gone = lake_module.path_of(TODAY - 5 * ONE)
        gone.unlink()
        assert facts.missing_days() == [TODAY - 5 * ONE]
        assert commands.rate(TODAY).digest == first.digest
        assert gone.exists()


class TestRulings:
    def test_a_ruled_order_leaves_every_day_it_touched_and_comes_back(self) -> None:
        market.settle()
        subject = market.pay(BUYERS[0], TODAY - 9 * ONE, 30_000)
        market.sell(30_000, 3, TODAY - 9 * ONE)
        before = [result.digest for result in commands.rate_days(market.days(TODAY - 4 * ONE, 5))]
        market.rule_out(subject, TODAY)
        events.deliver()
        deadlines.run_due()
        assert [span.rank for span in queries.history(SELLER, "medal")] == [2]
        assert kept(TODAY - 2 * ONE, "sales_30d") == 3_000_000
        market.rule_out(subject, TODAY, again=True)
        events.deliver()
        deadlines.run_due()
        assert [span.rank for span in queries.history(SELLER, "medal")] == [3]
        digests = RatingRun.objects.order_by("day").values_list("digest", flat=True)
        assert list(digests) == before


class TestGrants:
    def test_a_member_with_2a_may_be_paid_at_once_and_ranks_higher(self) -> None:
        market.settle()
        market.sell(12_000, 2, TODAY - ONE)
        commands.rate(TODAY)
        held = {grant.benefit: grant for grant in benefits.held(SELLER)}
        assert held["instant_payout"].value == {"fee_rate": "0.0012"}
        assert held["instant_payout"].rule_id == "BENEFIT-INSTANT-PAYOUT"
        assert held["search_boost"].value == {"boost": 2}
        assert "2A" in held["search_boost"].reason["zh"]
        assert held["search_boost"].since == TODAY

    def test_days_rated_together_grant_each_from_its_own_day(self) -> None:
        market.settle()
        market.sell(12_000, 2, TODAY - 3 * ONE)
        commands.rate_days(market.days(TODAY - 4 * ONE, 4))
        (grant,) = (one for one in benefits.held(SELLER) if one.benefit == "instant_payout")
        assert grant.since == TODAY - 2 * ONE
        commands.rate(TODAY - ONE)
        assert benefits.grant_of(SELLER, "instant_payout") == grant

    def test_a_benefit_lost_among_days_rated_together_ended_on_its_day(self) -> None:
        market.settle()
        market.sell(12_000, 2, TODAY - 32 * ONE)
        commands.rate_days(market.days(TODAY - 2 * ONE, 2))
        held = benefits.grant_of(SELLER, "instant_payout", TODAY - 2 * ONE)
        assert held is not None
        assert held.until == TODAY - ONE

    def test_benefits_are_for_members_only(self) -> None:
        market.settle(member_until=TODAY - 2 * ONE)
        market.sell(12_000, 2, TODAY - ONE)
        commands.rate(TODAY)
        assert medal() == 2
        assert not {"instant_payout", "search_boost"} & {
            grant.benefit for grant in benefits.held(SELLER)
        }

    def test_a_benefit_ends_with_the_step(self, market_clock: MarketClock) -> None:
        market.settle()
        market.sell(12_000, 2, TODAY - 30 * ONE)
        commands.rate(TODAY)
        market_clock.set(at(TODAY + ONE))
        commands.rate(TODAY + ONE)
        assert benefits.grant_of(SELLER, "instant_payout", TODAY) is not None
        assert benefits.grant_of(SELLER, "instant_payout", TODAY + ONE) is None


class TestNotices:
    def test_a_fall_is_told_before_it_comes_once_and_with_what_prevents_it(
        self, market_clock: MarketClock
    ) -> None:
        market.settle()
        market.sell(60_000, 3, TODAY - 28 * ONE)
        for ahead in range(3):
            market_clock.set(at(TODAY + ahead * ONE))
            commands.rate(TODAY + ahead * ONE)
            events.deliver()
        (told,) = Notice.objects.filter(company=SELLER, kind="standing_will_fall", params__old="3A")
        assert told.params["day"] == (TODAY + 3 * ONE).isoformat()
        assert "¥50,000.00" in told.params["keep"]
        assert "¥50,000.00" in told.params["keep_en"]

    def test_a_rise_is_told_and_the_first_rating_is_no_news(
        self, market_clock: MarketClock
    ) -> None:
        market.settle()
        commands.rate(TODAY)
        market.sell(60_000, 3, TODAY)
        market_clock.set(at(TODAY + ONE))
        commands.rate(TODAY + ONE)
        events.deliver()
        kinds = Notice.objects.filter(company=SELLER).values_list("kind", "params__new")
        assert ("standing_risen", "3A") in list(kinds)
        assert not FallWarning.objects.exists()


class TestTheNight:
    def test_it_runs_by_itself_and_catches_up_in_order(self, market_clock: MarketClock) -> None:
        market.settle()
        commands.begin()
        commands.begin()
        deadlines.run_due()
        market_clock.set(at(TODAY + 4 * ONE))
        deadlines.run_due()
        rated = RatingRun.objects.order_by("rated_at").values_list("day", flat=True)
        assert list(rated) == market.days(TODAY, 5)
        waiting = Deadline.objects.get(kind="standing.rate", done_at=None)
        assert waiting.subject == f"day:{TODAY + 5 * ONE}"

    def test_a_night_that_failed_too_often_is_tried_again_when_a_server_starts(self) -> None:
        market.settle()
        commands.begin()
        Deadline.objects.filter(kind="standing.rate").update(attempts=5)
        deadlines.run_due()
        assert not RatingRun.objects.exists()
        commands.begin()
        deadlines.run_due()
        assert RatingRun.objects.get().state == RatingRun.State.RATED

    def test_long_work_is_done_before_the_transaction_that_rates(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        market.settle()
        market.sell(60_000, 3, TODAY - 5 * ONE)
        outside, heal = len(connection.savepoint_ids), facts.heal
        depths: list[tuple[int, int]] = []

        def watched() -> object:
            closed = heal()
            depths.append((len(connection.savepoint_ids) - outside, len(closed)))
            return closed

        monkeypatch.setattr(facts, "heal", watched)
        commands.begin()
        deadlines.run_due()
        assert medal() == 3
        assert depths[0][0] == 0
        assert depths[0][1] > 0
        assert [closed for _, closed in depths[1:]] == [0]

    def test_it_waits_says_so_and_goes_on_when_the_facts_are_there(
        self, market_clock: MarketClock
    ) -> None:
        market.settle()
        OutboxEvent.objects.create(
            name="order.paid", payload={"odd": 1}, happened_at=at(TODAY - ONE), attempts=5
        )
        commands.begin()
        deadlines.run_due()
        run = RatingRun.objects.get(day=TODAY)
        assert run.state == RatingRun.State.WAITING
        assert run.reason["code"] == "metrics.facts_incomplete"
        assert OutboxEvent.objects.filter(name="standing.rating_waits").count() == 1
        OutboxEvent.objects.filter(name="order.paid").delete()
        market_clock.set(at(TODAY, 15))
        deadlines.run_due()
        assert RatingRun.objects.get(day=TODAY).state == RatingRun.State.RATED


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_double_nothing() -> None:
    market.settle()
    market.sell(60_000, 3, TODAY - 5 * ONE)
    facts.heal()
    gate, results, failures = threading.Barrier(2), [], []

    def run() -> None:
        try:
            gate.wait()
            results.append(commands.rate(TODAY))
        except DomainError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert {result.digest for result in results} == {results[0].digest}
    assert sorted(result.changed for result in results) == [False, True]
    assert Standing.objects.filter(company=SELLER, kind="medal").count() == 1
    assert queries.explain(SYSTEM, SELLER).story("medal").held.rank == 3  # type: ignore[union-attr]
