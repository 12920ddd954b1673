"""A query compiled once gives the rows that its queryset gives, for whatever ids."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.kernel import audit
from pifa.kernel.actors import Actor, ActorKind
from pifa.kernel.models import AuditEntry
from pifa.kernel.prepared import Prepared

pytestmark = pytest.mark.django_db


def found() -> Prepared:
    return Prepared(
        lambda ids, listed: (
            AuditEntry.objects.filter(company_id=ids[0], pk__in=listed)
            .exclude(pk=ids[1])
            .exclude(action="b")
            .order_by("pk")
            .values_list("pk", "subject")
        )
    )


@pytest.fixture
def pks() -> list[int]:
    actor = Actor(ActorKind.MEMBER, company_id=7)
    audit.record_all(audit.entry(actor, "a" if n % 3 else "b", f"order:{n}") for n in range(9))
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_rows_equal_the_querysets(pks: list[int]) -> None:
    prepared = found()
    for listed in (pks, pks[:4], pks[4:8], [pks[1]], []):
        for single in ((7, pks[2]), (7, 0), (1, 0)):
            plain = list(prepared.build(single, listed))
            assert prepared.rows(single, listed) == plain
    assert len(prepared.rows((7, 0), pks)) == 6


def test_one_statement_and_compiled_once_for_a_shape(pks: list[int]) -> None:
    calls = []
    build = found().build

    def counted(ids, listed):  # type: ignore[no-untyped-def]
        calls.append(len(listed))
        return build(ids, listed)

    prepared = Prepared(counted)
    with CaptureQueriesContext(connection) as captured:
        for shift in range(4):
            prepared.rows((7, 0), pks[shift : shift + 3])
    assert (len(captured), calls) == (4, [3])


@pytest.mark.parametrize("absurd", [2**63, -(2**63) - 1, 10**40])
def test_an_id_that_no_row_can_have_finds_nothing(pks: list[int], absurd: int) -> None:
    prepared = found()
    assert prepared.rows((absurd, 0), pks) == []
    assert prepared.rows((7, 0), [absurd]) == []


def test_a_row_of_another_query_comes_in_the_same_statement(pks: list[int]) -> None:
    many, one = found(), found()
    for listed in (pks, pks[:4], [pks[1]]):
        for single in ([pks[1]], [pks[4]], [pks[0]]):
            with CaptureQueriesContext(connection) as captured:
                both = many.asked((7, 0), listed).rows_beside(one.asked((7, 0), single))
            assert both == (many.rows((7, 0), listed), one.rows((7, 0), single))
            assert len(captured) == 1


def test_where_one_query_finds_nothing_the_other_is_asked_alone(pks: list[int]) -> None:
    alone = found().asked((7, 0), [pks[1]])
    for ids, listed in (((1, 0), pks), ((7, 0), []), ((2**63, 0), pks)):
        rows, beside = found().asked(ids, listed).rows_beside(alone)
        assert rows == []
        assert [row[0] for row in beside] == [pks[1]]
    assert alone.rows_beside(found().asked((2**63, 0), pks)) == ([], [])
