"""Posts reach the customers they are meant for, and nobody else."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from pifa.catalog.models import Picture
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.events import deliver
from pifa.messages.models import Notice
from pifa.parties.models import Company
from pifa.posts import commands, queries
from pifa.posts.errors import EmptyPost, GoodsNotOnSale, PostTooLong
from pifa.posts.models import PostReader
from pifa.posts.rules import PostDraft
from pifa.relationships import commands as relationships
from pifa.relationships.models import Relationship
from tests.catalog import market

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Company:
    return market.seller()


@pytest.fixture
def keeper(seller: Company) -> Actor:
    return market.actor(seller)


def customer(keeper: Actor, group_id: int | None = None) -> Actor:
    """A buyer that this seller granted a relationship, in a group."""
    buyer = market.actor(market.company())
    assert keeper.company_id is not None
    row = relationships.grant(keeper, relationships.request(buyer, keeper.company_id).pk)
    relationships.put_in_group(keeper, [row.pk], group_id)
    return buyer


def read(actor: Actor) -> list[str]:
    return [found.words for found in queries.feed(actor).items]


def test_customers_read_it_with_goods_and_pictures(seller: Company, keeper: Actor) -> None:
    buyer = customer(keeper)
    public, private = market.offer(seller), market.offer(seller, visibility="private")
    picture = Picture.objects.create(
        company=seller, file="pictures/a.webp", sha256="a", width=8, height=8
    )
    commands.publish(keeper, PostDraft("到货了", [private.pk, public.pk], [picture.pk]))

    (found,) = queries.feed(buyer).items

    assert (found.words, found.seller_name) == ("到货了", seller.name)
    assert [card.id for card in found.goods] == [private.pk, public.pk]
    assert [name.rpartition("/")[2] for name in found.pictures] == ["a.webp"]
    assert queries.post(buyer, found.id) == found


def test_nobody_else_reads_it(keeper: Actor) -> None:
    revoked, other = customer(keeper), customer(market.actor(market.seller()))
    stranger = market.actor(market.company())
    post_id = commands.publish(keeper, PostDraft("只给老客户"))
    relationships.revoke(keeper, Relationship.objects.get(buyer=revoked.company_id).pk)
    for who in (revoked, other, stranger):
        assert read(who) == []
        assert queries.unread(who) == 0
        with pytest.raises(NotFound):
            queries.post(who, post_id)


def test_a_group_reads_what_is_meant_for_it_and_loses_it_with_the_group(keeper: Actor) -> None:
    group = relationships.save_group(keeper, "老客户")
    old, new = customer(keeper, group.pk), customer(keeper)
    commands.publish(keeper, PostDraft("给老客户", group_ids=[group.pk]))
    commands.publish(keeper, PostDraft("给所有客户"))
    assert read(old) == ["给所有客户", "给老客户"]
    assert read(new) == ["给所有客户"]
    assert [found.groups for found in queries.own_posts(keeper).items] == [(), ("老客户",)]

    relationships.delete_group(keeper, group.pk)

    assert read(old) == read(new) == ["给所有客户"]


def test_goods_that_a_reader_may_not_see_are_left_out(seller: Company, keeper: Actor) -> None:
    from pifa.catalog.commands import set_audience

    group = relationships.save_group(keeper, "老客户")
    old, new = customer(keeper, group.pk), customer(keeper)
    hidden, shown = (market.offer(seller, visibility="private") for _ in range(2))
    set_audience(keeper, hidden.pk, [group.pk])
    commands.publish(keeper, PostDraft("新品", [hidden.pk, shown.pk]))
    assert [card.id for card in queries.feed(old).items[0].goods] == [hidden.pk, shown.pk]
    assert [card.id for card in queries.feed(new).items[0].goods] == [shown.pk]


def test_what_is_recalled_is_its_sellers_alone(keeper: Actor) -> None:
    buyer = customer(keeper)
    post_id = commands.publish(keeper, PostDraft("写错了"))
    commands.recall(keeper, post_id)
    commands.recall(keeper, post_id)
    assert read(buyer) == []
    assert queries.own_posts(keeper).items[0].recalled_at is not None
    with pytest.raises(NotFound):
        commands.recall(market.actor(market.seller()), post_id)


def test_customers_are_told_once(keeper: Actor) -> None:
    group = relationships.save_group(keeper, "老客户")
    old, _new = customer(keeper, group.pk), customer(keeper)
    commands.publish(keeper, PostDraft("给老客户", group_ids=[group.pk]))
    deliver()
    told = Notice.objects.filter(kind="post_published")
    assert list(told.values_list("company_id", flat=True)) == [old.company_id]


def test_a_seller_sees_how_many_read_it(keeper: Actor) -> None:
    first, second = customer(keeper), customer(keeper)
    post_id = commands.publish(keeper, PostDraft("到货了"))
    assert queries.unread(first) == 1
    commands.note_read(first, [post_id])
    commands.note_read(first, [post_id])
    commands.note_read(market.actor(market.company()), [post_id])
    assert queries.unread(first) == 0
    assert queries.unread(second) == 1
    assert queries.own_posts(keeper).items[0].readers == 1
    assert queries.feed(second).items[0].readers == 0
    assert PostReader.objects.count() == 1


def test_a_page_of_posts_costs_the_same_for_many(
    seller: Company, keeper: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    buyer = customer(keeper)
    for _ in range(12):
        commands.publish(keeper, PostDraft("新品", [market.offer(seller).pk]))
    with django_assert_max_num_queries(6):
        first = queries.feed(buyer, size=10)
    assert len(first.items) == 10
    assert len(queries.feed(buyer, size=10, cursor=first.next_cursor).items) == 2


def test_what_cannot_be_posted_writes_nothing(seller: Company, keeper: Actor) -> None:
    theirs = market.seller()
    off = market.offer(seller, state="offline")
    their_group = relationships.save_group(market.actor(theirs), "他人")
    their_picture = Picture.objects.create(
        company=theirs, file="b.webp", sha256="b", width=8, height=8
    )
    for draft, refusal in (
        (PostDraft("  "), EmptyPost),
        (PostDraft("长" * 2001), PostTooLong),
        (PostDraft("多", [market.offer(seller).pk for _ in range(10)]), PostTooLong),
        (PostDraft("下架", [off.pk]), GoodsNotOnSale),
        (PostDraft("他人的货", [market.offer(theirs).pk]), NotFound),
        (PostDraft("他人的图", picture_ids=[their_picture.pk]), NotFound),
        (PostDraft("他人的组", group_ids=[their_group.pk]), NotFound),
    ):
        with pytest.raises(refusal):
            commands.publish(keeper, draft)
    with pytest.raises(Forbidden):
        commands.publish(market.actor(seller, Role.FINANCE), PostDraft("无权"))
    assert queries.own_posts(keeper).items == []
