"""Notices, preferences, threads and the delivery log, for those who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet, Sum

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.paging import BadCursor, Page, cut, page_size, read_cursor
from pifa.messages.kinds import KINDS
from pifa.messages.models import Delivery, Message, Notice, NoticePreference, Thread
from pifa.messages.policies import meant_for, party_of
from pifa.messages.wording import thread_title, wording
from pifa.parties import policies as parties
from pifa.parties import queries as companies
from pifa.parties import rules as parties_rules

MESSAGES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in the reader's language."""

    id: int
    kind: str
    label: str
    title: str
    body: str
    subject: str
    link: str
    at: datetime
    is_read: bool


def notices(
    actor: Actor,
    cursor: str | None = None,
    *,
    unread_only: bool = False,
    size: int | None = None,
) -> Page[NoticeView]:
    """The actor's company's notices, newest first, without kinds the member does not want in
    the app. Two statements."""
    company_id, member_id = parties.require(actor), parties.member_id(actor)
    rows = Notice.objects.filter(meant_for(member_id), company_id=company_id).exclude(
        kind__in=_unwanted(member_id)
    )
    if unread_only:
        rows = rows.filter(read_at=None)
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    page = cut(list(rows.order_by("-id")[: size + 1]), size, lambda row: (row.pk,))
    return Page([_notice_view(row) for row in page.items], page.next_cursor)


def unread_count(company_id: int, member_id: int | None = None) -> int:
    """How many notices of a company are unread; for a member its own too, and only of the kinds it
    wants in the app."""
    rows = Notice.objects.filter(meant_for(member_id), company_id=company_id, read_at=None)
    if member_id is not None:
        unwanted = NoticePreference.objects.filter(member_id=member_id, in_app=False)
        rows = rows.exclude(kind__in=unwanted.values("kind"))
    return rows.count()


def _unwanted(member_id: int) -> list[str]:
    rows = NoticePreference.objects.filter(member_id=member_id, in_app=False)
    return list(rows.values_list("kind", flat=True))


def _notice_view(row: Notice) -> NoticeView:
    words = wording(row.kind, row.params)
    return NoticeView(
        id=row.pk,
        kind=row.kind,
        label=words.label,
        title=words.title,
        body=words.body,
        subject=row.subject,
        link=row.link,
        at=row.at,
        is_read=row.read_at is not None,
    )


@dataclass(frozen=True, slots=True)
class PreferenceView:
    """Where the member gets notices of a kind, chosen or by default."""

    kind: str
    label: str
    audience: Literal["buyer", "seller", "both"]
    in_app: bool
    email: bool


def preferences(actor: Actor) -> list[PreferenceView]:
    """The acting member's preferences, of every kind its company can get. Two statements."""
    company_id, member_id = parties.require(actor), parties.member_id(actor)
    sells = companies.company(company_id).is_seller
    chosen = {row.kind: row for row in NoticePreference.objects.filter(member_id=member_id)}
    return [
        PreferenceView(
            kind=kind.code,
            label=str(kind.label),
            audience=kind.audience,
            in_app=(chosen.get(kind.code) or kind).in_app,
            email=(chosen.get(kind.code) or kind).email,
        )
        for kind in KINDS.values()
        if sells or kind.audience != "seller"
    ]


# ---------------------------------------------------------------------------- threads


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread in a list, as one of its companies sees it."""

    id: int
    side: Literal["buyer", "seller"]
    other_id: int
    other_name: str
    subject: str
    title: str
    last_at: datetime
    unread: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message; the writer's name is told to its own company only."""

    id: int
    is_own: bool
    company: str
    person: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread with its messages, oldest first (the last 200)."""

    summary: ThreadSummary
    messages: list[MessageView]


def threads(
    actor: Actor,
    cursor: str | None = None,
    *,
    side: Literal["buyer", "seller"] | None = None,
    size: int | None = None,
) -> Page[ThreadSummary]:
    """The threads of the actor's company (on one side), last written first. One statement."""
    company_id = parties.require(actor)
    rows = Thread.objects.filter(_of(company_id, side)).select_related("buyer", "seller")
    if cursor:
        stamp, before = read_cursor(cursor, str, int)
        rows = _before(rows, stamp, before)
    size = page_size(size)
    page = cut(
        list(rows.order_by("-last_at", "-id")[: size + 1]),
        size,
        lambda row: (row.last_at.isoformat(), row.pk),
    )
    return Page([_summary(row, company_id) for row in page.items], page.next_cursor)


