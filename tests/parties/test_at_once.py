"""Two people do the same at the same moment: one is refused, nothing is half done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from pifa.kernel.actors import Actor, Role
from pifa.parties import commands, errors, queries, rules
from pifa.parties.models import Company, User
from pifa.relationships import commands as relationships
from pifa.relationships.models import Relationship
from tests.parties.people import company, hire, id_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do things in threads that start together; what each returned or raised."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return deed()
        except Exception as error:  # noqa: BLE001 - it is what the test looks at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_owners_who_remove_each_other_leave_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(rosters: Iterable[Iterable[Role]]) -> bool:
        time.sleep(0.2)  # long enough for the other to look as well, were it not kept waiting
        return keeps_an_owner(rosters)

    keeps_an_owner = rules.keeps_an_owner
    monkeypatch.setattr(rules, "keeps_an_owner", slowly)
    first = company()
    second = hire(first, Role.OWNER)

    done = at_once(
        lambda: commands.deactivate_member(first, second.member_id or 0),
        lambda: commands.deactivate_member(second, first.member_id or 0),
    )

    assert sorted(type(item).__name__ for item in done) == ["LastOwner", "NoneType"]


def test_a_login_asked_for_by_four_is_had_by_one() -> None:
    def sign_up(number: int) -> Callable[[], Any]:
        return lambda: commands.sign_up(
            company_name="晨星五金", login="晨星", person_name="周晨", username=f"zhou{number}",
            password=None, email="", mobile="19900000001", region="33", city="金华",
        )  # fmt: skip

    done = at_once(*(sign_up(number) for number in range(4)))

    assert sum(isinstance(item, errors.LoginTaken) for item in done) == 3
    assert Company.objects.count() == User.objects.count() == 1


def test_addresses_added_at_once_have_one_default() -> None:
    owner = company()
    entry = commands.AddressInput(
        consignee="李工", region="33", city="金华", detail="示范路 1 号", mobile="19900000003"
    )

    done = at_once(*(lambda: commands.add_address(owner, entry) for _ in range(4)))

    assert [item for item in done if isinstance(item, Exception)] == []
    assert sum(row.is_default for row in queries.addresses(owner)) == 1


def test_customers_noted_by_two_imports_at_once_are_noted_once() -> None:
    seller = company(seller=True)
    batch = [(f"K{number}", f"客户{number}", "") for number in range(200)]

    done = at_once(*(lambda: relationships.note_customers(id_of(seller), batch) for _ in range(3)))

    assert done[0] == done[1] == done[2]
    assert Relationship.objects.count() == 200


def test_two_codes_claimed_at_once_end_in_one_relationship() -> None:
    seller, buyer = company(seller=True), company()
    ids = relationships.note_customers(id_of(seller), [("A", "甲", ""), ("B", "乙", "")])
    codes = [relationships.issue_claim(seller, found) for found in ids.values()]

    done = at_once(*(_claiming(buyer, code) for code in codes))

    assert {row.pk for row in done} == {Relationship.objects.get(buyer_id=id_of(buyer)).pk}


def test_both_sides_asking_at_once_agree() -> None:
    seller, buyer = company(seller=True), company()

    done = at_once(
        lambda: relationships.request(buyer, id_of(seller)),
        lambda: relationships.request(seller, id_of(buyer), side="seller"),
    )

    assert [item for item in done if isinstance(item, Exception)] == []
    assert Relationship.objects.get().state == "granted"


def _claiming(buyer: Actor, code: str) -> Callable[[], Relationship]:
    return lambda: relationships.claim(buyer, code)
