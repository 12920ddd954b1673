"""The way in on pages: the gate explained, signing up, enrolling, proofs, the answer."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.parties.models import User
from pifa.programme import commands
from pifa.programme.models import Enrolment, Proof, Rehearsal
from tests.catalog import market as goods
from tests.programme.world import CODE, World
from tests.trade.invoice_files import pdf
from tests.web.seller.conftest import body, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

WAY = f"/seller/programme/way/?season={CODE}"
ENROL = f"/seller/programme/enrol/?season={CODE}"
ASKED = {"month": "1200000", "peak": "600000", "declared": "3000 0000"}


def test_the_gate_condition_by_condition(
    season: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """ENTRY-*: gate or reference, the own figure, how much is missing, by rule id."""
    seller = season.seller("两A商家", medal=2)
    season.at(2, 10)
    client = signed_in(goods.actor(seller))
    with django_assert_max_num_queries(42):
        page = body(client.get(WAY))
    medal = page[page.index("交易勋章") :][:900]
    assert "≥ 3A" in medal
    assert "ENTRY-MEDAL" in medal
    assert "还差 1 档" in medal
    assert "门槛" in medal
    revenue = page[page.index("公司年营业额") :][:900]
    assert "参考" in revenue
    assert "由小二核实" in revenue
    assert "还有 1 项门槛没有达到" in page
    assert "月目标不低于" in page
    assert "¥1,000,000.00" in page
    for entry in ("老通天", "新通天", "彩排"):
        assert entry in page


def test_from_sign_up_to_the_way_into_enrolment(season: World) -> None:
    """CAL-DASHBOARD: the board opens the day after approval and leads to enrolment on passing."""
    seller = season.seller("彩排商家")
    client = signed_in(goods.actor(seller))
    season.at(2, 16)
    assert "现在可以报名彩排" in body(client.get(WAY))
    assert "要先在当月报名并通过彩排" in body(client.get(ENROL))
    page = body(client.post("/seller/programme/way/sign-up/", {"season": CODE}, follow=True))
    assert "彩排报名已提交" in page
    assert "等待小二审核" in page
    rehearsal = Rehearsal.objects.get(company=seller)
    commands.decide_rehearsal(season.operator, rehearsal.pk, approve=True)
    assert "彩排看板明天开放" in body(client.get(f"/seller/programme/rehearsal/?season={CODE}"))
    season.at(2, 17)
    number = season.sell(seller, 50_000, 0, method="transfer")
    public = season.sell(seller, 100, 1, channel="public")
    page = body(client.get(f"/seller/programme/rehearsal/?season={CODE}"))
    counts, others = page.split("没有计入的订单")
    assert number in counts
    assert public in others
    assert "公开市场的订单不计" in others
    assert "REHEARSE-BUYERS" in page
    assert "还差 2" in page
    assert 'hx-trigger="every' in page
    season.sell(seller, 100, 1)
    season.sell(seller, 100, 2)
    page = body(client.get(f"/seller/programme/rehearsal/?season={CODE}"))
    assert "彩排通过" in page
    assert f"/seller/programme/enrol/?season={CODE}" in page


def _ready(season: World) -> Client:
    seller = season.seller("报名商家")
    season.rehearse(seller, 2)
    season.at(2, 20)
    return signed_in(goods.actor(seller))


def test_a_target_below_its_floor_names_the_floor_and_keeps_what_was_typed(season: World) -> None:
    """ENTRY-TARGETS: both targets at once, each beside its field."""
    client = _ready(season)
    typed = ASKED | {"month": "900000", "peak": "1", "exception": "知名品牌"}
    answer = client.post(ENROL, typed)
    assert answer.status_code == 422
    page = body(answer)
    assert "不得低于 ¥1,000,000.00，还差 ¥100,000.00" in page
    assert "不得低于 ¥500,000.00，还差 ¥499,999.00" in page
    for kept in ('value="900000"', 'value="3000 0000"', "知名品牌"):
        assert kept in page
    assert not Enrolment.objects.exists()


def test_enrolled_proved_answered(season: World) -> None:
    client = _ready(season)
    page = client.post(ENROL, ASKED, follow=True)
    made = Enrolment.objects.get()
    at = f"/seller/programme/enrolments/{made.pk}/"
    assert page.redirect_chain[-1][0] == at
    assert (made.month_fen, made.peak_fen) == (120_000_000, 60_000_000)
    assert Money(made.declared_fen) == Money.yuan("30000000")
    assert "报名已提交" in body(page)

    def prove(data: bytes, words: str = "审计报告") -> str:
        file = SimpleUploadedFile("审计.pdf", data, "application/pdf")
        sent = {"kind": "revenue", "words": words, "amount": "5200万", "file": file}
        return body(client.post(f"{at}prove/", sent | {"amount": "52000000"}, follow=True))

    hostile = prove(b"<html><script>alert(1)</script>")
    assert "证明文件须是 PDF、OFD、PNG 或 JPG" in hostile
    assert "审计报告" in hostile
    assert not Proof.objects.exists()
    page_ = prove(pdf())
    (link,) = re.findall(r'href="(/seller/programme/proofs/\d+/)"', page_)
    file = client.get(link)
    assert file.content == pdf()
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"].startswith("attachment")
    commands.note_evidence(season.operator, made.pk, "yearly_revenue", 5_200_000_000, "审计报告")
    commands.decide(season.operator, made.pk, approve=False, reason="类目不符")
    page_ = body(client.get(at))
    assert "类目不符" in page_
    assert "¥52,000,000.00" in page_
    assert "补充证明" not in page_
    assert "上一份报名未通过：类目不符" in body(client.get(WAY))


def test_an_exception_is_asked_for_with_its_reason_and_taken_back(season: World) -> None:
    """ENTRY-EXCEPTION: without a reason the gate shuts, with one two reviewers decide."""
    client = _ready(season)
    seller = Rehearsal.objects.get().company
    seller.integrity_grade = "BB"
    seller.save(update_fields=["integrity_grade"])
    page = body(client.get(ENROL))
    assert "需要特批" in page
    assert "ENTRY-GRADE" in page
    refused = client.post(ENROL, ASKED)
    assert refused.status_code == 422
    assert "还不符合报名条件：ENTRY-GRADE" in body(refused)
    client.post(ENROL, ASKED | {"exception": "行业头部品牌"})
    made = Enrolment.objects.get()
    at = f"/seller/programme/enrolments/{made.pk}/"
    commands.decide(season.operator, made.pk, approve=True, reason="看过工厂")
    page = body(client.get(at))
    assert "行业头部品牌" in page
    assert "特批复审" in page
    assert "看过工厂" in page
    client.post(f"{at}withdraw/")
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert client.post(ENROL, ASKED | {"exception": "补充了材料"}).status_code == 302


def test_borders(season: World) -> None:
    """Another seller sees nothing, a member without the role acts not, a buyer is no seller."""
    client = _ready(season)
    client.post(ENROL, ASKED)
    made = Enrolment.objects.get()
    at = f"/seller/programme/enrolments/{made.pk}/"
    proof = commands.prove(
        goods.actor(made.company), made.pk, "other", "材料", data=pdf(), name="a"
    )
    file = f"/seller/programme/proofs/{proof.pk}/"
    rival = signed_in(goods.actor(season.seller("对手")))
    assert [rival.get(page).status_code for page in (at, file)] == [404, 404]
    assert rival.post(f"{at}withdraw/").status_code == 404
    assert rival.post(f"{at}prove/", {"kind": "other", "words": "x"}).status_code == 404
    finance = signed_in(goods.actor(made.company, Role.FINANCE))
    assert finance.get(at).status_code == 200
    assert finance.get(ENROL).status_code == 403
    assert finance.post(f"{at}withdraw/").status_code == 403
    assert finance.post("/seller/programme/way/sign-up/", {"season": CODE}).status_code == 403
    buyer = signed_in(goods.actor(season.buyers[0]))
    assert buyer.get(WAY).headers["Location"] == "/seller/open/"
    assert buyer.get(file).status_code == 404
    assert Client().get(file).status_code == 403
    staff = Client()
    staff.force_login(User.objects.get(pk=season.operator.user_id or 0))
    assert staff.get(file).content == pdf()
    assert client.get("/seller/programme/way/?season=nothing").status_code == 404


def test_without_a_season_every_page_says_so(db: None) -> None:
    client = signed_in(goods.actor(goods.seller()))
    for page in ("way", "enrol", "rehearsal", "calendar", "benefits"):
        assert "还没有公布活动季" in body(client.get(f"/seller/programme/{page}/"))
    assert "还没有公布活动季" in body(client.get("/seller/programme/", follow=True))
