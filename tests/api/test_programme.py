"""The programme by the API: from the calendar to the dashboard; strangers see nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pifa.parties import commands as parties
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.models import Enrolment, Rehearsal
from tests.api.client import App
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.world import CODE, World, hear
from tests.trade.invoice_files import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

AT = f"/programme/seasons/{CODE}"
ASKED = {"month": "1200000.00", "peak": "600000.00", "declared": "30000000.00"}


@pytest.fixture
def season(market_clock: MarketClock) -> World:
    made = World(market_clock)
    made.publish()
    return made


def app_of(company: Company, language: str = "zh") -> App:
    return App(parties.issue_token(goods.actor(company), "试验"), language)


def test_the_calendar_needs_no_token(season: World) -> None:
    (found,) = App(language="en").get("/programme/seasons")["items"]
    assert (found["code"], found["peak"]) == (CODE, "2018-03-28")
    check = next(one for one in found["dates"] if one["code"] == "CHECK-15")
    assert (check["first"], check["hour"], check["asks"]) == (
        "2018-03-16", "01:00", "≥ 20% of the month target",
    )  # fmt: skip
    assert found["feed"] == "http://testserver/seller/programme/calendar.en.ics"


def test_from_sign_up_to_an_approved_enrolment(season: World) -> None:
    seller = season.seller()
    app = app_of(seller)
    season.at(2, 10)
    way = app.get(f"{AT}/way")
    assert (way["entry"], way["rehearsal"]["is_open"], way["month_floor"]) == (
        "newcomer", True, "1000000.00",
    )  # fmt: skip
    medal = next(one for one in way["rehearsal_conditions"] if one["rule_id"] == "ENTRY-MEDAL")
    assert (medal["kind"], medal["figure"], medal["holds"]) == ("gate", 3, True)
    signed = app.post(f"{AT}/rehearsals", key="once", expect=201)
    assert app.post(f"{AT}/rehearsals", key="once", expect=201) == signed
    assert Rehearsal.objects.count() == 1
    refused = app.post(f"{AT}/rehearsals", expect=409)
    assert (refused["code"], refused["figures"]["why"]) == ("programme.way_shut", "signed_up")
    commands.decide_rehearsal(season.operator, signed["id"], approve=True)
    season.at(2, 16)
    for buyer, yuan in enumerate((50_000, 100, 100)):
        season.sell(seller, yuan, buyer, method="transfer")
    board = app.get(f"{AT}/rehearsal")
    assert (board["state"], board["may_enrol"], len(board["orders"])) == ("passed", True, 3)
    low = app.post(f"{AT}/enrolments", ASKED | {"month": "1.00"}, expect=409)
    assert (low["code"], low["figures"]["floor"]) == ("programme.below_floor", "1000000.00")
    made = app.post(f"{AT}/enrolments", ASKED, expect=201)
    assert (made["state"], made["month"], made["proofs"]) == ("submitted", "1200000.00", [])
    at = f"/programme/enrolments/{made['id']}"
    file = SimpleUploadedFile("审计.pdf", pdf(), "application/pdf")
    proof = app.upload(f"{at}/proofs", kind="revenue", words="审计", amount="5.00", file=file)
    assert (proof["format"], proof["amount"], proof["name"]) == ("pdf", "5.00", "审计.pdf")
    assert app.upload(f"{at}/proofs", kind="brand", words="自有品牌")["format"] == ""
    answer = app.respond("GET", f"/programme/proofs/{proof['id']}/file")
    assert answer.content == pdf()
    hostile = SimpleUploadedFile("a.pdf", b"<html>", "application/pdf")
    headers = {"Authorization": f"Bearer {app.token}"}
    sent = {"kind": "other", "words": "看", "file": hostile}
    bad = app.client.post(f"/api/v1{at}/proofs", sent, headers=headers)
    assert (bad.status_code, json.loads(bad.content)["code"]) == (
        422, "trade.invoice_file_refused",
    )  # fmt: skip
    commands.decide(season.operator, made["id"], approve=True, reason="资质齐全")
    found = app.get(at)
    assert [one["reason"] for one in found["opinions"]] == ["资质齐全"]
    assert app.call("DELETE", at, expect=409)["code"] == "wrong_state"
    assert app.get(f"{AT}/applications")["enrolments"] == [found]


def test_withdrawn_before_it_is_decided(season: World) -> None:
    seller = season.seller()
    season.rehearse(seller, 2)
    season.at(2, 20)
    made = season.enrol(seller)
    app_of(seller).delete(f"/programme/enrolments/{made.pk}")
    assert Enrolment.objects.get().state == "withdrawn"


def test_the_dashboard_its_verdicts_and_an_appeal(season: World) -> None:
    seller = season.member()
    app = app_of(seller)
    season.at(3, 5)
    season.sell(seller, 150_000)
    board = app.get(f"{AT}/dashboard")
    assert (board["so_far"], board["today"], board["rank"]) == (
        "150000.00", "150000.00", {"place": 1, "of": 1},
    )  # fmt: skip
    first = board["ahead"][0]
    assert (first["code"], first["missing"], first["runs_at"]) == (
        "CHECK-15", "50000.00", "2018-03-16T01:00:00+08:00",
    )  # fmt: skip
    assert board["by_day"] == [{"day": "2018-03-05", "sales": "150000.00"}]
    season.at(3, 16)
    (held,) = app.get(f"{AT}/verdicts")["items"]
    assert (held["outcome"], held["missing"], held["appealable"]) == (
        "traffic_lost", "50000.00", True,
    )  # fmt: skip
    at = f"/programme/verdicts/{held['id']}/appeal"
    assert app.post(at, {"words": "漏了一笔"}, expect=201)["state"] == "open"
    assert app.post(at, {"words": "再来"}, expect=409)["code"] == "programme.appealed_already"
    (held,) = app.get(f"{AT}/verdicts")["items"]
    assert held["appeal"]["words"] == "漏了一笔"
    hear()
    board = app.get(f"{AT}/benefits")
    assert (board["member_tag"], board["traffic_tag"], len(board["tracks"])) == (True, False, 9)
    slot = next(one for one in board["benefits"] if one["code"] == "result_slot")
    assert (slot["held"], slot["lacking"], slot["until"]) == (False, "no_traffic", "2018-03-16")


def test_for_strangers_there_is_nothing(season: World) -> None:
    seller = season.member()
    season.at(3, 16)
    enrolment = Enrolment.objects.get(company=seller)
    (held,) = app_of(seller).get(f"{AT}/verdicts")["items"]
    rival = app_of(season.seller())
    for path in (f"/programme/enrolments/{enrolment.pk}", f"{AT}/dashboard", f"{AT}/verdicts"):
        rival.call("GET", path, expect=404)
    rival.post(f"/programme/verdicts/{held['id']}/appeal", {"words": "x"}, expect=404)
    assert rival.get(f"{AT}/applications") == {"rehearsals": [], "enrolments": []}
    nobody: Any = App().respond("GET", f"{AT}/dashboard")
    assert nobody.status_code == 401
    assert rival.call("GET", "/programme/seasons/nothing/way", expect=404)["code"] == "not_found"