def _before(rows: QuerySet[Thread], stamp: str, thread_id: int) -> QuerySet[Thread]:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError as error:
        raise BadCursor from error
    if moment.tzinfo is None:
        raise BadCursor
    return rows.filter(Q(last_at__lt=moment) | Q(last_at=moment, pk__lt=thread_id))


def thread(actor: Actor, thread_id: int) -> ThreadView:
    """A thread of the actor's company with its last 200 messages; else `NotFound`.
    Two statements."""
    row = Thread.objects.select_related("buyer", "seller").filter(pk=thread_id).first()
    party_of(actor, row)
    assert row is not None
    assert actor.company_id is not None
    last = Message.objects.filter(thread_id=thread_id).select_related("member")
    messages = list(last.order_by("-id")[:MESSAGES_SHOWN])[::-1]
    return ThreadView(
        _summary(row, actor.company_id),
        [_message_view(item, row, actor.company_id) for item in messages],
    )


def thread_about(actor: Actor, buyer_id: int, seller_id: int, subject: str) -> ThreadView | None:
    """The thread of two companies about a subject, if they have begun one and one is the
    actor's. Three statements at most."""
    company_id = parties.require(actor)
    if company_id not in (buyer_id, seller_id):
        raise NotFound
    found = (
        Thread.objects.filter(buyer_id=buyer_id, seller_id=seller_id, subject=subject)
        .values_list("id", flat=True)
        .first()
    )
    return None if found is None else thread(actor, found)


def unread_messages(company_id: int, side: Literal["buyer", "seller"]) -> int:
    """How many messages a company has not read on one side."""
    rows = Thread.objects.filter(_of(company_id, side))
    counter = f"{side}_unread"
    return rows.aggregate(total=Sum(counter))["total"] or 0


def _of(company_id: int, side: Literal["buyer", "seller"] | None) -> Q:
    if side == "buyer":
        return Q(buyer_id=company_id)
    if side == "seller":
        return Q(seller_id=company_id)
    return Q(buyer_id=company_id) | Q(seller_id=company_id)


def _summary(row: Thread, company_id: int) -> ThreadSummary:
    is_buyer = row.buyer_id == company_id
    other = row.seller if is_buyer else row.buyer
    return ThreadSummary(
        id=row.pk,
        side="buyer" if is_buyer else "seller",
        other_id=other.pk,
        other_name=other.name,
        subject=row.subject,
        title=thread_title(row.subject, row.title),
        last_at=row.last_at,
        unread=row.buyer_unread if is_buyer else row.seller_unread,
    )


def _message_view(item: Message, thread: Thread, company_id: int) -> MessageView:
    is_own = item.company_id == company_id
    company = thread.buyer if item.company_id == thread.buyer_id else thread.seller
    return MessageView(
        id=item.pk,
        is_own=is_own,
        company=company.name,
        person=item.member.name if is_own and item.member else "",
        body=item.body,
        at=item.at,
    )


# ---------------------------------------------------------------------------- delivery log


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A line of the delivery log; the address is masked."""

    id: int
    company: str
    kind: str
    way: str
    state: str
    to: str
    at: datetime
    attempts: int
    error: str


def deliveries(
    actor: Actor,
    cursor: str | None = None,
    *,
    state: str | None = None,
    company_id: int | None = None,
    size: int | None = None,
) -> Page[DeliveryView]:
    """The delivery log, newest first, for operators. One statement."""
    parties.require_operator(actor)
    rows = Delivery.objects.select_related("notice__company")
    if state:
        rows = rows.filter(state=state)
    if company_id is not None:
        rows = rows.filter(notice__company_id=company_id)
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    page = cut(list(rows.order_by("-id")[: size + 1]), size, lambda row: (row.pk,))
    return Page([_delivery_view(row) for row in page.items], page.next_cursor)


def _delivery_view(row: Delivery) -> DeliveryView:
    return DeliveryView(
        id=row.pk,
        company=row.notice.company.name,
        kind=row.notice.kind,
        way=row.way,
        state=row.state,
        to=parties_rules.mask_email(row.to) if row.to else "",
        at=row.at,
        attempts=row.attempts,
        error=row.error,
    )
