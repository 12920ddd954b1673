"""Verification, grade, penalty points and membership."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pifa.kernel.actors import SYSTEM, Actor, Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.kernel.pictures import PictureError
from pifa.parties import commands, errors, queries, rules
from pifa.parties.models import Company, PenaltyEntry, Verification
from tests.parties.people import company, hire, id_of, operator

pytestmark = pytest.mark.django_db

FAKE_BODY = "91330782MA0000000"
LICENCE = FAKE_BODY + rules.credit_code_check_digit(FAKE_BODY)
RESIDENT = "11010519491231002X"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def owner() -> Actor:
    return company("晨星五金")


def photo() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (60, 40), "navy")
    exif = Image.Exif()
    exif[0x010F] = "CAMERA OF MR WANG"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def submit(actor: Actor, number: str = LICENCE, **changes: Any) -> Verification:
    return commands.submit_verification(
        actor,
        changes.get("kind", "enterprise"),
        changes.get("legal_name", "义乌市晨星五金有限公司"),
        number,
        changes.get("document", photo()),
    )


class TestVerification:
    def test_an_approved_company_is_verified(self, owner: Actor) -> None:
        waiting = submit(owner, LICENCE.lower())
        xiaoer = operator()
        assert [row.company.name for row in queries.verifications_waiting(xiaoer)] == ["晨星五金"]

        commands.review_verification(xiaoer, waiting.pk, approve=True, reason="")

        card = queries.company(id_of(owner))
        assert (card.is_verified, card.verified_name) == (True, "义乌市晨星五金有限公司")
        assert Company.objects.get().licence_no == LICENCE
        assert queries.verifications_waiting(xiaoer) == []
        assert OutboxEvent.objects.get(name="verification.reviewed").payload["approved"] is True

    def test_a_rejection_says_why_and_lets_one_try_again(self, owner: Actor) -> None:
        waiting, xiaoer = submit(owner), operator()

        with pytest.raises(errors.ReasonMissing):
            commands.review_verification(xiaoer, waiting.pk, approve=False, reason=" \u200b")
        commands.review_verification(xiaoer, waiting.pk, approve=False, reason="照片不清晰")

        (shown,) = queries.verifications(owner, id_of(owner))
        assert (shown.state, shown.reason) == ("rejected", "照片不清晰")
        assert not queries.company(id_of(owner)).is_verified
        submit(owner)

    def test_a_decision_is_made_once(self, owner: Actor) -> None:
        waiting, xiaoer = submit(owner), operator()
        commands.review_verification(xiaoer, waiting.pk, approve=True, reason="")

        with pytest.raises(WrongState) as refused:
            commands.review_verification(xiaoer, waiting.pk, approve=False, reason="改主意")
        assert "已通过" in str(refused.value)

    def test_one_waits_at_a_time(self, owner: Actor) -> None:
        submit(owner)
        with pytest.raises(errors.VerificationWaiting):
            submit(owner)

    def test_a_licence_stands_for_one_company(self, owner: Actor) -> None:
        other, xiaoer = company(), operator()
        mine, theirs = submit(owner), submit(other)
        commands.review_verification(xiaoer, mine.pk, approve=True, reason="")

        with pytest.raises(errors.LicenceTaken) as refused:
            commands.review_verification(xiaoer, theirs.pk, approve=True, reason="")
        assert LICENCE not in str(refused.value)
        theirs.refresh_from_db()
        assert theirs.state == "submitted"
        with pytest.raises(errors.LicenceTaken):
            submit(company())

    def test_a_company_may_be_verified_anew(self, owner: Actor) -> None:
        xiaoer = operator()
        for name in ("晨星五金有限公司", "晨星科技有限公司"):
            waiting = submit(owner, legal_name=name)
            commands.review_verification(xiaoer, waiting.pk, approve=True, reason="")
        assert queries.company(id_of(owner)).verified_name == "晨星科技有限公司"

    @pytest.mark.parametrize(
        ("number", "changes", "error"),
        [
            (LICENCE[:-1] + ("0" if LICENCE[-1] != "0" else "1"), {}, errors.BadFormat),
            (LICENCE[:17], {}, errors.BadFormat),
            ("", {}, errors.BadFormat),
            (RESIDENT, {}, errors.BadFormat),
            (LICENCE, {"kind": "personal"}, errors.BadFormat),
            (LICENCE, {"kind": "royal"}, errors.BadFormat),
            (LICENCE, {"legal_name": "厂"}, errors.TextLength),
            (LICENCE, {"document": None}, errors.DocumentMissing),
            (LICENCE, {"document": b""}, errors.DocumentMissing),
            (LICENCE, {"document": b"<html>"}, PictureError),
        ],
    )
    def test_bad_input_is_refused_and_nothing_kept(
        self, owner: Actor, number: str, changes: dict[str, Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            submit(owner, number, **changes)
        assert not Verification.objects.exists()

    def test_a_person_is_verified_by_its_identity_number(self, owner: Actor) -> None:
        waiting = submit(owner, RESIDENT, kind="personal", legal_name="周晨", document=None)
        commands.review_verification(operator(), waiting.pk, approve=True, reason="")
        assert queries.company(id_of(owner)).verified_name == "周晨"

    def test_the_picture_is_written_anew_out_of_public_reach(
        self, owner: Actor, settings: Any
    ) -> None:
        waiting = submit(owner)

        kept = Path(waiting.document.path)
        assert Path(settings.MEDIA_ROOT) not in kept.parents
        assert waiting.document.url == ""
        assert b"WANG" not in kept.read_bytes()
        with Image.open(kept) as picture:
            assert picture.size == (60, 40)

    def test_the_picture_is_read_by_its_company_only(self, owner: Actor) -> None:
        waiting = submit(owner)

        assert queries.licence_of(owner, waiting.pk).startswith(b"\xff\xd8")
        for actor in (company(), operator()):
            with pytest.raises(NotFound):
                queries.licence_of(actor, waiting.pk)

    def test_the_audit_log_has_no_whole_licence_number(self, owner: Actor) -> None:
        submit(owner)
        kept = AuditEntry.objects.get(action="verification.submit")
        assert kept.detail["licence"] == rules.mask_document(LICENCE)

    def test_who_may(self, owner: Actor) -> None:
        with pytest.raises(Forbidden):
            submit(hire(owner, Role.CLERK, Role.PURCHASER, Role.FINANCE))
        waiting = submit(owner)
        for actor in (owner, company()):
            with pytest.raises(Forbidden):
                commands.review_verification(actor, waiting.pk, approve=True, reason="")
        with pytest.raises(Forbidden):
            queries.verifications_waiting(owner)
        with pytest.raises(NotFound):
            queries.verifications(company(), id_of(owner))
        with pytest.raises(NotFound):
            commands.review_verification(operator(), 10**12, approve=True, reason="")


class TestPenalties:
    def test_points_are_counted_by_calendar_year_of_the_market(
        self, owner: Actor, market_clock: Any
    ) -> None:
        xiaoer = operator()
        # 00:30 on New Year's Day in Shanghai is still the old year in London.
        market_clock.set(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
        commands.give_penalty(xiaoer, id_of(owner), 6, "发布违禁货品")
        market_clock.set(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
        commands.give_penalty(xiaoer, id_of(owner), 2, "描述不符")

        assert queries.penalty_points(id_of(owner), 2026) == 6
        assert queries.penalty_points(id_of(owner), 2027) == 2
        assert queries.penalty_points(id_of(owner), 2028) == 0

    def test_revoked_points_no_longer_count_but_stay_on_record(self, owner: Actor) -> None:
        xiaoer = operator()
        given = commands.give_penalty(xiaoer, id_of(owner), 6, "发布违禁货品")
        commands.give_penalty(xiaoer, id_of(owner), 1, "描述不符")

        commands.revoke_penalty(xiaoer, given.pk, "申诉成立")
        commands.revoke_penalty(xiaoer, given.pk, "再一次")

        assert queries.penalty_points(id_of(owner), 2026) == 1
        assert [row.revoke_reason for row in queries.penalties(owner, id_of(owner))] == [
            "",
            "申诉成立",
        ]
        assert OutboxEvent.objects.filter(name="penalty.revoked").count() == 1

    @pytest.mark.parametrize(
        ("points", "reason", "error"),
        [
            (0, "理由", errors.PointsOutOfRange),
            (-6, "理由", errors.PointsOutOfRange),
            (49, "理由", errors.PointsOutOfRange),
            (10**12, "理由", errors.PointsOutOfRange),
            (6, "", errors.ReasonMissing),
            (6, " \n", errors.ReasonMissing),
            (6, "长" * 301, errors.TextLength),
        ],
    )
    def test_points_have_bounds_and_a_reason(
        self, owner: Actor, points: int, reason: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            commands.give_penalty(operator(), id_of(owner), points, reason)
        assert not PenaltyEntry.objects.exists()

    def test_who_may(self, owner: Actor) -> None:
        with pytest.raises(Forbidden):
            commands.give_penalty(owner, id_of(owner), 6, "理由")
        with pytest.raises(NotFound):
            queries.penalties(company(), id_of(owner))
        with pytest.raises(NotFound):
            commands.give_penalty(operator(), 10**12, 6, "理由")
        with pytest.raises(NotFound):
            commands.revoke_penalty(operator(), 10**12, "理由")

    def test_the_market_itself_may_give_them(self, owner: Actor) -> None:
        assert commands.give_penalty(SYSTEM, id_of(owner), 6, "规则").given_by is None

    def test_a_year_is_counted_by_one_statement(
        self, owner: Actor, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            assert queries.penalty_points(id_of(owner), 2026) == 0


class TestGrade:
    def test_it_is_given_by_operators_and_announced_when_it_changes(self, owner: Actor) -> None:
        xiaoer = operator()
        commands.set_integrity_grade(xiaoer, id_of(owner), "AAA", "年审")
        commands.set_integrity_grade(xiaoer, id_of(owner), "AAA")

        assert queries.company(id_of(owner)).integrity_grade == "AAA"
        assert OutboxEvent.objects.get(name="company.graded").payload == {
            "company_id": id_of(owner),
            "grade": "AAA",
            "before": "",
        }
        with pytest.raises(errors.BadFormat):
            commands.set_integrity_grade(xiaoer, id_of(owner), "CCC")
        with pytest.raises(Forbidden):
            commands.set_integrity_grade(owner, id_of(owner), "AAA")


class TestMembership:
    def test_it_is_lengthened_while_it_runs(self, owner: Actor, market_clock: Any) -> None:
        commands.buy_membership(owner, 1)
        market_clock.forward(days=100)
        commands.buy_membership(hire(owner, Role.FINANCE), 2)

        row = Company.objects.get(pk=id_of(owner))
        assert (row.member_since, row.member_until) == (date(2026, 3, 2), date(2029, 3, 1))
        assert queries.company(id_of(owner)).is_member

    def test_a_lapsed_one_begins_anew(self, owner: Actor, market_clock: Any) -> None:
        commands.buy_membership(owner, 1)
        market_clock.set(datetime(2027, 3, 1, 16, 0, tzinfo=UTC))
        assert not queries.company(id_of(owner)).is_member

        commands.buy_membership(owner, 1)

        assert queries.company(id_of(owner)).member_since == date(2027, 3, 2)

    @pytest.mark.parametrize("years", [0, -1, 6, 10**12])
    def test_years_have_bounds(self, owner: Actor, years: int) -> None:
        with pytest.raises(errors.YearsOutOfRange):
            commands.buy_membership(owner, years)

    def test_who_may(self, owner: Actor) -> None:
        for actor in (hire(owner, Role.CLERK, Role.PURCHASER), operator()):
            with pytest.raises(Forbidden):
                commands.buy_membership(actor, 1)
