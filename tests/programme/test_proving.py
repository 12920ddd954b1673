"""Proofs of an enrolment: looked through before they are kept, seen by company and operators alone."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.money import Money
from pifa.programme import commands
from pifa.programme.commands import proving
from pifa.programme.errors import TooManyProofs
from pifa.programme.models import Enrolment, Proof
from pifa.programme.queries.applications import applications, enrolment, proof_file
from pifa.trade.invoices.errors import FileRefused, FileTooLarge
from pifa.trade.invoices.files import MAX_BYTES
from tests.catalog import market as goods
from tests.programme.world import CODE, World
from tests.trade.invoice_files import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]


@pytest.fixture
def filed(season: World) -> Enrolment:
    seller = season.seller("材料齐全")
    season.rehearse(seller, 2)
    season.at(2, 20)
    return season.enrol(seller)


def test_words_a_figure_and_a_file_are_kept_for_both_sides(season: World, filed: Enrolment) -> None:
    seller = goods.actor(filed.company)
    made = commands.prove(
        seller,
        filed.pk,
        "revenue",
        "审计报告第 3 页",
        amount=Money.yuan("52000000"),
        data=pdf(),
        name="C:\\桌面\\审计 报告.exe",
    )
    for reader in (seller, season.operator):
        (proof,) = enrolment(reader, filed.pk).proofs
        assert (proof.amount, proof.words) == (Money.yuan("52000000"), "审计报告第 3 页")
        assert (proof.name, proof.format) == ("审计 报告.pdf", "pdf")
        view, content = proof_file(reader, made.pk)
        assert (content, view.size) == (pdf(), len(pdf()))
    assert applications(seller, CODE).enrolment == enrolment(seller, filed.pk)


def test_for_others_there_is_none(season: World, filed: Enrolment) -> None:
    made = commands.prove(
        goods.actor(filed.company), filed.pk, "other", "见附件", data=pdf(), name="a.pdf"
    )
    rival = goods.actor(season.seller("别家"))
    for asked in (
        lambda: proof_file(rival, made.pk),
        lambda: enrolment(rival, filed.pk),
        lambda: commands.prove(rival, filed.pk, "other", "塞进来"),
    ):
        with pytest.raises(NotFound):
            asked()
    finance = goods.actor(filed.company, Role.FINANCE)
    with pytest.raises(Forbidden):
        commands.prove(finance, filed.pk, "other", "没有权限")
    assert applications(rival, CODE).enrolments == ()


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"<html><script>alert(1)</script>", FileRefused),
        (b"MZ\x90\x00", FileRefused),
        (pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"), FileRefused),
        (b"%PDF-1.7" + b"0" * MAX_BYTES, FileTooLarge),
    ],
)
def test_what_could_harm_is_not_kept(
    filed: Enrolment, data: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        commands.prove(goods.actor(filed.company), filed.pk, "other", "看", data=data, name="x.pdf")
    assert not Proof.objects.exists()


def test_only_while_it_waits_and_not_without_end(
    season: World, filed: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = goods.actor(filed.company)
    monkeypatch.setattr(proving, "MOST", 1)
    proof = commands.prove(seller, filed.pk, "brand", "自有品牌")
    with pytest.raises(TooManyProofs):
        commands.prove(seller, filed.pk, "brand", "又一个")
    with pytest.raises(DatabaseError), transaction.atomic():
        Proof.objects.filter(pk=proof.pk).update(words="改掉")
    commands.decide(season.operator, filed.pk, approve=True, reason="资质齐全")
    with pytest.raises(WrongState):
        commands.prove(seller, filed.pk, "brand", "太晚了")
    (opinion,) = enrolment(seller, filed.pk).opinions
    assert (opinion.approves, opinion.reason) == (True, "资质齐全")
