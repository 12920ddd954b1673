"""Posts as their readers and their sellers see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pifa.catalog.models import Offer
from pifa.catalog.policies import known_offers
from pifa.catalog.queries.cards import OfferCard, cards_of, picture_url
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.posts import policies
from pifa.posts.models import Post, PostAudience, PostOffer, PostPicture, PostReader
from pifa.relationships.models import Relationship

EXCERPT = 60


@dataclass(frozen=True, slots=True)
class PostView:
    """A post; `goods` are those of it that the reader may see. `groups`, `readers` and
    `recalled_at` are for its seller."""

    id: int
    seller_id: int
    seller_name: str
    words: str
    posted_at: datetime
    goods: tuple[OfferCard, ...]
    pictures: tuple[str, ...]
    groups: tuple[str, ...] = ()
    readers: int = 0
    recalled_at: datetime | None = None


def feed(
    actor: Actor,
    *,
    seller_id: int | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[PostView]:
    """What the actor's suppliers (or one of them) told it, newest first; at most six statements."""
    rows = Post.objects.filter(policies.readable(actor))
    if seller_id is not None:
        rows = rows.filter(seller=seller_id)
    return _page(rows, actor, cursor, size)


def post(actor: Actor, post_id: int) -> PostView:
    """One post that the actor may read as a customer or as its seller; else `NotFound`."""
    company_id = parties.require(actor)
    own = Post.objects.filter(pk=post_id, seller=company_id)
    found = list(own or Post.objects.filter(policies.readable(actor), pk=post_id))
    if not found:
        raise NotFound
    return _views(found, actor)[0]


def own_posts(
    actor: Actor, *, cursor: str | None = None, size: int | None = None
) -> Page[PostView]:
    """What the actor's company posted, newest first, with what was recalled."""
    company_id = policies.require_posting(actor)
    return _page(Post.objects.filter(seller=company_id), actor, cursor, size)


def unread(actor: Actor) -> int:
    """How many posts the actor's company has not had before its eyes."""
    company_id = parties.require(actor)
    rows = Post.objects.filter(policies.readable(actor))
    return rows.exclude(readers__company=company_id).count()


def unread_by_seller(actor: Actor) -> dict[int, int]:
    """How many posts of each of its suppliers the actor's company has not seen; one statement."""
    company_id = parties.require(actor)
    rows = Post.objects.filter(policies.readable(actor)).exclude(readers__company=company_id)
    counted = rows.order_by().values("seller").annotate(waiting=Count("pk"))
    return dict(counted.values_list("seller_id", "waiting"))


def readers(actor: Actor, post_id: int) -> list[tuple[str, datetime]]:
    """Which customers have seen a post of the actor's company, as it calls them, and when first;
    `NotFound` for another's."""
    seller_id = policies.require_posting(actor)
    if not Post.objects.filter(pk=post_id, seller=seller_id).exists():
        raise NotFound
    called = Relationship.objects.filter(seller=seller_id, buyer=OuterRef("company"))
    rows = PostReader.objects.filter(post=post_id).order_by("at", "pk")
    named = rows.annotate(called=Coalesce(Subquery(called.values("name")[:1]), "company__name"))
    return list(named.values_list("called", "at"))


def readers_meant(post_id: int) -> list[int]:
    """The companies that a post is meant for, as things stand."""
    row = Post.objects.get(pk=post_id)
    if row.recalled_at is not None:
        return []
    related = Relationship.objects.filter(
        seller=row.seller_id, buyer__isnull=False, state=Relationship.State.GRANTED
    )
    if row.for_groups:
        related = related.filter(group__posts__post=post_id)
    return list(related.order_by("buyer_id").values_list("buyer_id", flat=True))


def excerpt(post_id: int) -> str:
    """The beginning of a post, for a notice: its words, else the title of its first goods."""
    words = Post.objects.values_list("words", flat=True).get(pk=post_id)
    told = " ".join(words.split())
    if not told:
        goods = PostOffer.objects.filter(post=post_id).order_by("position")
        told = goods.values_list("offer__title", flat=True).first() or ""
    return told if len(told) <= EXCERPT else f"{told[: EXCERPT - 1]}…"


def _page(
    rows: QuerySet[Post], actor: Actor, cursor: str | None, size: int | None
) -> Page[PostView]:
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    found = cut(list(rows.order_by("-id")[: size + 1]), size, lambda row: (row.pk,))
    return Page(_views(found.items, actor), found.next_cursor)


def _views(rows: Sequence[Post], actor: Actor) -> list[PostView]:
    if not rows:
        return []
    ids = [row.pk for row in rows]
    goods = PostOffer.objects.filter(post__in=ids).order_by("position")
    offers: dict[int, list[int]] = defaultdict(list)
    for post_id, offer_id in goods.values_list("post_id", "offer_id"):
        offers[post_id].append(offer_id)
    shown = Offer.objects.filter(
        known_offers(actor), pk__in={key for keys in offers.values() for key in keys}
    )
    cards = {card.id: card for card in cards_of(shown, actor)} if offers else {}
    pictures: dict[int, list[str]] = defaultdict(list)
    kept = PostPicture.objects.filter(post__in=ids).order_by("position")
    for post_id, name in kept.values_list("post_id", "picture__file"):
        pictures[post_id].append(picture_url(name))
    sellers = dict(Post.objects.filter(pk__in=ids).values_list("seller_id", "seller__name"))
    own = [row.pk for row in rows if row.seller_id == actor.company_id]
    groups, readers = _for_seller(own) if own else ({}, {})
    return [
        PostView(
            id=row.pk,
            seller_id=row.seller_id,
            seller_name=sellers[row.seller_id],
            words=row.words,
            posted_at=row.posted_at,
            goods=tuple(cards[key] for key in offers[row.pk] if key in cards),
            pictures=tuple(pictures[row.pk]),
            groups=tuple(groups.get(row.pk, ())),
            readers=readers.get(row.pk, 0),
            recalled_at=row.recalled_at,
        )
        for row in rows
    ]


def _for_seller(ids: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, int]]:
    groups: dict[int, list[str]] = defaultdict(list)
    named = PostAudience.objects.filter(post__in=ids).order_by("group__name")
    for post_id, name in named.values_list("post_id", "group__name"):
        groups[post_id].append(name)
    counted = Post.objects.filter(pk__in=ids).annotate(seen=Count("readers"))
    return groups, dict(counted.values_list("pk", "seen"))
