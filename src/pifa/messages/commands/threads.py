"""Two companies talk about an offer or an order."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.messages.errors import BadSubject, NotToOneself
from pifa.messages.events import MessageSent
from pifa.messages.models import Message, Notice, Thread
from pifa.messages.policies import party_of
from pifa.parties import policies as parties
from pifa.parties import queries as companies
from pifa.parties.text import clean_line, text

BODY_LENGTH = 2000
TITLE_LENGTH = 200
_SUBJECT = re.compile(r"(offer|order):[A-Za-z0-9_-]{1,56}")


@transaction.atomic
def say(
    actor: Actor, buyer_id: int, seller_id: int, subject: str, title: str, body: str
) -> Message:
    """Write to the other company about a subject (`offer:7`, `order:18`); plain text, 1 … 2000.

    The first message begins the thread under `title`. The caller has checked that the offer
    is the seller's and may be seen, or that the order is between the two. Raises `NotFound`
    for a third company, `TextLength`, `BadSubject`, `NotToOneself`.
    """
    company_id = parties.require(actor)
    if buyer_id == seller_id:
        raise NotToOneself
    if company_id not in (buyer_id, seller_id):
        raise NotFound
    if not _SUBJECT.fullmatch(subject):
        raise BadSubject("subject")
    said = text(body, "body", _("消息"), BODY_LENGTH)
    thread = _thread(buyer_id, seller_id, subject, title)
    last_by = (
        Message.objects.filter(thread=thread)
        .order_by("-id")
        .values_list("company_id", flat=True)
        .first()
    )
    moment = clock.now()
    message = Message.objects.create(
        thread=thread,
        company_id=company_id,
        member_id=actor.member_id,
        body=said,
        at=moment,
    )
    by_seller = company_id == seller_id
    unread = "buyer_unread" if by_seller else "seller_unread"
    Thread.objects.filter(pk=thread.pk).update(last_at=moment, **{unread: F(unread) + 1})
    audit.record(actor, "message.say", f"thread:{thread.pk}", about=subject)
    events.emit(
        MessageSent(
            thread=thread.pk,
            message=message.pk,
            subject=subject,
            from_company=company_id,
            to_company=buyer_id if by_seller else seller_id,
            is_seller_reply=by_seller and last_by == buyer_id,
        )
    )
    return message


def _thread(buyer_id: int, seller_id: int, subject: str, title: str) -> Thread:
    """The thread of the two about the subject, held; begun if there is none."""
    held = Thread.objects.select_for_update()
    found = held.filter(buyer_id=buyer_id, seller_id=seller_id, subject=subject).first()
    if found is not None:
        return found
    if len(companies.cards([buyer_id, seller_id])) < 2:
        raise NotFound
    moment = clock.now()
    thread, _ = held.get_or_create(
        buyer_id=buyer_id,
        seller_id=seller_id,
        subject=subject,
        defaults={
            "title": clean_line(title)[:TITLE_LENGTH] or subject,
            "started_at": moment,
            "last_at": moment,
        },
    )
    return thread


@transaction.atomic
def mark_thread_read(actor: Actor, thread_id: int) -> None:
    """Mark a thread of the actor's company as read, and the notices that told of it."""
    thread = Thread.objects.filter(pk=thread_id).first()
    party = party_of(actor, thread)
    assert thread is not None
    unread = f"{party}_unread"
    if getattr(thread, unread):
        Thread.objects.filter(pk=thread_id).update(**{unread: 0})
    Notice.objects.filter(
        company_id=parties.require(actor),
        kind="message_got",
        subject=f"thread:{thread_id}",
        read_at=None,
    ).update(read_at=clock.now())
