"""The audit log says who did what for whom, and nobody can change what it says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor, ActorKind, Role
from pifa.kernel.models import AuditEntry

CLERK = Actor(ActorKind.MEMBER, user_id=5, company_id=7, member_id=9, roles=frozenset({Role.CLERK}))

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_when_what_for_which_company() -> None:
    audit.record(CLERK, "order.ship", "order:26030201", carrier="SF", pieces=3)
    audit.record(SYSTEM, "order.expire", "order:26030202")
    first, second = AuditEntry.objects.order_by("id")
    assert (first.actor_kind, first.user_id, first.company_id) == ("member", 5, 7)
    assert (first.action, first.subject) == ("order.ship", "order:26030201")
    assert (first.detail, first.at) == ({"carrier": "SF", "pieces": 3}, clock.now())
    assert (second.actor_kind, second.user_id, second.company_id) == ("system", None, None)
    assert second.detail == {}


def test_many_entries_cost_one_statement(django_assert_num_queries: Any) -> None:
    entries = [audit.entry(CLERK, "order.ship", f"order:{number}") for number in range(200)]
    with django_assert_num_queries(1):
        audit.record_all(entries)
    assert AuditEntry.objects.count() == 200


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kernel_auditentry SET action = 'nothing'",
        "UPDATE kernel_auditentry SET at = at",
        "DELETE FROM kernel_auditentry",
    ],
)
def test_it_is_append_only_even_for_who_has_the_database(change: str) -> None:
    audit.record(CLERK, "order.ship", "order:26030201")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert AuditEntry.objects.get().action == "order.ship"


def test_what_is_undone_was_not_done() -> None:
    with transaction.atomic():
        audit.record(CLERK, "order.ship", "order:26030201")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
