"""Two files become one and two again; and what a claim does to files."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pifa.crm import commands, errors, queries
from pifa.crm.models import CustomerFile, FileMerge
from pifa.kernel import events
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money, UnitPrice
from pifa.relationships import commands as relationships
from pifa.relationships import queries as relations
from pifa.relationships.errors import IsAMember
from pifa.relationships.models import Relationship
from pifa.trade.models import Order
from tests.crm.people import declared, file_of
from tests.parties.people import company, id_of
from tests.trade import market


@pytest.fixture
def seller(db: None) -> Actor:
    return company("网帮包装", seller=True)


@pytest.fixture
def pair(seller: Actor) -> tuple[CustomerFile, CustomerFile]:
    """A file to keep and one to merge into it, each with orders, notes, tags, prices."""
    kept = file_of(
        seller,
        "小王包装",
        "K1",
        contact="王强",
        tags=("至尊VIP", "两边都有"),
        prices=(("28*42", UnitPrice.yuan("0.35")),),
        written_fen=100_00,
        written_purchases=("3.21号 20捆",),
    )
    gone = file_of(
        seller,
        "小王包装厂",
        "K2",
        phone="13800138000",
        address="义乌市业州路200号",
        daily_usage=100,
        usage_unit="个",
        next_action="送样",
        next_day=date(2026, 5, 1),
        tags=("可上门拜访", "两边都有"),
        prices=(("32*45", UnitPrice.yuan("0.42")), ("28*42", UnitPrice.yuan("0.39"))),
        written_fen=50_00,
        written_purchases=("4.6号 100捆",),
    )
    declared(kept, (date(2026, 1, 5), 200_00, 10), (date(2026, 2, 5), 300_00, 10))
    declared(gone, (date(2026, 1, 20), 70_00, 7))
    commands.add_note(seller, kept.pk, "甲")
    commands.add_note(seller, gone.pk, "乙")
    commands.refresh(id_of(seller))
    return kept, gone


def picture(seller: Actor) -> dict[str, Any]:
    """Everything that hangs on a seller's files, but when they were changed and the history of
    merging itself."""
    rows = CustomerFile.objects.filter(seller=id_of(seller)).order_by("pk")
    hidden = {"changed_at", "_state"}
    return {
        "files": [
            {name: value for name, value in vars(row).items() if name not in hidden} for row in rows
        ],
        "tags": sorted(rows.values_list("pk", "tags__word")),
        "prices": sorted(rows.values_list("pk", "agreed_prices__goods", "agreed_prices__price_e4")),
        "notes": sorted(
            rows.filter(notes__kind="note").values_list("pk", "notes__pk", "notes__text")
        ),
        "orders": sorted(Order.objects.values_list("pk", "customer_id")),
        "relations": sorted(
            Relationship.objects.values_list("pk", "state", "merged_into_id"), key=str
        ),
        "figures": sorted(
            rows.filter(figures__isnull=False).values_list(
                "pk", "figures__orders", "figures__amount_fen", "figures__chance"
            )
        ),
    }


class TestMerging:
    def test_all_of_one_is_the_others(
        self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]
    ) -> None:
        kept, gone = pair
        commands.merge(seller, gone.pk, kept.pk)

        (row,) = queries.files(seller).items
        assert row.tags == ("两边都有", "可上门拜访", "至尊VIP")
        assert row.amount == Money(720_00)
        assert row.figures.orders == 3
        view = queries.file(seller, kept.pk)
        assert [note.text for note in view.notes if note.kind == "note"] == ["乙", "甲"]
        assert view.prices == (("28*42", UnitPrice.yuan("0.35")), ("32*45", UnitPrice.yuan("0.42")))
        file = view.row.file
        assert (file.contact, file.phone, file.daily_usage) == ("王强", "13800138000", 100)
        assert (file.next_action, file.next_day) == ("送样", date(2026, 5, 1))
        assert file.written_purchases == ["3.21号 20捆", "4.6号 100捆"]
        assert len(view.orders) == 3
        # Whoever has the old address finds the file.
        assert queries.file(seller, gone.pk).row.file.pk == kept.pk

    def test_undone_everything_is_back_exactly(
        self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]
    ) -> None:
        kept, gone = pair
        before = picture(seller)
        done = commands.merge(seller, gone.pk, kept.pk)
        assert picture(seller) != before

        commands.undo_merge(seller, done.pk)

        assert picture(seller) == before
        with pytest.raises(errors.MergeGone):
            commands.undo_merge(seller, done.pk)

    def test_a_chain_comes_apart_in_any_order_that_it_can(
        self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]
    ) -> None:
        kept, gone = pair
        third = file_of(seller, "第三家", "K3", tags=("三",))
        declared(third, (date(2026, 2, 20), 10_00, 1))
        commands.refresh(id_of(seller))
        before = picture(seller)
        inner = commands.merge(seller, third.pk, gone.pk)
        outer = commands.merge(seller, gone.pk, kept.pk)
        assert "三" in queries.file(seller, kept.pk).row.tags
        with pytest.raises(errors.MergeGone):
            commands.undo_merge(seller, inner.pk)

        commands.undo_merge(seller, outer.pk)
        assert "三" in queries.file(seller, gone.pk).row.tags
        commands.undo_merge(seller, inner.pk)

        assert picture(seller) == before

    def test_what_was_changed_since_stays(
        self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]
    ) -> None:
        kept, gone = pair
        done = commands.merge(seller, gone.pk, kept.pk)
        CustomerFile.objects.filter(pk=kept.pk).update(phone="0579-85550000")
        later = declared(kept, (date(2026, 3, 1), 5_00, 1))

        commands.undo_merge(seller, done.pk)

        kept.refresh_from_db()
        assert (kept.phone, kept.address) == ("0579-85550000", "")
        assert Order.objects.get(pk=later[0].pk).customer_id == kept.relationship_id

    def test_the_sellers_next_import_finds_the_kept_one(
        self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]
    ) -> None:
        kept, gone = pair
        commands.merge(seller, gone.pk, kept.pk)
        found = relationships.note_customers(id_of(seller), [("K2", "小王", "")])
        assert found == {"K2": kept.relationship_id}

    def test_refusals(self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]) -> None:
        kept, gone = pair
        with pytest.raises(NotFound):
            commands.merge(company("别家", seller=True), gone.pk, kept.pk)
        with pytest.raises(NotFound):
            commands.merge(seller, gone.pk, gone.pk)
        _claim(seller, gone, company("会员企业"))
        with pytest.raises(errors.MembersStay):
            commands.merge(seller, gone.pk, kept.pk)
        assert not FileMerge.objects.exists()
        commands.merge(seller, kept.pk, gone.pk)


class TestACompanyThatOnlyBought:
    """It has a file by its orders on the market, and no relationship."""

    @pytest.fixture
    def trading(self, db: None) -> market.Trading:
        trading = market.trading()
        trading.paid()
        events.deliver()
        return trading

    @pytest.fixture
    def noted(self, trading: market.Trading) -> CustomerFile:
        """The same customer in the seller's own books."""
        row = file_of(trading.selling, "老顺达", "K1", tags=("老客户",), address="义乌市")
        declared(row, (date(2026, 1, 5), 200_00, 10), (date(2026, 2, 5), 300_00, 10))
        commands.refresh(trading.seller.pk)
        return row

    def test_takes_the_past_of_the_books_and_gives_it_back(
        self, trading: market.Trading, noted: CustomerFile
    ) -> None:
        seller, bought = trading.selling, CustomerFile.objects.get(buyer=trading.buyer)
        assert bought.relationship_id is None
        before, paid = picture(seller), queries.file(seller, bought.pk).row.amount

        done = commands.merge(seller, noted.pk, bought.pk)

        view = queries.file(seller, noted.pk)
        assert (view.row.file.pk, view.row.tags) == (bought.pk, ("老客户",))
        assert (view.row.figures.orders, view.row.amount) == (3, paid + Money(500_00))
        # Known to the seller it is, and no more: nothing opens to the buyer, and it sees nothing.
        made = Relationship.objects.get(buyer=trading.buyer)
        assert made.state == "noted"
        assert relations.suppliers(trading.buying).items == []
        assert relations.visible_sellers(trading.buyer.pk) == set()
        for verb in (relationships.grant, relationships.revoke):
            with pytest.raises(NotFound):
                verb(trading.buying, made.pk)
        with pytest.raises(NotFound):
            relations.relationship(trading.buying, made.pk)
        with pytest.raises(IsAMember):
            relationships.issue_claim(seller, made.pk)
        with pytest.raises(IsAMember):
            relationships.combine(seller, made.pk, noted.relationship_id or 0)

        commands.undo_merge(seller, done.pk)

        assert picture(seller) == before

    def test_asking_goes_on_from_there_and_outlives_an_undo(
        self, trading: market.Trading, noted: CustomerFile
    ) -> None:
        seller, bought = trading.selling, CustomerFile.objects.get(buyer=trading.buyer)
        done = commands.merge(seller, noted.pk, bought.pk)
        asked = relationships.request(trading.buying, trading.seller.pk)
        relationships.grant(seller, asked.pk)

        commands.undo_merge(seller, done.pk)

        bought.refresh_from_db()
        assert bought.relationship_id == asked.pk
        assert relations.visible_sellers(trading.buyer.pk) == {trading.seller.pk}
        assert set(Order.objects.filter(provenance="declared").values_list("customer")) == {
            (noted.relationship_id,)
        }

    def test_what_came_to_it_meanwhile_stays(
        self, trading: market.Trading, noted: CustomerFile
    ) -> None:
        seller, bought = trading.selling, CustomerFile.objects.get(buyer=trading.buyer)
        first = commands.merge(seller, noted.pk, bought.pk)
        third = file_of(seller, "顺达二部", "K3")
        declared(third, (date(2026, 2, 20), 10_00, 1))
        second = commands.merge(seller, third.pk, bought.pk)

        commands.undo_merge(seller, first.pk)
        assert queries.file(seller, bought.pk).row.figures.orders == 2
        commands.undo_merge(seller, second.pk)

        assert not Relationship.objects.filter(buyer=trading.buyer).exists()
        assert queries.file(seller, bought.pk).row.figures.orders == 1

    def test_does_not_go_into_the_books_but_the_other_way_round(
        self, trading: market.Trading, noted: CustomerFile
    ) -> None:
        bought = CustomerFile.objects.get(buyer=trading.buyer)
        with pytest.raises(errors.MembersStay, match="反过来"):
            commands.merge(trading.selling, bought.pk, noted.pk)


