"""Customers that a seller's books bring, and the companies that take their files over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel import events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.messages import queries as messages
from pifa.relationships import commands, errors, queries, rules
from pifa.relationships.events import CustomerClaimed
from pifa.relationships.models import Relationship
from tests.parties.people import company, hire, id_of


@pytest.fixture
def seller(db: None) -> Actor:
    return company("晨星五金", seller=True)


@pytest.fixture
def buyer(db: None) -> Actor:
    return company("远山商行")


@pytest.fixture
def claimed() -> Iterator[list[CustomerClaimed]]:
    """The claims that floors above hear of in the same transaction."""
    heard: list[CustomerClaimed] = []
    events.subscribe(CustomerClaimed)(heard.append)
    yield heard
    events._subscribers[CustomerClaimed].remove(heard.append)


def note(seller: Actor, *keys: str) -> list[int]:
    ids = commands.note_customers(id_of(seller), [(key, f"客户{key}", "浙江") for key in keys])
    return [ids[key] for key in keys]


class TestNoting:
    def test_customers_come_in_by_their_keys(self, seller: Actor) -> None:
        ids = commands.note_customers(
            id_of(seller), [("K1", "老王五金", "浙江"), ("K2", "", ""), (" K3 ", "李记\n商行", "")]
        )

        assert set(ids) == {"K1", "K2", " K3 "}
        rows = {row.pk: row for row in Relationship.objects.all()}
        assert rows[ids["K1"]].name == "老王五金"
        assert rows[ids["K2"]].name == "K2"
        assert (rows[ids[" K3 "]].external_key, rows[ids[" K3 "]].name) == ("K3", "李记 商行")
        assert {row.state for row in rows.values()} == {"noted"}

    def test_noted_again_nothing_is_added_and_nothing_announced(self, seller: Actor) -> None:
        first = note(seller, "A", "B")

        assert note(seller, "B", "A", "C")[:2] == first[::-1]
        assert Relationship.objects.count() == 3
        assert [
            event.payload["count"] for event in OutboxEvent.objects.filter(name="customers.noted")
        ] == [2, 1]
        note(seller, "A", "B", "C")
        assert AuditEntry.objects.filter(action="customers.note").count() == 2

    def test_a_new_name_is_taken_over(self, seller: Actor) -> None:
        (first,) = note(seller, "A")

        commands.note_customers(id_of(seller), [("A", "新名字", "江苏")])

        row = Relationship.objects.get(pk=first)
        assert (row.name, row.region) == ("新名字", "江苏")

    def test_a_key_belongs_to_one_seller(self, seller: Actor) -> None:
        other = company(seller=True)

        assert note(seller, "A") != note(other, "A")

    def test_thousands_cost_as_many_statements_as_two(self, seller: Actor) -> None:
        many = [(f"客户 {number}", f"名称{number}", "浙江") for number in range(4_000)]
        commands.note_customers(id_of(seller), many[:2000])
        renamed = [(key, name + "新", region) for key, name, region in many]

        with CaptureQueriesContext(
            connection,
        ) as statements:
            ids = commands.note_customers(id_of(seller), renamed)

        # lock, look, insert, rename, audit, outbox, and the transaction around them
        assert len(statements) <= 8
        assert len(set(ids.values())) == 4_000
        assert Relationship.objects.filter(name__endswith="新").count() == 4_000
        row = Relationship.objects.get(external_key="客户 3999")
        assert (ids["客户 3999"], row.name) == (row.pk, "名称3999新")

    @pytest.mark.parametrize("key", ["", " \u200b", "K" * 121])
    def test_a_key_is_something(self, seller: Actor, key: str) -> None:
        with pytest.raises(errors.BadCustomerKey):
            commands.note_customers(id_of(seller), [("好", "好", ""), (key, "名", "")])
        assert not Relationship.objects.exists()

    def test_none_is_none_and_a_seller_that_is_not_is_not_found(self, db: None) -> None:
        assert commands.note_customers(1, []) == {}
        with pytest.raises(NotFound):
            commands.note_customers(10**12, [("A", "A", "")])

    def test_the_database_keeps_what_is_not_a_member_unrelated(self, seller: Actor) -> None:
        (noted,) = note(seller, "A")

        for state in ("granted", "requested", "revoked", "merged"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Relationship.objects.filter(pk=noted).update(state=state)


class TestClaiming:
    def test_a_noted_customer_becomes_a_related_company(
        self, seller: Actor, buyer: Actor, claimed: list[CustomerClaimed]
    ) -> None:
        (noted,) = note(seller, "A")

        row = commands.claim(buyer, commands.issue_claim(seller, noted))

        assert (row.pk, row.buyer_id, row.state) == (noted, id_of(buyer), "granted")
        assert queries.related(id_of(seller), id_of(buyer))
        assert claimed == [
            CustomerClaimed(
                old_id=noted,
                relationship_id=noted,
                seller_id=id_of(seller),
                buyer_id=id_of(buyer),
            )
        ]
        assert note(seller, "A") == [noted]

    @pytest.mark.parametrize("before", ["requested", "granted", "revoked"])
    def test_it_merges_with_the_relationship_the_company_had(
        self, seller: Actor, buyer: Actor, claimed: list[CustomerClaimed], before: str
    ) -> None:
        had = commands.request(buyer, id_of(seller))
        if before != "requested":
            commands.grant(seller, had.pk)
        if before == "revoked":
            commands.revoke(seller, had.pk)
        noted, second = note(seller, "A", "B")

        row = commands.claim(buyer, commands.issue_claim(seller, noted))
        commands.claim(buyer, commands.issue_claim(seller, second))

        assert (row.pk, row.state) == (had.pk, "granted")
        assert [(item.old_id, item.relationship_id) for item in claimed] == [
            (noted, had.pk),
            (second, had.pk),
        ]
        assert [item.pk for item in queries.customers(seller).items] == [had.pk]
        # The seller's next import finds both of its own numbers at the one relationship.
        assert note(seller, "A", "B") == [had.pk, had.pk]
        had.refresh_from_db()
        assert had.name == "远山商行"

    def test_a_code_is_good_once(self, seller: Actor, buyer: Actor) -> None:
        (noted,) = note(seller, "A")
        code = commands.issue_claim(seller, noted)
        commands.claim(buyer, code)

        for actor in (buyer, company()):
            with pytest.raises(errors.ClaimRefused):
                commands.claim(actor, code)

    def test_a_new_code_ends_the_old_one(self, seller: Actor, buyer: Actor) -> None:
        (noted,) = note(seller, "A")
        old, new = commands.issue_claim(seller, noted), commands.issue_claim(seller, noted)

        with pytest.raises(errors.ClaimRefused):
            commands.claim(buyer, old)
        commands.claim(buyer, new)

    def test_a_code_runs_out(self, seller: Actor, buyer: Actor, market_clock: Any) -> None:
        (noted,) = note(seller, "A")
        code = commands.issue_claim(seller, noted)

        market_clock.forward(days=30)

        with pytest.raises(errors.ClaimRefused):
            commands.claim(buyer, code)

    @pytest.mark.parametrize("code", ["", "----", "ABCD-EFGH-JKMN", "\x00", "口令", "\ud800"])
    def test_what_is_no_code_is_refused(self, seller: Actor, buyer: Actor, code: str) -> None:
        note(seller, "A")
        with pytest.raises(errors.ClaimRefused):
            commands.claim(buyer, code)

    def test_only_the_digest_is_kept(self, seller: Actor) -> None:
        (noted,) = note(seller, "A")
        code = commands.issue_claim(seller, noted)

        kept = Relationship.objects.filter(pk=noted).values().get()
        assert code not in str(kept)
        assert code.replace("-", "") not in str(kept)

    def test_who_may(self, seller: Actor, buyer: Actor) -> None:
        (noted,) = note(seller, "A")
        for actor, error in [
            (buyer, NotFound),
            (company(seller=True), NotFound),
            (hire(seller, Role.PURCHASER, Role.FINANCE), Forbidden),
        ]:
            with pytest.raises(error):
                commands.issue_claim(actor, noted)
        code = commands.issue_claim(hire(seller, Role.CLERK), noted)
        with pytest.raises(Forbidden):
            commands.claim(hire(buyer, Role.CLERK), code)
        with pytest.raises(errors.NotWithOneself):
            commands.claim(seller, code)
        commands.claim(hire(buyer, Role.PURCHASER), code)

    def test_one_who_is_somebody_already_needs_no_code(self, seller: Actor, buyer: Actor) -> None:
        asked = commands.request(buyer, id_of(seller))

        with pytest.raises(WrongState):
            commands.issue_claim(seller, asked.pk)

    def test_a_noted_customer_is_seen_by_its_seller_only(self, seller: Actor, buyer: Actor) -> None:
        (noted,) = note(seller, "A")

        assert queries.relationship(seller, noted).name == "客户A"
        with pytest.raises(NotFound):
            queries.relationship(buyer, noted)

    def test_the_seller_is_told_who_claimed(self, seller: Actor, buyer: Actor) -> None:
        (noted,) = note(seller, "A")
        commands.claim(buyer, commands.issue_claim(seller, noted))

        events.deliver()

        assert messages.notices(seller).items[0].body.startswith("远山商行 用认领码认领")


@given(st.integers(0, 50))
def test_a_code_is_read_however_it_is_typed(seed: int) -> None:
    code = rules.new_code()
    typed = [code.lower(), code.replace("-", ""), f"  {code} ", code.replace("-", " – ")][seed % 4]

    assert rules.digest_of(typed) == rules.digest_of(code)
    assert len(rules.normal_code(code)) == rules.CODE_LENGTH
