"""Groups of a seller's customers: one for each customer, the seller's own, with different names."""

from __future__ import annotations

import pytest

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.models import AuditEntry
from pifa.relationships import commands, queries
from pifa.relationships.errors import GroupNameTaken
from pifa.relationships.models import Relationship
from tests.parties.people import company, hire, id_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Actor:
    return company("晨星五金", seller=True)


def customer_of(seller: Actor) -> Relationship:
    buyer = company()
    return commands.grant(seller, commands.request(buyer, id_of(seller)).pk)


def test_customers_are_put_into_a_group_and_out_again(seller: Actor) -> None:
    group = commands.save_group(seller, " 重点客户 ")
    customers = [customer_of(seller).pk for _ in range(3)]

    assert commands.put_in_group(seller, customers, group.pk) == 3
    assert commands.put_in_group(seller, customers[:2], None) == 2

    assert queries.group(seller, group.pk) == queries.GroupView(group.pk, "重点客户", 1)
    entries = AuditEntry.objects.filter(action="relationship.put_in_group")
    assert entries.count() == 5


def test_who_is_there_already_is_not_moved(seller: Actor) -> None:
    group = commands.save_group(seller, "重点客户")
    customer = customer_of(seller).pk
    commands.put_in_group(seller, [customer], group.pk)
    assert commands.put_in_group(seller, [customer], group.pk) == 0


def test_a_customer_is_in_one_group(seller: Actor) -> None:
    first, second = commands.save_group(seller, "甲"), commands.save_group(seller, "乙")
    customer = customer_of(seller).pk
    commands.put_in_group(seller, [customer], first.pk)
    commands.put_in_group(seller, [customer], second.pk)
    assert [(found.name, found.customers) for found in queries.groups(seller)] == [
        ("乙", 1),
        ("甲", 0),
    ]


def test_two_groups_of_one_name_are_refused_and_of_two_sellers_are_not(seller: Actor) -> None:
    commands.save_group(seller, "重点客户")
    other = commands.save_group(seller, "普通客户")
    with pytest.raises(GroupNameTaken):
        commands.save_group(seller, "重点客户")
    with pytest.raises(GroupNameTaken):
        commands.save_group(seller, "重点客户", other.pk)
    commands.save_group(company(seller=True), "重点客户")
    assert {found.name for found in queries.groups(seller)} == {"重点客户", "普通客户"}


@pytest.mark.parametrize("name", ["", "  ", "客" * 41])
def test_a_name_has_one_to_forty_characters(seller: Actor, name: str) -> None:
    with pytest.raises(InvalidInput):
        commands.save_group(seller, name)


def test_a_deleted_group_leaves_its_customers(seller: Actor) -> None:
    group = commands.save_group(seller, "重点客户")
    customer = customer_of(seller)
    commands.put_in_group(seller, [customer.pk], group.pk)
    commands.delete_group(seller, group.pk)
    customer.refresh_from_db()
    assert customer.group_id is None
    assert customer.state == Relationship.State.GRANTED


def test_nobody_elses_groups_and_customers(seller: Actor) -> None:
    group, customer = commands.save_group(seller, "重点客户"), customer_of(seller).pk
    other = company(seller=True)
    theirs = commands.save_group(other, "他人的客户")
    for act in (
        lambda: commands.save_group(other, "改名", group.pk),
        lambda: commands.delete_group(other, group.pk),
        lambda: commands.put_in_group(other, [customer], theirs.pk),
        lambda: commands.put_in_group(seller, [customer], theirs.pk),
        lambda: queries.group(other, group.pk),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        commands.save_group(hire(seller, Role.FINANCE), "重点")
    assert queries.group(seller, group.pk).customers == 0