class TestDuplicates:
    def test_suggested_with_why_and_who_stays(self, seller: Actor) -> None:
        small = file_of(seller, "老王五金", "K1", phone="13800138000")
        big = file_of(seller, "王记", "K2", phone="138 0013 8000")
        file_of(seller, "别人", "K3", phone="13900139000")
        declared(big, (date(2026, 1, 1), 100_00, 1))
        commands.refresh(id_of(seller))

        (alike,), many = queries.duplicates(seller)
        assert (alike.kept.file.pk, alike.gone.file.pk, many) == (big.pk, small.pk, 1)
        assert list(alike.why) == ["phone"]


class TestClaims:
    def test_the_file_is_the_companys(
        self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]
    ) -> None:
        kept, _gone = pair
        buyer = company("小王包装有限公司")
        _claim(seller, kept, buyer)

        kept.refresh_from_db()
        assert kept.buyer_id == id_of(buyer)
        assert queries.file(seller, kept.pk).row.figures.orders == 2

    def test_a_company_known_before_has_one_file_after(
        self, seller: Actor, pair: tuple[CustomerFile, CustomerFile]
    ) -> None:
        kept, gone = pair
        commands.merge(seller, gone.pk, kept.pk)
        buyer = company("小王包装有限公司")
        relationships.request(buyer, id_of(seller), side="buyer")
        commands.refresh(id_of(seller))
        known = CustomerFile.objects.get(buyer=id_of(buyer))
        _claim(seller, kept, buyer)

        (row,) = queries.files(seller).items
        assert row.file.pk == known.pk
        assert row.amount == Money(720_00)
        assert set(row.tags) == {"两边都有", "可上门拜访", "至尊VIP"}
        texts = [note.text for note in queries.file(seller, known.pk).notes if note.kind == "note"]
        assert texts == ["乙", "甲"]
        # The books' names of both still lead to it.
        found = relationships.note_customers(id_of(seller), [("K1", "", ""), ("K2", "", "")])
        assert set(found.values()) == {known.relationship_id}
        with pytest.raises(errors.MergeGone):
            commands.undo_merge(seller, FileMerge.objects.get().pk)


def _claim(seller: Actor, file: CustomerFile, buyer: Actor) -> None:
    assert file.relationship_id is not None
    relationships.claim(buyer, relationships.issue_claim(seller, file.relationship_id))
