"""One side asks, the other answers; either may end it."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.messages import queries as messages
from pifa.relationships import commands, errors, policies, queries
from pifa.relationships.models import Relationship
from pifa.relationships.states import RELATIONSHIP
from tests.parties.people import company, hire, id_of, operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Actor:
    return company("晨星五金", seller=True)


@pytest.fixture
def buyer() -> Actor:
    return company("远山商行")


def test_a_buyer_asks_and_the_seller_agrees(seller: Actor, buyer: Actor) -> None:
    asked = commands.request(buyer, id_of(seller))
    assert not queries.related(id_of(seller), id_of(buyer))
    assert queries.waiting_for(id_of(seller)) == 1
    assert queries.waiting_for(id_of(buyer)) == 0

    commands.grant(seller, asked.pk)

    assert queries.related(id_of(seller), id_of(buyer))
    assert queries.visible_sellers(id_of(buyer)) == {id_of(seller)}
    assert queries.waiting_for(id_of(seller)) == 0
    assert OutboxEvent.objects.filter(name="relationship.granted").get().payload == {
        "relationship_id": asked.pk,
        "seller_id": id_of(seller),
        "buyer_id": id_of(buyer),
        "granted_by": "seller",
    }
    assert list(
        AuditEntry.objects.filter(subject=f"relationship:{asked.pk}").values_list(
            "action", flat=True
        )
    ) == ["relationship.request", "relationship.grant"]


def test_a_seller_may_ask_too(seller: Actor, buyer: Actor) -> None:
    asked = commands.request(seller, id_of(buyer), side="seller")

    with pytest.raises(errors.AskedByYou):
        commands.grant(seller, asked.pk)
    commands.grant(buyer, asked.pk)

    assert queries.related(id_of(seller), id_of(buyer))


def test_when_both_ask_they_agree(seller: Actor, buyer: Actor) -> None:
    first = commands.request(buyer, id_of(seller))
    second = commands.request(seller, id_of(buyer), side="seller")

    assert first.pk == second.pk
    assert queries.related(id_of(seller), id_of(buyer))


@pytest.mark.parametrize("who", ["buyer", "seller"])
def test_either_side_ends_it_and_it_can_begin_again(
    seller: Actor, buyer: Actor, who: Literal["buyer", "seller"]
) -> None:
    asked = commands.request(buyer, id_of(seller))
    commands.grant(seller, asked.pk)

    commands.revoke(buyer if who == "buyer" else seller, asked.pk)
    assert not queries.related(id_of(seller), id_of(buyer))
    assert queries.visible_sellers(id_of(buyer)) == set()

    again = commands.request(seller, id_of(buyer), side="seller")
    assert again.pk == asked.pk
    commands.grant(buyer, again.pk)
    assert queries.related(id_of(seller), id_of(buyer))


def test_a_request_twice_or_when_related_is_refused_with_the_state(
    seller: Actor, buyer: Actor
) -> None:
    asked = commands.request(buyer, id_of(seller))
    with pytest.raises(WrongState) as refused:
        commands.request(buyer, id_of(seller))
    assert "待同意" in str(refused.value)

    commands.grant(seller, asked.pk)
    with pytest.raises(WrongState):
        commands.request(seller, id_of(buyer), side="seller")
    with pytest.raises(WrongState):
        commands.grant(seller, asked.pk)
    assert queries.related(id_of(seller), id_of(buyer))


def test_what_cannot_be_asked(seller: Actor, buyer: Actor) -> None:
    with pytest.raises(errors.NotWithOneself):
        commands.request(seller, id_of(seller))
    with pytest.raises(errors.NotASeller):
        commands.request(seller, id_of(buyer))
    with pytest.raises(NotFound):
        commands.request(buyer, 10**12)
    assert not Relationship.objects.exists()


def test_roles_of_each_side(seller: Actor, buyer: Actor) -> None:
    with pytest.raises(Forbidden):
        commands.request(hire(buyer, Role.CLERK, Role.FINANCE), id_of(seller))
    asked = commands.request(hire(buyer, Role.PURCHASER), id_of(seller))
    with pytest.raises(Forbidden):
        commands.grant(hire(seller, Role.PURCHASER), asked.pk)
    commands.grant(hire(seller, Role.CLERK), asked.pk)


def test_to_a_stranger_it_does_not_exist(seller: Actor, buyer: Actor) -> None:
    asked = commands.request(buyer, id_of(seller))
    stranger = company(seller=True)

    for verb in (commands.grant, commands.revoke, queries.relationship):
        with pytest.raises(NotFound):
            verb(stranger, asked.pk)
    with pytest.raises(NotFound):
        commands.grant(stranger, 10**12)
    assert queries.relationship(buyer, asked.pk) == queries.relationship(seller, asked.pk)


def test_private_goods_are_open_to_the_seller_related_buyers_and_operators(
    seller: Actor, buyer: Actor, django_assert_num_queries: Any
) -> None:
    stranger = company()
    commands.grant(seller, commands.request(buyer, id_of(seller)).pk)

    assert policies.may_see_private(seller, id_of(seller))
    assert policies.may_see_private(operator(), id_of(seller))
    assert not policies.may_see_private(stranger, id_of(seller))
    assert not policies.may_see_private(None, id_of(seller))
    with django_assert_num_queries(1):
        assert policies.may_see_private(buyer, id_of(seller))


def test_lists_of_both_sides_go_on_by_cursor(
    seller: Actor, buyer: Actor, django_assert_num_queries: Any
) -> None:
    others = [company(f"客户{number}") for number in range(4)]
    for actor in [buyer, *others]:
        commands.request(actor, id_of(seller))
    commands.grant(seller, Relationship.objects.get(buyer_id=id_of(buyer)).pk)

    with django_assert_num_queries(1):
        first = queries.customers(seller, size=3)
        assert [row.buyer.name for row in first.items if row.buyer] == ["客户3", "客户2", "客户1"]
    rest = queries.customers(seller, size=3, cursor=first.next_cursor)
    assert [row.name for row in rest.items] == ["客户0", "远山商行"]
    assert rest.next_cursor is None

    assert [row.name for row in queries.customers(seller, state="granted").items] == ["远山商行"]
    assert [row.name for row in queries.customers(seller, words="客户2").items] == ["客户2"]
    assert [row.seller for row in queries.suppliers(buyer).items] == [
        Relationship.objects.get(buyer_id=id_of(buyer)).seller
    ]
    assert queries.relationship_ids([(id_of(seller), id_of(buyer)), (id_of(buyer), 1)]) == {
        (id_of(seller), id_of(buyer)): Relationship.objects.get(buyer_id=id_of(buyer)).pk
    }


def test_the_other_side_is_told(seller: Actor, buyer: Actor) -> None:
    asked = commands.request(buyer, id_of(seller))
    deliver()
    assert [item.title for item in messages.notices(seller).items] == ["远山商行 申请与您建立关系"]

    commands.grant(seller, asked.pk)
    commands.revoke(seller, asked.pk)
    deliver()
    assert [item.body for item in messages.notices(buyer).items] == [
        "晨星五金 解除了与您的关系。",
        "晨星五金 同意了您的申请，双方已建立关系。",
    ]
    assert not OutboxEvent.objects.filter(attempts__gt=0).exists()


def test_every_state_is_reached_by_the_table() -> None:
    reached = {RELATIONSHIP.initial} | {item.target for item in RELATIONSHIP.transitions}
    assert reached == set(RELATIONSHIP.states)
    assert set(Relationship.State.values) == set(RELATIONSHIP.states) - {"strangers"}
