"""What buyers said of a seller's orders; anybody may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, QuerySet

from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties.rules import mask_middle
from pifa.trade.models import OrderLine, Review


@dataclass(frozen=True, slots=True)
class OfferReview:
    """A review as the public sees it: the buyer's name is masked."""

    stars: int
    body: str
    answer: str
    at: datetime
    buyer: str


@dataclass(frozen=True, slots=True)
class Rating:
    """How many reviews there are, and their stars on average in hundredths (487 is 4.87)."""

    count: int
    stars_e2: int


def rating(seller_id: int, offer_id: int | None = None) -> Rating:
    """The rating of a shop, or of one of its offers; one statement."""
    found = _reviews(seller_id, offer_id).aggregate(count=Count("pk"), stars=Avg("stars"))
    return Rating(found["count"], round((found["stars"] or 0) * 100))


def seller_reviews(
    seller_id: int, offer_id: int | None = None, cursor: str | None = None, size: int | None = None
) -> Page[OfferReview]:
    """Reviews of a shop, or of orders with one of its offers, newest first; one statement."""
    rows = _reviews(seller_id, offer_id)
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    found = rows.select_related("order__buyer").order_by("-pk")
    page = cut(list(found[: limit + 1]), limit, lambda review: (review.pk,))
    return Page([_row(review) for review in page.items], page.next_cursor)


def _reviews(seller_id: int, offer_id: int | None) -> QuerySet[Review]:
    rows = Review.objects.filter(order__seller=seller_id)
    if offer_id is not None:
        rows = rows.filter(order__in=OrderLine.objects.filter(offer=offer_id).values("order"))
    return rows


def _row(review: Review) -> OfferReview:
    buyer = review.order.buyer
    return OfferReview(
        stars=review.stars,
        body=review.body,
        answer=review.answer,
        at=review.at,
        buyer=mask_middle(buyer.name, 2, 1) if buyer else "",
    )
