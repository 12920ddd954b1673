"""Companies and their people for tests of this floor and those above."""

from __future__ import annotations

from itertools import count

from pifa.kernel.actors import Actor, Role
from pifa.parties import commands, queries
from pifa.parties.models import Member, User

_numbers = count(1)


def company(name: str = "", *, seller: bool = False, email: str = "") -> Actor:
    """The owner of a new company (who signs in by no password)."""
    number = next(_numbers)
    member = commands.sign_up(
        company_name=name or f"测试企业{number}",
        login=f"company-{number}",
        person_name="周晨",
        username=f"owner-{number}",
        password=None,
        email=email,
        mobile=f"199{number:08d}",
        region="33",
        city="金华",
    )
    actor = queries.actor_for(member)
    if seller:
        commands.become_seller(actor)
    return actor


def id_of(actor: Actor) -> int:
    """The company an actor acts for."""
    assert actor.company_id is not None
    return actor.company_id


def hire(owner: Actor, *roles: Role, email: str = "", name: str = "李工") -> Actor:
    """A new member of an owner's company with roles."""
    number = next(_numbers)
    member = commands.add_member(
        owner,
        person_name=name,
        username=f"member-{number}",
        password=None,
        email=email,
        mobile=f"199{number:08d}",
        roles=roles,
    )
    return queries.actor_for(member)


def member_of(actor: Actor) -> Member:
    """The member an actor is."""
    assert actor.member_id is not None
    return Member.objects.get(pk=actor.member_id)


def user_of(actor: Actor) -> User:
    """The person behind an actor."""
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


def operator() -> Actor:
    """One of the market's staff."""
    user = User.objects.create(username=f"xiaoer-{next(_numbers)}", is_staff=True)
    return queries.operator_actor(user)
