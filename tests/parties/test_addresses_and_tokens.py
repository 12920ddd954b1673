"""The address book, and tokens of apps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.models import AuditEntry
from pifa.parties import commands, errors, policies, queries, rules
from pifa.parties.commands import AddressInput
from pifa.parties.models import Address, ApiToken, User
from tests.parties.people import company, hire, id_of, operator, user_of

pytestmark = pytest.mark.django_db

WAREHOUSE = AddressInput(
    consignee="李工",
    region="33",
    city="金华 义乌",
    detail="稠江街道 示范路 1 号",
    mobile="199 0000 0003",
    phone="0579-85000000",
    post_code="322000",
)


@pytest.fixture
def owner() -> Actor:
    return company("晨星五金")


def default_of(actor: Actor) -> list[int]:
    return [row.pk for row in queries.addresses(actor) if row.is_default]


class TestAddresses:
    def test_the_first_is_the_default_until_another_is_chosen(self, owner: Actor) -> None:
        first = commands.add_address(owner, WAREHOUSE)
        second = commands.add_address(owner, replace(WAREHOUSE, city="杭州"))
        assert default_of(owner) == [first.pk]

        commands.set_default_address(owner, second.pk)
        assert default_of(owner) == [second.pk]
        third = commands.add_address(owner, WAREHOUSE, default=True)
        assert [row.pk for row in queries.addresses(owner)] == [third.pk, second.pk, first.pk]
        assert default_of(owner) == [third.pk]

    def test_when_the_default_goes_the_newest_takes_its_place(self, owner: Actor) -> None:
        first, second, third = (commands.add_address(owner, WAREHOUSE) for _ in range(3))

        commands.delete_address(owner, first.pk)
        assert default_of(owner) == [third.pk]
        commands.delete_address(owner, second.pk)
        assert default_of(owner) == [third.pk]
        commands.delete_address(owner, third.pk)
        assert queries.addresses(owner) == []
        assert default_of(owner) == []
        assert commands.add_address(owner, WAREHOUSE).is_default

    def test_the_database_keeps_one_default(self, owner: Actor) -> None:
        commands.add_address(owner, WAREHOUSE)
        second = commands.add_address(owner, WAREHOUSE)

        with pytest.raises(IntegrityError), transaction.atomic():
            Address.objects.filter(pk=second.pk).update(is_default=True)

    def test_it_is_kept_plain_and_changed(self, owner: Actor) -> None:
        row = commands.add_address(owner, WAREHOUSE)
        assert (row.mobile, row.phone) == ("19900000003", "0579-85000000")

        commands.change_address(owner, row.pk, replace(WAREHOUSE, detail="新仓库 2 号门", phone=""))
        kept = queries.address(owner, row.pk)
        assert (kept.detail, kept.phone, kept.is_default) == ("新仓库 2 号门", "", True)

    @pytest.mark.parametrize(
        ("field", "value", "error"),
        [
            ("consignee", "", errors.TextLength),
            ("consignee", "长" * 61, errors.TextLength),
            ("region", "", errors.BadFormat),
            ("region", "浙江", errors.BadFormat),
            ("city", " ", errors.TextLength),
            ("detail", "x", errors.TextLength),
            ("mobile", "", errors.BadFormat),
            ("mobile", "0579-85000000", errors.BadFormat),
            ("phone", "call me", errors.BadFormat),
            ("post_code", "!", errors.BadFormat),
        ],
    )
    def test_each_field_is_checked_by_name(
        self, owner: Actor, field: str, value: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error) as refused:
            commands.add_address(owner, replace(WAREHOUSE, **{field: value}))
        assert getattr(refused.value, "field", None) == field
        assert not Address.objects.exists()

    def test_the_book_has_an_end(self, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rules, "MAX_ADDRESSES", 2)
        for _ in range(2):
            commands.add_address(owner, WAREHOUSE)
        with pytest.raises(errors.AddressBookFull):
            commands.add_address(owner, WAREHOUSE)

    def test_to_other_companies_it_does_not_exist(self, owner: Actor) -> None:
        row, stranger = commands.add_address(owner, WAREHOUSE), company()

        for verb in (commands.delete_address, commands.set_default_address, queries.address):
            with pytest.raises(NotFound):
                verb(stranger, row.pk)
        with pytest.raises(NotFound):
            commands.change_address(stranger, row.pk, WAREHOUSE)
        assert queries.addresses(stranger) == []
        with pytest.raises(Forbidden):
            queries.addresses(operator())

    def test_roles(self, owner: Actor) -> None:
        with pytest.raises(Forbidden):
            commands.add_address(hire(owner, Role.FINANCE), WAREHOUSE)
        commands.add_address(hire(owner, Role.PURCHASER), WAREHOUSE)
        assert len(queries.addresses(hire(owner, Role.FINANCE))) == 1

    def test_the_audit_log_has_masked_contacts(self, owner: Actor) -> None:
        commands.add_address(owner, WAREHOUSE)
        detail = AuditEntry.objects.get(action="address.add").detail
        assert (detail["consignee"], detail["mobile"]) == ("李*", "199****0003")


class TestContacts:
    def test_only_its_own_members_see_a_companys_contacts(self, owner: Actor) -> None:
        assert policies.may_see_contacts(owner, id_of(owner))
        assert not policies.may_see_contacts(company(), id_of(owner))
        assert not policies.may_see_contacts(operator(), id_of(owner))
        assert not policies.may_see_contacts(owner, None)


class TestTokens:
    def test_a_token_acts_as_its_member(self, owner: Actor) -> None:
        clerk = hire(owner, Role.CLERK)
        token = commands.issue_token(clerk, "仓库软件")

        assert queries.actor_by_token(token) == clerk

    def test_only_its_digest_is_kept(self, owner: Actor) -> None:
        token = commands.issue_token(owner, "仓库软件")

        (kept,) = ApiToken.objects.values()
        assert token not in str(kept)
        assert kept["hint"] == token[-4:]
        assert token not in str(list(AuditEntry.objects.values()))

    @pytest.mark.parametrize("token", ["", "pifa_", "pifa_x", "Bearer", "\x00", "pifa_\ud800"])
    def test_what_is_no_token_is_nobody(self, owner: Actor, token: str) -> None:
        commands.issue_token(owner, "仓库软件")
        assert queries.actor_by_token(token) is None

    def test_it_costs_one_statement_and_is_noted_once_an_hour(
        self, owner: Actor, market_clock: Any, django_assert_num_queries: Any
    ) -> None:
        token = commands.issue_token(owner, "仓库软件")
        with django_assert_num_queries(2):
            queries.actor_by_token(token)
        first = ApiToken.objects.get().last_used_at

        market_clock.forward(minutes=59)
        with django_assert_num_queries(1):
            queries.actor_by_token(token)
        assert ApiToken.objects.get().last_used_at == first
        market_clock.forward(minutes=1)
        queries.actor_by_token(token)
        assert ApiToken.objects.get().last_used_at != first

    def test_revoked_it_ends_at_once(self, owner: Actor) -> None:
        token = commands.issue_token(owner, "仓库软件")
        commands.revoke_token(owner, queries.tokens(owner)[0].pk)

        assert queries.actor_by_token(token) is None
        assert queries.tokens(owner) == []

    def test_it_ends_with_its_person(self, owner: Actor) -> None:
        token = commands.issue_token(owner, "仓库软件")
        User.objects.filter(pk=user_of(owner).pk).update(is_active=False)
        assert queries.actor_by_token(token) is None

    def test_a_member_ends_its_own_and_an_owner_any_of_the_companys(self, owner: Actor) -> None:
        clerk, other = hire(owner, Role.CLERK), hire(owner, Role.CLERK)
        commands.issue_token(clerk, "仓库软件")
        (row,) = queries.tokens(clerk)

        assert queries.tokens(other) == []
        for actor in (other, company()):
            with pytest.raises(NotFound):
                commands.revoke_token(actor, row.pk)
        assert [item.pk for item in queries.tokens(owner)] == [row.pk]
        commands.revoke_token(owner, row.pk)
