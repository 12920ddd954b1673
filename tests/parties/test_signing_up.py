"""A company signs up; its people come, change roles and go."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.parties import commands, errors, queries
from pifa.parties.models import Company, Member, User
from tests.parties.people import member_of, user_of

pytestmark = pytest.mark.django_db

GOOD: dict[str, Any] = {
    "company_name": "义乌市晨星五金有限公司",
    "login": "晨星五金",
    "person_name": "周晨",
    "username": "zhouchen",
    "password": "correct-horse-9",
    "email": "zhou@example.com",
    "mobile": "199 0000 0001",
    "region": "33",
    "city": "金华",
}


def sign_up(**changes: Any) -> Member:
    return commands.sign_up(**(GOOD | changes))


def second(**changes: Any) -> Member:
    return sign_up(**({"login": "远山灯饰", "username": "yuanshan"} | changes))


@pytest.fixture
def owner() -> Actor:
    return queries.actor_for(sign_up())


def hire(owner: Actor, username: str, *roles: Role) -> Member:
    return commands.add_member(
        owner,
        person_name="李工",
        username=username,
        password=None,
        email="",
        mobile="19900000002",
        roles=roles,
    )


class TestSignUp:
    def test_the_person_can_sign_in_and_owns_the_company(self) -> None:
        member = sign_up()

        assert authenticate_as("zhouchen", "correct-horse-9") == member.user
        assert member.role_set == {Role.OWNER}
        assert member.company.phone == member.user.mobile == "19900000001"
        assert queries.company(member.company_id).name == "义乌市晨星五金有限公司"

    def test_it_is_announced_and_kept_in_the_audit_log(self) -> None:
        member = sign_up()

        assert OutboxEvent.objects.get().payload == {
            "company_id": member.company_id,
            "member_id": member.pk,
        }
        kept = AuditEntry.objects.get(action="company.sign_up")
        assert (kept.company_id, kept.user_id) == (member.company_id, member.user_id)

    def test_without_a_password_nobody_signs_in(self) -> None:
        sign_up(password=None)

        assert authenticate_as("zhouchen", "") is None

    @pytest.mark.parametrize("login", ["晨星五金", " 晨星五金 "])
    def test_a_login_is_had_once(self, login: str) -> None:
        sign_up()

        with pytest.raises(errors.LoginTaken) as refused:
            second(login=login)
        assert refused.value.field == "login"
        assert Company.objects.count() == User.objects.count() == 1

    @pytest.mark.parametrize("username", ["zhouchen", "ZhouChen", "ｚｈｏｕｃｈｅｎ"])
    def test_a_username_is_had_once_whatever_its_case(self, username: str) -> None:
        sign_up()

        with pytest.raises(errors.UsernameTaken):
            second(username=username)

    @pytest.mark.parametrize(
        ("changes", "error", "field"),
        [
            ({"company_name": "  "}, errors.TextLength, "company_name"),
            ({"company_name": "厂" * 121}, errors.TextLength, "company_name"),
            ({"login": "a"}, errors.BadFormat, "login"),
            ({"login": "a b"}, errors.BadFormat, "login"),
            ({"login": "-five"}, errors.BadFormat, "login"),
            ({"username": "no spaces"}, errors.BadFormat, "username"),
            ({"username": "\ud800x"}, errors.BadFormat, "username"),
            ({"email": "not-mail"}, errors.BadFormat, "email"),
            ({"mobile": "12345"}, errors.BadFormat, "mobile"),
            ({"mobile": "１２３４５６７８９０１"}, errors.BadFormat, "mobile"),
            ({"region": "99"}, errors.BadFormat, "region"),
            ({"password": "12345678"}, errors.WeakPassword, "password"),
            ({"password": "zhouchen"}, errors.WeakPassword, "password"),
            ({"password": ""}, errors.WeakPassword, "password"),
        ],
    )
    def test_bad_input_is_refused_by_name_and_nothing_is_written(
        self, changes: dict[str, Any], error: type[Exception], field: str
    ) -> None:
        with pytest.raises(error) as refused:
            sign_up(**changes)

        assert getattr(refused.value, "field", None) == field
        assert str(refused.value)
        assert not Company.objects.exists()
        assert not User.objects.exists()

    def test_hidden_characters_are_left_out(self) -> None:
        member = sign_up(company_name="晨星\u202e\x00五金\t 有限公司")

        assert member.company.name == "晨星五金 有限公司"


class TestMembers:
    def test_an_owner_gives_roles(self, owner: Actor) -> None:
        member = hire(owner, "ligong", Role.CLERK, Role.FINANCE)

        assert queries.actor_for(member).roles == {Role.CLERK, Role.FINANCE}
        commands.change_roles(owner, member.pk, ["purchaser"])
        member.refresh_from_db()
        assert member.role_set == {Role.PURCHASER}

    def test_only_an_owner_manages_members(self, owner: Actor) -> None:
        clerk = queries.actor_for(hire(owner, "ligong", Role.CLERK, Role.PURCHASER, Role.FINANCE))

        with pytest.raises(Forbidden):
            hire(clerk, "another", Role.CLERK)
        with pytest.raises(Forbidden):
            commands.deactivate_member(clerk, owner.member_id or 0)

    @pytest.mark.parametrize("roles", [[], ["boss"]])
    def test_roles_are_known_and_at_least_one(self, owner: Actor, roles: list[str]) -> None:
        with pytest.raises(errors.NoRoles):
            commands.change_roles(owner, owner.member_id or 0, roles)

    def test_the_last_owner_stays(self, owner: Actor) -> None:
        hire(owner, "ligong", Role.CLERK)
        assert owner.member_id is not None

        with pytest.raises(errors.LastOwner):
            commands.deactivate_member(owner, owner.member_id)
        with pytest.raises(errors.LastOwner):
            commands.change_roles(owner, owner.member_id, [Role.CLERK])

    def test_an_owner_may_go_when_there_is_another(self, owner: Actor) -> None:
        hire(owner, "ligong", Role.OWNER)
        assert owner.member_id is not None

        commands.deactivate_member(owner, owner.member_id)

        assert queries.member_for(owner.user_id or 0, owner.company_id) is None

    def test_one_who_left_is_nobody_at_once_and_can_come_back(self, owner: Actor) -> None:
        member = hire(owner, "ligong", Role.CLERK)
        token = commands.issue_token(queries.actor_for(member), "仓库软件")

        commands.deactivate_member(owner, member.pk)
        assert queries.member_for(member.user_id, member.company_id) is None
        assert queries.actor_by_token(token) is None

        commands.reactivate_member(owner, member.pk)
        assert queries.member_for(member.user_id, member.company_id) == member
        assert queries.actor_by_token(token) is None

    def test_another_companys_member_does_not_exist(self, owner: Actor) -> None:
        stranger = queries.actor_for(second())
        assert owner.member_id is not None

        with pytest.raises(NotFound):
            commands.deactivate_member(stranger, owner.member_id)
        with pytest.raises(NotFound):
            commands.change_roles(stranger, owner.member_id, [Role.CLERK])


class TestWhoActs:
    def test_a_person_of_two_companies_acts_for_the_one_last_signed_in_for(
        self, market_clock: Any
    ) -> None:
        first, other = sign_up(), second()
        both = Member.objects.create(
            company=other.company,
            user=first.user,
            name="周晨",
            roles=["clerk"],
            invited_at=first.invited_at,
        )
        assert queries.member_for(first.user_id, None) == first

        market_clock.forward(hours=1)
        commands.note_login(both)

        assert queries.member_for(first.user_id, None) == both
        assert queries.member_for(first.user_id, first.company_id) == first
        assert [item.company for item in queries.memberships(first.user_id)] == [
            first.company,
            other.company,
        ]

    def test_member_and_actor_cost_one_statement(
        self, owner: Actor, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            member = queries.member_for(owner.user_id or 0, None)
            assert member is not None
            assert queries.actor_for(member) == owner
            assert member.company.name
            assert member.user.username

    def test_signing_in_on_a_page_is_the_log_in_signal(self, owner: Actor) -> None:
        Client().force_login(user_of(owner))

        announced = OutboxEvent.objects.get(name="member.logged_in")
        assert announced.payload == {
            "member_id": owner.member_id,
            "company_id": owner.company_id,
        }
        assert member_of(owner).last_seen_at == announced.happened_at

    def test_an_operator_is_staff(self, owner: Actor) -> None:
        staff = User.objects.create_user("xiaoer", is_staff=True)

        assert queries.operator_actor(staff).is_operator
        for nobody in (user_of(owner), None):
            with pytest.raises(Forbidden):
                queries.operator_actor(nobody)

    def test_the_language_of_a_person_is_one_of_the_markets(self, owner: Actor) -> None:
        commands.set_language(owner, "en")
        assert user_of(owner).language == "en"
        with pytest.raises(errors.BadFormat):
            commands.set_language(owner, "xx")


def authenticate_as(username: str, password: str) -> object:
    from django.http import HttpRequest

    return authenticate(HttpRequest(), username=username, password=password)


def test_becoming_a_seller_is_announced_once(owner: Actor) -> None:
    commands.become_seller(owner)
    commands.become_seller(owner)

    assert queries.company(owner.company_id or 0).is_seller
    assert OutboxEvent.objects.filter(name="company.became_seller").count() == 1


def test_companies_are_found_by_name_and_login(owner: Actor) -> None:
    commands.become_seller(owner)
    other = second(company_name="晨星灯饰商行")

    found = queries.companies_by_name("晨星")
    assert [card.login for card in found] == ["晨星五金", "远山灯饰"]
    assert [card.login for card in queries.companies_by_name("晨星", sellers_only=True)] == [
        "晨星五金"
    ]
    assert queries.company_by_login(" 远山灯饰 ").id == other.company_id
    with pytest.raises(NotFound):
        queries.company_by_login("无此会员")
