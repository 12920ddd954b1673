"""A seller posts, and takes a post back; a customer has read it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.catalog.models import Offer, Picture
from pifa.kernel import audit, bulk, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.parties import policies as parties
from pifa.parties.text import clean_text
from pifa.posts import policies
from pifa.posts.errors import EmptyPost, GoodsNotOnSale, PostTooLong
from pifa.posts.events import PostPublished, PostRecalled
from pifa.posts.models import Post, PostAudience, PostOffer, PostPicture, PostReader
from pifa.posts.rules import LONGEST_WORDS, MOST_OFFERS, MOST_PICTURES, PostDraft
from pifa.relationships.models import CustomerGroup


def publish(actor: Actor, draft: PostDraft) -> int:
    """Tell the customers of the actor's company (or the groups named) something; the post's id.

    Raises `EmptyPost`, `PostTooLong`, `GoodsNotOnSale`, and `NotFound` for goods, pictures or
    groups that are not the company's.
    """
    seller_id = policies.require_posting(actor)
    draft = _checked(draft)
    with transaction.atomic():
        groups = _own_groups(seller_id, draft.group_ids)
        _check_goods(seller_id, draft.offer_ids)
        _own_pictures(seller_id, draft.picture_ids)
        post = Post.objects.create(
            seller_id=seller_id,
            words=draft.words,
            for_groups=bool(groups),
            posted_at=clock.now(),
        )
        PostOffer.objects.bulk_create(
            PostOffer(post=post, offer_id=key, position=at)
            for at, key in enumerate(draft.offer_ids)
        )
        PostPicture.objects.bulk_create(
            PostPicture(post=post, picture_id=key, position=at)
            for at, key in enumerate(draft.picture_ids)
        )
        PostAudience.objects.bulk_create(PostAudience(post=post, group_id=key) for key in groups)
        audit.record(actor, "post.publish", f"post:{post.pk}", groups=groups)
        emit(PostPublished(post_id=post.pk, seller_id=seller_id))
        return post.pk


def recall(actor: Actor, post_id: int) -> None:
    """Take a post back: nobody else reads it any more. Once is enough; `NotFound` for others'."""
    seller_id = policies.require_posting(actor)
    with transaction.atomic():
        rows = Post.objects.select_for_update(no_key=True)
        post = rows.filter(pk=post_id, seller=seller_id).first()
        if post is None:
            raise NotFound
        if post.recalled_at is not None:
            return
        post.recalled_at = clock.now()
        post.save(update_fields=["recalled_at"])
        audit.record(actor, "post.recall", f"post:{post_id}")
        emit(PostRecalled(post_id=post_id, seller_id=seller_id))


def note_read(actor: Actor, post_ids: Collection[int]) -> None:
    """The actor's company has these posts before its eyes; the first time is kept. What it may not
    read is passed over. Two statements at most."""
    company_id = parties.require(actor)
    moment = clock.now()
    posts = Post.objects.filter(policies.readable(actor), pk__in=post_ids)
    fresh = posts.exclude(readers__company=company_id).values_list("pk", flat=True)
    rows = [{"post_id": key, "company_id": company_id, "at": moment} for key in fresh]
    bulk.insert(PostReader, rows, returning=None, ignore_conflicts=True)


def _checked(draft: PostDraft) -> PostDraft:
    words = clean_text(draft.words)
    draft = PostDraft(
        words,
        tuple(dict.fromkeys(draft.offer_ids)),
        tuple(dict.fromkeys(draft.picture_ids)),
        tuple(dict.fromkeys(draft.group_ids)),
    )
    if draft.is_empty:
        raise EmptyPost(field="words")
    for field, what, count, limit in (
        ("words", _("字数"), len(words), LONGEST_WORDS),
        ("offer_ids", _("货品"), len(draft.offer_ids), MOST_OFFERS),
        ("picture_ids", _("图片"), len(draft.picture_ids), MOST_PICTURES),
    ):
        if count > limit:
            raise PostTooLong(field=field, what=what, count=count, limit=limit)
    return draft


def _own_groups(seller_id: int, group_ids: Sequence[int]) -> list[int]:
    rows = CustomerGroup.objects.filter(pk__in=group_ids, seller=seller_id).order_by("pk")
    found = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    if len(found) < len(group_ids):
        raise NotFound
    return found


def _check_goods(seller_id: int, offer_ids: Sequence[int]) -> None:
    rows = Offer.objects.filter(pk__in=offer_ids, seller=seller_id)
    found = dict(rows.values_list("pk", "state"))
    if len(found) < len(offer_ids):
        raise NotFound
    for key in offer_ids:
        if found[key] != Offer.State.ONLINE:
            raise GoodsNotOnSale(field="offer_ids", title=rows.get(pk=key).title, offer_id=key)


def _own_pictures(seller_id: int, picture_ids: Sequence[int]) -> None:
    if Picture.objects.filter(pk__in=picture_ids, company=seller_id).count() < len(picture_ids):
        raise NotFound
