"""Notices are given to companies, brought to their members, and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from pifa.kernel import audit, bulk, clock
from pifa.kernel.actors import Actor
from pifa.messages.errors import NoSuchKind
from pifa.messages.kinds import KINDS
from pifa.messages.models import Delivery, Message, Notice, NoticePreference
from pifa.messages.policies import meant_for
from pifa.messages.wording import thread_title
from pifa.parties import policies as parties
from pifa.parties.models import Member

EXCERPT_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice to give. `link` is a path of this site or empty; `params` are plain values.
    `member_id`: for this member of the company only."""

    company_id: int
    kind: str
    subject: str
    params: Mapping[str, Any]
    link: str = ""
    member_id: int | None = None


def notify(
    company_id: int, kind: str, subject: str, params: Mapping[str, Any], link: str = ""
) -> int:
    """Give a company a notice and begin to bring it to its active members; the notice's id.

    For floors that tell of their events; `templates` says which params each kind needs. Raises
    `NoSuchKind`, and `ValueError` for a param that the words need and the caller forgot.
    """
    notice = NewNotice(company_id=company_id, kind=kind, subject=subject, params=params, link=link)
    return notify_all([notice])[0]


@transaction.atomic
def notify_all(notices: Sequence[NewNotice]) -> list[int]:
    """Give many notices at once: four statements, however many there are. Their ids, in order."""
    for notice in notices:
        _check(notice)
    moment = clock.now()
    ids = bulk.insert(
        Notice,
        [
            {
                "company_id": notice.company_id,
                "member_id": notice.member_id,
                "kind": notice.kind,
                "subject": notice.subject[:64],
                "params": dict(notice.params),
                "link": notice.link,
                "at": moment,
                "read_at": None,
            }
            for notice in notices
        ],
    )
    bulk.insert(Delivery, _deliveries(list(zip(ids, notices, strict=True))), returning=None)
    return ids


def _check(notice: NewNotice) -> None:
    kind = KINDS.get(notice.kind)
    if kind is None:
        raise NoSuchKind(kind=notice.kind)
    if missing := kind.needs(notice.params) - set(notice.params):
        raise ValueError(f"a notice {notice.kind} needs {', '.join(sorted(missing))}")
    # A link leads to a page of this market, whatever a caller was given.
    if notice.link and (notice.link[:1] != "/" or notice.link[1:2] in ("/", "\\")):
        raise ValueError(f"a notice links to a path of this site, not to {notice.link!r}")


def _deliveries(notices: Iterable[tuple[int, NewNotice]]) -> list[dict[str, Any]]:
    given = list(notices)
    companies = {notice.company_id for _, notice in given}
    members: dict[int, list[tuple[int, str]]] = {}
    active = Member.objects.filter(
        company_id__in=companies, active=True, user__is_active=True
    ).values_list("company_id", "id", "user__email")
    for company_id, member_id, email in active.order_by("id"):
        members.setdefault(company_id, []).append((member_id, email))
    wishes = {
        (wish.member_id, wish.kind): wish
        for wish in NoticePreference.objects.filter(
            member__company_id__in=companies, kind__in={notice.kind for _, notice in given}
        )
    }
    rows = []
    for notice_id, notice in given:
        for member_id, email in members.get(notice.company_id, ()):
            if notice.member_id not in (None, member_id):
                continue
            wish = wishes.get((member_id, notice.kind)) or KINDS[notice.kind]
            if wish.in_app:
                rows.append(_row(notice_id, member_id, "app", Delivery.State.SENT, ""))
            if wish.email and email:
                rows.append(_row(notice_id, member_id, "email", Delivery.State.WAITING, email))
    return rows


def _row(
    notice_id: int, member_id: int, way: str, state: Delivery.State, to: str
) -> dict[str, Any]:
    return {
        "notice_id": notice_id,
        "member_id": member_id,
        "way": way,
        "state": state.value,
        "to": to,
        "at": clock.now(),
        "attempts": 0,
        "error": "",
    }


@transaction.atomic
def notify_of_message(message_id: int) -> None:
    """Tell a company that another wrote to it, once until it read what it was told."""
    message = Message.objects.select_related("thread", "company").get(pk=message_id)
    thread = message.thread
    to_seller = message.company_id == thread.buyer_id
    company_id = thread.seller_id if to_seller else thread.buyer_id
    subject = f"thread:{thread.pk}"
    unread = Notice.objects.filter(
        company_id=company_id, kind="message_got", subject=subject, read_at=None
    )
    if unread.exists():
        return
    excerpt = " ".join(message.body.split())
    if len(excerpt) > EXCERPT_LENGTH:
        excerpt = excerpt[: EXCERPT_LENGTH - 1] + "…"
    params = {
        "company": message.company.name,
        "title": thread_title(thread.subject, thread.title, "zh-hans"),
        "title_en": thread_title(thread.subject, thread.title, "en"),
        "excerpt": excerpt,
    }
    centre = "seller" if to_seller else "buyer"
    notify(company_id, "message_got", subject, params, f"/{centre}/messages/{thread.pk}/")


@transaction.atomic
def mark_read(actor: Actor, notice_ids: Iterable[int]) -> int:
    """Mark notices of the actor's company as read; how many were unread. Others are passed over."""
    return _unread_of(actor).filter(pk__in=list(notice_ids)[:500]).update(read_at=clock.now())


@transaction.atomic
def mark_all_read(actor: Actor) -> int:
    """Mark every notice of the actor's company as read; how many were unread."""
    return _unread_of(actor).update(read_at=clock.now())


def _unread_of(actor: Actor) -> QuerySet[Notice]:
    """What the actor has not read: its company's, without those for another member."""
    rows = Notice.objects.filter(company_id=parties.require(actor), read_at=None)
    return rows.filter(meant_for(actor.member_id))


@transaction.atomic
def set_preference(actor: Actor, kind: str, *, in_app: bool, email: bool) -> None:
    """Choose where the acting member gets notices of a kind from now on."""
    member_id = parties.member_id(actor)
    if kind not in KINDS:
        raise NoSuchKind("kind", kind=kind)
    NoticePreference.objects.update_or_create(
        member_id=member_id, kind=kind, defaults={"in_app": in_app, "email": email}
    )
    audit.record(
        actor, "notice.set_preference", f"member:{member_id}",
        kind=kind, in_app=in_app, email=email,
    )  # fmt: skip
