"""Standing by the API: explained, past and to come, for its company and for operators only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.benefits import commands as benefits
from pifa.benefits.rules import Held, Terms
from pifa.kernel import clock
from pifa.metrics import commands as facts
from pifa.parties import commands as parties
from pifa.standing.models import Kind
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.build import standing
from tests.build.standing import just_under_4a, paid
from tests.catalog import market as goods

ONE = timedelta(days=1)


@pytest.fixture
def market(db: None) -> SmallMarket:
    found = small_market()
    just_under_4a(found.trading.seller)
    return found


def medal_of(told: dict) -> dict:  # type: ignore[type-arg]
    (medal,) = [ladder for ladder in told["ladders"] if ladder["kind"] == "medal"]
    found: dict = medal  # type: ignore[type-arg]
    return found


def test_each_condition_is_told_with_what_is_missing(market: SmallMarket) -> None:
    medal = medal_of(App(market.token).get("/standing"))
    assert (medal["held"]["code"], medal["next"]["rule_id"]) == ("MEDAL-3", "MEDAL-4")
    sales, buyers, disputes = medal["conditions"]
    assert (sales["unit"], sales["threshold"], sales["value"], sales["missing"]) == (
        "yuan",
        "200000.00",
        "153800.00",
        "46200.00",
    )
    assert (buyers["value"], buyers["missing"]) == (6, None)
    assert disputes["exempt"]
    assert disputes["threshold"] == {"numerator": 1, "denominator": 1250}
    assert disputes["value"] == {"numerator": 1, "denominator": 7}
    change = medal["change"]
    assert change["falls"]
    assert change["day"] == str(clock.today() + 4 * ONE)
    assert change["leaving"] == [str(clock.today() - 27 * ONE)]
    assert "降为 2A" in change["words"]


def test_words_are_in_the_readers_language(market: SmallMarket) -> None:
    medal = medal_of(App(market.token, "en").get("/standing"))
    assert medal["conditions"][0]["words"] == (
        "Sales of the last 30 days ≥ ¥200,000.00 ¥46,200.00 short"
    )


def test_tomorrow_is_today_so_far_and_no_day_lies_beyond(market: SmallMarket) -> None:
    app, today = App(market.token), clock.today()
    facts.record(paid(market.trading.seller.pk, goods.company().pk, today, 50_000))
    assert medal_of(app.get("/standing", day=str(today)))["held"]["code"] == "MEDAL-3"
    assert medal_of(app.get("/standing", day=str(today + ONE)))["held"]["code"] == "MEDAL-4"
    past = medal_of(app.get("/standing", day=str(today - 20 * ONE)))
    assert past["held"]["code"] == "MEDAL-1"
    beyond = app.call("GET", "/standing", day=str(today + 2 * ONE), expect=404)
    assert beyond["code"] == "standing.day_not_rated"
    assert app.call("GET", "/standing", day="2010-01-01", expect=404)["code"] == "rulebook.no_book"
    app.call("GET", "/standing", day="soon", expect=400)


def test_a_buyer_has_a_level_and_a_credit_score(market: SmallMarket) -> None:
    standing.level_2(market.trading.buyer)
    told = App(market.buyer_token).get("/standing")
    (level,) = told["ladders"]
    assert (level["kind"], level["held"]["name"]) == ("level", "L2 初级采购商")
    credit = told["credit"]
    assert credit["score"] == credit["base"] + sum(part["points"] for part in credit["parts"])


def test_history_and_benefits_are_ones_own(market: SmallMarket) -> None:
    seller = market.trading.seller
    standing.held(seller, Kind.MEDAL, (60, "MEDAL-2", 2), (20, "MEDAL-3", 3))
    terms = Terms({"boost": 2}, "BENEFIT-SEARCH-BOOST", {"zh": "2A", "en": "2A"})
    benefits.sync("standing", clock.today() - 9 * ONE, {Held(seller.pk, "search_boost"): terms})
    benefits.sync("standing", clock.today() - 2 * ONE, {})
    app, other = App(market.token), App(market.buyer_token)
    spans = app.get("/standing/history", kind="medal")["items"]
    assert [(span["code"], span["until"]) for span in spans] == [
        ("MEDAL-2", str(clock.today() - 20 * ONE)),
        ("MEDAL-3", None),
    ]
    assert app.get("/standing/history", kind="tier")["items"] == []
    app.call("GET", "/standing/history", kind="mood", expect=400)
    (grant,) = app.get("/benefits")["items"]
    assert (grant["label"], grant["terms"], grant["held"]) == ("搜索加权", "排序前移 2 档", False)
    assert grant["until"] == str(clock.today() - 2 * ONE)
    assert other.get("/standing/history", kind="medal")["items"] == []
    assert other.get("/benefits")["items"] == []


def test_another_companys_standing_is_for_operators(market: SmallMarket) -> None:
    seller = market.trading.seller.pk
    path = f"/operator/companies/{seller}/standing"
    told = App(market.staff_token).get(path)
    assert told["company_id"] == seller
    assert told == App(market.token).get("/standing")
    App(market.token).call("GET", path, expect=403)
    App(market.buyer_token).call("GET", path, expect=403)
    App(market.staff_token).call("GET", "/operator/companies/999999/standing", expect=404)
    App(market.staff_token).call("GET", "/standing", expect=403)
    clerk = App(parties.issue_token(goods.actor(market.trading.seller), "看板"))
    assert medal_of(clerk.get("/standing"))["held"]["code"] == "MEDAL-3"
